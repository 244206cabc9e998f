package pricing

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// Terms are what credits come with, whoever gives them.
type Terms struct {
	Bucket   string        `json:"bucket,omitempty"`   // of the wallet; empty: none in particular
	Scope    Scope         `json:"scope,omitzero"`     // what they may pay for
	Priority int           `json:"priority,omitempty"` // in [1, 100], lower is spent first; 0 means 50
	Expiry   expiry.Policy `json:"expiry,omitzero"`    // zero: what the bucket or the ledger says
}

// A Bonus is credits given on top of others: a number, a percentage of them, or both. Its terms
// are its own: without an Expiry it does not end with what it was given on top of, which
// [Catalog.Warnings] points out. The zero Bonus gives nothing.
type Bonus struct {
	Credits decimal.Decimal `json:"credits,omitzero"` // in the catalog's unit
	Percent decimal.Decimal `json:"percent,omitzero"` // of the credits bought, cut down to the unit
	Max     decimal.Decimal `json:"max,omitzero"`     // of both together; zero: no bound
	Window  Window          `json:"window,omitzero"`  // given only in this time; zero: always
	Terms
}

// An Award is credits to be granted free of charge, and on what terms.
type Award struct {
	Name   string          // what the owner reads: the package's title, or the promotion's name
	Amount decimal.Decimal // positive, in the catalog's unit
	Terms
}

// On returns what b adds to a purchase of credits at an instant, in unit. It is zero outside the
// bonus's window.
func (b Bonus) On(credits decimal.Decimal, unit Unit, at time.Time) decimal.Decimal {
	if !b.Window.Contains(at) {
		return decimal.Zero
	}
	down := Rounding{Mode: RoundDown, Scale: unit.Scale}
	amount := b.Credits.Add(down.Percent(credits, b.Percent))
	if b.Max.IsPositive() {
		amount = decimal.Min(amount, b.Max)
	}
	return amount.Normalize()
}

// Validate returns an error wrapping [ErrInvalid] unless b is in range for credits of unit.
func (b Bonus) Validate(unit Unit) error {
	numbers := []struct {
		field string
		d     decimal.Decimal
	}{{"credits", b.Credits}, {"percent", b.Percent}, {"max", b.Max}}
	for _, n := range numbers {
		if _, err := checkNotNegative(n.field, n.d); err != nil {
			return err
		}
	}
	if _, err := unit.Check("credits", b.Credits); err != nil {
		return err
	}
	if _, err := unit.Check("max", b.Max); err != nil {
		return err
	}
	if b.Percent.Cmp(decimal.New(maxPercent, 0)) > 0 {
		return invalid("percent", "is %v and may be %d", b.Percent, maxPercent)
	}
	if err := within("window", b.Window.Validate()); err != nil {
		return err
	}
	return b.Terms.Validate()
}

// maxPercent is the most that a bonus or a surcharge may be.
const maxPercent = 10_000

// Validate returns an error wrapping [ErrInvalid] unless every term is in range.
func (t Terms) Validate() error {
	if t.Bucket != "" {
		if err := checkName("bucket", t.Bucket); err != nil {
			return err
		}
	}
	return validateTerms(t.Scope, t.Priority, t.Expiry, expiry.Rollover{})
}
