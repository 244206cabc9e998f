package pricing

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// An itemRates holds the rates of one item on one card, ready to be found by attributes.
type itemRates struct {
	item   Item
	own    bool // a wallet's own
	shapes []shape
}

// A shape is the rates of an item that match by the same attributes.
type shape struct {
	names  []string // sorted
	byName map[string]*pricer
}

// find returns the pricer for a use with attributes: see [Rate.Match].
func (r *itemRates) find(attributes map[string]string) *pricer {
	for i := range r.shapes {
		s := &r.shapes[i]
		if len(s.names) == 0 {
			return s.byName[""]
		}
		if key, ok := s.key(attributes); ok && s.byName[key] != nil {
			return s.byName[key]
		}
	}
	return nil
}

// key returns the values of the shape's attributes as one string. Values on a card have no
// control characters, so no other values make the key of one.
func (s *shape) key(attributes map[string]string) (key string, ok bool) {
	values := make([]string, len(s.names))
	for i, n := range s.names {
		if values[i], ok = attributes[n]; !ok {
			return "", false
		}
	}
	return strings.Join(values, "\x1f"), true
}

// MaxShapes is by how many different sets of attributes the rates of one item may match. A price
// is found by trying each.
const MaxShapes = 64

// add puts p under what its rate matches. Two rates that match the same are an *InvalidError.
func (r *itemRates) add(match map[string]string, p *pricer) error {
	names := sortedKeys(match)
	i, found := slices.BinarySearchFunc(r.shapes, names, func(s shape, names []string) int {
		return cmp.Or(cmp.Compare(len(names), len(s.names)), slices.Compare(s.names, names))
	})
	if !found && len(r.shapes) == MaxShapes {
		return invalid("match", "has the %dth set of attributes for item %q", MaxShapes+1, r.item.ID)
	}
	if !found {
		r.shapes = slices.Insert(r.shapes, i, shape{names: names, byName: map[string]*pricer{}})
	}
	s := &r.shapes[i]
	key, _ := s.key(match)
	if s.byName[key] != nil {
		return invalid("match", "repeats an earlier rate of item %q: %s", r.item.ID, cmp.Or(matchString(match), "no attributes"))
	}
	s.byName[key] = p
	return nil
}

// matchString returns attributes in byte order of their names, as "{model=a,region=eu}", or the
// empty string for none.
func matchString(attributes map[string]string) string {
	if len(attributes) == 0 {
		return ""
	}
	pairs := make([]string, 0, len(attributes))
	for _, n := range sortedKeys(attributes) {
		pairs = append(pairs, n+"="+attributes[n])
	}
	return "{" + strings.Join(pairs, ",") + "}"
}

// sortedKeys returns the keys of m in byte order.
func sortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(m))
}
