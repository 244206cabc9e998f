package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// wholesale is what a credit costs the reseller, and the least that it may sell one
// for.
var wholesale = decimal.RequireFromString("0.12")

var cents = pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 2}

// errNotConnected is why nobody can be re-billed before there is a way to be paid.
var errNotConnected = errors.New("connect the payment provider first")

// A reseller sells credits on to clients, each in a sub-account with a wallet of its
// own. Its own credits, the pool, are in a wallet that no sale touches.
type reseller struct {
	*books
	out      io.Writer
	payments bool           // the payment provider is connected
	terms    pricing.Resale // zero: re-billing is not enabled
	pool     ledger.WalletID
	clients  []subAccount
}

// fillPool opens the reseller's own wallet.
func (r *reseller) fillPool(ctx context.Context) error {
	w, err := r.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: "reseller", Unit: r.catalog.Unit, Terms: ledger.Terms{Owner: "reseller"},
	})
	if err != nil {
		return err
	}
	r.pool = w.ID
	_, err = r.Grant(ctx, ledger.GrantRequest{
		Key: "pool", WalletID: w.ID, Source: ledger.SourcePurchase, Name: "own pool", Amount: credits(5_000),
		Paid: pricing.CreditPrice{Price: wholesale, Currency: "USD"}.Money(credits(5_000), cents.Mode),
	})
	return err
}

// setUp enables re-billing, past what must refuse it.
func (r *reseller) setUp(ctx context.Context) error {
	fmt.Fprintln(r.out, "Setting up")
	retail := decimal.RequireFromString("0.25")
	r.say("re-billing without a way to be paid", r.enable(retail))
	r.payments = true
	r.say("connecting the payment provider", nil)
	r.say("a retail price of 10 cents", r.enable(decimal.RequireFromString("0.10")))
	r.say("a retail price of 25 cents", r.enable(retail))
	for _, name := range []string{"Bluebird", "Finch"} {
		if err := r.grantAccess(ctx, name); err != nil {
			return err
		}
		r.say("access to the wallet for "+name, nil)
	}
	one := r.terms.Margin(credits(100), cents.Mode)
	profit, err := one.Profit()
	fmt.Fprintf(r.out, "  100 credits bring %v, cost %v and leave %v.\n", one.Revenue, one.Cost, profit)
	return err
}

// enable sets the price of a credit, and lets the clients buy at it.
func (r *reseller) enable(retail decimal.Decimal) error {
	if !r.payments {
		return errNotConnected
	}
	terms := pricing.Resale{Currency: "USD", Wholesale: wholesale, Floor: wholesale, Retail: retail}
	if err := terms.Validate(); err != nil {
		return err
	}
	r.terms = terms
	return nil
}

// grantAccess opens a sub-account's wallet, on the freemium plan.
func (r *reseller) grantAccess(ctx context.Context, name string) error {
	if r.terms.Retail.IsZero() {
		return errors.New("enable re-billing first")
	}
	w, err := r.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: "sub-account " + name, Unit: r.catalog.Unit, Terms: ledger.Terms{Owner: name},
	})
	if err != nil {
		return err
	}
	r.clients = append(r.clients, subAccount{reseller: r, name: name, wallet: w.ID})
	_, err = r.Subscribe(ctx, ledger.SubscribeRequest{
		Key: "plan", WalletID: w.ID, Offer: ledger.Offer{Plan: "freemium"},
	})
	return err
}

// say tells what became of something that was tried.
func (r *reseller) say(what string, err error) {
	outcome := "done"
	var invalid *pricing.InvalidError
	switch {
	case errors.As(err, &invalid):
		outcome = "refused: " + invalid.Field + " " + invalid.Reason
	case err != nil:
		outcome = "refused: " + err.Error()
	}
	fmt.Fprintf(r.out, "  %-36s %s\n", what, outcome)
}

// later lets time pass.
func (r *reseller) later(d time.Duration) { r.now = r.now.Add(d) }
