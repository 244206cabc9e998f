package pricing

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// A Trigger is what earns a promotion. Values are stable, because they are stored.
type Trigger string

// The triggers.
const (
	TriggerCoupon        Trigger = "coupon"         // the owner gives its code
	TriggerFirstPurchase Trigger = "first_purchase" // the owner buys for the first time
	TriggerReferral      Trigger = "referral"       // the owner brought another one
	TriggerLoyalty       Trigger = "loyalty"        // the owner buys for each Every-th time
)

// A Promotion is free credits that are earned by something the owner does.
type Promotion struct {
	Name        string  `json:"name"` // unique among promotions
	Description string  `json:"description,omitempty"`
	Trigger     Trigger `json:"trigger"`
	Code        string  `json:"code,omitempty"`  // of a coupon; compared byte by byte
	Every       int     `json:"every,omitempty"` // of loyalty: each so many purchases

	Packages   []string        `json:"packages,omitempty"`   // the purchases it goes with; empty: any
	MinCredits decimal.Decimal `json:"min_credits,omitzero"` // the least that must be bought

	// LimitPerOwner is how often one owner may have it. Zero means any number of times.
	LimitPerOwner int `json:"limit_per_owner,omitempty"`

	Bonus Bonus `json:"bonus"` // what it gives, and when
}

// Validate returns an error wrapping [ErrInvalid] if p lacks what its trigger needs, states what
// its trigger does not use, or gives nothing.
func (p Promotion) Validate(unit Unit) error {
	if err := checkName("name", p.Name); err != nil {
		return err
	}
	if err := p.validateTrigger(); err != nil {
		return err
	}
	if err := checkNames("packages", p.Packages); err != nil {
		return err
	}
	if _, err := checkNotNegative("min_credits", p.MinCredits); err != nil {
		return err
	}
	if p.LimitPerOwner < 0 {
		return invalid("limit_per_owner", "is %d and must not be negative", p.LimitPerOwner)
	}
	if p.Bonus.Credits.IsZero() && p.Bonus.Percent.IsZero() {
		return invalid("bonus", "gives neither credits nor percent")
	}
	return within("bonus", p.Bonus.Validate(unit))
}

func (p Promotion) validateTrigger() error {
	switch p.Trigger {
	case TriggerCoupon, TriggerFirstPurchase, TriggerReferral, TriggerLoyalty:
	default:
		return invalid("trigger", "is %.40q and must be coupon, first_purchase, referral or loyalty",
			string(p.Trigger))
	}
	if p.Trigger == TriggerCoupon {
		if err := checkName("code", p.Code); err != nil {
			return err
		}
	}
	switch {
	case p.Trigger != TriggerCoupon && p.Code != "":
		return invalid("code", "is only for coupons")
	case p.Trigger == TriggerLoyalty && p.Every < 1:
		return invalid("every", "is %d and must be positive", p.Every)
	case p.Trigger != TriggerLoyalty && p.Every != 0:
		return invalid("every", "is only for loyalty")
	}
	return nil
}

// An Event is something that may earn promotions.
type Event struct {
	At       time.Time
	Package  string          // what was bought, by name; empty: nothing was
	Credits  decimal.Decimal // how many were bought, without bonus
	Bought   int             // how many purchases the owner made before
	Code     string          // the coupon that was given, if any
	Referred bool            // the owner brought another one

	// Had is how often the owner had each promotion before, by its name.
	Had map[string]int
}

// Awards returns what e earns by the promotions of the catalog, in their order. Each is to become
// a grant of its own, free of charge.
func (c *Catalog) Awards(e Event) []Award {
	var awards []Award
	for _, p := range c.Promotions {
		if !p.earned(e) {
			continue
		}
		if amount := p.Bonus.On(e.Credits, c.Unit, e.At); amount.IsPositive() {
			awards = append(awards, Award{Name: p.Name, Amount: amount, Terms: p.Bonus.Terms})
		}
	}
	return awards
}

// earned reports whether e earns p, but for the window of its bonus.
func (p Promotion) earned(e Event) bool {
	switch {
	case p.LimitPerOwner > 0 && e.Had[p.Name] >= p.LimitPerOwner:
		return false
	case len(p.Packages) > 0 && !slices.Contains(p.Packages, e.Package):
		return false
	case e.Credits.Cmp(p.MinCredits) < 0:
		return false
	}
	switch bought := e.Package != ""; p.Trigger {
	case TriggerCoupon:
		return e.Code == p.Code
	case TriggerFirstPurchase:
		return bought && e.Bought == 0
	case TriggerReferral:
		return e.Referred
	case TriggerLoyalty:
		return bought && (e.Bought+1)%p.Every == 0
	}
	return false
}
