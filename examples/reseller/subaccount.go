package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// A subAccount is a client of the reseller, with a wallet of its own.
type subAccount struct {
	*reseller
	name   string
	wallet ledger.WalletID
}

// explore is a client that uses what is free, and meets what is not.
func (r *reseller) explore(ctx context.Context) error {
	bluebird := r.clients[0]
	fmt.Fprintf(r.out, "\n%s explores for free\n", bluebird.name)
	r.later(time.Hour)
	for _, item := range []string{"browse", "browse", "search"} {
		if err := bluebird.do(ctx, item); err != nil {
			return err
		}
	}
	return nil
}

// do charges the client for an action, once, or refuses it for good: if the request
// is repeated, its key answers what was done. To one who lacks the credits it shows
// what can be bought.
func (s subAccount) do(ctx context.Context, item string) error {
	s.later(time.Minute)
	e, err := s.Charge(ctx, ledger.ChargeRequest{
		Key: fmt.Sprintf("%s at %s", item, s.now.Format(time.RFC3339)), WalletID: s.wallet,
		Item: item, Quantity: credits(1), Final: true,
	})
	var short *ledger.InsufficientCreditsError
	switch {
	case errors.As(err, &short):
		fmt.Fprintf(s.out, "  %-36s refused: costs %v, and there are %v. To buy:\n", item, short.Want, short.Have)
		for _, p := range s.catalog.Alone(short.Want.Sub(short.Have), s.now) {
			fmt.Fprintf(s.out, "  %-36s   %s, %v for %v\n", "", p.Package, p.Credits, p.Price)
		}
		return nil
	case err == nil:
		fmt.Fprintf(s.out, "  %-36s costs %v, %v left\n", item, e.Amount(), e.Balance)
	}
	return err
}

// sell is what clients buy, each paid by card. The provider's message that a payment
// has arrived may come twice.
func (r *reseller) sell(ctx context.Context) error {
	fmt.Fprintln(r.out, "\nThe clients help themselves")
	bluebird, finch := r.clients[0], r.clients[1]
	for range 2 {
		if err := bluebird.buy(ctx, "pi_1001", credits(60)); err != nil {
			return err
		}
	}
	if err := bluebird.do(ctx, "search"); err != nil {
		return err
	}
	r.later(24 * time.Hour)
	if err := finch.buyPackage(ctx, "pi_1002", "medium"); err != nil {
		return err
	}
	if err := finch.do(ctx, "search"); err != nil {
		return err
	}
	return bluebird.buyPackage(ctx, "pi_1003", "large")
}

// buy sells the client as many credits as it chose, at the reseller's price.
func (s subAccount) buy(ctx context.Context, payment string, number decimal.Decimal) error {
	price := pricing.CreditPrice{Price: s.terms.Retail, Currency: s.terms.Currency}
	e, err := s.Grant(ctx, ledger.GrantRequest{
		Key: payment, WalletID: s.wallet, Source: ledger.SourcePurchase, Name: "credits of choice",
		Amount: number, Paid: price.Money(number, cents.Mode), Info: ledger.Info{Actor: s.name},
	})
	return s.bought(e, err)
}

// buyPackage sells the client a package.
func (s subAccount) buyPackage(ctx context.Context, payment, name string) error {
	e, err := s.Purchase(ctx, ledger.PurchaseRequest{
		Key: payment, WalletID: s.wallet, Package: name, Info: ledger.Info{Actor: s.name},
	})
	return s.bought(e, err)
}

func (s subAccount) bought(e ledger.Entry, err error) error {
	if err == nil {
		g := e.Grants[0]
		fmt.Fprintf(s.out, "  %-36s %v credits for %v, %v left (entry %d)\n",
			s.name+" pays, "+e.Key, g.Amount, g.Paid, e.Balance, e.Seq)
	}
	return err
}
