package ledger

import (
	"slices"

	"github.com/shopspring/decimal"
)

// fullest draws what parts cost so that as much as possible is paid, and returns
// the moves, and what no grant paid of each.
//
// It is a maximum flow from grants to parts, found by augmenting paths (Ford and
// Fulkerson, 1956). Grants enter in the wallet's order, and a path never takes from
// a grant what it pays in all, only from one part to another: so of all fullest
// allocations this is the one that follows the wallet's order as far as possible,
// the first grant used as much as it can be, then the second, and so on.
func (a *allocator) fullest(parts []Part, to Pot) (moves []Move, unpaid []decimal.Decimal) {
	a.prepare(parts)
	f := newFlow(a, parts)
	for g := range f.paid {
		for a.left[g].IsPositive() && f.augment(g) {
		}
	}
	for g, paid := range f.paid {
		for p, amount := range paid {
			moves = appendMove(moves, Move{
				Grant: a.w.Grants[g].ID, From: PotRemaining, To: to, Amount: amount, Part: p,
			})
		}
	}
	return moves, f.unpaid
}

// A flow is who pays what so far.
type flow struct {
	a      *allocator
	pays   [][]int             // by grant: the parts that it may pay for
	paid   [][]decimal.Decimal // by grant and part
	payers [][]int             // by part: the grants that pay some of it
	unpaid []decimal.Decimal   // by part
}

func newFlow(a *allocator, parts []Part) *flow {
	f := &flow{
		a:      a,
		pays:   make([][]int, len(a.w.Grants)),
		paid:   make([][]decimal.Decimal, len(a.w.Grants)),
		payers: make([][]int, len(parts)),
		unpaid: make([]decimal.Decimal, len(parts)),
	}
	for p := range parts {
		f.unpaid[p] = parts[p].Amount
	}
	for g := range a.w.Grants {
		if !a.left[g].IsPositive() {
			continue
		}
		f.paid[g] = make([]decimal.Decimal, len(parts))
		for p := range parts {
			if parts[p].Amount.IsPositive() && a.pays(&a.w.Grants[g], &parts[p]) {
				f.pays[g] = append(f.pays[g], p)
			}
		}
	}
	return f
}

// A hop is how a search came to a part: by the grant that may pay it, from the part
// that the same grant pays so far, or -1.
type hop struct{ grant, from int }

// augment lets one more grant pay something, directly or by taking over what
// another grant pays, which then pays something else. It reports whether it could.
func (f *flow) augment(g int) bool {
	came := make(map[int]hop)
	queue := f.reach(nil, came, g, -1)
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		if f.unpaid[p].IsPositive() {
			f.push(came, p)
			return true
		}
		for _, other := range f.payers[p] {
			queue = f.reach(queue, came, other, p)
		}
	}
	return false
}

// reach adds the parts that grant g may pay to the search.
func (f *flow) reach(queue []int, came map[int]hop, g, from int) []int {
	for _, p := range f.pays[g] {
		if _, seen := came[p]; !seen {
			came[p] = hop{g, from}
			queue = append(queue, p)
		}
	}
	return queue
}

// push sends as much as possible along the path that ends at part p.
func (f *flow) push(came map[int]hop, p int) {
	amount := f.unpaid[p]
	for at := p; ; {
		h := came[at]
		if h.from < 0 {
			amount = least(amount, f.a.left[h.grant])
			break
		}
		amount = least(amount, f.paid[h.grant][h.from])
		at = h.from
	}
	f.unpaid[p] = f.unpaid[p].Sub(amount)
	for at := p; ; {
		h := came[at]
		f.add(h.grant, at, amount)
		if h.from < 0 {
			f.a.left[h.grant] = f.a.left[h.grant].Sub(amount)
			return
		}
		f.add(h.grant, h.from, amount.Neg())
		at = h.from
	}
}

// add lets grant g pay amount more of part p, or less.
func (f *flow) add(g, p int, amount decimal.Decimal) {
	before := f.paid[g][p]
	f.paid[g][p] = before.Add(amount)
	switch after := f.paid[g][p]; {
	case before.IsZero():
		f.payers[p] = append(f.payers[p], g)
	case after.IsZero():
		f.payers[p] = slices.DeleteFunc(f.payers[p], func(o int) bool { return o == g })
	}
}
