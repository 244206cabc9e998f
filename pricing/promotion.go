package pricing

import "github.com/shopspring/decimal"

// A Trigger is what earns a promotion. Values are stable, because they are stored.
type Trigger string

// The triggers.
const (
	TriggerCoupon        Trigger = "coupon"         // the owner gave its code
	TriggerFirstPurchase Trigger = "first_purchase" // the owner never bought before
	TriggerReferral      Trigger = "referral"       // the owner brought another one
	TriggerLoyalty       Trigger = "loyalty"        // the owner has bought Every times
)

// A Promotion is free credits that are earned by something the owner does.
type Promotion struct {
	Name        string  `json:"name"` // unique among promotions
	Description string  `json:"description,omitempty"`
	Trigger     Trigger `json:"trigger"`
	Code        string  `json:"code,omitempty"`  // of a coupon; compared byte by byte
	Every       int     `json:"every,omitempty"` // of loyalty: each so many purchases

	Packages   []string        `json:"packages,omitempty"`   // purchases it goes with; empty: any
	MinCredits decimal.Decimal `json:"min_credits,omitzero"` // the least that must be bought

	// LimitPerOwner is how often one owner may have it. Zero means any number of times.
	LimitPerOwner int `json:"limit_per_owner,omitempty"`

	Bonus Bonus `json:"bonus"` // what it gives, and when
}
