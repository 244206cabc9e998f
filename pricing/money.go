package pricing

import (
	"strings"

	"github.com/shopspring/decimal"
)

// Money is an amount in a currency, in major units: 12.5 USD is twelve dollars and fifty cents.
// The zero Money is nothing, in no currency; it adds to any other.
type Money struct {
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"` // ISO 4217, in upper case
}

// IsZero reports whether m is the zero Money: nothing, in no currency.
func (m Money) IsZero() bool { return m.Currency == "" && m.Amount.IsZero() }

// Validate returns an error wrapping [ErrInvalid] unless m names a currency and its amount is in
// range and no finer than the currency's minor unit. Its sign is not looked at.
func (m Money) Validate() error {
	if err := checkCurrency("currency", m.Currency); err != nil {
		return err
	}
	d, err := Check("amount", m.Amount)
	if err != nil {
		return err
	}
	if scale, _ := MinorUnits(m.Currency); d.Exponent() < -scale {
		return invalid("amount", "is %v, and %s has %d decimals", d, m.Currency, scale)
	}
	return nil
}

// validatePrice is Validate, for a price: not negative.
func (m Money) validatePrice() error {
	if err := m.Validate(); err != nil {
		return err
	}
	_, err := checkNotNegative("amount", m.Amount)
	return err
}

// Round returns m rounded to the minor unit of its currency. An unknown currency has none, and m
// comes back as it is.
func (m Money) Round(mode RoundingMode) Money {
	if scale, ok := MinorUnits(m.Currency); ok {
		m.Amount = Rounding{Mode: mode, Scale: scale}.Apply(m.Amount)
	}
	return m
}

// Add returns m plus o. Two currencies do not add, and are an error wrapping [ErrInvalid].
func (m Money) Add(o Money) (Money, error) {
	switch {
	case m.IsZero():
		return o, nil
	case o.IsZero():
		return m, nil
	case m.Currency != o.Currency:
		return Money{}, invalid("currency", "is %s on one side and %s on the other", m.Currency, o.Currency)
	}
	return Money{Amount: m.Amount.Add(o.Amount), Currency: m.Currency}, nil
}

// Neg returns m with its sign turned.
func (m Money) Neg() Money { return Money{Amount: m.Amount.Neg(), Currency: m.Currency} }

// Sub returns m less o, under the terms of [Money.Add].
func (m Money) Sub(o Money) (Money, error) { return m.Add(o.Neg()) }

// Split divides m into parts in the proportion of weights, in whole minor units, as [Split] does.
func (m Money) Split(weights []decimal.Decimal) []Money {
	scale, _ := MinorUnits(m.Currency)
	parts := make([]Money, len(weights))
	for i, a := range Split(m.Amount, weights, scale) {
		parts[i] = Money{Amount: a, Currency: m.Currency}
	}
	return parts
}

// String returns m with at least the decimals of its currency, such as "12.00 USD".
func (m Money) String() string {
	scale, _ := MinorUnits(m.Currency)
	if exp := m.Amount.Exponent(); exp < -scale {
		scale = -exp
	}
	return strings.TrimSuffix(m.Amount.StringFixed(scale)+" "+m.Currency, " ")
}
