package pricing

import (
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// A Model is how a quantity becomes an amount of credits. Values are stable, because they are
// stored.
type Model string

// The models. In all of them a quantity of zero costs nothing, whatever else is stated, and a
// negative quantity takes back what the same positive quantity costs.
const (
	ModelFree       Model = "free"       // known to cost nothing, unlike an item without a rate
	ModelPerUse     Model = "per_use"    // Price for each use; quantities are whole numbers
	ModelPerUnit    Model = "per_unit"   // Price for each Block of the quantity
	ModelGraduated  Model = "graduated"  // each tier prices the part that falls into it
	ModelVolume     Model = "volume"     // the tier that the quantity reaches prices all of it
	ModelPackage    Model = "package"    // Price for each started Block of the quantity
	ModelStairstep  Model = "stairstep"  // the tier reached has one flat price for all of it
	ModelPercentage Model = "percentage" // Price percent of the quantity, plus Fixed for each use
	ModelSum        Model = "sum"        // the parts of the use, each with a formula of its own
)

// A Span says over what a formula counts a quantity.
type Span string

// The spans.
const (
	OverUse    Span = "use"    // each use alone
	OverPeriod Span = "period" // all use in the period, in the order in which it is priced
)

// Blocks says what becomes of a quantity that is not a whole number of blocks.
type Blocks string

// The block roundings. The empty string means [ExactBlocks].
const (
	ExactBlocks   Blocks = "exact"   // priced in proportion: half a block is half the price
	StartedBlocks Blocks = "started" // up to whole blocks
	WholeBlocks   Blocks = "whole"   // down to whole blocks
)

// A Tier is a step of a graduated, volume or stairstep formula. It begins where the tier before
// it ends, so tiers cannot leave a gap or overlap; the last one has no end.
type Tier struct {
	UpTo  decimal.Decimal `json:"up_to,omitzero"` // inclusive, rising from tier to tier; zero: no end
	Price decimal.Decimal `json:"price,omitzero"` // credits per Block; not for stairstep
	Flat  decimal.Decimal `json:"flat,omitzero"`  // credits, once, as soon as the tier is reached
}

// A Formula turns a quantity into credits.
//
// A formula over uses prices each use alone and rounds it alone. A formula over a period prices
// the step that a use makes: from round(F(c)) to round(F(c+q)), where c is what was used before,
// q is this use and F is the price of a period's whole use. However a period's use is cut into
// parts, and in whatever order they come, the prices of the parts sum to the price of the whole.
// [ModelPercentage] is the exception, and says so.
type Formula struct {
	Model Model `json:"model"`

	// Over must be stated for graduated, volume, package and stairstep formulas and for free
	// units. Elsewhere, nothing stated means each use alone.
	Over Span `json:"over,omitempty"`

	// Price is in credits: for each use, block or package; for a percentage, in percent.
	Price decimal.Decimal `json:"price,omitzero"`
	Tiers []Tier          `json:"tiers,omitempty"` // graduated, volume and stairstep only
	Fixed decimal.Decimal `json:"fixed,omitzero"`  // percentage only: credits added for each use

	Block  decimal.Decimal `json:"block,omitzero"` // the quantity that Price buys; zero means 1
	Blocks Blocks          `json:"blocks,omitempty"`

	// FreeUnits cost nothing: the first of each use, or of the period. FreeUses, of a percentage
	// over a period, is how many uses the free units may be taken from; when either has run out,
	// the rest is priced. Zero FreeUses means any number.
	FreeUnits decimal.Decimal `json:"free_units,omitzero"`
	FreeUses  int             `json:"free_uses,omitempty"`

	// Min and Max bound the price of a use, or of the period. Zero means no bound.
	Min decimal.Decimal `json:"min,omitzero"`
	Max decimal.Decimal `json:"max,omitzero"`

	// Period is how often a formula over a period starts again at zero. The zero Cycle is the
	// wallet's billing period.
	Period expiry.Cycle `json:"period,omitzero"`

	// Counter names where use is counted, so that several rates can share one. Empty means one
	// of the rate's own. Parts that share a counter under different formulas no longer sum to a
	// whole.
	Counter string `json:"counter,omitempty"`

	// Rounding of the amount. Nothing stated means the card's. A part of a sum has none: the sum
	// is rounded once.
	Rounding Rounding `json:"rounding,omitzero"`

	// Parts are the formulas of a sum, by the names that [Use.Parts] has. They count over what
	// the sum counts over.
	Parts map[string]Formula `json:"parts,omitempty"`
}

// A Rate is what one item costs on a card.
type Rate struct {
	Item string `json:"item"` // the ID of an item of the catalog

	// Match limits the rate to uses that have these attributes with these values. Of the rates
	// that match a use, the one with the most attributes prices it; of two with as many, the one
	// whose attribute names come first in byte order. A use that no rate matches is refused, so
	// a rate without Match is the item's default.
	Match map[string]string `json:"match,omitempty"`

	Formula
}
