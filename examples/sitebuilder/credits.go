package main

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// staff is who adds credits by hand.
const staff = "Nadia"

// addOneTime adds credits by hand for a project.
func (c *client) addOneTime(ctx context.Context, amount decimal.Decimal, project string) error {
	e, err := c.Adjust(ctx, ledger.AdjustRequest{
		Key: "one-time for " + project, WalletID: c.wallet, Amount: amount, Bucket: oneTime,
		Info: ledger.Info{Reason: project, Actor: staff},
	})
	if err == nil {
		c.note("one-time credits for the "+project, fmt.Sprintf("%v more, %v left", e.Change, e.Balance))
	}
	return err
}

// topUp sells the client one-time credits, and invoices them.
func (c *client) topUp(ctx context.Context) error {
	e, err := c.Purchase(ctx, ledger.PurchaseRequest{
		Key: "top-up on " + day(c.now), WalletID: c.wallet, Package: "top_up", Info: ledger.Info{Actor: staff},
	})
	if err != nil {
		return err
	}
	c.note("buys one-time credits", fmt.Sprintf("%v more, %v left, invoiced:", e.Change, e.Balance))
	return c.printInvoice(ctx, e.Seq)
}

// setMonthly updates the monthly credits. More count at once, whole.
func (c *client) setMonthly(ctx context.Context, amount decimal.Decimal) error {
	e, err := c.Change(ctx, c.toAmount("monthly credits on "+day(c.now), amount))
	if err == nil {
		c.note(fmt.Sprintf("%v credits a month", amount), fmt.Sprintf("%v more now, %v left", e.Change, e.Balance))
	}
	return err
}

// toAmount changes the monthly credits.
func (c *client) toAmount(key string, amount decimal.Decimal) ledger.ChangeRequest {
	return ledger.ChangeRequest{
		Key: key, WalletID: c.wallet, Prorate: ledger.ProrateFull,
		Offer: ledger.Offer{Buckets: []ledger.Bucket{{Name: monthly, Allowance: amount}}},
	}
}

// upgrade gives the client a larger package, at the share of price and credits that
// the month has left, and invoices the difference.
func (c *client) upgrade(ctx context.Context, plan string) error {
	e, err := c.Change(ctx, c.toPlan("upgrade to "+plan, plan))
	if err != nil {
		return err
	}
	c.note("upgrade to "+c.plan(plan).Title, fmt.Sprintf("%v more now, %v left, invoiced:", e.Change, e.Balance))
	return c.printInvoice(ctx, e.Seq)
}

// toPlan changes the package.
func (c *client) toPlan(key, plan string) ledger.ChangeRequest {
	return ledger.ChangeRequest{Key: key, WalletID: c.wallet, Offer: ledger.Offer{Plan: plan}}
}
