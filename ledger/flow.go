package ledger

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// fullest draws what parts cost so that as much as possible is paid, and returns
// the moves, and what no grant paid of each.
//
// It is a maximum flow from grants to parts, found by augmenting paths (Ford and
// Fulkerson, 1956). A path raises what one grant pays and what one part is paid, and
// changes all others only in who pays whom. So a first pass that serves part by part,
// in their order, finds what each part gets if the earlier come first, and a second
// that draws grant by grant, in the wallet's order, pays exactly that with the first
// grants used as far as they can be. One flow does both (Mendelsohn and Dulmage,
// 1958), and none pays more.
func (a *allocator) fullest(parts []Part, to Pot) (moves []Move, unpaid []decimal.Decimal) {
	a.prepare(parts)
	groups, of := a.group(parts)
	f := newFlow(a.left, groups)
	paid, unpaid := make([]decimal.Decimal, len(parts)), costs(parts)
	total := make([]decimal.Decimal, len(groups))
	for p, i := range of {
		if i < 0 {
			continue
		}
		paid[p] = f.serve(f.grants+i, parts[p].Amount)
		unpaid[p] = unpaid[p].Sub(paid[p])
		total[i] = total[i].Add(paid[p])
	}
	f.restart()
	copy(f.left[f.grants:], total)
	for g := range a.left {
		a.left[g] = a.left[g].Sub(f.serve(g, a.left[g]))
	}
	return a.moves(f, groups, paid, to), unpaid
}

// A group is parts that the same grants may pay, so that one path serves them all.
type group struct {
	payers bitset
	parts  []int
}

// group returns the groups of parts, and the group that each part is in, -1 if it
// costs nothing.
func (a *allocator) group(parts []Part) (groups []group, of []int) {
	type use struct {
		item Item
		at   time.Time
	}
	byUse, byPayers := make(map[use]int), make(map[string]int)
	of = make([]int, len(parts))
	for p := range parts {
		of[p] = -1
		if !parts[p].Amount.IsPositive() {
			continue
		}
		key := use{parts[p].Item, a.when(&parts[p])}
		i, known := byUse[key]
		if !known {
			payers := a.payers(parts, p)
			if i, known = byPayers[payers.key()]; !known {
				i = len(groups)
				groups = append(groups, group{payers: payers})
				byPayers[payers.key()] = i
			}
			byUse[key] = i
		}
		groups[i].parts, of[p] = append(groups[i].parts, p), i
	}
	return groups, of
}

// payers returns the grants that may pay part p and have something left.
func (a *allocator) payers(parts []Part, p int) bitset {
	s := newBitset(len(a.left))
	for g := range a.left {
		if a.left[g].IsPositive() && a.pays(g, parts, p) {
			s.add(g)
		}
	}
	return s
}

// moves returns the moves of f, grant by grant. Of a group, the earlier grant pays
// the earlier part.
func (a *allocator) moves(f *flow, groups []group, paid []decimal.Decimal, to Pot) (moves []Move) {
	for g := range a.left {
		first := len(moves)
		for _, node := range f.partners[g] {
			left, q := f.paid[edge{g, node}], &groups[node-f.grants]
			for left.IsPositive() {
				p := q.parts[0]
				drawn := least(left, paid[p])
				moves = appendMove(moves, Move{Grant: a.w.Grants[g].ID, From: PotRemaining, To: to, Amount: drawn, Part: p})
				left, paid[p] = left.Sub(drawn), paid[p].Sub(drawn)
				if paid[p].IsZero() {
					q.parts = q.parts[1:]
				}
			}
		}
		slices.SortFunc(moves[first:], func(x, y Move) int { return x.Part - y.Part })
	}
	return moves
}

// A flow is who pays whom so far. Its nodes are the grants, from 0, and after them
// the groups. It looks the same from either side: a node serves those that it is
// linked to, in person or through others.
type flow struct {
	grants   int
	left     []decimal.Decimal        // by node: what it can still pay, or be paid
	links    []bitset                 // by node: the nodes of the other side that it may deal with
	partners [][]int                  // by node: those that it deals with
	paid     map[edge]decimal.Decimal // how much; positive
	unseen   bitset                   // nodes found neither in this search nor in one that failed
	found    []int                    // nodes found in this search
	from     []int                    // by node: from where it was found; -1: the start
}

