package expiry

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Bounds of the numbers in a [Rollover].
const (
	MaxScale   = 12     // decimals
	MaxDigits  = 26     // digits before the point
	MaxPercent = 10_000 // a hundred allowances
)

// A RolloverKind says how much survives the end of a period. The values are stable: they are
// stored.
type RolloverKind string

// The kinds of rollover. The empty kind is the same as RolloverNone.
const (
	RolloverNone    RolloverKind = "none"    // nothing
	RolloverAll     RolloverKind = "all"     // everything that is left
	RolloverAmount  RolloverKind = "amount"  // at most Rollover.Max
	RolloverPercent RolloverKind = "percent" // at most Rollover.Percent of the allowance
)

// A SpendOrder says when carried credits are spent, beside the new allowance. The values are
// stable: they are stored.
type SpendOrder string

// The orders of spending. The empty order is the same as SpendFirst.
const (
	SpendFirst SpendOrder = "first" // before the new allowance
	SpendLast  SpendOrder = "last"  // after it
)

// A Rollover says what survives the end of a period. The zero Rollover is none: what is left
// lapses.
type Rollover struct {
	Kind RolloverKind `json:"kind,omitempty"`

	// Max bounds the total after the boundary, what was carried before included.
	// Positive; for RolloverAmount only.
	Max decimal.Decimal `json:"max,omitzero"`

	// Percent bounds the same total as a part of the allowance of one whole period.
	// Above 0, to MaxPercent; 50 is one half; for RolloverPercent only.
	Percent decimal.Decimal `json:"percent,omitzero"`

	Periods int        `json:"periods,omitempty"` // credits are carried at most so often; 0: no bound
	Life    Cycle      `json:"life,omitzero"`     // carried credits end so long after the boundary; zero: no own end
	Spend   SpendOrder `json:"spend,omitempty"`
}

// IsZero reports whether nothing is stated in r.
func (r Rollover) IsZero() bool {
	return r.Kind == "" && r.Max.IsZero() && r.Percent.IsZero() &&
		r.Periods == 0 && r.Life.IsZero() && r.Spend == ""
}

// Validate refuses, with an [*InvalidError], an unknown kind or order, a field that the kind needs
// and does not have or has and does not use, and a number out of range.
func (r Rollover) Validate() error {
	if err := r.checkBounds(); err != nil {
		return err
	}
	if r.Periods < 0 || r.Periods > MaxPeriods {
		return invalid("periods", fmt.Sprintf("is %d, must be from 0 to %d", r.Periods, MaxPeriods))
	}
	if err := r.Life.Validate(); err != nil {
		return within("life", err)
	}
	switch r.Spend {
	case "", SpendFirst, SpendLast:
	default:
		return invalid("spend", fmt.Sprintf("%.40q is not first or last", r.Spend))
	}
	if r.none() && (r.Periods != 0 || !r.Life.IsZero() || r.Spend != "") {
		return invalid("kind", "carries nothing, so periods, life and spend have no meaning")
	}
	return nil
}

func (r Rollover) none() bool { return r.Kind == "" || r.Kind == RolloverNone }

// checkBounds checks the kind and the bound that belongs to it.
func (r Rollover) checkBounds() error {
	switch r.Kind {
	case "", RolloverNone, RolloverAll, RolloverAmount, RolloverPercent:
	default:
		return invalid("kind", fmt.Sprintf("%.40q is not none, all, amount or percent", r.Kind))
	}
	if err := stated("max", r.Kind == RolloverAmount, !r.Max.IsZero()); err != nil {
		return err
	}
	if err := stated("percent", r.Kind == RolloverPercent, !r.Percent.IsZero()); err != nil {
		return err
	}
	if err := checkDecimal("max", r.Max); err != nil {
		return err
	}
	if err := checkDecimal("percent", r.Percent); err != nil {
		return err
	}
	if r.Percent.GreaterThan(decimal.NewFromInt(MaxPercent)) {
		return invalid("percent", fmt.Sprintf("must be at most %d", MaxPercent))
	}
	return nil
}

// checkDecimal refuses a negative, too fine or too large number. The exponent comes first: a
// number of two billion digits must not be expanded before it is refused.
func checkDecimal(field string, d decimal.Decimal) error {
	switch {
	case d.IsNegative():
		return invalid(field, "must not be negative")
	case d.IsZero():
		return nil
	case d.Exponent() < -2*MaxDigits || d.Exponent() > MaxDigits:
		return invalid(field, "is out of range")
	case !d.Equal(d.Truncate(MaxScale)):
		return invalid(field, fmt.Sprintf("has more than %d decimals", MaxScale))
	case d.NumDigits()+int(d.Exponent()) > MaxDigits:
		return invalid(field, fmt.Sprintf("has more than %d digits before the point", MaxDigits))
	}
	return nil
}

// EndsAt returns when credits that were carried over boundary, the end of their period, end by the
// rollover's own Life: [Cycle.Add] in zone. It is the zero time if r states no Life. It depends on
// the boundary only, so it is the same however late the boundary is worked on.
func (r Rollover) EndsAt(boundary time.Time, zone *time.Location) time.Time {
	if r.Life.IsZero() {
		return time.Time{}
	}
	return r.Life.Add(boundary, zone)
}
