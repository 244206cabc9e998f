package pricing

import "github.com/shopspring/decimal"

// A CreditPrice is what one credit costs in money. It may be finer than the minor unit of the
// currency; an amount of money is rounded once, after multiplying. Converting keeps no balance:
// credits stay the only thing that is counted.
type CreditPrice struct {
	Price    decimal.Decimal `json:"price"`    // in major units for each credit
	Currency string          `json:"currency"` // ISO 4217
}

// IsZero reports whether no price is stated.
func (p CreditPrice) IsZero() bool { return p.Currency == "" && p.Price.IsZero() }

// Validate returns an error wrapping [ErrInvalid] unless p is positive and in a currency.
func (p CreditPrice) Validate() error {
	if err := checkPositive("price", p.Price); err != nil {
		return err
	}
	return checkCurrency("currency", p.Currency)
}

// Money returns what credits cost, rounded once to the minor unit.
func (p CreditPrice) Money(credits decimal.Decimal, mode RoundingMode) Money {
	return Money{Amount: credits.Mul(p.Price), Currency: p.Currency}.Round(mode)
}

// Credits returns how many credits m buys, rounded once by r. Another currency is an error wrapping
// [ErrInvalid].
func (p CreditPrice) Credits(m Money, r Rounding) (decimal.Decimal, error) {
	if m.Currency != p.Currency {
		return decimal.Zero, invalid("currency", "is %s, and a credit's price is in %s", m.Currency, p.Currency)
	}
	if !p.Price.IsPositive() {
		return decimal.Zero, invalid("price", "is %v and must be positive", p.Price)
	}
	return r.Quo(m.Amount, p.Price).Normalize(), nil
}
