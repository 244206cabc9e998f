package pricing

import (
	"time"

	"github.com/shopspring/decimal"
)

// Offers returns the packages to show in a catalogue at an instant, in the order of the catalog:
// active, not hidden, and within their window.
func (c *Catalog) Offers(at time.Time) []Package {
	var offers []Package
	for _, p := range c.Packages {
		if !p.Hidden && p.Check(at, 0) == nil {
			offers = append(offers, p)
		}
	}
	return offers
}

// Smallest returns the offer with the fewest credits, and of those the first, and whether there is
// one.
func (c *Catalog) Smallest(at time.Time) (Package, bool) {
	var smallest Package
	offers := c.Offers(at)
	for i, p := range offers {
		if i == 0 || p.Credits.Cmp(smallest.Credits) < 0 {
			smallest = p
		}
	}
	return smallest, len(offers) > 0
}

// PerCredit returns what a credit of p costs at an instant, rounded once. All credits that the
// buyer gets count, the bonus included.
func (p Package) PerCredit(unit Unit, at time.Time, r Rounding) CreditPrice {
	return CreditPrice{
		Price:    r.Quo(p.Price.Amount, p.Total(unit, at)).Normalize(),
		Currency: p.Price.Currency,
	}
}

// Discount returns by how many percent a credit of p is cheaper than one of base, rounded once; it
// is negative if it is dearer. A base that is free of charge, and two currencies, are errors
// wrapping [ErrInvalid].
func (p Package) Discount(base Package, unit Unit, at time.Time, r Rounding) (decimal.Decimal, error) {
	if p.Price.Currency != base.Price.Currency {
		return decimal.Zero, invalid("currency", "is %s, and that of %q is %s",
			p.Price.Currency, base.Name, base.Price.Currency)
	}
	if !base.Price.Amount.IsPositive() {
		return decimal.Zero, invalid("base", "%q is free of charge", base.Name)
	}
	// 1 - (p.Price / p.Total) / (base.Price / base.Total), over one denominator.
	full := base.Price.Amount.Mul(p.Total(unit, at))
	paid := p.Price.Amount.Mul(base.Total(unit, at))
	return r.Quo(full.Sub(paid).Shift(2), full).Normalize(), nil
}
