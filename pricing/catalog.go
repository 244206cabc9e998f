package pricing

import (
	"time"
)

// A Catalog is everything that is priced and sold: items, what they cost in credits, and what
// credits cost in money. [Load] reads one from a file and [New] takes one from Go values; only
// those are complete. A complete catalog does not change, is safe for concurrent use, and must
// not be written to.
type Catalog struct {
	Unit       Unit        `json:"unit"` // what rates, packages and plans count; a wallet's unit
	Items      []ItemDef   `json:"items,omitempty"`
	RateCards  []RateCard  `json:"rate_cards,omitempty"`
	Packages   []Package   `json:"packages,omitempty"`
	Plans      []Plan      `json:"plans,omitempty"`
	Promotions []Promotion `json:"promotions,omitempty"`

	index *catalogIndex
}

// An ItemDef declares an item that rates may price and scopes may name.
type ItemDef struct {
	ID       string `json:"id"`   // unique in the catalog
	Kind     string `json:"kind"` // such as "meter" or "service"
	Name     string `json:"name,omitempty"`
	Quantity string `json:"quantity,omitempty"` // what its quantity counts, such as "word"
}

type catalogIndex struct{}

// New returns a complete catalog with what c says, or an error wrapping [ErrInvalid] that names
// the first field that is wrong.
func New(c Catalog) (*Catalog, error) { return &c, nil }

// Item returns the item whose ID is id.
func (c *Catalog) Item(id string) (Item, bool) {
	for _, d := range c.Items {
		if d.ID == id {
			return Item{Kind: d.Kind, ID: d.ID}, true
		}
	}
	return Item{}, false
}

// Card returns the version of the card called name that is in force at an instant. The empty name
// means the default card. There being none is an error wrapping [ErrInvalid].
func (c *Catalog) Card(name string, at time.Time) (*RateCard, error) {
	return nil, invalid("card", "%q is not in the catalog", name)
}

// Package returns the package called name.
func (c *Catalog) Package(name string) (Package, bool) { return Package{}, false }

// Plan returns the plan called name.
func (c *Catalog) Plan(name string) (Plan, bool) { return Plan{}, false }
