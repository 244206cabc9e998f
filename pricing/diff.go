package pricing

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// A Change is one difference between two catalogs.
type Change struct {
	What  string // "unit", "item", "card", "rate", "package", "plan" or "promotion"
	Name  string // of what changed; a rate's is its card, version, item and what it matches
	Field string // by its name in a file; empty if all of it was added or removed

	From string // the old value in JSON; empty if it was absent
	To   string // the new value in JSON; empty if it is absent

	// Plans are those whose subscribers the change reaches, by name: of a plan itself, of the
	// plans on a card, of the plans that sell a package. A promotion is not tied to plans.
	Plans []string
}

// Diff returns what changed from catalog a to catalog b and for which plans, in a stable order:
// by kind, name and field. Equal catalogs have no difference.
func Diff(a, b *Catalog) []Change {
	before, after := a.entities(), b.entities()
	keys := make(map[entityKey]bool, len(after))
	for k := range before {
		keys[k] = true
	}
	for k := range after {
		keys[k] = true
	}
	var changes []Change
	for _, k := range slices.SortedFunc(maps.Keys(keys), compareKeys) {
		old, was := before[k]
		now, is := after[k]
		change := Change{What: k.what, Name: k.name, Plans: union(old.plans, now.plans)}
		switch {
		case !was:
			change.To = now.whole()
			changes = append(changes, change)
		case !is:
			change.From = old.whole()
			changes = append(changes, change)
		default:
			changes = append(changes, fieldChanges(change, old.fields, now.fields)...)
		}
	}
	return changes
}

type entityKey struct{ what, name string }

func compareKeys(a, b entityKey) int {
	return cmp.Or(cmp.Compare(a.what, b.what), cmp.Compare(a.name, b.name))
}

// An entity is a part of a catalog that has a name, as its fields in JSON.
type entity struct {
	fields map[string]json.RawMessage
	plans  []string
}

func newEntity(v any, plans []string) entity {
	e := entity{plans: plans}
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &e.fields)
	}
	if err != nil {
		panic("pricing: a catalog that does not encode: " + err.Error())
	}
	return e
}

// whole returns all of the entity in JSON, fields in order of their names.
func (e entity) whole() string {
	text, _ := json.Marshal(e.fields)
	return string(text)
}

func fieldChanges(change Change, before, after map[string]json.RawMessage) []Change {
	fields := make(map[string]bool, len(after))
	for f := range before {
		fields[f] = true
	}
	for f := range after {
		fields[f] = true
	}
	var changes []Change
	for _, f := range sortedKeys(fields) {
		change.Field, change.From, change.To = f, string(before[f]), string(after[f])
		if change.From != change.To {
			changes = append(changes, change)
		}
	}
	return changes
}

// entities returns the parts of c by kind and name, each with the plans that it reaches.
func (c *Catalog) entities() map[entityKey]entity {
	all := map[entityKey]entity{}
	every := c.plansOn(func(Plan) bool { return true })
	all[entityKey{"unit", c.Unit.Name}] = newEntity(c.Unit, every)
	for _, d := range c.Items {
		all[entityKey{"item", d.ID}] = newEntity(d, nil)
	}
	for _, card := range c.RateCards {
		c.addCard(all, card)
	}
	for _, p := range c.Packages {
		all[entityKey{"package", p.Name}] = newEntity(p, c.plansOn(func(plan Plan) bool {
			return plan.Beyond.Kind == BeyondPackages &&
				(plan.Beyond.Package == "" || plan.Beyond.Package == p.Name)
		}))
	}
	for _, p := range c.Plans {
		all[entityKey{"plan", p.Name}] = newEntity(p, []string{p.Name})
	}
	for _, p := range c.Promotions {
		all[entityKey{"promotion", p.Name}] = newEntity(p, nil)
	}
	return all
}

// addCard adds a version of a card, and its rates each for itself.
func (c *Catalog) addCard(all map[entityKey]entity, card RateCard) {
	plans := c.plansOn(func(p Plan) bool {
		return p.Card == card.Name || p.Card == "" && c.index != nil && c.index.fallback == card.Name
	})
	name := card.Name
	if card.index != nil && card.index.version != "" {
		name += " " + card.index.version
	}
	for _, r := range card.Rates {
		all[entityKey{"rate", name + " " + r.Item + matchString(r.Match)}] = newEntity(r, plans)
	}
	card.Rates = nil
	e := newEntity(card, plans)
	delete(e.fields, "rates")
	all[entityKey{"card", name}] = e
}

// plansOn returns the names of the plans that a change reaches.
func (c *Catalog) plansOn(reached func(Plan) bool) []string {
	var list []string
	for _, p := range c.Plans {
		if reached(p) {
			list = append(list, p.Name)
		}
	}
	return list
}

// union returns the names in either list, sorted, each once.
func union(a, b []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}
