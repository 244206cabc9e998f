package invoices_test

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

//go:embed catalog.json
var catalogFile []byte

var (
	ctx = context.Background()
	num = decimal.RequireFromString
	vat = invoice.Tax{Name: "VAT", Rate: num("20")}
)

// An account is a customer with two wallets: credits for what is used, and dollars
// that are put against invoices.
type account struct {
	*ledger.Ledger
	catalog *pricing.Catalog
	credits ledger.WalletID
	dollars ledger.WalletID
	now     time.Time
}

// open returns a customer who subscribes to a plan on 1 March 2026.
func open(plan string) *account {
	a := &account{
		catalog: must(pricing.Load(bytes.NewReader(catalogFile))),
		now:     time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC),
	}
	a.Ledger = ledger.New(new(memory.Store), ledger.Config{Catalog: a.catalog, Now: func() time.Time { return a.now }})
	terms := ledger.Terms{Owner: "Acme"}
	a.credits = must(a.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "acme/credits", Unit: pricing.Credits(), Terms: terms})).ID
	a.dollars = must(a.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "acme/USD", Unit: ledger.Unit{Name: "USD", Scale: 2}, Terms: terms})).ID
	must(a.Subscribe(ctx, ledger.SubscribeRequest{Key: "signup", WalletID: a.credits, Offer: ledger.Offer{Plan: plan}}))
	return a
}

// use charges for pages that were read in the middle of March, and lets April begin.
func (a *account) use(pages int64) {
	a.now = a.now.AddDate(0, 0, 14)
	must(a.Charge(ctx, ledger.ChargeRequest{
		Key: fmt.Sprint("job-", pages), WalletID: a.credits, Item: "pages", Quantity: decimal.NewFromInt(pages),
	}))
	a.now = a.now.AddDate(0, 0, 17)
}

// give puts dollars into the wallet for invoices.
func (a *account) give(key, name, amount string, scope ledger.Scope) {
	must(a.Grant(ctx, ledger.GrantRequest{
		Key: key, WalletID: a.dollars, Source: ledger.SourcePromotion, Name: name, Amount: num(amount), Scope: scope,
		Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Months(3)},
	}))
}

// left prints what is in the wallet for invoices.
func (a *account) left(when string) {
	fmt.Println(when, must(a.Balance(ctx, a.dollars, time.Time{})).Available, "USD of credit")
}

// must ends the example on an error. A server returns it.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
