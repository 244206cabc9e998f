package main

import (
	"bytes"
	"context"
	_ "embed"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

//go:embed catalog.json
var catalogFile []byte

// crm is a ledger in a file, with a clock that the program sets so that it always
// prints the same. A server leaves Config.Now alone.
type crm struct {
	*ledger.Ledger
	catalog *pricing.Catalog
	now     time.Time
	out     io.Writer
	close   func() error
}

// openBooks opens the books in the file at path; empty: in one that is removed when
// they are closed.
func openBooks(ctx context.Context, out io.Writer, path string) (_ *crm, err error) {
	c := &crm{now: time.Date(2025, 6, 1, 9, 30, 0, 0, time.UTC), out: out}
	if c.catalog, err = pricing.Load(bytes.NewReader(catalogFile)); err != nil {
		return nil, err
	}
	dir := ""
	if path == "" {
		if dir, err = os.MkdirTemp("", "crm"); err != nil {
			return nil, err
		}
		path = filepath.Join(dir, "books.db")
	}
	db, err := sqlite.Open(path)
	if err != nil {
		return nil, err
	}
	c.close = func() error {
		err := db.Close()
		if dir != "" {
			err = os.RemoveAll(dir)
		}
		return err
	}
	store := sqlite.New(db, sqlite.Config{})
	c.Ledger = ledger.New(store, ledger.Config{Catalog: c.catalog, Now: func() time.Time { return c.now }})
	return c, store.Migrate(ctx)
}

// on sets the clock to the morning of a day of 2025.
func (c *crm) on(month time.Month, day int) {
	c.now = time.Date(2025, month, day, 9, 30, 0, 0, time.UTC)
}

// sweep books what fell due in wallets that nothing has touched since, such as a new
// cycle. Balances are right without it, but journals lack it; a server lets
// Ledger.Run do it.
func (c *crm) sweep(ctx context.Context) error {
	_, err := c.Settle(ctx, 100)
	return err
}
