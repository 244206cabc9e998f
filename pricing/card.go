package pricing

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// A RateCard says what items cost in credits from an instant on. Cards of the same name are the
// versions of one card.
type RateCard struct {
	Name        string    `json:"name"`
	EffectiveAt time.Time `json:"effective_at,omitzero"` // in force from this instant; zero: always

	// EndsAt is where the version ends, exclusive. Zero means where the next one begins, or
	// never. If it is stated, the next version must begin there.
	EndsAt time.Time `json:"ends_at,omitzero"`

	// Default makes the card the one that an empty name stands for. All versions of a card agree
	// on it. The only card of a catalog is the default without saying so.
	Default bool `json:"default,omitempty"`

	// Rounding is for rates that state none. Nothing stated here means half_up at the scale of
	// the catalog's unit.
	Rounding Rounding `json:"rounding,omitzero"`

	Rates []Rate `json:"rates"`

	index *cardIndex
}

// A Use is something that happened and has a price.
type Use struct {
	Item       string                     // the ID of an item of the catalog
	Quantity   decimal.Decimal            // how much; negative for a correction
	Parts      map[string]decimal.Decimal // quantities by part, for rates that are sums
	Attributes map[string]string          // such as model, region or direction
	At         time.Time                  // when it happened
}

// A Counter is where a wallet counts what was used in a period.
type Counter struct {
	Name   string       `json:"name"`
	Period expiry.Cycle `json:"period,omitzero"` // zero: the wallet's billing period
}

// A Count is what a use adds to a counter.
type Count struct {
	Counter
	Quantity decimal.Decimal `json:"quantity"` // negative for a correction
}

// A Step is a line of the working that leads to a price.
type Step struct {
	Label    string          `json:"label"`
	Quantity decimal.Decimal `json:"quantity,omitzero"` // units; zero where the step counts none
	Price    decimal.Decimal `json:"price,omitzero"`    // credits per unit; zero for a flat amount
	Amount   decimal.Decimal `json:"amount"`            // credits
}

// A Quote is the price of a use and how it came about.
type Quote struct {
	Item   Item            `json:"item"`
	Amount decimal.Decimal `json:"amount"` // credits, rounded as stated; negative for a correction

	Card    string `json:"card"`
	Version string `json:"version,omitempty"` // the card's EffectiveAt in RFC 3339; empty if always
	Own     bool   `json:"own,omitempty"`     // priced by a rate of the wallet's own

	// Counts is what the use adds to which counters. The first is the item's own, named by its ID
	// and counted per billing period, so that use by item can be told for every item.
	Counts []Count `json:"counts,omitempty"`

	// Working is the steps whose amounts add up to Amount.
	Working []Step `json:"working,omitempty"`
}
