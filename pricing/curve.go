package pricing

import "github.com/shopspring/decimal"

// A curve is what a quantity costs before bounds and rounding, as a function of the quantity.
// Both methods are called with quantities above zero only, but for a from of zero, and are exact.
type curve interface {
	// total returns the price of q.
	total(q decimal.Decimal) decimal.Decimal

	// between appends to steps the working of total(to) - total(from), for from < to.
	between(steps []Step, from, to decimal.Decimal) []Step
}

// A line costs a price for each unit, and a flat amount as soon as anything is used.
type line struct {
	price decimal.Decimal
	flat  decimal.Decimal
	label string
}

func (l line) total(q decimal.Decimal) decimal.Decimal { return plus(q.Mul(l.price), l.flat) }

func (l line) between(steps []Step, from, to decimal.Decimal) []Step {
	q := minus(to, from)
	steps = append(steps, Step{Label: l.label, Quantity: q, Price: l.price, Amount: q.Mul(l.price)})
	if from.IsZero() && !l.flat.IsZero() {
		steps = append(steps, Step{Label: "fixed part", Amount: l.flat})
	}
	return steps
}

// plain returns d with an exponent of zero or less. Numbers in normal form differ in their
// exponents, and adding and comparing is faster where they do not.
func plain(d decimal.Decimal) decimal.Decimal {
	if d.Exponent() <= 0 {
		return d
	}
	return d.Add(decimal.New(0, 0))
}

// plus returns a + b. Most sums here have a zero on one side, which is no sum to compute.
func plus(a, b decimal.Decimal) decimal.Decimal {
	switch {
	case a.IsZero():
		return b
	case b.IsZero():
		return a
	}
	return a.Add(b)
}

// minus returns a - b.
func minus(a, b decimal.Decimal) decimal.Decimal {
	if b.IsZero() {
		return a
	}
	return a.Sub(b)
}
