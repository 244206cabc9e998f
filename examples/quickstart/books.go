package main

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"io"
	"time"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

//go:embed catalog.json
var catalogFile []byte

// books is a ledger in a file, with a clock that the program sets to when the calls
// came in. A server leaves Config.Now alone.
type books struct {
	*ledger.Ledger
	catalog *pricing.Catalog
	now     time.Time
	db      *sql.DB
}

// openBooks opens the books in the file at path, which is created if need be.
func openBooks(ctx context.Context, path string) (*books, error) {
	catalog, err := pricing.Load(bytes.NewReader(catalogFile))
	if err != nil {
		return nil, err
	}
	db, err := sqlite.Open(path)
	if err != nil {
		return nil, err
	}
	store := sqlite.New(db, sqlite.Config{})
	if err := store.Migrate(ctx); err != nil {
		return nil, err
	}
	b := &books{catalog: catalog, db: db}
	b.Ledger = ledger.New(store, ledger.Config{Catalog: catalog, Now: func() time.Time { return b.now }})
	return b, nil
}

func (b *books) close() error { return b.db.Close() }

// verify replays every journal and compares what it leads to with the wallet.
func (b *books) verify(ctx context.Context, out io.Writer) error {
	for _, c := range customers {
		if err := b.Verify(ctx, c.wallet()); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "\nThe books are right: %d wallets, each replayed from its journal.\n", len(customers))
	return err
}
