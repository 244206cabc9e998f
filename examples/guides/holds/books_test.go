package holds_test

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
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

var ctx = context.Background()

// clock is turned by the examples. A server leaves Config.Now alone.
type clock struct{ time.Time }

func (c *clock) wait(d time.Duration) { c.Time = c.Add(d) }

// A server is one process that meters calls: its books are in a file.
type server struct {
	*ledger.Ledger
	wallet ledger.WalletID
	path   string
	now    *clock
	stop   func()
}

// start returns a server on new books, and a wallet with 100 credits and the terms
// given. Its stop removes the file.
func start(terms ledger.Terms) *server {
	dir := must(os.MkdirTemp("", "holds"))
	now := &clock{time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)}
	s := restart(filepath.Join(dir, "books.db"), now)
	stop := s.stop
	s.stop = func() { stop(); check(os.RemoveAll(dir)) }
	w := must(s.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: "org-42", Unit: ledger.Unit{Name: "credits", Scale: 3}, Terms: terms,
	}))
	must(s.Grant(ctx, ledger.GrantRequest{
		Key: "pi_1", WalletID: w.ID, Source: ledger.SourcePurchase, Amount: decimal.NewFromInt(100),
	}))
	return s
}

// restart returns a server on the books in a file, as after a crash.
func restart(path string, now *clock) *server {
	db := must(sqlite.Open(path))
	store := sqlite.New(db, sqlite.Config{})
	check(store.Migrate(ctx))
	books := ledger.New(store, ledger.Config{
		Catalog: must(pricing.Load(bytes.NewReader(catalogFile))),
		Now:     func() time.Time { return now.Time },
	})
	stop := func() { check(books.Close(ctx)); check(db.Close()) }
	return &server{books, ledger.WalletIDOf("org-42"), path, now, stop}
}

// show prints what the wallet has.
func (s *server) show(when string) {
	b := must(s.Balance(ctx, s.wallet, time.Time{}))
	fmt.Println(when, "available", b.Available, "held", b.Held)
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
