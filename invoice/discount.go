package invoice

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// A Discount takes something off a line or an invoice: either a percentage or an
// amount, never more than is there.
type Discount struct {
	Name    string          `json:"name,omitempty"`
	Percent decimal.Decimal `json:"percent,omitzero"` // above 0, at most 100
	Amount  decimal.Decimal `json:"amount,omitzero"`  // positive, in the invoice's currency
	Scope   ledger.Scope    `json:"scope,omitzero"`   // of an invoice's: the lines that it is for; zero: all
}

func checkDiscounts(discounts []Discount) ([]Discount, error) {
	var checked []Discount
	for i, d := range discounts {
		d, err := d.check()
		if err != nil {
			return nil, within(fmt.Sprintf("discounts[%d]", i), err)
		}
		checked = append(checked, d)
	}
	return checked, nil
}

func (d Discount) check() (_ Discount, err error) {
	if d.Percent, err = pricing.Check("percent", d.Percent); err != nil {
		return d, refused("", err)
	}
	if d.Amount, err = pricing.Check("amount", d.Amount); err != nil {
		return d, refused("", err)
	}
	switch {
	case d.Percent.IsNegative() || d.Percent.GreaterThan(hundred):
		return d, invalid("percent", "is %v and must be from 0 to 100", d.Percent)
	case d.Amount.IsNegative():
		return d, invalid("amount", "is %v and must not be negative", d.Amount)
	case d.Percent.IsPositive() == d.Amount.IsPositive():
		return d, invalid("amount", "or percent must be positive, and not both")
	}
	if err := d.Scope.Validate(); err != nil {
		return d, refused("scope", err)
	}
	return d, nil
}

// off returns what d takes off an amount, rounded.
func (d *Discount) off(amount decimal.Decimal, r pricing.Rounding) decimal.Decimal {
	if d.Percent.IsPositive() {
		return decimal.Min(r.Percent(amount, d.Percent), amount)
	}
	return decimal.Min(r.Apply(d.Amount), amount)
}

var hundred = decimal.NewFromInt(100)
