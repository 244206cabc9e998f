package main

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/pricing"
)

// costs are what a unit of each service costs the agency, in USD.
var costs = map[string]decimal.Decimal{
	"logo_design":    decimal.New(1250, -2),
	"blog_post":      decimal.New(6, -3),
	"social_graphic": decimal.New(275, -2),
}

// cost returns what so much of a service costs the agency.
func cost(service string, quantity decimal.Decimal) ledger.Money {
	return pricing.CreditPrice{Price: costs[service], Currency: "USD"}.Money(quantity, pricing.RoundHalfUp)
}

// costOf is cost as a report asks for it.
func costOf(u ledger.Part) ledger.Money { return cost(u.Item.ID, u.Quantity) }

// What is divided in the reports is rounded once.
var (
	tenths = pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 1}
	cents  = pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 2}
)

// months divides time by the calendar.
var months = report.Group{Cycle: expiry.Months(1)}

// analyse prints who uses what, and how.
func (p *portal) analyse(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		p.printTotals, p.printServiceUse, p.printUseByMonth, p.printClients, p.printTrend,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// printTotals prints the sums over all clients.
func (p *portal) printTotals(ctx context.Context) error {
	p.head("Analytics, January to April")
	revenue, err := p.revenue(ctx)
	if err != nil {
		return err
	}
	var sold, used, left decimal.Decimal
	for c, err := range report.Clients(ctx, p.Ledger, report.Query{}, nil) {
		if err != nil {
			return err
		}
		sold, used, left = sold.Add(c.Credits.Sold), used.Add(c.Credits.Used), left.Add(c.Balance)
	}
	clients := decimal.NewFromInt(int64(len(p.organizations)))
	p.table([][]string{
		{"credits sold", sold.String()},
		{"credits consumed", used.String()},
		{"credits left", left.String()},
		{"credits consumed per client", tenths.Quo(used, clients).String()},
		{"credits left per client", tenths.Quo(left, clients).String()},
		{"revenue, less what was paid back", revenue.String()},
	}, 1)
	return nil
}

// revenue returns what was paid for credits, less what was paid back.
func (p *portal) revenue(ctx context.Context) (ledger.Money, error) {
	sales, err := report.Sales(ctx, p.Ledger, report.Query{}, report.Group{})
	total := ledger.Money{Currency: "USD"}
	for _, s := range sales {
		total.Amount = total.Amount.Add(s.Money).Sub(s.Returned)
	}
	return total, err
}

// printServiceUse prints the services, the most popular first.
func (p *portal) printServiceUse(ctx context.Context) error {
	p.head("Services")
	usages, err := report.Usages(ctx, p.Ledger, report.Query{}, report.UsageGroup{})
	if err != nil {
		return err
	}
	rows := [][]string{{"service", "requests", "quantity", "credits", "earned", "cost", "profit", "a credit"}}
	for _, u := range usages {
		earned, spent := u.Earned.In("USD"), cost(u.Item, u.Quantity)
		profit := earned.Amount.Sub(spent.Amount)
		rows = append(rows, []string{
			p.catalog.ItemName(u.Item), fmt.Sprint(u.Uses), u.Quantity.String(), u.Credits.String(), earned.String(),
			spent.String(), ledger.Money{Amount: profit, Currency: "USD"}.String(), cents.Quo(profit, u.Credits).StringFixed(2),
		})
	}
	p.table(rows, 1, 2, 3, 4, 5, 6, 7)
	return nil
}

// printUseByMonth prints how the use of each service went, and whose it was.
func (p *portal) printUseByMonth(ctx context.Context) error {
	p.head("Usage by month and client")
	usages, err := report.Usages(ctx, p.Ledger, report.Query{}, report.UsageGroup{Group: months, Owner: true, Actor: true})
	if err != nil {
		return err
	}
	rows := [][]string{{"month", "client", "by", "service", "requests", "credits"}}
	for _, u := range usages {
		rows = append(rows, []string{
			u.Period.Format("January"), u.Owner, u.Actor, p.catalog.ItemName(u.Item), fmt.Sprint(u.Uses), u.Credits.String(),
		})
	}
	p.table(rows, 4, 5)
	return nil
}

// printClients prints how clients buy, use and lose credits.
func (p *portal) printClients(ctx context.Context) error {
	p.head("Clients")
	rows := [][]string{{
		"client", "purchases", "bought", "requests", "credits each", "a day", "days left", "expired", "earned", "margin",
	}}
	for _, o := range p.organizations {
		q := report.Query{Wallets: []ledger.WalletID{o.wallet}}
		purchases, bought, err := p.bought(ctx, q)
		if err != nil {
			return err
		}
		flows, err := p.flows(ctx, q)
		if err != nil {
			return err
		}
		for c, err := range report.Clients(ctx, p.Ledger, q, costOf) {
			if err != nil {
				return err
			}
			rows = append(rows, []string{
				c.Owner, fmt.Sprint(purchases), bought.String(), fmt.Sprint(c.Uses), each(c).String(), c.Burn.String(),
				c.DaysLeft.String(), share(flows.Expiration()), c.Earned.String(), c.Margin.String(),
			})
		}
	}
	p.table(rows, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	return nil
}

// bought returns how many purchases there were, and of how many credits.
func (p *portal) bought(ctx context.Context, q report.Query) (number int, credits decimal.Decimal, err error) {
	sales, err := report.Sales(ctx, p.Ledger, q, report.Group{})
	for _, s := range sales {
		number, credits = number+s.Number, credits.Add(s.Credits)
	}
	return number, credits, err
}

// each returns how many credits a request of c cost.
func each(c report.Client) decimal.Decimal {
	if c.Uses == 0 {
		return decimal.Zero
	}
	return tenths.Quo(c.Credits.Used, decimal.NewFromInt(int64(c.Uses)))
}

// printTrend prints balances at the end of each month.
func (p *portal) printTrend(ctx context.Context) error {
	p.head("Balances at the end of")
	rows := [][]string{{"", "January", "February", "March", "April"}}
	for _, o := range p.organizations {
		row := []string{o.name}
		for month := time.January; month <= time.April; month++ {
			b, err := p.Balance(ctx, o.wallet, time.Date(2026, month+1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Microsecond))
			if err != nil {
				return err
			}
			row = append(row, b.Available.String())
		}
		rows = append(rows, row)
	}
	p.table(rows, 1, 2, 3, 4)
	return nil
}
