package pricing

import "github.com/shopspring/decimal"

// Limits on amounts, quantities and prices. They keep every sum exact in the narrowest column a
// store may use, and stop a number such as 1e2000000000 before anything compares or prints it.
const (
	MaxScale  = 12 // decimals after the point
	MaxDigits = 26 // digits before the point
)

// Check returns d in normal form, without trailing zeros, so that equal amounts are deeply equal.
// A number with more than [MaxScale] decimals or more than [MaxDigits] digits before the point is
// an [*InvalidError] that names field. The sign is not looked at.
func Check(field string, d decimal.Decimal) (decimal.Decimal, error) {
	// Normalize looks at the coefficient only, so it is safe whatever the exponent is.
	n := d.Normalize()
	switch exp := n.Exponent(); {
	case exp < -MaxScale:
		return decimal.Decimal{}, invalid(field, "has more than %d decimals", MaxScale)
	case exp > MaxDigits, int64(n.NumDigits())+int64(exp) > MaxDigits:
		return decimal.Decimal{}, invalid(field, "has more than %d digits before the point", MaxDigits)
	}
	return n, nil
}

// checkPositive refuses what [Check] refuses, and a number that is not above zero.
func checkPositive(field string, d decimal.Decimal) error {
	d, err := Check(field, d)
	if err == nil && !d.IsPositive() {
		err = invalid(field, "is %v and must be positive", d)
	}
	return err
}

// checkNotNegative is [Check] for a number that must be zero or above.
func checkNotNegative(field string, d decimal.Decimal) (decimal.Decimal, error) {
	d, err := Check(field, d)
	if err == nil && d.IsNegative() {
		err = invalid(field, "is %v and must not be negative", d)
	}
	return d, err
}
