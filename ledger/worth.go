package ledger

import (
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// Worth returns what so many live credits of g stand for of the money that was paid
// for the whole of it, to the currency's minor unit, half away from zero: nothing
// for none, Paid for all of them. What credits take with them when they are spent,
// expire or move is the difference that it makes, so the parts of a price always
// sum to it.
func (g *Grant) Worth(credits decimal.Decimal) Money {
	if g.Paid.Amount.IsZero() {
		return g.Paid
	}
	scale, _ := pricing.MinorUnits(g.Paid.Currency)
	by := pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: scale}
	return Money{Amount: by.Quo(g.Paid.Amount.Mul(credits), g.Amount), Currency: g.Paid.Currency}
}

// part returns what amount takes with it of the money that live credits of g stand
// for.
func (g *Grant) part(live, amount decimal.Decimal) Money {
	if g.Paid.Amount.IsZero() {
		return g.Paid
	}
	paid := g.Worth(live)
	paid.Amount = paid.Amount.Sub(g.Worth(live.Sub(amount)).Amount)
	return paid
}

// Live returns what of g has not been spent or lost: what remains and what is held.
func (g *OpenGrant) Live() decimal.Decimal { return g.Remaining.Add(g.Held) }

// Unearned returns the money that was paid for what is still live of g: what its
// seller has yet to earn.
func (g *OpenGrant) Unearned() Money { return g.Worth(g.Live()) }
