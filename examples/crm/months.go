package main

import (
	"context"
	"fmt"
	"time"
)

// june is a month of use: free and priced, up to the last credit and beyond.
func (a *account) june(ctx context.Context) error {
	fmt.Fprintln(a.out, "\nJune")
	for _, use := range []struct {
		day   int
		item  string
		times int64
	}{
		{2, "login", 1},
		{2, "dashboard", 3},
		{2, "settings", 1},
		{3, "form", 12},
		{9, "sms", 25},
		{16, "ai_text", 6},
		{19, "sms", 10},
	} {
		a.on(time.June, use.day)
		if err := a.do(ctx, use.item, use.times); err != nil {
			return err
		}
	}
	for range 2 { // the message about a payment comes twice
		if err := a.buy(ctx, "pi_2001", "extra_100"); err != nil {
			return err
		}
	}
	if err := a.do(ctx, "sms", 10); err != nil {
		return err
	}
	if err := a.printBilling(ctx); err != nil {
		return err
	}
	return a.printUsage(ctx)
}

// july is when the account upgrades, in the middle of the cycle.
func (a *account) july(ctx context.Context) error {
	fmt.Fprintln(a.out, "\nJuly")
	a.on(time.July, 1)
	if err := a.do(ctx, "ai_text", 18); err != nil {
		return err
	}
	a.now = time.Date(2025, 7, 16, 12, 0, 0, 0, time.UTC)
	if err := a.upgrade(ctx, "professional"); err != nil {
		return err
	}
	return a.printBilling(ctx)
}

// newMonth shows what there is just before a billing cycle begins, and then: what is
// left of the monthly credits lapses, and what was purchased stays.
func (a *account) newMonth(ctx context.Context) error {
	fmt.Fprintln(a.out, "\nA billing cycle begins")
	for _, a.now = range []time.Time{
		time.Date(2025, 7, 31, 23, 59, 59, 0, time.UTC),
		time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC),
	} {
		b, err := a.Balance(ctx, a.wallet, a.now)
		if err != nil {
			return err
		}
		a.note(a.now.Format("Jan 02  15:04:05"), left(b))
	}
	return nil
}

// august is when the account pays with another card, and plans to downgrade.
func (a *account) august(ctx context.Context) error {
	fmt.Fprintln(a.out, "\nAugust")
	a.on(time.August, 12)
	if err := a.do(ctx, "sms", 150); err != nil {
		return err
	}
	if err := a.payWith(ctx, "Mastercard 5100"); err != nil {
		return err
	}
	if err := a.downgrade(ctx, "starter"); err != nil {
		return err
	}
	return a.printBilling(ctx)
}

// leave is when the account cancels: it keeps what it bought.
func (a *account) leave(ctx context.Context) error {
	fmt.Fprintln(a.out, "\nSeptember")
	a.on(time.September, 15)
	if err := a.cancel(ctx); err != nil {
		return err
	}
	if err := a.printBilling(ctx); err != nil {
		return err
	}
	a.on(time.October, 2)
	return a.printBilling(ctx)
}
