package ledger

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// A Strategy says how credits are put against several parts at once.
type Strategy string

// The strategies.
const (
	StrategyInOrder Strategy = "in_order" // grant by grant in the wallet's order, each paying the parts in theirs

	// StrategyFullest pays most. Of the allocations that do, it serves the earlier
	// parts first and draws on the wallet's grants in order, each as far as it can.
	StrategyFullest Strategy = "fullest"
)

// Allocate returns which grants of w would pay what parts cost at an instant, and
// what is left unpaid of each. A part with an instant of its own is paid by what
// was live then. Nothing changes.
func (w *Wallet) Allocate(parts []Part, at time.Time, by Strategy) (draws []Draw, unpaid []decimal.Decimal) {
	a := w.allocator(at)
	var moves []Move
	if by == StrategyFullest {
		moves, unpaid = a.fullest(parts, PotSpent)
	} else {
		moves, unpaid = a.inOrder(parts, PotSpent)
	}
	e := Entry{Moves: moves}
	return e.Draws(), unpaid
}

// An allocator hands out what a wallet's grants have left, in the wallet's order,
// without changing the wallet. It is the one place that decides which grant pays:
// checks, holds, charges, invoices and previews all ask it.
type allocator struct {
	w        *Wallet
	at       time.Time         // when the use happened: it may draw on what was live then
	only     map[GrantID]bool  // draw on these grants only; nil: on all
	anything bool              // draw whatever the scope
	left     []decimal.Decimal // of each grant, made when first needed
	covered  []bitset          // by grant: the parts that its scope covers; nil: they are few
}

func (w *Wallet) allocator(at time.Time) *allocator { return &allocator{w: w, at: at} }

// take draws up to amount for item and returns the moves, and what no grant paid.
func (a *allocator) take(item Item, amount decimal.Decimal, to Pot) (moves []Move, unpaid decimal.Decimal) {
	moves, left := a.inOrder([]Part{{Item: item, Amount: amount}}, to)
	return moves, left[0]
}

// inOrder draws what parts cost, grant by grant in the wallet's order, each paying
// the parts that it may in theirs. It returns the moves, and what no grant paid of
// each part.
func (a *allocator) inOrder(parts []Part, to Pot) (moves []Move, unpaid []decimal.Decimal) {
	a.prepare(parts)
	unpaid = costs(parts)
	for i := range a.w.Grants {
		g := &a.w.Grants[i]
		for p := range parts {
			if !a.left[i].IsPositive() {
				break
			}
			if !unpaid[p].IsPositive() || !a.pays(i, parts, p) {
				continue
			}
			drawn := least(a.left[i], unpaid[p])
			a.left[i], unpaid[p] = minus(a.left[i], drawn), minus(unpaid[p], drawn)
			moves = append(moves, Move{Grant: g.ID, From: PotRemaining, To: to, Amount: drawn, Part: p})
		}
	}
	return moves, unpaid
}

// pay draws what parts cost in order or, if that leaves something unpaid that
// another allocation would pay, as fully as possible: what a wallet can pay is
// never refused because of the order in which it is asked.
func (w *Wallet) pay(parts []Part, at time.Time) (moves []Move, unpaid []decimal.Decimal) {
	moves, unpaid = w.allocator(at).inOrder(parts, PotSpent)
	if len(parts) > 1 && slices.ContainsFunc(unpaid, decimal.Decimal.IsPositive) {
		moves, unpaid = w.allocator(at).fullest(parts, PotSpent)
	}
	return moves, unpaid
}

// prepare finds out what each grant has left for parts, and which it covers if they
// are many.
func (a *allocator) prepare(parts []Part) {
	a.cover(parts)
	if a.left != nil {
		return
	}
	a.left = make([]decimal.Decimal, len(a.w.Grants))
	for i := range a.w.Grants {
		g := &a.w.Grants[i]
		a.left[i] = g.Remaining
		if g.Expired.IsPositive() && a.reaches(g, parts) {
			a.left[i] = g.Remaining.Add(g.Expired)
		}
	}
}

// cover finds out which of parts each grant covers, if they are many.
func (a *allocator) cover(parts []Part) {
	a.covered = nil
	if len(parts) < manyParts {
		return
	}
	c := newCoverage(parts)
	a.covered = make([]bitset, len(a.w.Grants))
	for i := range a.w.Grants {
		a.covered[i] = c.of(&a.w.Grants[i].Scope)
	}
}

// reaches reports whether what has lapsed of g was still there when parts were
// used: when some were if it lapsed with the whole grant, which then pays no other
// part, and when all were if only the excess over a cap did.
func (a *allocator) reaches(g *OpenGrant, parts []Part) bool {
	before := func(p Part) bool { return a.when(&p).Before(g.LapsedAt) }
	if g.LapsedAt.Equal(g.ExpiresAt) {
		return slices.ContainsFunc(parts, before)
	}
	return !slices.ContainsFunc(parts, func(p Part) bool { return !before(p) })
}

// when returns the instant of the use that p is about.
func (a *allocator) when(p *Part) time.Time {
	if p.At.IsZero() {
		return a.at
	}
	return p.At
}

// pays reports whether grant i may pay for part p.
func (a *allocator) pays(i int, parts []Part, p int) bool {
	g := &a.w.Grants[i]
	return (a.anything || a.covers(i, parts, p)) && g.LiveAt(a.when(&parts[p])) && (a.only == nil || a.only[g.ID])
}

// covers reports whether the scope of grant i covers part p.
func (a *allocator) covers(i int, parts []Part, p int) bool {
	if a.covered != nil {
		return a.covered[i].has(p)
	}
	return a.w.Grants[i].Scope.Covers(parts[p].Item)
}

// reinstated returns the moves that take back the expiry of what moves draw beyond
// what remains.
func (w *Wallet) reinstated(moves []Move) []Move {
	var back []Move
	for i := range w.Grants {
		g := &w.Grants[i]
		if g.Expired.IsZero() {
			continue
		}
		drawn := decimal.Zero
		for _, m := range moves {
			if m.Grant == g.ID {
				drawn = drawn.Add(m.Amount)
			}
		}
		if beyond := drawn.Sub(g.Remaining); beyond.IsPositive() {
			back = append(back, Move{Grant: g.ID, From: PotExpired, To: PotRemaining, Amount: beyond})
		}
	}
	return back
}
