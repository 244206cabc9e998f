package pricing

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// A Package is credits sold for money. The zero value of every switch is the usual case: on sale,
// shown, not featured, not limited.
type Package struct {
	Name        string          `json:"name"`            // unique among packages
	Title       string          `json:"title,omitempty"` // what a buyer reads; empty: Name
	Description string          `json:"description,omitempty"`
	Credits     decimal.Decimal `json:"credits"` // in the catalog's unit; positive
	Price       Money           `json:"price"`   // not negative

	Inactive bool   `json:"inactive,omitempty"` // not sold at all
	Hidden   bool   `json:"hidden,omitempty"`   // sold, but not shown in the catalogue
	Featured bool   `json:"featured,omitempty"` // shown as the recommended one
	Window   Window `json:"window,omitzero"`    // sold only in this time; zero: always

	// LimitPerOwner is how often one owner may buy it. Zero means any number of times.
	LimitPerOwner int `json:"limit_per_owner,omitempty"`

	Terms       // of the credits bought
	Bonus Bonus `json:"bonus,omitzero"` // credits on top, free, with terms of their own
}

// Terms are what credits come with, whoever gives them.
type Terms struct {
	Bucket   string        `json:"bucket,omitempty"`   // of the wallet; empty: none in particular
	Scope    Scope         `json:"scope,omitzero"`     // what they may pay for
	Priority int           `json:"priority,omitempty"` // in [1, 100], lower is spent first; 0 means 50
	Expiry   expiry.Policy `json:"expiry,omitzero"`    // zero: what the bucket or the ledger says
}

// A Bonus is credits given on top of others: a number, a percentage of them, or both. The zero
// Bonus gives nothing.
type Bonus struct {
	Credits decimal.Decimal `json:"credits,omitzero"` // in the catalog's unit
	Percent decimal.Decimal `json:"percent,omitzero"` // of the credits bought, cut down to the unit
	Max     decimal.Decimal `json:"max,omitzero"`     // of both together; zero: no bound
	Window  Window          `json:"window,omitzero"`  // given only in this time; zero: always
	Terms
}

// An Award is credits to be granted free of charge, and on what terms.
type Award struct {
	Name   string          // of the package or promotion that gives them
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
