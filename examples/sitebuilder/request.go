package main

import (
	"context"
	"fmt"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/pricing"
)

// ask is a client that asks for more. It prints what whoever answers wants to know:
// what was used so far, and what can be offered.
func (c *client) ask(ctx context.Context, why string) error {
	fmt.Fprintf(c.out, "\n%s asks for more credits, %s\n", c.name, why)
	if err := c.printUse(ctx); err != nil {
		return err
	}
	w, err := c.Wallet(ctx, c.wallet)
	if err != nil {
		return err
	}
	s, _ := w.Subscription("")
	fmt.Fprintln(c.out, "  to offer")
	for _, p := range c.catalog.Offers(c.now) {
		fmt.Fprintf(c.out, "    %-24s %3v credits now, for %v\n", p.Title, p.Total(c.catalog.Unit, c.now), p.Price)
	}
	if err := c.offerMonthly(ctx, s); err != nil {
		return err
	}
	return c.offerUpgrade(ctx, s)
}

// printUse prints what the client has used, month by month and agent by agent.
func (c *client) printUse(ctx context.Context) error {
	q := report.Query{Wallets: []ledger.WalletID{c.wallet}, To: c.now}
	by := report.UsageGroup{Group: report.Group{Cycle: expiry.Months(1)}}
	usages, err := report.Usages(ctx, c.Ledger, q, by)
	for _, u := range usages {
		fmt.Fprintf(c.out, "  in %-6s %-17s %2v times  %3v credits\n",
			u.Period.Format("January"), c.title(u.Item), u.Quantity, u.Credits)
	}
	return err
}

// offerMonthly prints what half as much again every month would bring now.
func (c *client) offerMonthly(ctx context.Context, s ledger.Subscription) error {
	now := s.Buckets[0].Allowance
	amount := now.Add(pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: -1}.Percent(now, number(50)))
	e, err := c.Check(ctx, c.toAmount("", amount))
	if err == nil {
		fmt.Fprintf(c.out, "    %-24s %3v credits now\n", fmt.Sprintf("%v a month, not %v", amount, now), e.Change)
	}
	return err
}

// offerUpgrade prints what the next larger package would bring, and cost, now.
func (c *client) offerUpgrade(ctx context.Context, s ledger.Subscription) error {
	for _, p := range c.catalog.Plans {
		if p.Price.IsZero() || !p.Buckets[0].Allowance.GreaterThan(s.Buckets[0].Allowance) {
			continue
		}
		change, err := c.catalog.Change(c.plan(s.Plan), p, s.Period, c.now, pricing.RoundHalfUp)
		if err != nil {
			return err
		}
		e, err := c.Check(ctx, c.toPlan("", p.Name))
		if err == nil {
			fmt.Fprintf(c.out, "    %-24s %3v credits now, for %v until %s\n",
				"package "+p.Title, e.Change, change.Due, day(s.Period.End))
		}
		return err
	}
	return nil
}
