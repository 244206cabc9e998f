package main

import (
	"context"
	"fmt"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// sofia has credits of every kind.
func (b *billing) sofia(ctx context.Context) error {
	b.now = august.Start
	sofia, err := b.customer(ctx, "Sofia Al-Azwar")
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\n\nManaging the credits of %s\n", sofia.name)
	if err := sofia.addAll(ctx); err != nil {
		return err
	}
	if err := sofia.voidMistake(ctx); err != nil {
		return err
	}
	if err := sofia.printCredits(ctx); err != nil {
		return err
	}
	err = sofia.meterAll(ctx,
		use{1, "platform", "1"}, use{1, "seats", "5"}, use{5, "prompt_tokens", "30000000"},
		use{15, "completion_tokens", "5000000"}, use{20, "fine_tuning", "2"},
	)
	if err != nil {
		return err
	}
	if err := sofia.bill(ctx, "2026-08-0002"); err != nil {
		return err
	}
	return sofia.printCredits(ctx)
}

// addAll adds a credit of every scope, and tries what is refused.
func (a *account) addAll(ctx context.Context) error {
	for _, c := range []credit{
		{name: "Prepaid", amount: dec("100"), paid: dec("90")},
		{name: "Launch offer", amount: dec("20"), priority: 10, scope: ledger.Scope{Kinds: []string{"meter", "add_on"}}},
		{name: "Licence rebate", amount: dec("7.50"), priority: 10, scope: ledger.Scope{Kinds: []string{"licence"}}},
		{name: "First months free", amount: dec("45"), priority: 10, scope: ledger.Scope{Items: []string{"platform"}}},
		{name: "Welcome", amount: dec("10"), priority: 1, expires: time.Date(2026, 8, 15, 0, 0, 0, 0, time.UTC)},
		{name: "Free tokens", amount: dec("5000000"), tokens: true, scope: ledger.Scope{Items: []string{"prompt_tokens"}}},
	} {
		_, err := a.add(ctx, c)
		a.try("add "+c.name, err)
		if err != nil {
			return err
		}
	}
	_, err := a.add(ctx, credit{name: "Launch offer", amount: dec("200")})
	a.try("change Launch offer to 200 USD", err)
	for _, priority := range []int{101, -1} {
		_, err = a.add(ctx, credit{name: "Odd", amount: dec("1"), priority: priority})
		a.try(fmt.Sprintf("add a credit of priority %d", priority), err)
	}
	return nil
}

// voidMistake adds a credit by mistake, and voids it.
func (a *account) voidMistake(ctx context.Context) error {
	id, err := a.add(ctx, credit{name: "Mistake", amount: dec("500")})
	if err != nil {
		return err
	}
	a.try("add Mistake", nil)
	a.try("void Mistake", a.void(ctx, id, false))
	a.try("void Mistake, confirmed", a.void(ctx, id, true))
	a.now = a.now.Add(time.Minute)
	a.try("void Mistake again", a.void(ctx, id, true))
	return nil
}
