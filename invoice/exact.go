package invoice

import "github.com/shopspring/decimal"

// plus returns a and b together. Every sum of decimals allocates, and most of those on
// an invoice are with zero: taxes, discounts and credits that a line does not have.
func plus(a, b decimal.Decimal) decimal.Decimal {
	switch {
	case a.IsZero():
		return b
	case b.IsZero():
		return a
	}
	return a.Add(b)
}

// minus returns a less b, which is often all of it, or nothing.
func minus(a, b decimal.Decimal) decimal.Decimal {
	switch {
	case b.IsZero():
		return a
	case a.Equal(b):
		return decimal.Zero
	}
	return a.Sub(b)
}

// normalize takes trailing zeros off amounts, so that equal bills are deeply equal.
func normalize(amounts ...*decimal.Decimal) {
	for _, a := range amounts {
		*a = a.Normalize()
	}
}
