package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/pricing"
)

// printTabs prints the credits tabs of the clients who asked for more.
func (a *agency) printTabs(ctx context.Context) error {
	a.on(time.April, 20)
	for _, name := range []string{"Daily Crumb", "Corner Bakery", "Harbor Law"} {
		if err := a.client(name).printTab(ctx); err != nil {
			return err
		}
	}
	return nil
}

// printTab prints a client's credits tab: balance, progress, reset date and the
// allocation history.
func (c *client) printTab(ctx context.Context) error {
	w, err := c.Wallet(ctx, c.wallet)
	if err != nil {
		return err
	}
	s, _ := w.Subscription("")
	used, err := c.used(ctx, s.Period.Start, s.Period.End)
	if err != nil {
		return err
	}
	b := w.BalanceNow()
	by := b.By(func(g *ledger.Grant) string { return g.Bucket })
	fmt.Fprintf(c.out, "\nCredits of %s on %s\n", c.name, day(c.now))
	fmt.Fprintf(c.out, "  Balance    %v: %v monthly, %v one-time\n", b.Available, by[monthly], by[oneTime])
	fmt.Fprintf(c.out, "  Used       %s\n", bar(used, used.Add(b.Available)))
	fmt.Fprintf(c.out, "  Resets on  %s, to %v\n", day(s.Period.End), s.Buckets[0].Allowance)
	return c.printAllocated(ctx)
}

// bar shows how much of something is used.
func bar(used, all decimal.Decimal) string {
	const width = 20
	if all.IsZero() {
		return strings.Repeat("-", width)
	}
	down := pricing.Rounding{Mode: pricing.RoundDown}
	full := int(down.Quo(used.Mul(number(width)), all).IntPart())
	percent := down.Quo(used.Mul(number(100)), all)
	return fmt.Sprintf("%s%s %v of %v, %v %%",
		strings.Repeat("#", full), strings.Repeat("-", width-full), used, all, percent)
}

// used returns how many credits the client has used in a time.
func (c *client) used(ctx context.Context, from, to time.Time) (total decimal.Decimal, err error) {
	q := report.Query{Wallets: []ledger.WalletID{c.wallet}, From: from, To: to}
	usages, err := report.Usages(ctx, c.Ledger, q, report.UsageGroup{})
	for _, u := range usages {
		total = total.Add(u.Credits)
	}
	return total, err
}

// allocations are the movements by which credits come, in words.
var allocations = map[ledger.Movement]string{
	ledger.MovementAllocation: "monthly",
	ledger.MovementReset:      "monthly, reset",
	ledger.MovementAddition:   "one-time",
	ledger.MovementPurchase:   "one-time, bought",
}

// printAllocated prints which credits the client was given, and when.
func (c *client) printAllocated(ctx context.Context) error {
	lines, err := c.Lines(ctx, ledger.LinesQuery{
		WalletID: c.wallet, To: c.now, Movements: slices.Collect(maps.Keys(allocations)),
	})
	for _, l := range lines {
		row := fmt.Sprintf("  %s     +%-4v %-18s %s",
			l.EffectiveAt.Format("02 Jan"), l.Change, allocations[l.Movement], l.Reason)
		fmt.Fprintln(c.out, strings.TrimRight(row, " "))
	}
	return err
}
