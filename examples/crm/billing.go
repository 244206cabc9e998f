package main

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/pricing"
)

// printBilling prints the billing page.
func (a *account) printBilling(ctx context.Context) error {
	w, err := a.Wallet(ctx, a.wallet)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "\nBilling of %s on %s\n", a.name, day(a.now))
	row := func(name string, value any) { fmt.Fprintf(a.out, "  %-20s %v\n", name, value) }
	s, subscribed := w.Subscription("")
	if subscribed {
		used, err := a.used(ctx, s.Period)
		if err != nil {
			return err
		}
		plan := a.plan(s.Plan)
		row("Plan", plan.Title)
		row("Cost", fmt.Sprintf("%v a month", plan.Price))
		row("Used this month", fmt.Sprintf("%v credits", used))
	}
	row("Left", left(w.BalanceNow()))
	if subscribed {
		row("Billing cycle", cycles[s.Schedule.Cycle])
	}
	row("Account status", status(s, subscribed))
	if subscribed && s.EndsAt.IsZero() {
		row("Renews on", a.renewal(s))
		row("Paid by", w.Metadata["paid_by"])
	}
	return nil
}

// left tells the credits of b apart by whether they roll over.
func left(b ledger.Balance) string {
	by := b.By(func(g *ledger.Grant) string { return string(g.Source) })
	return fmt.Sprintf("%v credits: %v monthly, %v purchased", b.Available,
		by[string(ledger.SourceAllowance)], by[string(ledger.SourcePurchase)])
}

// cycles are the billing cycles, in words.
var cycles = map[expiry.Cycle]string{expiry.Months(1): "Monthly", expiry.Years(1): "Yearly"}

func status(s ledger.Subscription, subscribed bool) string {
	switch {
	case !subscribed:
		return "Cancelled"
	case !s.EndsAt.IsZero():
		return "Active until " + day(s.EndsAt)
	}
	return "Active"
}

// renewal returns when the next cycle begins, and on which plan if that changes.
func (a *account) renewal(s ledger.Subscription) string {
	if s.Next == nil {
		return day(s.Period.End)
	}
	return fmt.Sprintf("%s, as %s", day(s.Period.End), a.plan(s.Next.Plan).Title)
}

// plan returns a plan of the catalog.
func (c *crm) plan(name string) pricing.Plan {
	p, _ := c.catalog.Plan(name)
	return p
}

// used returns how many credits the account has used in a period.
func (a *account) used(ctx context.Context, p expiry.Period) (total decimal.Decimal, err error) {
	usages, err := a.usages(ctx, p)
	for _, u := range usages {
		total = total.Add(u.Credits)
	}
	return total, err
}

// usages returns what the account used in a period, by action.
func (a *account) usages(ctx context.Context, p expiry.Period) ([]report.Usage, error) {
	q := report.Query{Wallets: []ledger.WalletID{a.wallet}, From: p.Start, To: p.End}
	return report.Usages(ctx, a.Ledger, q, report.UsageGroup{})
}

// printUsage prints the tab credits and usage, of the current cycle.
func (a *account) printUsage(ctx context.Context) error {
	w, err := a.Wallet(ctx, a.wallet)
	if err != nil {
		return err
	}
	s, _ := w.Subscription("")
	usages, err := a.usages(ctx, s.Period)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "\nCredits and usage since %s\n", day(s.Period.Start))
	row := "  %-24s %6v %8v\n"
	fmt.Fprintf(a.out, row, "action", "times", "credits")
	total := decimal.Zero
	for _, u := range usages {
		total = total.Add(u.Credits)
		fmt.Fprintf(a.out, row, a.catalog.ItemName(u.Item), u.Quantity, u.Credits)
	}
	fmt.Fprintf(a.out, row, "overall", "", total)
	return nil
}
