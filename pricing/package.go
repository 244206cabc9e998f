package pricing

import (
	"cmp"
	"time"

	"github.com/shopspring/decimal"
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

// Validate returns an error wrapping [ErrInvalid] unless p has a name, a positive number of
// credits of unit, a price that is not negative, and terms in range.
func (p Package) Validate(unit Unit) error {
	if err := checkName("name", p.Name); err != nil {
		return err
	}
	if err := checkPositive("credits", p.Credits); err != nil {
		return err
	}
	if _, err := unit.Check("credits", p.Credits); err != nil {
		return err
	}
	if err := within("price", p.Price.validatePrice()); err != nil {
		return err
	}
	if err := within("window", p.Window.Validate()); err != nil {
		return err
	}
	if p.LimitPerOwner < 0 {
		return invalid("limit_per_owner", "is %d and must not be negative", p.LimitPerOwner)
	}
	if err := p.Terms.Validate(); err != nil {
		return err
	}
	return within("bonus", p.Bonus.Validate(unit))
}

// Check returns nil if one owner who has bought p so many times may buy it at an instant, and
// otherwise an [*InvalidError] that says why not.
func (p Package) Check(at time.Time, bought int) error {
	switch {
	case p.Inactive:
		return invalid("package", "%q is not on sale", p.Name)
	case !p.Window.Contains(at):
		return invalid("package", "%q is not on sale at %s", p.Name, at.UTC().Format(time.RFC3339))
	case p.LimitPerOwner > 0 && bought >= p.LimitPerOwner:
		return invalid("package", "%q was bought already, and the limit for one owner is %d", p.Name, p.LimitPerOwner)
	}
	return nil
}

// Award returns the bonus of a purchase of p at an instant, and whether there is one. It is called
// what the credits bought are.
func (p Package) Award(unit Unit, at time.Time) (Award, bool) {
	amount := p.Bonus.On(p.Credits, unit, at)
	return Award{Name: cmp.Or(p.Title, p.Name), Amount: amount, Terms: p.Bonus.Terms}, amount.IsPositive()
}

// Total returns all the credits that a purchase of p at an instant brings, the bonus included.
func (p Package) Total(unit Unit, at time.Time) decimal.Decimal {
	return p.Credits.Add(p.Bonus.On(p.Credits, unit, at))
}
