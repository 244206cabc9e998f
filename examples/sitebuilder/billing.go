package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// A billed is what an entry of a client's journal was invoiced with.
type billed struct {
	client *client
	seq    int64 // of the entry
	invoice.Document
}

// invoices returns what the client has been invoiced, from its journal: the package of
// each month, top-ups and upgrades.
func (c *client) invoices(ctx context.Context) ([]billed, error) {
	var all []billed
	journal := c.Journal(ctx, ledger.JournalQuery{WalletID: c.wallet})
	for sale, err := range invoice.Sales(c.catalog, journal) {
		if err != nil {
			return nil, err
		}
		number := fmt.Sprintf("%s-%d", c.code, sale.Entry.Seq)
		bill, err := invoice.Invoice{ID: number, Currency: sale.Currency, Lines: sale.Lines}.Bill()
		if err != nil {
			return nil, err
		}
		all = append(all, billed{client: c, seq: sale.Entry.Seq, Document: invoice.Document{
			Date: sale.Entry.EffectiveAt, Seller: []string{"Northlight Web"}, Buyer: []string{c.name}, Bill: bill,
		}})
	}
	return all, nil
}

// printInvoice prints the invoice for an entry.
func (c *client) printInvoice(ctx context.Context, seq int64) error {
	all, err := c.invoices(ctx)
	for _, b := range all {
		if b.seq == seq {
			fmt.Fprintln(c.out)
			err = b.WriteText(c.out)
			fmt.Fprintln(c.out)
		}
	}
	return err
}

// billing returns what was invoiced to all clients, in order of time.
func (a *agency) billing(ctx context.Context) ([]billed, error) {
	var all []billed
	for _, c := range a.clients {
		invoices, err := c.invoices(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, invoices...)
	}
	slices.SortStableFunc(all, func(a, b billed) int { return a.Date.Compare(b.Date) })
	return all, nil
}

// printBilling prints what was invoiced so far.
func (a *agency) printBilling(ctx context.Context) error {
	all, err := a.billing(ctx)
	fmt.Fprintln(a.out, "\nBilling")
	for _, b := range all {
		due := pricing.Money{Amount: b.Bill.Due, Currency: b.Bill.Currency}
		fmt.Fprintf(a.out, "  %s  %-10s  %-13s  %-20s %10v\n",
			b.Date.Format("02 Jan"), b.Bill.ID, b.client.name, b.Bill.Lines[len(b.Bill.Lines)-1].Name, due)
	}
	return err
}
