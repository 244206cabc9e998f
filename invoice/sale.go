package invoice

import (
	"cmp"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// Package returns the line for a number of packages that are to be bought.
func Package(p pricing.Package, number int) Line {
	return Line{
		ID: lineID("package/" + p.Name), Name: cmp.Or(p.Title, p.Name),
		Item:     ledger.Item{ID: p.Name, Kind: KindOneOff},
		Quantity: decimal.NewFromInt(int64(number)), UnitPrice: p.Price.Amount,
	}
}

// Purchase returns the line for a purchase that was made, by hand or as an automatic
// top-up, or for a grant that was sold without a package, at the price that was paid.
//
// It is an error wrapping [ledger.ErrInvalid] if e is no purchase.
func Purchase(e ledger.Entry) (Line, error) {
	if e.Movement() != ledger.MovementPurchase || len(e.Grants) == 0 {
		return Line{}, invalid("entry", "is a %s, not a purchase", e.Kind)
	}
	g := e.Grants[0]
	return Line{
		ID: "purchase/" + g.ID.String(), Name: cmp.Or(g.Name, g.Package),
		Item: ledger.Item{ID: g.Package, Kind: KindOneOff}, Amount: g.Paid.Amount, At: e.EffectiveAt,
	}, nil
}

// PlanFee returns the line for a plan's fee of a period, in advance.
func PlanFee(p pricing.Plan, period expiry.Period) Line {
	return planLine("plan/"+p.Name, p, p.Price.Amount, period.Start, period.End)
}

// PlanChange returns the lines for a change from one plan to another at an instant of
// a period, which [pricing.Catalog.Change] has priced: what is left unused of the old
// plan, below zero, and what the new one costs until its period ends. They come to
// the change's Due.
func PlanChange(from, to pricing.Plan, c pricing.PlanChange, p expiry.Period, at time.Time) []Line {
	var lines []Line
	if !c.Unused.Amount.IsZero() {
		l := planLine("plan/"+from.Name+"/unused", from, c.Unused.Amount.Neg(), at, p.End)
		l.Name += ", unused"
		lines = append(lines, l)
	}
	if !c.Charge.Amount.IsZero() {
		l := planLine("plan/"+to.Name, to, c.Charge.Amount, at, p.End)
		if c.Restart {
			l.To = time.Time{} // its first period is the schedule's to tell
		}
		lines = append(lines, l)
	}
	return lines
}

func planLine(id string, p pricing.Plan, amount decimal.Decimal, from, to time.Time) Line {
	return Line{
		ID: lineID(id), Name: cmp.Or(p.Title, p.Name), Item: ledger.Item{ID: p.Name, Kind: KindFee},
		Amount: amount, From: from, To: to,
	}
}
