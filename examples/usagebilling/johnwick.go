package main

import (
	"context"
	"fmt"

	"github.com/scrip-go/scrip/ledger"
)

// johnWick uses ChatPPT for $100 in August, and gets $50 of credit for bringing a
// customer, on certain meters only.
func (b *billing) johnWick(ctx context.Context) error {
	john, err := b.customer(ctx, "John Wick")
	if err != nil {
		return err
	}
	fmt.Fprintln(b.out, "John Wick used ChatPPT from 1 August to 1 September 2026, and brought a customer.")
	err = john.meterAll(ctx,
		use{1, "platform", "1"}, use{1, "seats", "2"}, use{3, "prompt_tokens", "12000000"},
		use{9, "completion_tokens", "2500000"}, use{12, "fine_tuning", "1"}, use{27, "prompt_tokens", "8000000"},
	)
	if err != nil {
		return err
	}
	_, err = john.add(ctx, credit{
		name: "Referral", amount: dec("50"), priority: 1,
		scope: ledger.Scope{Items: []string{"prompt_tokens", "completion_tokens"}},
	})
	if err != nil {
		return err
	}
	if err := john.printCredits(ctx); err != nil {
		return err
	}
	return john.bill(ctx, "2026-08-0001")
}
