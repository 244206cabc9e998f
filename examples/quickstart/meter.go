package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// maxOutput is how many tokens a call may generate at most. What it will generate is
// not known when it comes in.
var maxOutput = decimal.NewFromInt(2_000)

// timeout is how long credits are held for a call that never comes to an end.
const timeout = 10 * time.Minute

// meter charges the customers for the calls of a file, in turn.
func (b *books) meter(ctx context.Context, file string, calls iter.Seq2[call, error]) error {
	for c, err := range calls {
		if err == nil && c.row == 1 {
			err = b.signUp(ctx, c.at)
		}
		if err == nil {
			b.now = c.at
			err = b.serve(ctx, fmt.Sprintf("%s row %d", file, c.row), customers[(c.row-1)%len(customers)], c)
		}
		if err == nil {
			err = b.deliver(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// serve holds what a call may cost, makes the call, and captures what it did cost. A
// customer who has less is served all the same: what no credit pays is overage.
func (b *books) serve(ctx context.Context, key string, who customer, c call) error {
	hold, err := b.Hold(ctx, ledger.HoldRequest{
		Key: key + ": hold", WalletID: who.wallet(), Item: "model_call", Quantities: tokens(c.input, maxOutput), Life: timeout,
		Final: true, // repeated, it answers the same, though there may be more credits by then
	})
	if errors.Is(err, ledger.ErrInsufficientCredits) {
		_, err = b.Charge(ctx, ledger.ChargeRequest{
			Key: key, WalletID: who.wallet(), Item: "model_call", Quantities: tokens(c.input, c.output),
			Shortfall: ledger.ShortfallPartial,
		})
		return err
	}
	if err != nil {
		return err
	}
	// Here a server calls the model.
	_, err = b.Capture(ctx, ledger.CaptureRequest{
		Key: key, WalletID: who.wallet(), Hold: hold.Hold.ID, Quantities: tokens(c.input, c.output),
	})
	return err
}

// tokens are the quantities that the rate of a model call prices.
func tokens(input, output decimal.Decimal) map[string]decimal.Decimal {
	return map[string]decimal.Decimal{"input": input, "output": output}
}
