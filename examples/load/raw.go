package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// rawBatch is how many entries the raw loop writes in a transaction.
const rawBatch = 1_000

// rows are what a transaction writes: the wallets as they are after it, and the
// entries.
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

// batches returns changes that follow each other as rows, in full batches. Those of a
// wallet are in the same part, of as many as there are writers.
func batches(changes []ledger.Changes, writers int) [][]rows {
	parts := make([][]rows, writers)
	current := make([]ledger.Changes, writers)
	add := func(part int) {
		if len(current[part].Entries) > 0 {
			parts[part] = append(parts[part], rowsOf(current[part]))
			current[part] = ledger.Changes{}
		}
	}
	for _, c := range changes {
		for _, p := range c.Wallets {
			to := &current[partOf(p.Wallet.ID, writers)]
			to.Wallets = append(to.Wallets, p)
		}
		for _, e := range c.Entries {
			to := &current[partOf(e.WalletID, writers)]
			to.Entries = append(to.Entries, e)
		}
		for part := range current {
			if len(current[part].Entries) >= rawBatch {
				add(part)
			}
		}
	}
	for part := range current {
		add(part)
	}
	return parts
}

func partOf(id ledger.WalletID, parts int) int { return int(id[0]) % parts }

// rowsOf returns changes as rows, each wallet once.
func rowsOf(c ledger.Changes) rows {
	last := make(map[ledger.WalletID]*ledger.Wallet)
	for _, p := range c.Wallets {
		last[p.Wallet.ID] = p.Wallet
	}
	var r rows
	for id, w := range last {
		r.wallets = append(r.wallets, row{
			id: id, seq: w.Seq, due: w.DueAt, total: w.Balance.String(), body: string(ledger.EncodeWallet(w)),
		})
	}
	slices.SortFunc(r.wallets, func(a, b row) int { return a.id.Compare(b.id) })
	for _, e := range c.Entries {
		r.entries = append(r.entries, row{id: e.WalletID, seq: e.Seq, key: e.Key, body: string(e.Body())})
	}
	return r
}

// writeRaw writes what a meter has kept and returns how long that took.
func writeRaw(ctx context.Context, raw rawTables, changes []ledger.Changes) (time.Duration, error) {
	parts := batches(changes, raw.writers())
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
