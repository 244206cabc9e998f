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

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

//go:embed catalog.json
var catalogFile []byte

// billing is a ledger in a file, with a clock that the program sets so that it always
// prints the same. A server leaves Config.Now alone.
type billing struct {
	*ledger.Ledger
	catalog   *pricing.Catalog
	customers map[string]*account
	now       time.Time
	out       io.Writer
	close     func()
}

// openBilling opens the books in the file at path; empty: in one that is removed when
// they are closed.
func openBilling(ctx context.Context, out io.Writer, path string) (_ *billing, err error) {
	b := &billing{customers: map[string]*account{}, now: august.Start, out: out}
	if b.catalog, err = pricing.Load(bytes.NewReader(catalogFile)); err != nil {
		return nil, err
	}
	dir := ""
	if path == "" {
		if dir, err = os.MkdirTemp("", "usagebilling"); err != nil {
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

// verify replays every journal and compares what it leads to with the wallet.
func (b *billing) verify(ctx context.Context) error {
	wallets := 0
	for _, a := range b.customers {
		for _, id := range []ledger.WalletID{a.money, a.tokens} {
			if err := b.Verify(ctx, id); err != nil {
				return err
			}
			wallets++
		}
	}
	_, err := fmt.Fprintf(b.out, "\nThe books are right: %d wallets, each replayed from its journal.\n", wallets)
	return err
}
