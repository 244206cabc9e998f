package ledger

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// An allocator hands out what a wallet's grants have left, in the wallet's order,
// without changing the wallet. It is the one place that decides which grant pays:
// checks, holds, charges, invoices and previews all ask it.
type allocator struct {
	w        *Wallet
	at       time.Time         // when the use happened: it may draw on what was live then
	late     bool              // at lies before what is in the books: what lapsed since may be drawn on
	only     map[GrantID]bool  // draw on these grants only; nil: on all
	anything bool              // draw whatever the scope
	left     []decimal.Decimal // of each grant, made when first needed
}

func (w *Wallet) allocator(at time.Time, late bool) *allocator {
	return &allocator{w: w, at: at, late: late}
}

// take draws up to amount for item and returns the moves, and what no grant paid.
// What it drew is not there for the next take.
func (a *allocator) take(item Item, amount decimal.Decimal, to Pot, part int) (moves []Move, unpaid decimal.Decimal) {
	a.prepare()
	unpaid = amount
	for i := range a.w.Grants {
		if !unpaid.IsPositive() {
			break
		}
		if !a.left[i].IsPositive() || !a.pays(&a.w.Grants[i], item) {
			continue
		}
		drawn := least(a.left[i], unpaid)
		a.left[i] = a.left[i].Sub(drawn)
		unpaid = unpaid.Sub(drawn)
		moves = append(moves, Move{Grant: a.w.Grants[i].ID, From: PotRemaining, To: to, Amount: drawn, Part: part})
	}
	return moves, unpaid
}

// inOrder draws what parts cost, grant by grant in the wallet's order, each paying
// the parts that it may in theirs. It returns the moves, and what no grant paid of
// each part.
func (a *allocator) inOrder(parts []Part, to Pot) (moves []Move, unpaid []decimal.Decimal) {
	a.prepare()
	unpaid = make([]decimal.Decimal, len(parts))
	for p := range parts {
		unpaid[p] = parts[p].Amount
	}
	for i := range a.w.Grants {
		g := &a.w.Grants[i]
		for p := range parts {
			if !a.left[i].IsPositive() {
				break
			}
			if !unpaid[p].IsPositive() || !a.pays(g, parts[p].Item) {
				continue
			}
			drawn := least(a.left[i], unpaid[p])
			a.left[i] = a.left[i].Sub(drawn)
			unpaid[p] = unpaid[p].Sub(drawn)
			moves = append(moves, Move{Grant: g.ID, From: PotRemaining, To: to, Amount: drawn, Part: p})
		}
	}
	return moves, unpaid
}

// pay draws what parts cost in order or, if that leaves something unpaid that
// another allocation would pay, as fully as possible: what a wallet can pay is
// never refused because of the order in which it is asked.
func (w *Wallet) pay(parts []Part, at time.Time, late bool) (*allocator, []Move, []decimal.Decimal) {
	a := w.allocator(at, late)
	moves, unpaid := a.inOrder(parts, PotSpent)
	if len(parts) > 1 && slices.ContainsFunc(unpaid, decimal.Decimal.IsPositive) {
		a = w.allocator(at, late)
		moves, unpaid = a.fullest(parts, PotSpent)
	}
	return a, moves, unpaid
}

func (a *allocator) prepare() {
	if a.left != nil {
		return
	}
	a.left = make([]decimal.Decimal, len(a.w.Grants))
	for i := range a.w.Grants {
		a.left[i] = a.available(&a.w.Grants[i])
	}
}

// available returns what of g a use at the allocator's instant may draw on.
func (a *allocator) available(g *OpenGrant) decimal.Decimal {
	if a.late && a.at.Before(g.LapsedAt) {
		return g.Remaining.Add(g.Expired)
	}
	return g.Remaining
}

// pays reports whether g may pay for item.
func (a *allocator) pays(g *OpenGrant, item Item) bool {
	return g.LiveAt(a.at) && (a.anything || g.Scope.Covers(item)) && (a.only == nil || a.only[g.ID])
}

// reinstated returns the moves that take back the expiry of what moves drew beyond
// what remains.
func (a *allocator) reinstated(moves []Move) []Move {
	if !a.late {
		return nil
	}
	var back []Move
	drawn := make(map[GrantID]decimal.Decimal)
	for _, m := range moves {
		drawn[m.Grant] = drawn[m.Grant].Add(m.Amount)
	}
	for i := range a.w.Grants {
		g := &a.w.Grants[i]
		if beyond := drawn[g.ID].Sub(g.Remaining); beyond.IsPositive() {
			back = append(back, Move{Grant: g.ID, From: PotExpired, To: PotRemaining, Amount: beyond})
		}
	}
	return back
}
