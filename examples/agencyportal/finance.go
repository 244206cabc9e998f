package main

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
)

// account prints the financial reports.
func (p *portal) account(ctx context.Context) error {
	p.head("Credit sales by month and package")
	if err := p.printSales(ctx, months); err != nil {
		return err
	}
	p.head("Credit sales by package")
	if err := p.printSales(ctx, report.Group{}); err != nil {
		return err
	}
	if err := p.printRollForward(ctx); err != nil {
		return err
	}
	return p.printLiability(ctx)
}

func (p *portal) printSales(ctx context.Context, by report.Group) error {
	sales, err := report.Sales(ctx, p.Ledger, report.Query{}, by)
	if err != nil {
		return err
	}
	rows := [][]string{{"month", "package", "sold", "credits", "revenue", "average price", "paid back"}}
	for _, s := range sales {
		month := "January to April"
		if !s.Period.IsZero() {
			month = s.Period.Format("January")
		}
		money := func(d decimal.Decimal) string { return ledger.Money{Amount: d, Currency: s.Currency}.String() }
		rows = append(rows, []string{
			month, p.packageTitle(s.Package), fmt.Sprint(s.Number), s.Credits.String(),
			money(s.Money), money(s.Average), money(s.Returned),
		})
	}
	p.table(rows, 2, 3, 4, 5, 6)
	return nil
}

// printRollForward prints what became of the money that was paid in advance, and of
// the credits for it: revenue is recognized when they are used or end.
func (p *portal) printRollForward(ctx context.Context) error {
	p.head("Deferred revenue")
	list, err := report.RollForwards(ctx, p.Ledger, report.Query{})
	if err != nil {
		return err
	}
	rows := [][]string{
		{""},
		{"opening"},
		{"sold"},
		{"granted"},
		{"received"},
		{"carried on"},
		{"used"},
		{"expired"},
		{"voided"},
		{"paid back"},
		{"sent"},
		{"closing"},
		{"redemption rate"},
		{"expiration rate"},
	}
	for _, r := range list {
		for i, cells := range column(r) {
			rows[i] = append(rows[i], cells...)
		}
	}
	p.table(rows, 1, 2, 3, 4)
	return nil
}

// column returns what r has to say, from above: credits and money beside each other.
func column(r report.RollForward) [][]string {
	paid := r.Currency != ""
	cells := [][]string{{"free credits", ""}}
	if paid {
		cells[0] = []string{"credits sold", r.Currency}
	}
	for _, a := range []report.Amount{
		r.Opening, r.Sold, r.Granted, r.Received, r.Carried, r.Used, r.Expired, r.Voided, r.Returned, r.Sent, r.Closing,
	} {
		money := ""
		if paid {
			money = a.Money.StringFixed(2)
		}
		cells = append(cells, []string{a.Credits.String(), money})
	}
	return append(cells, []string{share(r.Redemption()), ""}, []string{share(r.Expiration()), ""})
}

// printLiability prints what clients can still spend, by when it ends.
func (p *portal) printLiability(ctx context.Context) error {
	p.head("Outstanding credits, by the month in which they end")
	list, err := report.Liabilities(ctx, p.Ledger, report.Query{}, p.now)
	if err != nil {
		return err
	}
	rows := [][]string{{"month", "credits", "clients", "liability"}}
	for _, l := range list {
		month, money := "never", "free"
		if !l.Month.IsZero() {
			month = l.Month.Format("January 2006")
		}
		if l.Currency != "" {
			money = ledger.Money{Amount: l.Money, Currency: l.Currency}.String()
		}
		rows = append(rows, []string{month, l.Credits.String(), fmt.Sprint(l.Wallets), money})
	}
	p.table(rows, 1, 2, 3)
	return nil
}

// bill prints the invoice for what is sold for money instead of credits: a standard
// service, and the fee of a recurring one.
func (p *portal) bill(ctx context.Context) error {
	o := p.organizations[1]
	w, err := p.Wallet(ctx, o.wallet)
	if err != nil {
		return err
	}
	s, _ := w.Subscription("")
	plan, _ := p.catalog.Plan(s.Plan)
	v := invoice.Invoice{ID: "2026-0001", Currency: "USD", Lines: []invoice.Line{
		{
			ID: "audit", Name: "Website audit", Item: ledger.Item{ID: "website_audit", Kind: "service"},
			Quantity: decimal.NewFromInt(1), UnitPrice: decimal.NewFromInt(100),
		},
		invoice.PlanFee(plan, s.Period),
	}}
	b, err := v.Bill()
	if err != nil {
		return err
	}
	p.head("Standard services are invoiced")
	d := invoice.Document{Date: p.now, Seller: []string{"The Agency"}, Buyer: []string{o.name}, Bill: b}
	return d.WriteText(p.out)
}
