package production_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

var (
	ctx     = context.Background()
	credits = decimal.NewFromInt
	quiet   = slog.New(slog.NewTextHandler(io.Discard, nil)) // a server has a real one
)

// A host is a server with its books and its own tables in one file.
type host struct {
	*ledger.Ledger
	store  *sqlite.Store
	db     *sql.DB
	dir    string
	path   string
	wallet ledger.WalletID
	now    time.Time
}

// open returns a host on an empty file, with a table of its own for orders and one
// for mail, and a customer with 100 credits.
func open(terms ledger.Terms) *host {
	h := &host{dir: must(os.MkdirTemp("", "production")), now: time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)}
	h.path = filepath.Join(h.dir, "books.db")
	h.connect()
	check(h.store.Migrate(ctx))
	_ = must(h.db.ExecContext(ctx, `
		CREATE TABLE orders (id TEXT PRIMARY KEY);
		CREATE TABLE mail (id TEXT PRIMARY KEY, body TEXT NOT NULL)`))
	h.wallet = must(h.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits(), Terms: terms})).ID
	must(h.Grant(ctx, ledger.GrantRequest{
		Key: "pi_1", WalletID: h.wallet, Source: ledger.SourcePurchase, Amount: credits(100),
		Paid: ledger.Money{Amount: credits(10), Currency: "USD"},
	}))
	return h
}

// connect opens the file at h.path.
func (h *host) connect() {
	h.db = must(sqlite.Open(h.path))
	h.store = sqlite.New(h.db, sqlite.Config{})
	h.Ledger = ledger.New(h.store, ledger.Config{
		Catalog: must(pricing.New(pricing.Catalog{
			Unit: pricing.Credits(),
			Packages: []pricing.Package{
				{Name: "pack", Credits: credits(100), Price: pricing.Money{Amount: credits(10), Currency: "USD"}},
			},
		})),
		Now: func() time.Time { return h.now },
	})
}

// shut closes the books, then the file.
func (h *host) shut() { check(errors.Join(h.Close(ctx), h.db.Close())) }

// discard shuts and removes everything.
func (h *host) discard() {
	h.shut()
	check(os.RemoveAll(h.dir))
}

// logo returns a charge of 25 credits.
func (h *host) logo(key string) ledger.ChargeRequest {
	return ledger.ChargeRequest{Key: key, WalletID: h.wallet, Item: "logo", Amount: credits(25)}
}

// left prints what the customer has.
func (h *host) left(when string) {
	fmt.Println(when, must(h.Balance(ctx, h.wallet, time.Time{})).Available)
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
