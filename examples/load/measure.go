package main

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/scrip-go/scrip/ledger"
)

// setUpCallers is how many goroutines open wallets.
const setUpCallers = 2_000

// measure makes the load, prints what it came to, and verifies the books.
func measure(ctx context.Context, s settings, out io.Writer) error {
	l, err := newLoad(s)
	if err != nil {
		return err
	}
	site, err := openSite(ctx, s.Store)
	if err != nil {
		return err
	}
	defer site.close()
	m := &meter{Store: site.store}
	books := l.newBooks(m)
	if err := each(l.Wallets, setUpCallers, func(i int) error { return l.open(ctx, books, i) }); err != nil {
		return err
	}
	if l.Raw {
		if err := site.raw.copy(ctx); err != nil {
			return err
		}
		m.keep, m.kept = true, make([]row, 0, l.Operations)
	}
	fmt.Fprintf(out, "operations: %d, wallets: %d, processes: %d, callers in each: %d\n", l.Operations, l.Wallets, l.Processes, l.Callers)
	t, err := l.make(ctx, books, m, site)
	if err != nil {
		return err
	}
	t.print(out, site)
	if l.Raw {
		if err := l.compare(ctx, books, site.raw, m, t, out); err != nil {
			return err
		}
	}
	return l.verify(ctx, books, t.Spent, out)
}

// make has the load done, in this process or in others.
func (l *load) make(ctx context.Context, books *ledger.Ledger, m *meter, s *site) (*tally, error) {
	if l.Processes > 1 {
		return l.workTogether(ctx)
	}
	var done atomic.Int64
	defer progress(l.Operations, done.Load)()
	return l.work(ctx, books, m, s, &done)
}

// compare writes what m has kept again, with nothing to decide, and prints how the
// load compares with that.
func (l *load) compare(ctx context.Context, books *ledger.Ledger, raw rawTables, m *meter, t *tally, out io.Writer) error {
	wallets := make(map[ledger.WalletID]row, len(l.ids))
	for _, id := range l.ids {
		w, err := books.Wallet(ctx, id)
		if err != nil {
			return err
		}
		wallets[id] = rowOf(&w)
	}
	entries := len(m.kept)
	took, err := writeRaw(ctx, raw, batches(m.kept, wallets, raw.writers()))
	if err != nil {
		return err
	}
	m.kept, m.keep = nil, false
	fmt.Fprintf(out, "raw: %d entries in %.2f s: %.0f a second; the ledger came to %.0f %% of that\n",
		entries, took.Seconds(), float64(entries)/took.Seconds(), 100*took.Seconds()/t.Elapsed.Seconds())
	return raw.drop(ctx)
}