// An edge is a grant and the group that it pays, as nodes.
type edge struct{ grant, group int }

func newFlow(left []decimal.Decimal, groups []group) *flow {
	n := len(left) + len(groups)
	f := &flow{
		grants: len(left),
		left:   append(slices.Clone(left), make([]decimal.Decimal, len(groups))...),
		links:  make([]bitset, n),
		from:   make([]int, n),
	}
	for node := range f.links {
		f.links[node] = newBitset(n)
	}
	for i := range groups {
		copy(f.links[f.grants+i], groups[i].payers)
		for g := range groups[i].payers.in(groups[i].payers) {
			f.links[g].add(f.grants + i)
		}
	}
	f.restart()
	return f
}

// restart forgets who pays whom.
func (f *flow) restart() {
	f.partners = make([][]int, len(f.links))
	f.paid = make(map[edge]decimal.Decimal)
	f.unseen = newBitset(len(f.links))
	f.unseen.fill(len(f.links))
}

// serve lets node n pay, or be paid, up to amount, and returns how much it was.
func (f *flow) serve(n int, amount decimal.Decimal) decimal.Decimal {
	f.left[n] = amount
	for f.left[n].IsPositive() && f.augment(n) {
	}
	served := amount.Sub(f.left[n])
	f.left[n] = decimal.Zero
	return served
}

// augment serves node n once more, by one that has something left or by taking over
// what another deals with, which then finds someone else. It reports whether it
// could. What a failed search has found can never reach anyone again, whatever
// happens elsewhere, so no later search looks there.
func (f *flow) augment(n int) bool {
	f.found = f.found[:0]
	f.find(n, -1)
	for queue := []int{n}; len(queue) > 0; queue = queue[1:] {
		for m := range f.links[queue[0]].in(f.unseen) {
			f.find(m, queue[0])
			if f.left[m].IsPositive() {
				f.push(n, m)
				for _, node := range f.found {
					f.unseen.add(node)
				}
				return true
			}
			for _, other := range f.partners[m] {
				if f.find(other, m) {
					queue = append(queue, other)
				}
			}
		}
	}
	return false
}

// find notes that the search came from a node to n, and reports whether it had not
// been there.
func (f *flow) find(n, from int) bool {
	if !f.unseen.has(n) {
		return false
	}
	f.unseen.remove(n)
	f.found, f.from[n] = append(f.found, n), from
	return true
}

// push sends as much as possible along the path from start to end, on which every
// second step takes something away from partners.
func (f *flow) push(start, end int) {
	amount := least(f.left[start], f.left[end])
	for n := f.from[end]; n != start; n = f.from[f.from[n]] {
		amount = least(amount, f.paid[f.edge(n, f.from[n])])
	}
	for m := end; ; {
		n := f.from[m]
		f.add(n, m, amount)
		if n == start {
			break
		}
		m = f.from[n]
		f.add(n, m, amount.Neg())
	}
	f.left[start], f.left[end] = f.left[start].Sub(amount), f.left[end].Sub(amount)
}

func (f *flow) edge(n, m int) edge { return edge{min(n, m), max(n, m)} }

// add lets n and m deal with amount more, or less.
func (f *flow) add(n, m int, amount decimal.Decimal) {
	e := f.edge(n, m)
	before := f.paid[e]
	after := before.Add(amount)
	switch {
	case after.IsZero():
		delete(f.paid, e)
		f.partners[n] = slices.DeleteFunc(f.partners[n], func(o int) bool { return o == m })
		f.partners[m] = slices.DeleteFunc(f.partners[m], func(o int) bool { return o == n })
		return
	case before.IsZero():
		f.partners[n] = append(f.partners[n], m)
		f.partners[m] = append(f.partners[m], n)
	}
	f.paid[e] = after
}
