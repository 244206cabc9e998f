package pricing

import "github.com/shopspring/decimal"

// A TopUp says how many credits to buy when a balance falls below a threshold. Either Amount or
// Target is stated.
type TopUp struct {
	Threshold decimal.Decimal // what the balance must stay above
	Amount    decimal.Decimal // bought as often as it takes, in one purchase
	Bonus     decimal.Decimal // that comes free with each Amount, and counts toward the threshold
	Target    decimal.Decimal // what the balance is filled up to
	Minimum   decimal.Decimal // the least that is bought at once
}

// Validate returns an error wrapping [ErrInvalid] unless t can always lift a balance above its
// threshold.
func (t TopUp) Validate() error {
	numbers := []struct {
		field string
		d     decimal.Decimal
	}{{"amount", t.Amount}, {"bonus", t.Bonus}, {"target", t.Target}, {"minimum", t.Minimum}}
	for _, n := range numbers {
		if _, err := checkNotNegative(n.field, n.d); err != nil {
			return err
		}
	}
	if _, err := Check("threshold", t.Threshold); err != nil {
		return err
	}
	switch {
	case t.Amount.IsPositive() == t.Target.IsPositive():
		return invalid("amount", "or target must be positive, and not both")
	case t.Target.IsPositive() && t.Target.Cmp(t.Threshold) <= 0:
		return invalid("target", "is %v, not above the threshold of %v", t.Target, t.Threshold)
	case t.Bonus.IsPositive() && t.Target.IsPositive():
		return invalid("bonus", "is only for amount")
	}
	return nil
}

// Size returns how many credits to buy at a balance, in which purchases under way are counted. It
// is zero while the balance is above the threshold. Otherwise one purchase of that size lifts the
// balance above the threshold, not onto it, so that it does not fire again at once. t has been
// validated.
func (t TopUp) Size(balance decimal.Decimal) decimal.Decimal {
	if balance.Cmp(t.Threshold) > 0 {
		return decimal.Zero
	}
	if t.Target.IsPositive() {
		return decimal.Max(t.Target.Sub(balance), t.Minimum).Normalize()
	}
	n, _ := t.Threshold.Sub(balance).QuoRem(t.Amount.Add(t.Bonus), 0)
	n = n.Add(decimal.New(1, 0)) // above, also where n whole ones would land on the threshold
	return decimal.Max(n.Mul(t.Amount), t.Minimum).Normalize()
}

// Lasts returns for how many days a balance lasts if it is spent as the past days were, in which
// so much was spent. It is cut down to tenths of a day. Nothing spent, or no days, tell nothing.
func Lasts(balance, spent decimal.Decimal, days int) (left decimal.Decimal, ok bool) {
	if !spent.IsPositive() || days < 1 {
		return decimal.Zero, false
	}
	if !balance.IsPositive() {
		return decimal.Zero, true
	}
	tenths := Rounding{Mode: RoundDown, Scale: 1}
	return tenths.Quo(balance.Mul(decimal.New(int64(days), 0)), spent).Normalize(), true
}
