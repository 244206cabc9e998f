package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// What was found in wallets.
type found struct {
	entries                  int64
	entryBytes, walletsBytes int64
	left                     decimal.Decimal
}

func (f *found) add(other found) {
	f.entries += other.entries
	f.entryBytes += other.entryBytes
	f.walletsBytes += other.walletsBytes
	f.left = f.left.Add(other.left)
}

// verify verifies every wallet, and that what was granted is what is left and what
// was spent.
func (l *load) verify(ctx context.Context, books *ledger.Ledger, spent decimal.Decimal, out io.Writer) error {
	began := time.Now()
	all, err := l.lookAll(ctx, books)
	if err != nil {
		return err
	}
	granted := decimal.NewFromInt(l.Credits).Mul(decimal.NewFromInt(int64(l.Wallets)))
	if !granted.Equal(all.left.Add(spent)) {
		return fmt.Errorf("%v credits were granted, %v spent, and %v are left", granted, spent, all.left)
	}
	fmt.Fprintf(out, "verified in %.1f s: %d wallets of %d bytes, %d entries of %d bytes; %v credits granted, %v spent, %v left\n",
		time.Since(began).Seconds(), l.Wallets, all.walletsBytes/int64(l.Wallets),
		all.entries, all.entryBytes/all.entries, granted, spent, all.left)
	return nil
}

// lookAll looks at every wallet.
func (l *load) lookAll(ctx context.Context, books *ledger.Ledger) (all found, err error) {
	var done atomic.Int64
	defer progress(l.Wallets, done.Load)()
	var mu sync.Mutex
	err = each(l.Wallets, 2*runtime.GOMAXPROCS(0), func(i int) error {
		f, err := look(ctx, books, l.ids[i])
		done.Add(1)
		mu.Lock()
		defer mu.Unlock()
		all.add(f)
		return err
	})
	return all, err
}

// look verifies one wallet and measures its journal.
func look(ctx context.Context, books *ledger.Ledger, id ledger.WalletID) (f found, err error) {
	if err := books.Verify(ctx, id); err != nil {
		return f, err
	}
	w, err := books.Wallet(ctx, id)
	if err != nil {
		return f, err
	}
	f.left, f.walletsBytes = w.Balance, int64(len(ledger.EncodeWallet(&w)))
	for e, err := range books.Journal(ctx, ledger.JournalQuery{WalletID: id}) {
		if err != nil {
			return f, err
		}
		f.entries++
		f.entryBytes += int64(len(ledger.EncodeEntry(&e)))
	}
	return f, nil
}
