package pricing

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// A part is a formula made ready: F, the price of a quantity of either sign, before rounding.
// F(0) is zero, and F(-q) is -F(q).
type part struct {
	name    string  // in a sum; otherwise empty
	counter Counter // where its quantity is counted
	curve   curve   // nil: free
	whole   bool    // quantities must be whole numbers
	free    decimal.Decimal
	block   decimal.Decimal // zero unless quantities become whole numbers of blocks
	started bool            // those blocks are rounded up
	bounds  bounds
}

// chargeable returns what is left of q when free units and blocks have been seen to. q is not
// negative.
func (p *part) chargeable(q decimal.Decimal) decimal.Decimal {
	if !p.free.IsZero() {
		if q.Cmp(p.free) <= 0 {
			return decimal.Zero
		}
		q = q.Sub(p.free)
	}
	if p.block.IsZero() || q.IsZero() {
		return q
	}
	n, rest := q.QuoRem(p.block, 0)
	if p.started && !rest.IsZero() {
		n = n.Add(decimal.New(1, 0))
	}
	return n
}

// total returns F(q).
func (p *part) total(q decimal.Decimal) decimal.Decimal {
	negative := q.IsNegative()
	if negative {
		q = q.Neg()
	}
	if p.curve != nil {
		q = p.chargeable(q)
	}
	if p.curve == nil || q.IsZero() {
		return decimal.Zero
	}
	price := p.bounds.clamp(p.curve.total(q))
	if negative {
		return price.Neg()
	}
	return price
}

// working appends the steps of F(to) - F(from).
func (p *part) working(steps []Step, from, to decimal.Decimal) []Step {
	if from.Cmp(to) > 0 {
		return negate(p.working(nil, to, from), steps)
	}
	if from.IsNegative() {
		// Below zero F is its own mirror image: what rises there toward zero costs what the same
		// way costs above.
		end := decimal.Min(to, decimal.Zero)
		steps = p.above(steps, end.Neg(), from.Neg())
		from = decimal.Zero
	}
	if to.IsPositive() {
		steps = p.above(steps, from, to)
	}
	return steps
}

// negate appends to steps the opposite of taken.
func negate(taken, steps []Step) []Step {
	for _, s := range taken {
		s.Quantity, s.Amount = s.Quantity.Neg(), s.Amount.Neg()
		steps = append(steps, s)
	}
	return steps
}

// above appends the steps of F(to) - F(from) for 0 <= from < to.
func (p *part) above(steps []Step, from, to decimal.Decimal) []Step {
	if p.curve == nil {
		return append(steps, Step{Label: p.label("free"), Quantity: to.Sub(from)})
	}
	a, b := p.chargeable(from), p.chargeable(to)
	first := len(steps)
	if !p.free.IsZero() && from.Cmp(p.free) < 0 {
		free := decimal.Min(to, p.free).Sub(from)
		steps = append(steps, Step{Label: "free units", Quantity: free})
	}
	if a.Cmp(b) < 0 {
		steps = p.curve.between(steps, a, b)
		if raise := p.bounds.raise(p.curve, a, b); !raise.IsZero() {
			steps = append(steps, Step{Label: p.bounds.label, Amount: raise})
		}
	}
	if p.name != "" {
		for i := range steps[first:] {
			steps[first+i].Label = p.label(steps[first+i].Label)
		}
	}
	return steps
}

// label puts the part's name before s.
func (p *part) label(s string) string {
	if p.name == "" {
		return s
	}
	return p.name + ": " + s
}

// bounds are the least and the most that something costs which costs anything. Zero is none.
type bounds struct {
	min, max decimal.Decimal
	label    string
}

func newBounds(low, high decimal.Decimal) bounds {
	b := bounds{min: low, max: high}
	switch {
	case low.IsZero() && high.IsZero():
	case low.IsPositive() && high.IsPositive():
		b.label = fmt.Sprintf("minimum %v, maximum %v", low, high)
	case low.IsPositive():
		b.label = fmt.Sprintf("minimum %v", low)
	default:
		b.label = fmt.Sprintf("maximum %v", high)
	}
	return b
}

// stated reports whether there is a bound.
func (b *bounds) stated() bool { return !b.min.IsZero() || !b.max.IsZero() }

// clamp returns d within the bounds, which mirror below zero. Zero stays zero.
func (b *bounds) clamp(d decimal.Decimal) decimal.Decimal {
	if !b.stated() || d.IsZero() {
		return d
	}
	if d.IsNegative() {
		return b.clamp(d.Neg()).Neg()
	}
	if d.Cmp(b.min) < 0 {
		return b.min
	}
	if !b.max.IsZero() && d.Cmp(b.max) > 0 {
		return b.max
	}
	return d
}

// raise returns what the bounds add to the step of c from a to b; negative if they cut it.
func (b *bounds) raise(c curve, from, to decimal.Decimal) decimal.Decimal {
	if !b.stated() {
		return decimal.Zero
	}
	raised := func(q decimal.Decimal) decimal.Decimal {
		if q.IsZero() {
			return q
		}
		t := c.total(q)
		return b.clamp(t).Sub(t)
	}
	return raised(to).Sub(raised(from))
}
