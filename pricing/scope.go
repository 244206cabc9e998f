package pricing

import (
	"slices"
	"strings"
)

// A Scope says what credits may pay for. The zero Scope covers everything.
//
// Kinds and Items are alternatives: an item is covered if either names it, or if both are empty.
// ExceptKinds and ExceptItems then take away from that. Names are compared byte by byte.
type Scope struct {
	Kinds       []string `json:"kinds,omitempty"`
	Items       []string `json:"items,omitempty"`
	ExceptKinds []string `json:"except_kinds,omitempty"`
	ExceptItems []string `json:"except_items,omitempty"`
}

// Covers reports whether s may pay for i. The zero Item is covered only by a scope without Kinds
// and Items.
func (s Scope) Covers(i Item) bool {
	if i == (Item{}) {
		return len(s.Kinds) == 0 && len(s.Items) == 0
	}
	if slices.Contains(s.ExceptKinds, i.Kind) || slices.Contains(s.ExceptItems, i.ID) {
		return false
	}
	if len(s.Kinds) == 0 && len(s.Items) == 0 {
		return true
	}
	return slices.Contains(s.Kinds, i.Kind) || slices.Contains(s.Items, i.ID)
}

// Restricted reports whether s leaves anything uncovered, by naming what it covers or what it
// does not.
func (s Scope) Restricted() bool {
	return len(s.Kinds)+len(s.Items)+len(s.ExceptKinds)+len(s.ExceptItems) > 0
}

// Validate returns an error wrapping [ErrInvalid] if a list of s has an empty, malformed or
// repeated name, or if s takes away all that it names and so can never pay.
func (s Scope) Validate() error {
	lists := []struct {
		field string
		names []string
	}{
		{"kinds", s.Kinds},
		{"items", s.Items},
		{"except_kinds", s.ExceptKinds},
		{"except_items", s.ExceptItems},
	}
	for _, l := range lists {
		if err := checkNames(l.field, l.names); err != nil {
			return err
		}
	}
	if s.coversNothing() {
		return invalid("", "names nothing that it does not take away again")
	}
	return nil
}

// checkNames returns an [*InvalidError] for the first of names that is no name or is there twice.
func checkNames(field string, names []string) error {
	seen := make(map[string]bool, len(names))
	for i, n := range names {
		at := index(field, i)
		if err := checkName(at, n); err != nil {
			return err
		}
		if seen[n] {
			return invalid(at, "repeats %q", n)
		}
		seen[n] = true
	}
	return nil
}

// coversNothing reports whether every name that s lists is also excepted. An item may have any
// kind, so an item that is named and not excepted counts as covered.
func (s Scope) coversNothing() bool {
	left := func(names, except []string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(except, n) })
	}
	named := len(s.Kinds)+len(s.Items) > 0
	return named && !left(s.Kinds, s.ExceptKinds) && !left(s.Items, s.ExceptItems)
}

// String returns s in words, such as "kind meter, item sms, except item mms", or "everything".
func (s Scope) String() string {
	var parts []string
	add := func(prefix string, names []string) {
		for _, n := range names {
			parts = append(parts, prefix+n)
		}
	}
	add("kind ", s.Kinds)
	add("item ", s.Items)
	if len(parts) == 0 {
		parts = append(parts, "everything")
	}
	add("except kind ", s.ExceptKinds)
	add("except item ", s.ExceptItems)
	return strings.Join(parts, ", ")
}
