package ledger

import (
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

// pay draws what parts cost, each after the one before, and returns the moves, and
// what no grant paid of each.
func (a *allocator) pay(parts []Part, to Pot) (moves []Move, unpaid []decimal.Decimal) {
	unpaid = make([]decimal.Decimal, len(parts))
	for i := range parts {
		var m []Move
		m, unpaid[i] = a.take(parts[i].Item, parts[i].Amount, to, i)
		moves = append(moves, m...)
	}
	return moves, unpaid
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
