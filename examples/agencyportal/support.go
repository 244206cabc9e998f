package main

import (
	"cmp"
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// support answers a client who asks about a deduction, and finds out whether others
// would work.
func (p *portal) support(ctx context.Context) error {
	o := p.organizations[0]
	p.head(o.name + " asks why request-03 cost what it did")
	if err := o.explain(ctx, "request-03"); err != nil {
		return err
	}
	return o.tryOut(ctx, -1)
}

// explain prints how the price of a request came about, and which credits paid it.
func (o *organization) explain(ctx context.Context, request string) error {
	e, err := o.Entry(ctx, o.wallet, request)
	if err != nil {
		return err
	}
	for _, part := range e.Parts {
		fmt.Fprintf(o.out, "  %v × %s: %v credits\n", part.Quantity, o.catalog.ItemName(part.Item.ID), part.Amount)
		for _, s := range part.Working {
			fmt.Fprintf(o.out, "    %-14s %v at %v is %v\n", s.Label, s.Quantity, s.Price, s.Amount)
		}
	}
	for _, draw := range e.Draws() {
		grants, err := o.Grants(ctx, o.wallet, []ledger.GrantID{draw.Grant})
		if err != nil {
			return err
		}
		fmt.Fprintf(o.out, "  %v paid by: %s\n", draw.Amount, title(grants[0]))
	}
	return nil
}

// tryOut tells whether an adjustment would work, and changes nothing.
func (o *organization) tryOut(ctx context.Context, amount int64) error {
	e, err := o.Check(ctx, ledger.AdjustRequest{
		WalletID: o.wallet, Amount: decimal.NewFromInt(amount), Info: ledger.Info{Reason: "test", Actor: maria},
	})
	if err == nil {
		fmt.Fprintf(o.out, "  a test deduction of %d works: it would leave %v\n", -amount, e.Balance)
	}
	return err
}

// title returns what people call a grant.
func title(g *ledger.Grant) string { return cmp.Or(g.Name, g.Reason) }
