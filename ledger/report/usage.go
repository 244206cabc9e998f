package report

import (
	"cmp"
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// UsageGroup says what a [Usage] tells apart besides items.
type UsageGroup struct {
	Group      // periods
	Actor bool // who used it
	Owner bool // whose wallet paid
}

// A Usage is what was used of one item.
type Usage struct {
	Period time.Time `json:"period,omitzero"`
	Owner  string    `json:"owner,omitempty"`
	Actor  string    `json:"actor,omitempty"`
	Kind   string    `json:"kind,omitempty"`
	Item   string    `json:"item"` // empty: none was stated
	Unit   string    `json:"unit"`

	Uses     int             `json:"uses"`     // parts of charges
	Quantity decimal.Decimal `json:"quantity"` // in the item's own unit
	Price    decimal.Decimal `json:"price"`    // what it cost, in credits, whoever paid
	Overage  decimal.Decimal `json:"overage"`  // of which no credit paid, to be invoiced
	Credits  decimal.Decimal `json:"credits"`  // of which credits paid by now, less refunds
	Earned   Monies          `json:"earned"`   // what was paid for those
}

// usageKey tells rows apart.
type usageKey struct {
	period       time.Time
	owner, actor string
	item         ledger.Item
	unit         string
}

// Usages returns what was used of each item and what it earned, most credits first.
// What is paid or given back later counts when that happens.
func Usages(ctx context.Context, books *ledger.Ledger, q Query, by UsageGroup) ([]Usage, error) {
	u := usages{q: q, by: by, rows: make(map[usageKey]*Usage)}
	for w, err := range q.wallets(ctx, books) {
		if err != nil {
			return nil, err
		}
		err = q.walk(ctx, books, &w, u.flow, func(e, use *ledger.Entry) { u.entry(&w, e, use) })
		if err != nil {
			return nil, err
		}
	}
	return sorted(u.rows, func(a, b Usage) int {
		return cmp.Or(a.Period.Compare(b.Period), b.Credits.Cmp(a.Credits), b.Price.Cmp(a.Price),
			cmp.Compare(a.Item, b.Item), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Unit, b.Unit),
			cmp.Compare(a.Owner, b.Owner), cmp.Compare(a.Actor, b.Actor))
	}), nil
}

type usages struct {
	q    Query
	by   UsageGroup
	rows map[usageKey]*Usage
}

// flow counts what credits paid.
func (u *usages) flow(f Flow) bool {
	if f.Class == Used && u.q.has(f.Entry.EffectiveAt) {
		var item ledger.Item
		if f.Part < len(f.Use.Parts) {
			item = f.Use.Parts[f.Part].Item
		}
		r := u.row(f.Wallet, f.Entry, item, f.Use.Actor)
		r.Credits = r.Credits.Add(f.Credits)
		r.Earned = r.Earned.add(f.Money)
	}
	return true
}

// entry counts what a charge was about, and what a smaller quantity takes back from
// whoever had used it.
func (u *usages) entry(w *ledger.Wallet, e, use *ledger.Entry) {
	if e.Kind == ledger.KindBill || !u.q.has(e.EffectiveAt) {
		return
	}
	for i := range e.Parts {
		p := &e.Parts[i]
		r := u.row(w, e, p.Item, use.Actor)
		if e.Kind != ledger.KindRefund {
			r.Uses++
		}
		r.Quantity = r.Quantity.Add(p.Quantity)
		r.Price = r.Price.Add(p.Amount)
		r.Overage = r.Overage.Add(p.Overage)
	}
}

// row returns the row of an actor's use of an item, of which something happened by e.
func (u *usages) row(w *ledger.Wallet, e *ledger.Entry, item ledger.Item, actor string) *Usage {
	k := usageKey{period: u.by.period(e.EffectiveAt), item: item, unit: w.Unit.Name}
	if u.by.Owner {
		k.owner = w.Owner
	}
	if u.by.Actor {
		k.actor = actor
	}
	return at(u.rows, k, func() Usage {
		return Usage{
			Period: k.period, Owner: k.owner, Actor: k.actor,
			Kind: k.item.Kind, Item: k.item.ID, Unit: k.unit,
		}
	})
}
