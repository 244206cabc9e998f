package main

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// rawBatch is how many entries the raw loop writes in a transaction.
const rawBatch = 1_000

// rows are what a transaction writes: entries, and their wallets as they are in the
// end.
type rows struct {
	wallets []row
	entries []row
}

// A row is a wallet or an entry in the form in which it is kept.
type row struct {
	id    ledger.WalletID
	seq   int64
	due   time.Time // of a wallet; zero: never
	total string    // of a wallet: its balance
	key   string    // of an entry
	body  string
}

// batches returns entries, in the order in which they were written, as rows in full
// batches. Those of a wallet are in the same part, of as many as there are writers.
func batches(entries []row, wallets map[ledger.WalletID]row, writers int) [][]rows {
	parts := make([][]row, writers)
	for _, e := range entries {
		part := int(e.id[0]) % writers
		parts[part] = append(parts[part], e)
	}
	batches := make([][]rows, writers)
	for i, part := range parts {
		for batch := range slices.Chunk(part, rawBatch) {
			batches[i] = append(batches[i], rows{walletsOf(batch, wallets), batch})
		}
	}
	return batches
}

// walletsOf returns the wallets of entries, each once.
func walletsOf(entries []row, wallets map[ledger.WalletID]row) []row {
	found := make(map[ledger.WalletID]row)
	for _, e := range entries {
		found[e.id] = wallets[e.id]
	}
	return slices.SortedFunc(maps.Values(found), func(a, b row) int { return a.id.Compare(b.id) })
}

// rowOf returns a wallet as it is kept.
func rowOf(w *ledger.Wallet) row {
	return row{id: w.ID, seq: w.Seq, due: w.DueAt, total: w.Balance.String(), body: string(ledger.EncodeWallet(w))}
}

// writeRaw writes batches, each part in order, and returns how long that took.
func writeRaw(ctx context.Context, raw rawTables, parts [][]rows) (time.Duration, error) {
	began := time.Now()
	err := each(len(parts), len(parts), func(part int) error {
		for _, r := range parts[part] {
			if err := raw.write(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	return time.Since(began), err
}

// each calls fn for 0 to n-1, from so many goroutines, until one fails, and returns
// the first error.
func each(n, goroutines int, fn func(i int) error) error {
	var mu sync.Mutex
	var failed error
	next := 0
	var wg sync.WaitGroup
	for range min(n, goroutines) {
		wg.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				if i >= n || failed != nil {
					mu.Unlock()
					return
				}
				mu.Unlock()
				if err := fn(i); err != nil {
					mu.Lock()
					if failed == nil {
						failed = err
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return failed
}
