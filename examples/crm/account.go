package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// An account is a customer's, with a wallet that all its users share.
type account struct {
	*crm
	name   string
	wallet ledger.WalletID
}

// account returns the account of that name, whose wallet need not be open yet.
func (c *crm) account(name string) *account {
	return &account{crm: c, name: name, wallet: ledger.WalletIDOf(name)}
}

// signUp opens the account on the smaller plan.
func (a *account) signUp(ctx context.Context) error {
	_, err := a.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: a.name, Unit: a.catalog.Unit, Terms: ledger.Terms{Owner: a.name, Metadata: paidBy("Visa 4242")},
	})
	if err != nil {
		return err
	}
	_, err = a.Subscribe(ctx, ledger.SubscribeRequest{
		Key: "sign-up", WalletID: a.wallet, Offer: ledger.Offer{Plan: "starter"},
	})
	fmt.Fprintf(a.out, "\n%s signs up on %s.\n", a.name, day(a.now))
	return err
}

// do charges the account for an action, so many times at once, or refuses it for
// good: if the request is repeated, its key answers what was done. To one who lacks
// the credits it shows what can be bought.
func (a *account) do(ctx context.Context, item string, times int64) error {
	a.now = a.now.Add(time.Minute)
	e, err := a.Charge(ctx, ledger.ChargeRequest{
		Key: item + " at " + a.now.Format(time.RFC3339), WalletID: a.wallet,
		Item: item, Quantity: number(times), Final: true,
	})
	what := a.today(fmt.Sprintf("%3d × %s", times, a.catalog.ItemName(item)))
	var short *ledger.InsufficientCreditsError
	switch {
	case errors.As(err, &short):
		a.note(what, fmt.Sprintf("refused: costs %v, and there are %v. To buy:", short.Want, short.Have))
		for _, p := range a.catalog.Alone(short.Want.Sub(short.Have), a.now) {
			a.note("", fmt.Sprintf("  %v credits for %v", p.Credits, p.Price))
		}
		return nil
	case err == nil:
		a.note(what, fmt.Sprintf("costs %v, %v left", e.Amount(), e.Balance))
	}
	return err
}

// buy sells the account a package of credits. The provider's message that a payment
// has arrived may come twice.
func (a *account) buy(ctx context.Context, payment, name string) error {
	e, err := a.Purchase(ctx, ledger.PurchaseRequest{Key: payment, WalletID: a.wallet, Package: name})
	if err == nil {
		g := e.Grants[0]
		a.note(a.today("buys "+g.Name), fmt.Sprintf("pays %v, %v left (entry %d)", g.Paid, e.Balance, e.Seq))
	}
	return err
}

// payWith changes how the account pays. The details are the payment provider's to
// keep; the wallet has what to call them.
func (a *account) payWith(ctx context.Context, card string) error {
	w, err := a.Wallet(ctx, a.wallet)
	if err != nil {
		return err
	}
	terms := w.Terms
	terms.Metadata = paidBy(card)
	_, err = a.Amend(ctx, ledger.AmendRequest{Key: "pay with " + card, WalletID: a.wallet, Terms: terms})
	a.note(a.today("changes the payment details"), "to "+card)
	return err
}

func paidBy(card string) map[string]string { return map[string]string{"paid_by": card} }

// note prints something that happened, and what came of it.
func (a *account) note(what, outcome string) { fmt.Fprintf(a.out, "  %-36s %s\n", what, outcome) }

// today puts the day before what happens.
func (a *account) today(what string) string { return a.now.Format("Jan 02  ") + what }

func number(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

func day(t time.Time) string { return t.Format("January 2, 2006") }
