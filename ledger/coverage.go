package ledger

// manyParts is how many parts make it worth while to index them by what they are
// for. Fewer are quicker compared with each scope one by one.
const manyParts = 16

// A coverage is parts by what they are for. It finds those that a scope covers by
// looking up each of its names once, where [Scope.Covers], with which it agrees,
// would go through them for every part.
type coverage struct {
	parts        int
	kinds, items map[string][]int // the parts of each name; none that is for the zero Item
}

func newCoverage(parts []Part) *coverage {
	c := &coverage{parts: len(parts), kinds: make(map[string][]int), items: make(map[string][]int, len(parts))}
	for p := range parts {
		if i := parts[p].Item; i != (Item{}) {
			c.kinds[i.Kind] = append(c.kinds[i.Kind], p)
			c.items[i.ID] = append(c.items[i.ID], p)
		}
	}
	return c
}

// of returns the parts that s covers.
func (c *coverage) of(s *Scope) bitset {
	covered := newBitset(c.parts)
	if len(s.Kinds) == 0 && len(s.Items) == 0 {
		covered.fill(c.parts)
	}
	eachPart(c.kinds, s.Kinds, covered.add)
	eachPart(c.items, s.Items, covered.add)
	eachPart(c.kinds, s.ExceptKinds, covered.remove)
	eachPart(c.items, s.ExceptItems, covered.remove)
	return covered
}

// eachPart calls do with the parts of every one of names.
func eachPart(parts map[string][]int, names []string, do func(int)) {
	for _, n := range names {
		for _, p := range parts[n] {
			do(p)
		}
	}
}
