package main

import (
	"context"
	"fmt"

	"github.com/scrip-go/scrip/ledger"
)

// upgrade gives the account a larger plan at once. It pays, and gets, the difference
// for the rest of the cycle.
func (a *account) upgrade(ctx context.Context, plan string) error {
	e, err := a.Change(ctx, ledger.ChangeRequest{
		Key: "upgrade to " + plan, WalletID: a.wallet, Offer: ledger.Offer{Plan: plan},
	})
	if err == nil {
		a.note(a.today("changes to "+a.plan(plan).Title),
			fmt.Sprintf("at once, gets %v credits for the rest of the month", e.Change))
	}
	return err
}

// downgrade gives the account a smaller plan with the next cycle. What was paid for
// this one stays.
func (a *account) downgrade(ctx context.Context, plan string) error {
	e, err := a.Change(ctx, ledger.ChangeRequest{
		Key: "downgrade to " + plan, WalletID: a.wallet, Offer: ledger.Offer{Plan: plan}, AtPeriodEnd: true,
	})
	if err == nil {
		a.note(a.today("changes to "+a.plan(plan).Title), "on "+day(e.Subscription.Period.End))
	}
	return err
}

// cancel ends the plan with the current cycle.
func (a *account) cancel(ctx context.Context) error {
	e, err := a.Cancel(ctx, ledger.CancelRequest{Key: "cancel", WalletID: a.wallet, AtPeriodEnd: true})
	if err == nil {
		a.note(a.today("cancels"), "on "+day(e.Subscription.EndsAt))
	}
	return err
}
