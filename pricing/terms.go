package pricing

import (
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// A Unit is what is counted, with its number of decimals: credits with none, "USD" with two.
type Unit struct {
	Name  string `json:"name"`
	Scale int32  `json:"scale,omitempty"` // decimals an amount may have; in [0, MaxScale]
}

// Credits returns the unit of whole credits.
func Credits() Unit { return Unit{Name: "credits"} }

// Validate returns an error wrapping [ErrInvalid] unless u has a name and a scale in range.
func (u Unit) Validate() error {
	if err := checkName("name", u.Name); err != nil {
		return err
	}
	if u.Scale < 0 || u.Scale > MaxScale {
		return invalid("scale", "is %d and must be from 0 to %d", u.Scale, MaxScale)
	}
	return nil
}

// Check returns d in normal form, or an [*InvalidError] that names field if d is out of range or
// finer than the unit.
func (u Unit) Check(field string, d decimal.Decimal) (decimal.Decimal, error) {
	d, err := Check(field, d)
	if err == nil && d.Exponent() < -u.Scale {
		err = invalid(field, "is %v, which is finer than the %d decimals of %s", d, u.Scale, u.Name)
	}
	return d, err
}

// An Item is what is charged or invoiced. The zero Item stands for nothing in particular, such as
// a charge of a plain amount; only a [Scope] without restrictions covers it.
type Item struct {
	Kind string `json:"kind,omitempty"` // such as "meter", "service", "add_on", "licence" or "fee"
	ID   string `json:"id,omitempty"`   // unique among the items of a catalog
}

// Priorities order the credits of a wallet. Lower is spent first; zero means [DefaultPriority].
const (
	MinPriority     = 1
	DefaultPriority = 50
	MaxPriority     = 100
)

func checkPriority(p int) error {
	if p < 0 || p > MaxPriority {
		return invalid("priority", "is %d and must be from %d to %d, or 0 for %d",
			p, MinPriority, MaxPriority, DefaultPriority)
	}
	return nil
}

// A Bucket is a named part of a wallet with terms of its own. A plan says which buckets its
// subscribers have.
type Bucket struct {
	Name string `json:"name"`

	// Allowance is what the bucket receives when a period starts, in the wallet's unit. Zero
	// means that the bucket does not renew.
	Allowance decimal.Decimal `json:"allowance,omitzero"`

	Scope    Scope `json:"scope,omitzero"`     // what its credits may pay for
	Priority int   `json:"priority,omitempty"` // in [1, 100], lower is spent first; 0 means 50

	// Rollover says what survives of the bucket when a period ends. The zero value is nothing.
	Rollover expiry.Rollover `json:"rollover,omitzero"`

	// Expiry is for credits that are put into the bucket by hand or by purchase. An allowance
	// ends with its period, but for what rolls over.
	Expiry expiry.Policy `json:"expiry,omitzero"`
}

// Validate returns an error wrapping [ErrInvalid] unless every term of b is in range.
func (b Bucket) Validate() error {
	if err := checkName("name", b.Name); err != nil {
		return err
	}
	if _, err := checkNotNegative("allowance", b.Allowance); err != nil {
		return err
	}
	return validateTerms(b.Scope, b.Priority, b.Expiry, b.Rollover)
}

// validateTerms checks what buckets, packages and bonuses have in common.
func validateTerms(s Scope, priority int, p expiry.Policy, r expiry.Rollover) error {
	if err := within("scope", s.Validate()); err != nil {
		return err
	}
	if err := checkPriority(priority); err != nil {
		return err
	}
	if err := within("expiry", p.Validate()); err != nil {
		return err
	}
	return within("rollover", r.Validate())
}
