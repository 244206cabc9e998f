package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// endMonth lets the month in which the last call came in end.
func (b *books) endMonth(ctx context.Context) error {
	month, err := b.month(ctx)
	if err != nil {
		return err
	}
	b.now = month.End
	_, err = b.Settle(ctx, len(customers)) // the renewals; a server lets Ledger.Run do this
	return err
}

// month returns the present month of the customers, who signed up together.
func (b *books) month(ctx context.Context) (expiry.Period, error) {
	w, err := b.Wallet(ctx, customers[0].wallet())
	if err != nil {
		return expiry.Period{}, err
	}
	s, _ := w.Subscription("")
	month, _ := s.Schedule.Containing(b.now)
	return month, nil
}

// invoices returns a customer's invoices so far: one at the start of each month.
func (b *books) invoices(ctx context.Context, c customer) ([]invoice.Document, error) {
	w, err := b.Wallet(ctx, c.wallet())
	if err != nil {
		return nil, err
	}
	plan, _ := b.catalog.Plan(c.plan)
	s, _ := w.Subscription("")
	month, _ := s.Schedule.Containing(b.now)
	var all []invoice.Document
	for n := range month.Index + 1 {
		d, err := b.invoice(ctx, c, plan, s.Schedule.Period(n-1), s.Schedule.Period(n))
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// invoice returns the invoice at the start of a month: the plan's fee for it, and
// what the customer bought and used in the last one beyond the plan. Each use is on
// one invoice only, however often this is run.
func (b *books) invoice(ctx context.Context, c customer, plan pricing.Plan, last, month expiry.Period) (d invoice.Document, err error) {
	number := fmt.Sprintf("%s-%d", c.name, month.Index+1)
	v := invoice.Invoice{ID: number, Currency: plan.Price.Currency, Lines: []invoice.Line{invoice.PlanFee(plan, month)}}
	packs, err := b.packs(ctx, c, last)
	if err != nil {
		return d, err
	}
	overage, err := b.overage(ctx, c, plan, number, month.Start)
	if err != nil {
		return d, err
	}
	v.Lines = append(append(v.Lines, packs...), overage...)
	bill, err := v.Bill()
	return invoice.Document{Date: month.Start, Zone: zone, Buyer: []string{c.name}, Bill: bill}, err
}

// packs returns the lines for what the customer bought in a month.
func (b *books) packs(ctx context.Context, c customer, month expiry.Period) (lines []invoice.Line, err error) {
	bought := b.Journal(ctx, ledger.JournalQuery{
		WalletID: c.wallet(), Kinds: []ledger.Kind{ledger.KindPurchase}, From: month.Start, To: month.End,
	})
	for e, err := range bought {
		if err != nil {
			return nil, err
		}
		line, err := invoice.Purchase(e)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// overage returns the lines for what no credit paid before an instant.
func (b *books) overage(ctx context.Context, c customer, plan pricing.Plan, number string, to time.Time) ([]invoice.Line, error) {
	bill, err := b.Bill(ctx, ledger.BillRequest{Key: "overage on " + number, WalletID: c.wallet(), To: to})
	if err != nil || len(bill.Parts) == 0 {
		return nil, err
	}
	lines, err := invoice.Overage(bill, plan.Beyond, pricing.RoundHalfUp)
	for i := range lines {
		lines[i].Name = b.catalog.ItemName(lines[i].Item.ID) + ", credits beyond the plan"
	}
	return lines, err
}

// printInvoices prints what each customer was invoiced, and one invoice in full.
func (b *books) printInvoices(ctx context.Context, out io.Writer) error {
	var last invoice.Document
	rows := [][]string{{"USD", "invoices", "plan", "+ packs", "+ overage", "= total"}}
	for _, c := range customers {
		all, err := b.invoices(ctx, c)
		if err != nil {
			return err
		}
		rows = append(rows, invoiced(c, all))
		last = all[len(all)-1]
	}
	fmt.Fprintf(out, "\nInvoiced by the end of that month, and the last invoice:\n\n")
	printTable(out, rows)
	fmt.Fprintln(out)
	return last.WriteText(out)
}

// invoiced returns a customer's row, with the sums of its invoices by kind of line.
func invoiced(c customer, all []invoice.Document) []string {
	sums, total := map[string]decimal.Decimal{}, decimal.Zero
	for _, d := range all {
		for _, l := range d.Bill.Lines {
			sums[l.Item.Kind] = sums[l.Item.Kind].Add(l.Due)
		}
		total = total.Add(d.Bill.Due)
	}
	return []string{
		c.name, strconv.Itoa(len(all)), cents(sums[invoice.KindFee]),
		cents(sums[invoice.KindOneOff]), cents(sums[invoice.KindMeter]), cents(total),
	}
}
