package pricing

import (
	"cmp"
	"reflect"
	"slices"
	"time"
)

// A Catalog is everything that is priced and sold: items, what they cost in credits, and what
// credits cost in money. [Load] reads one from a file and [New] takes one from Go values; only
// those are complete. A complete catalog does not change, is safe for concurrent use, and must
// not be written to.
type Catalog struct {
	Schema     string      `json:"$schema,omitempty"` // for editors of the file; not looked at
	Unit       Unit        `json:"unit"`              // what rates, packages and plans count
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

// A catalogIndex finds the parts of a complete catalog by name.
type catalogIndex struct {
	items      map[string]Item
	itemDefs   map[string]int
	cards      map[string][]*RateCard // versions by EffectiveAt
	fallback   string                 // the default card; empty: none
	packages   map[string]int
	plans      map[string]int
	promotions map[string]int
}

// New returns a complete catalog with what c says, or an [*InvalidError] that names the first
// field that is wrong. The catalog is a copy of c, with numbers in normal form and times in UTC
// microseconds.
func New(c Catalog) (*Catalog, error) {
	c.index = nil
	if err := canon(reflect.ValueOf(&c).Elem()); err != nil {
		return nil, err
	}
	if err := within("unit", c.Unit.Validate()); err != nil {
		return nil, err
	}
	x := &catalogIndex{}
	for _, build := range []func(*Catalog) error{
		x.indexItems, x.indexCards, x.indexPackages, x.indexPlans, x.indexPromotions,
	} {
		if err := build(&c); err != nil {
			return nil, err
		}
	}
	c.index = x
	return &c, nil
}

// Item returns the item whose ID is id, and whether there is one.
func (c *Catalog) Item(id string) (Item, bool) {
	if c.index == nil {
		return Item{}, false
	}
	i, ok := c.index.items[id]
	return i, ok
}

// ItemName returns what people call the item whose ID is id. An item without a name, and one that
// the catalog does not have, are called by their ID.
func (c *Catalog) ItemName(id string) string {
	if c.index == nil {
		return id
	}
	i, ok := c.index.itemDefs[id]
	if !ok {
		return id
	}
	return cmp.Or(c.Items[i].Name, id)
}

// Card returns the version of the card called name that is in force at an instant. The empty name
// means the default card. There being none is an error wrapping [ErrInvalid].
func (c *Catalog) Card(name string, at time.Time) (*RateCard, error) {
	if c.index == nil {
		return nil, invalid("card", "is not part of a complete catalog")
	}
	if name == "" {
		name = c.index.fallback
	}
	versions := c.index.cards[name]
	if len(versions) == 0 {
		return nil, invalid("card", "%q is not in the catalog", name)
	}
	i, found := slices.BinarySearchFunc(versions, at, func(v *RateCard, at time.Time) int {
		return v.EffectiveAt.Compare(at)
	})
	if !found {
		i--
	}
	if i < 0 || !versions[i].index.inForce.Contains(at) {
		return nil, invalid("card", "%q has no version in force at %s", name, at.UTC().Format(time.RFC3339))
	}
	return versions[i], nil
}

// Package returns the package called name, and whether there is one.
func (c *Catalog) Package(name string) (Package, bool) {
	if c.index == nil {
		return Package{}, false
	}
	i, ok := c.index.packages[name]
	if !ok {
		return Package{}, false
	}
	return c.Packages[i], true
}

// Plan returns the plan called name, and whether there is one.
func (c *Catalog) Plan(name string) (Plan, bool) {
	if c.index == nil {
		return Plan{}, false
	}
	i, ok := c.index.plans[name]
	if !ok {
		return Plan{}, false
	}
	return c.Plans[i], true
}

// Promotion returns the promotion called name, and whether there is one.
func (c *Catalog) Promotion(name string) (Promotion, bool) {
	if c.index == nil {
		return Promotion{}, false
	}
	i, ok := c.index.promotions[name]
	if !ok {
		return Promotion{}, false
	}
	return c.Promotions[i], true
}
