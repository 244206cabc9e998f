package ledger

import (
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// A Measure says what a [Limit] counts.
type Measure string

// The measures of limits. They are stored, so they never change.
const (
	MeasureCredits  Measure = "credits"  // credits charged or held, whoever paid them
	MeasureQuantity Measure = "quantity" // units of the items
	MeasureHolds    Measure = "holds"    // holds open at once
	MeasureCharge   Measure = "charge"   // credits of one charge or hold
)

// A Limit is a hard stop, kept in the same transaction as the charge or hold that
// it may refuse.
type Limit struct {
	Name    string          `json:"name"`
	Measure Measure         `json:"measure"`
	Scope   Scope           `json:"scope,omitzero"` // the items that it counts; zero: everything
	Max     decimal.Decimal `json:"max"`
	Per     expiry.Cycle    `json:"per,omitzero"`        // the window; zero: the main subscription's period
	Actor   string          `json:"actor,omitempty"`     // counts this actor only; empty: see PerActor
	Each    bool            `json:"per_actor,omitempty"` // counts each actor apart; false: all together
}

// limit refuses e if a limit of the wallet forbids it.
func (d *draft) limit(*Entry) error { return nil }
