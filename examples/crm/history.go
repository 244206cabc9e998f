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
	journal := a.Journal(ctx, ledger.JournalQuery{WalletID: a.wallet})
	for sale, err := range invoice.Sales(a.catalog, journal) {
		if err != nil {
			return nil, err
		}
		number := fmt.Sprintf("2025-%04d", len(invoices)+1)
		bill, err := invoice.Invoice{ID: number, Currency: sale.Currency, Lines: sale.Lines}.Bill()
		if err != nil {
			return nil, err
		}
		invoices = append(invoices, invoice.Document{
			Date: sale.Entry.EffectiveAt, Seller: []string{"ClientManager CRM"}, Buyer: []string{a.name}, Bill: bill,
		})
	}
	return invoices, nil
}
