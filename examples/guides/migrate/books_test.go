package migrate_test

import (
	"bytes"
	"context"
	_ "embed"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

//go:embed catalog.json
var catalogFile []byte

var (
	ctx     = context.Background()
	credits = decimal.NewFromInt
)

// A target is the new books, in a file.
type target struct {
	*ledger.Ledger
	store   *counted
	now     time.Time
	discard func()
}

// counted counts the transactions of a store.
type counted struct {
	ledger.Store
	updates atomic.Int64
}

func (c *counted) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	c.updates.Add(1)
	return c.Store.Update(ctx, fn)
}

// open returns new books on the day of the move, 20 March 2026.
func open() *target {
	dir := must(os.MkdirTemp("", "migrate"))
	db := must(sqlite.Open(filepath.Join(dir, "books.db")))
	store := sqlite.New(db, sqlite.Config{})
	check(store.Migrate(ctx))
	t := &target{store: &counted{Store: store}, now: time.Date(2026, time.March, 20, 3, 0, 0, 0, time.UTC)}
	t.Ledger = ledger.New(t.store, ledger.Config{
		Catalog: must(pricing.Load(bytes.NewReader(catalogFile))),
		Now:     func() time.Time { return t.now },
	})
	t.discard = func() { check(t.Close(ctx)); check(db.Close()); check(os.RemoveAll(dir)) }
	return t
}

// available returns what a customer can spend.
func (t *target) available(customer string) decimal.Decimal {
	return must(t.Balance(ctx, ledger.WalletIDOf(customer), time.Time{})).Available
}

// must ends the example on an error. A server returns it.
func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
