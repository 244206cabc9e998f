package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// An account is what a customer used and what paid for it:
//
//	credits = the sum of paid + overage
type account struct {
	name     string
	from, to time.Time // the first call and the last one
	calls    int
	input    decimal.Decimal // tokens
	output   decimal.Decimal
	credits  decimal.Decimal                   // what the calls cost
	paid     map[ledger.Source]decimal.Decimal // of that, by where the credits came from
	overage  decimal.Decimal                   // of that, what no credit paid
	lapsed   decimal.Decimal                   // credits that ended unused
	left     decimal.Decimal                   // credits to spend
}

// accountOf adds up a customer's journal.
func (b *books) accountOf(ctx context.Context, c customer) (account, error) {
	a := account{name: c.name, paid: map[ledger.Source]decimal.Decimal{}}
	sources := map[ledger.GrantID]ledger.Source{}
	for e, err := range b.Journal(ctx, ledger.JournalQuery{WalletID: c.wallet(), To: b.now.Add(time.Microsecond)}) {
		if err != nil {
			return a, err
		}
		for _, g := range e.Grants {
			sources[g.ID] = g.Source
		}
		if e.Kind == ledger.KindCapture || e.Kind == ledger.KindCharge {
			a.call(e, sources)
		}
		if e.Kind == ledger.KindExpire {
			a.lapsed = a.lapsed.Sub(e.Change)
		}
	}
	balance, err := b.Balance(ctx, c.wallet(), b.now)
	a.left = balance.Available
	return a, err
}

// call adds what a call used and what paid for it.
func (a *account) call(e ledger.Entry, sources map[ledger.GrantID]ledger.Source) {
	if a.calls == 0 {
		a.from = e.EffectiveAt
	}
	a.to = e.EffectiveAt
	a.calls++
	used := e.Parts[0]
	a.input = a.input.Add(used.Quantities["input"])
	a.output = a.output.Add(used.Quantities["output"])
	a.credits = a.credits.Add(used.Amount)
	a.overage = a.overage.Add(used.Overage)
	for _, d := range e.Draws() {
		a.paid[sources[d.Grant]] = a.paid[sources[d.Grant]].Add(d.Amount)
	}
}

// add adds the account of another customer.
func (a *account) add(o account) {
	if a.calls == 0 || o.calls > 0 && o.from.Before(a.from) {
		a.from = o.from
	}
	if o.to.After(a.to) {
		a.to = o.to
	}
	a.calls += o.calls
	a.input, a.output = a.input.Add(o.input), a.output.Add(o.output)
	a.credits, a.overage = a.credits.Add(o.credits), a.overage.Add(o.overage)
	a.lapsed, a.left = a.lapsed.Add(o.lapsed), a.left.Add(o.left)
	for source, amount := range o.paid {
		a.paid[source] = a.paid[source].Add(amount)
	}
}

// accounts returns the account of each customer, and of all together.
func (b *books) accounts(ctx context.Context) (all []account, total account, err error) {
	total = account{name: "Total", paid: map[ledger.Source]decimal.Decimal{}}
	for _, c := range customers {
		a, err := b.accountOf(ctx, c)
		if err != nil {
			return nil, total, err
		}
		all = append(all, a)
		total.add(a)
	}
	return all, total, nil
}

// printAccounts prints a line for each customer, and one for all together.
func (b *books) printAccounts(ctx context.Context, out io.Writer, file string) error {
	all, total, err := b.accounts(ctx)
	if err != nil {
		return err
	}
	month, err := b.month(ctx)
	if err != nil {
		return err
	}
	const minute = "2 January 2006 15:04"
	fmt.Fprintf(out, "%s: %s model calls, %s to %s UTC\n", file, number(decimal.NewFromInt(int64(total.calls))),
		total.from.Format(minute), total.to.Format(minute))
	fmt.Fprintf(out, "The customers' month began on %s UTC, at midnight in %s.\n\n", month.Start.Format(minute), zone)
	rows := [][]string{{
		"", "calls", "tokens in", "tokens out", "credits",
		"= plan's", "+ carried over", "+ packs'", "+ overage", "lapsed", "left",
	}}
	for _, a := range append(all, total) {
		rows = append(rows, a.row())
	}
	printTable(out, rows)
	return nil
}

func (a *account) row() []string {
	return []string{
		a.name, number(decimal.NewFromInt(int64(a.calls))), number(a.input), number(a.output), number(a.credits),
		number(a.paid[ledger.SourceAllowance]), number(a.paid[ledger.SourceRollover]),
		number(a.paid[ledger.SourcePurchase]), number(a.overage), number(a.lapsed), number(a.left),
	}
}
