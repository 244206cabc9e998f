package pricing

import "github.com/shopspring/decimal"

// A RoundingMode says to which neighbour a number between two goes. Values are stable, because
// they are stored.
type RoundingMode string

// The rounding modes.
const (
	RoundUp       RoundingMode = "up"        // away from zero: 1.1 to 2, -1.1 to -2
	RoundDown     RoundingMode = "down"      // toward zero: 1.9 to 1, -1.9 to -1
	RoundHalfUp   RoundingMode = "half_up"   // to the nearer; a half away from zero: 2.5 to 3, -2.5 to -3
	RoundHalfEven RoundingMode = "half_even" // to the nearer; a half to the even one: 2.5 to 2, 3.5 to 4
	RoundCeiling  RoundingMode = "ceiling"   // toward plus infinity: 1.1 to 2, -1.9 to -1
	RoundFloor    RoundingMode = "floor"     // toward minus infinity: 1.9 to 1, -1.1 to -2
)

// A Rounding is a mode and the number of decimals that are kept. The zero Rounding is none
// stated; whoever holds one says what applies then.
type Rounding struct {
	Mode  RoundingMode `json:"mode"`
	Scale int32        `json:"scale,omitempty"` // in [-MaxDigits, MaxScale]; -1 rounds to tens
}

// IsZero reports whether no rounding is stated.
func (r Rounding) IsZero() bool { return r == Rounding{} }

// Validate returns an error wrapping [ErrInvalid] unless r names a mode and a scale in range.
func (r Rounding) Validate() error {
	if err := r.Mode.Validate(); err != nil {
		return within("mode", err)
	}
	if r.Scale < -MaxDigits || r.Scale > MaxScale {
		return invalid("scale", "is %d and must be from %d to %d", r.Scale, -MaxDigits, MaxScale)
	}
	return nil
}

// Validate returns an error wrapping [ErrInvalid] unless m is one of the rounding modes.
func (m RoundingMode) Validate() error {
	switch m {
	case RoundUp, RoundDown, RoundHalfUp, RoundHalfEven, RoundCeiling, RoundFloor:
		return nil
	case "":
		return invalid("", "is missing")
	}
	return invalid("", "is %q, which is no rounding mode", string(m))
}

// Apply returns d rounded. It panics if r does not validate, as a rounding from outside has
// passed Validate before it is used.
func (r Rounding) Apply(d decimal.Decimal) decimal.Decimal {
	if d.Exponent() >= -r.Scale {
		return d // exact already; most prices are
	}
	switch r.Mode {
	case RoundUp:
		return d.RoundUp(r.Scale)
	case RoundDown:
		return d.RoundDown(r.Scale)
	case RoundHalfUp:
		return d.Round(r.Scale)
	case RoundHalfEven:
		return d.RoundBank(r.Scale)
	case RoundCeiling:
		return d.RoundCeil(r.Scale)
	case RoundFloor:
		return d.RoundFloor(r.Scale)
	}
	panic("pricing: rounding mode " + string(r.Mode))
}

// mirrored is Apply above zero and its mirror image below, whatever the mode, so that taking
// something back rounds as having it does.
func (r Rounding) mirrored(d decimal.Decimal) decimal.Decimal {
	if d.Exponent() >= -r.Scale || !d.IsNegative() {
		return r.Apply(d)
	}
	return r.Apply(d.Neg()).Neg()
}

// Quo returns num divided by den, rounded once. It panics if den is zero.
func (r Rounding) Quo(num, den decimal.Decimal) decimal.Decimal {
	// One unit beyond the last digit kept, moved by a fifth of the way if anything is left over:
	// enough to tell below, on and above a half, in every mode.
	q, rest := num.QuoRem(den, r.Scale+1)
	if !rest.IsZero() {
		nudge := decimal.New(int64(num.Sign()*den.Sign()), -r.Scale-2)
		q = q.Add(nudge)
	}
	return r.Apply(q)
}

// Percent returns percent hundredths of d, rounded once.
func (r Rounding) Percent(d, percent decimal.Decimal) decimal.Decimal {
	return r.Apply(d.Mul(percent).Shift(-2))
}
