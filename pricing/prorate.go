package pricing

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// Prorate returns the share of amount that falls to the part of the period from an instant to its
// end, counted in microseconds and rounded once.
func Prorate(amount decimal.Decimal, p expiry.Period, from time.Time, r Rounding) decimal.Decimal {
	num, den := p.Share(from)
	return r.Quo(amount.Mul(decimal.New(num, 0)), decimal.New(den, 0)).Normalize()
}

// A PlanChange is what it takes to go from one plan to another within a period.
// Due = Charge - Unused.
type PlanChange struct {
	Unused     Money             // of what was paid for the old plan
	Charge     Money             // for the new plan, up to the end of its first period
	Due        Money             // to be paid; negative: to be given back. Rounded once
	Restart    bool              // the new plan's first period begins with the change
	Allowances []AllowanceChange // of buckets that either plan has, the old plan's first
}

// An AllowanceChange is how much more, or less, a bucket receives for the rest of a period.
type AllowanceChange struct {
	Bucket string
	Amount decimal.Decimal // cut down to the unit; negative: less
}

// Change returns what it takes to go from one plan to another at an instant of a period of the
// first. Prices and allowances count for the share of the period that is left, exactly, and each
// difference is rounded once: money by mode, credits down to the unit, toward zero.
//
// Plans of different cycles do not share their periods: what is left of the old one is given
// back, and the new plan begins a period of its own, at its whole price and allowance.
//
// from.Price is what was paid for the period: set it to what was, if that was not the list price.
// Prices in two currencies, and an instant outside the period, are errors wrapping [ErrInvalid].
func (c *Catalog) Change(
	from, to Plan, p expiry.Period, at time.Time, mode RoundingMode,
) (PlanChange, error) {
	if !p.Contains(at) {
		return PlanChange{}, invalid("at", "is %s, outside the period", at.UTC().Format(time.RFC3339))
	}
	if err := mode.Validate(); err != nil {
		return PlanChange{}, within("mode", err)
	}
	if _, err := from.Price.Add(to.Price); err != nil {
		return PlanChange{}, err
	}
	currency := from.Price.Currency
	if currency == "" {
		currency = to.Price.Currency
	}
	scale, _ := MinorUnits(currency)
	s := share{restart: from.Cycle != to.Cycle}
	s.num, s.den = p.Share(at)
	round := Rounding{Mode: mode, Scale: scale}
	money := func(d decimal.Decimal) Money { return Money{Amount: d.Normalize(), Currency: currency} }
	due := s.change(from.Price.Amount, to.Price.Amount, round)
	unused := s.left(from.Price.Amount, round)
	return PlanChange{
		Unused: money(unused), Charge: money(due.Add(unused)), Due: money(due),
		Restart:    s.restart,
		Allowances: s.allowances(from, to, Rounding{Mode: RoundDown, Scale: c.Unit.Scale}),
	}, nil
}

// A share is the part of a period that is left.
type share struct {
	num, den int64
	restart  bool // the new plan is not shared: it starts a period of its own
}

// change returns after less before for what is left, rounded once.
func (s share) change(before, after decimal.Decimal, r Rounding) decimal.Decimal {
	num, den := decimal.New(s.num, 0), decimal.New(s.den, 0)
	if s.restart {
		return r.Quo(after.Mul(den).Sub(before.Mul(num)), den)
	}
	return r.Quo(after.Sub(before).Mul(num), den)
}

// left returns the share of d that is left.
func (s share) left(d decimal.Decimal, r Rounding) decimal.Decimal {
	return r.Quo(d.Mul(decimal.New(s.num, 0)), decimal.New(s.den, 0))
}

func (s share) allowances(from, to Plan, r Rounding) []AllowanceChange {
	old, changes := map[string]bool{}, []AllowanceChange(nil)
	add := func(name string, before, after decimal.Decimal) {
		if d := s.change(before, after, r); !d.IsZero() {
			changes = append(changes, AllowanceChange{Bucket: name, Amount: d.Normalize()})
		}
	}
	for _, b := range from.Buckets {
		old[b.Name] = true
		add(b.Name, b.Allowance, to.allowance(b.Name))
	}
	for _, b := range to.Buckets {
		if !old[b.Name] {
			add(b.Name, decimal.Zero, b.Allowance)
		}
	}
	return changes
}

// allowance returns what the plan's bucket of that name receives each period.
func (p Plan) allowance(bucket string) decimal.Decimal {
	for _, b := range p.Buckets {
		if b.Name == bucket {
			return b.Allowance
		}
	}
	return decimal.Zero
}
