package pricing

import "github.com/scrip-go/scrip/expiry"

// A Plan is what a subscriber gets each period and what it costs.
type Plan struct {
	Name        string       `json:"name"`            // unique among plans
	Title       string       `json:"title,omitempty"` // what a buyer reads; empty: Name
	Description string       `json:"description,omitempty"`
	Price       Money        `json:"price,omitzero"`    // each period, in advance; zero: free of charge
	Cycle       expiry.Cycle `json:"cycle"`             // the length of a period
	Buckets     []Bucket     `json:"buckets,omitempty"` // with the allowances
	Card        string       `json:"card,omitempty"`    // the rate card by name; empty: the default
	Beyond      Beyond       `json:"beyond,omitzero"`
}

// Validate returns an error wrapping [ErrInvalid] unless p has a name, a cycle, a price that is
// not negative, and buckets of unit with names of their own.
func (p Plan) Validate(unit Unit) error {
	if err := checkName("name", p.Name); err != nil {
		return err
	}
	if !p.Price.IsZero() {
		if err := within("price", p.Price.validatePrice()); err != nil {
			return err
		}
	}
	if p.Cycle.IsZero() {
		return invalid("cycle", "is missing")
	}
	if err := within("cycle", p.Cycle.Validate()); err != nil {
		return err
	}
	if err := p.validateBuckets(unit); err != nil {
		return err
	}
	if err := within("beyond", p.Beyond.Validate()); err != nil {
		return err
	}
	if c := p.Beyond.Price.Currency; c != "" && !p.Price.IsZero() && c != p.Price.Currency {
		return invalid("beyond.price.currency", "is %s, and the plan's price is in %s", c, p.Price.Currency)
	}
	return nil
}

func (p Plan) validateBuckets(unit Unit) error {
	_, err := names("buckets", "name", len(p.Buckets), func(i int) string { return p.Buckets[i].Name })
	if err != nil {
		return err
	}
	for i, b := range p.Buckets {
		if err := within(index("buckets", i), b.Validate()); err != nil {
			return err
		}
		if _, err := unit.Check(index("buckets", i)+".allowance", b.Allowance); err != nil {
			return err
		}
	}
	return nil
}
