package main

import (
	"bytes"
	"context"
	_ "embed"
	"os"
	"path/filepath"
	"time"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

//go:embed catalog.json
var catalogFile []byte

// opening is when the program's two days begin.
var opening = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// books is a ledger in a file, with a clock that the program sets so that it always
// prints the same. A server leaves Config.Now alone.
type books struct {
	*ledger.Ledger
	catalog *pricing.Catalog
	now     time.Time
	close   func()
}

// openBooks opens the books in the file at path; empty: in one that is removed when
// they are closed.
func openBooks(ctx context.Context, path string) (_ *books, err error) {
	b := &books{now: opening}
	if b.catalog, err = pricing.Load(bytes.NewReader(catalogFile)); err != nil {
		return nil, err
	}
	dir := ""
	if path == "" {
		if dir, err = os.MkdirTemp("", "reseller"); err != nil {
			return nil, err
		}
		path = filepath.Join(dir, "books.db")
	}
	db, err := sqlite.Open(path)
	if err != nil {
		return nil, err
	}
	b.close = func() {
		_ = db.Close() // what was committed is on the disk
		if dir != "" {
			_ = os.RemoveAll(dir)
		}
	}
	store := sqlite.New(db, sqlite.Config{})
	b.Ledger = ledger.New(store, ledger.Config{Catalog: b.catalog, Now: func() time.Time { return b.now }})
	if err := store.Migrate(ctx); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}
