package plan_test

import (
	"bytes"
	"context"
	_ "embed"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

//go:embed catalog.json
var catalogFile []byte

var (
	ctx     = context.Background()
	credits = decimal.NewFromInt
)

// clock is turned by the examples. A server leaves Config.Now alone.
type clock struct{ time.Time }

// set turns the clock to noon of a day of 2026.
func (c *clock) set(month time.Month, day int) {
	c.Time = time.Date(2026, month, day, 12, 0, 0, 0, time.UTC)
}

// open returns books with the guide's catalog at noon of 31 January 2026, and a
// wallet for a customer in Berlin.
func open() (*ledger.Ledger, ledger.WalletID, *clock) {
	now := new(clock)
	now.set(time.January, 31)
	books := ledger.New(new(memory.Store), ledger.Config{
		Catalog: must(pricing.Load(bytes.NewReader(catalogFile))),
		Now:     func() time.Time { return now.Time },
	})
	w := must(books.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: "org-42", Unit: pricing.Credits(),
		Terms: ledger.Terms{Owner: "Acme GmbH", Zone: "Europe/Berlin"},
	}))
	return books, w.ID, now
}

// subscribed is open for a customer who has subscribed to a plan.
func subscribed(plan string) (*ledger.Ledger, ledger.WalletID, *clock) {
	books, wallet, now := open()
	must(books.Subscribe(ctx, ledger.SubscribeRequest{
		Key: "signup-42", WalletID: wallet, Offer: ledger.Offer{Plan: plan},
	}))
	return books, wallet, now
}

// draft charges for a text of so many words.
func draft(books *ledger.Ledger, wallet ledger.WalletID, key string, words int64) ledger.Entry {
	return must(books.Charge(ctx, ledger.ChargeRequest{
		Key: key, WalletID: wallet, Item: "draft", Quantity: credits(words),
	}))
}

// must ends the example on an error. A server returns it.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
