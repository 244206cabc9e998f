package main

import (
	"context"
	"fmt"

	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// printHistory prints the tab billing history, and an invoice that is asked for.
func (a *account) printHistory(ctx context.Context) error {
	invoices, err := a.invoices(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, "\nBilling history")
	for _, d := range invoices {
		paid := pricing.Money{Amount: d.Bill.Due, Currency: d.Bill.Currency}
		fmt.Fprintf(a.out, "  %-18s  %s  %-20s %10v\n",
			day(d.Date), d.Bill.ID, d.Bill.Lines[len(d.Bill.Lines)-1].Name, paid)
	}
	for _, d := range invoices {
		if d.Bill.ID == "2025-0004" {
			fmt.Fprintln(a.out)
			return d.WriteText(a.out)
		}
	}
	return nil
}

// invoices returns an invoice for everything that the account has paid for, numbered
// in the order of its journal.
func (a *account) invoices(ctx context.Context) ([]invoice.Document, error) {
	var invoices []invoice.Document
	paid := ledger.JournalQuery{WalletID: a.wallet, Kinds: []ledger.Kind{
		ledger.KindSubscribe, ledger.KindRenew, ledger.KindChange, ledger.KindPurchase,
	}}
	var before ledger.Subscription
	for e, err := range a.Journal(ctx, paid) {
		if err != nil {
			return nil, err
		}
		lines, err := a.lines(before, e)
		if err != nil {
			return nil, err
		}
		if e.Subscription != nil {
			before = *e.Subscription
		}
		if len(lines) == 0 {
			continue
		}
		v := invoice.Invoice{ID: fmt.Sprintf("2025-%04d", len(invoices)+1), Currency: "USD", Lines: lines}
		bill, err := v.Bill()
		if err != nil {
			return nil, err
		}
		invoices = append(invoices, invoice.Document{
			Date: e.EffectiveAt, Seller: []string{"ClientManager CRM"}, Buyer: []string{a.name}, Bill: bill,
		})
	}
	return invoices, nil
}

// lines returns what an entry costs in money; before is the subscription as it was
// until then.
func (a *account) lines(before ledger.Subscription, e ledger.Entry) ([]invoice.Line, error) {
	if e.Kind == ledger.KindPurchase {
		line, err := invoice.Purchase(e)
		return []invoice.Line{line}, err
	}
	s := e.Subscription
	switch {
	case e.Kind != ledger.KindChange:
		return []invoice.Line{invoice.PlanFee(a.plan(s.Plan), s.Period)}, nil
	case s.Next != nil: // it costs nothing until then
		return nil, nil
	}
	from, to := a.plan(before.Plan), a.plan(s.Plan)
	change, err := a.catalog.Change(from, to, s.Period, e.EffectiveAt, pricing.RoundHalfUp)
	return invoice.PlanChange(from, to, change, s.Period, e.EffectiveAt), err
}
