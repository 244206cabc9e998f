package main

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// perCredit is about what a credit costs the agency.
var perCredit = pricing.CreditPrice{Price: decimal.RequireFromString("0.10"), Currency: "USD"}

// printProfit prints what each client used, cost, paid and left in March.
func (a *agency) printProfit(ctx context.Context) error {
	from, to := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	revenue, err := a.revenue(ctx, from, to)
	if err != nil {
		return err
	}
	row := "  %-13s  %7v  %10v  %10v  %10v\n"
	fmt.Fprintln(a.out, "\nProfitability of March")
	fmt.Fprintf(a.out, row, "client", "credits", "cost", "pays", "margin")
	for _, c := range a.clients {
		used, err := c.used(ctx, from, to)
		if err != nil {
			return err
		}
		m := pricing.Margin{Revenue: revenue[c], Cost: perCredit.Money(used, pricing.RoundHalfUp)}
		profit, err := m.Profit()
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, row, c.name, used, m.Cost, m.Revenue, profit)
	}
	return nil
}

// revenue returns what each client was invoiced in a time: nothing, for an allocation
// that is not sold.
func (a *agency) revenue(ctx context.Context, from, to time.Time) (map[*client]pricing.Money, error) {
	all, err := a.billing(ctx)
	if err != nil {
		return nil, err
	}
	revenue := make(map[*client]pricing.Money)
	for _, c := range a.clients {
		revenue[c] = pricing.Money{Currency: perCredit.Currency}
	}
	for _, b := range all {
		if b.Date.Before(from) || !b.Date.Before(to) {
			continue
		}
		due := pricing.Money{Amount: b.Bill.Due, Currency: b.Bill.Currency}
		if revenue[b.client], err = revenue[b.client].Add(due); err != nil {
			return nil, err
		}
	}
	return revenue, nil
}
