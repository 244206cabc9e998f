package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

//go:embed catalog.json
var catalogFile []byte

// agency is a ledger in a file, with a clock that the program sets so that it always
// prints the same. A server leaves Config.Now alone.
type agency struct {
	*ledger.Ledger
	catalog *pricing.Catalog
	clients []*client
	now     time.Time
	out     io.Writer
	close   func() error
}

// openBooks opens the books in the file at path; empty: in one that is removed when
// they are closed.
func openBooks(ctx context.Context, out io.Writer, path string) (_ *agency, err error) {
	a := &agency{now: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), out: out}
	if a.catalog, err = pricing.Load(bytes.NewReader(catalogFile)); err != nil {
		return nil, err
	}
	dir := ""
	if path == "" {
		if dir, err = os.MkdirTemp("", "sitebuilder"); err != nil {
			return nil, err
		}
		path = filepath.Join(dir, "books.db")
	}
	db, err := sqlite.Open(path)
	if err != nil {
		return nil, err
	}
	a.close = func() error {
		err := db.Close()
		if dir != "" {
			err = os.RemoveAll(dir)
		}
		return err
	}
	store := sqlite.New(db, sqlite.Config{})
	a.Ledger = ledger.New(store, ledger.Config{Catalog: a.catalog, Now: func() time.Time { return a.now }})
	return a, store.Migrate(ctx)
}

// on sets the clock to a day of 2026.
func (a *agency) on(month time.Month, day int) {
	a.now = time.Date(2026, month, day, 0, 0, 0, 0, time.UTC)
}

// sweep books what fell due in wallets that nothing has touched since, such as a new
// month. Balances are right without it, but journals lack it; a server lets
// Ledger.Run do it.
func (a *agency) sweep(ctx context.Context) error {
	_, err := a.Settle(ctx, len(a.clients))
	return err
}

// verify replays every journal and compares what it leads to with the wallet.
func (a *agency) verify(ctx context.Context) error {
	for _, c := range a.clients {
		if err := a.Verify(ctx, c.wallet); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(a.out, "\nThe books are right: %d wallets, each replayed from its journal.\n", len(a.clients))
	return err
}

func number(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

func day(t time.Time) string { return t.Format("2 January 2006") }
