package main

import (
	"context"
	"fmt"

	"github.com/scrip-go/scrip/invoice"
)

// bill invoices August: previews what is due, settles the invoice, and prints it.
func (a *account) bill(ctx context.Context, number string) error {
	lines, err := a.lines(ctx)
	if err != nil {
		return err
	}
	v := invoice.Invoice{
		ID: number, Currency: "USD", Lines: lines,
		Wallets: []invoice.Wallet{{ID: a.tokens, Price: perToken}, {ID: a.money}},
	}
	preview, err := invoice.Preview(ctx, a.Ledger, v)
	if err != nil {
		return err
	}
	bill, err := invoice.Settle(ctx, a.Ledger, v)
	if err != nil {
		return err
	}
	if !preview.Due.Equal(bill.Due) {
		return fmt.Errorf("the preview said %v, and %v is due", preview.Due, bill.Due)
	}
	fmt.Fprintln(a.out)
	document := invoice.Document{Date: a.now, Seller: []string{"ChatPPT"}, Buyer: []string{a.name}, Bill: bill}
	if err := document.WriteText(a.out); err != nil {
		return err
	}
	return a.printDraws(bill, preview.Unused)
}

// printDraws prints which credit paid which line, and why others were left.
func (a *account) printDraws(bill invoice.Bill, unused []invoice.Unused) error {
	fmt.Fprintln(a.out, "\nWhat paid which line")
	for _, c := range bill.Credits {
		fmt.Fprintf(a.out, "  %-18s  %-18s  %10s\n", c.Name, a.catalog.ItemName(c.Line), usd(c.Amount))
	}
	for _, u := range unused {
		fmt.Fprintf(a.out, "  %-18s  %v left: %s\n", u.Name, u.Credits, reasons[u.Reason])
	}
	return nil
}

// reasons are why credits are left, in words.
var reasons = map[invoice.Reason]string{
	invoice.ReasonScope: "it may pay for none of the lines",
	invoice.ReasonTime:  "it was not valid then",
	invoice.ReasonDust:  "it is less than a cent",
	invoice.ReasonSpare: "what it may pay for is paid",
}
