package main

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// maria is the team member who does what is done by hand.
const maria = "maria (team)"

// never is the expiry of credits that do not end, whatever the default is.
var never = expiry.Policy{Kind: expiry.PolicyNever}

// adjust adds credits to o by hand or, below zero, deducts them.
func (o *organization) adjust(ctx context.Context, key string, amount int64, reason string, ends expiry.Policy) error {
	o.later()
	e, err := o.Adjust(ctx, ledger.AdjustRequest{
		Key: key, WalletID: o.wallet, Amount: decimal.NewFromInt(amount), Expiry: ends,
		Info: ledger.Info{Reason: reason, Actor: maria},
	})
	if err == nil {
		o.say("Maria: "+reason, fmt.Sprintf("%s, %v left", signed(e.Change), e.Balance))
	}
	return err
}

// transfer moves credits of o to another organization. They keep their expiry, and
// what was paid for them.
func (o *organization) transfer(ctx context.Context, key string, to *organization, amount int64, reason string) error {
	o.later()
	e, err := o.Transfer(ctx, ledger.TransferRequest{
		Key: key, From: o.wallet, To: to.wallet, Amount: decimal.NewFromInt(amount),
		Info: ledger.Info{Reason: reason, Actor: maria},
	})
	if err == nil {
		o.say("Maria: to "+to.name, fmt.Sprintf("%s, %v left", signed(e.Change), e.Balance))
	}
	return err
}

// cancel ends r without a result. Its credits go back to where they came from.
func (r request) cancel(ctx context.Context, reason string) error {
	r.later()
	if err := r.deliver(ctx); err != nil {
		return err
	}
	e, err := r.Refund(ctx, ledger.RefundRequest{
		Key: r.id + " cancelled", WalletID: r.wallet, Charge: r.id, Quantity: r.quantity,
		Info: ledger.Info{Reference: r.id, Reason: reason, Actor: maria},
	})
	if err == nil {
		r.say("Maria cancels: "+r.title(), fmt.Sprintf("%s, %v left", signed(e.Change), e.Balance))
	}
	return err
}

// takeBack undoes a purchase as far as it is unspent. The answer says what is to be
// paid back.
func (o *organization) takeBack(ctx context.Context, payment, reason string) error {
	o.later()
	e, err := o.TakeBack(ctx, ledger.TakeBackRequest{
		Key: payment + " refunded", WalletID: o.wallet, Purchase: payment,
		Info: ledger.Info{Reference: payment, Reason: reason, Actor: maria},
	})
	if err == nil {
		o.say("Maria refunds "+payment, fmt.Sprintf("%s, %v left, %v paid back", signed(e.Change), e.Balance, e.Returned))
	}
	return err
}
