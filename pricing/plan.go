package pricing

import (
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

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

// A BeyondKind says what happens when a subscriber has used up all credits. Values are stable,
// because they are stored.
type BeyondKind string

// The kinds. The empty string means [BeyondRefuse].
const (
	BeyondRefuse   BeyondKind = "refuse"   // nothing more can be used
	BeyondPackages BeyondKind = "packages" // credits are bought in packages
	BeyondOverage  BeyondKind = "overage"  // what no credit paid is invoiced
	BeyondPostpaid BeyondKind = "postpaid" // the same, with a minimum that is invoiced anyway
)

// Beyond is what happens beyond the allowance of a plan.
type Beyond struct {
	Kind BeyondKind `json:"kind,omitempty"`

	// Package, with packages, is the one to buy by name. Empty means the least costly that will
	// do.
	Package string `json:"package,omitempty"`

	// Price, with overage and postpaid, is what a credit costs.
	Price CreditPrice `json:"price,omitzero"`

	// Surcharge is in percent. With overage it is on every credit; with postpaid on what exceeds
	// the commitment.
	Surcharge decimal.Decimal `json:"surcharge,omitzero"`

	// Commitment, with postpaid, is the least that a period is invoiced at. What use leaves of it
	// is trued up.
	Commitment Money `json:"commitment,omitzero"`
}

// A CreditPrice is what one credit costs in money. Price may be finer than the minor unit of the
// currency; amounts are rounded once, after multiplying.
type CreditPrice struct {
	Price    decimal.Decimal `json:"price"`    // in major units for each credit
	Currency string          `json:"currency"` // ISO 4217
}
