package main

import (
	"context"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
)

// august is the period that is billed.
var august = expiry.Period{
	Start: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC),
}

// meter books what the customer used on a day of August. It is for the invoice: no
// credit is spent yet.
func (a *account) meter(ctx context.Context, day int, item, quantity string) error {
	a.now = august.Start.AddDate(0, 0, day-1)
	_, err := a.Charge(ctx, ledger.ChargeRequest{
		Key: item + " on " + a.now.Format(time.DateOnly), WalletID: a.money,
		Item: item, Quantity: dec(quantity), Shortfall: ledger.ShortfallInvoice,
	})
	return err
}

// lines takes what was used in August off the books, once, as lines of an invoice.
func (a *account) lines(ctx context.Context) ([]invoice.Line, error) {
	bill, err := a.Bill(ctx, ledger.BillRequest{Key: "use of 2026-08", WalletID: a.money, To: august.End})
	if err != nil {
		return nil, err
	}
	var lines []invoice.Line
	for _, p := range bill.Parts {
		lines = append(lines, invoice.Line{
			ID: p.Item.ID, Name: a.catalog.ItemName(p.Item.ID), Item: p.Item,
			Quantity: p.Quantity, Amount: p.Amount, From: august.Start, To: august.End,
		})
	}
	return lines, nil
}

// use is what was used of an item on a day of August.
type use struct {
	day      int
	item     string
	quantity string
}

// meterAll books uses.
func (a *account) meterAll(ctx context.Context, uses ...use) error {
	for _, u := range uses {
		if err := a.meter(ctx, u.day, u.item, u.quantity); err != nil {
			return err
		}
	}
	a.now = august.End.Add(9 * time.Hour)
	return nil
}
