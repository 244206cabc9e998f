package ledger

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// A draft is one wallet while a request works on it: the wallet as it becomes, and
// the entries that say why. It is thrown away if the request is refused.
type draft struct {
	w       Wallet
	from    int64     // the Seq that it began with
	entries []Entry   // posted, not yet sealed
	now     time.Time // never before what is in the books already
	catalog *pricing.Catalog
	journal journal
}

// A journal finds entries of a wallet, written before or by the same transaction.
type journal interface {
	keyed(ctx context.Context, k EntryKey) (*Entry, error)       // nil if there is none
	at(ctx context.Context, id EntryID) (*Entry, error)          // ErrNotFound if there is none
	of(ctx context.Context, id EntryID) ([]Entry, error)         // those with that Of, oldest first
}

// newDraft returns a draft of w at now, in which nothing is due any more.
func newDraft(w Wallet, now time.Time, catalog *pricing.Catalog, j journal) *draft {
	if now.Before(w.SettledAt) {
		now = w.SettledAt // another machine's clock is ahead
	}
	d := &draft{w: w.clone(), from: w.Seq, now: now, catalog: catalog, journal: j}
	d.settle()
	return d
}

// post appends e to the draft and applies it. It fills in what follows from the
// rest: wallet, number, times unless stated, change and balance.
func (d *draft) post(e Entry) *Entry {
	e.WalletID = d.w.ID
	e.Seq = d.w.Seq + 1
	e.RecordedAt = d.now
	if e.EffectiveAt.IsZero() {
		e.EffectiveAt = d.now
	}
	e.Change = changeOf(e.Moves, e.Debts)
	e.Balance = d.w.Balance.Add(e.Change)
	before := d.w.watch(&e)
	d.w.apply(&e)
	e.Notices = append(e.Notices, d.w.notices(before, &e)...)
	d.entries = append(d.entries, e)
	return &d.entries[len(d.entries)-1]
}

// seal chains the draft's entries to the wallet's last one.
func (d *draft) seal() {
	previous := d.w.Hash
	for i := range d.entries {
		previous = d.entries[i].Seal(previous)
	}
	d.w.Hash = previous
}

// payDebts lets credits that came to remain by the last entry pay what the wallet
// owes, oldest debt first, as far as their scope covers what it is owed for.
func (d *draft) payDebts() {
	last := &d.entries[len(d.entries)-1]
	if len(d.w.Debts) == 0 {
		return
	}
	fresh := make(map[GrantID]bool)
	for _, m := range last.Moves {
		if m.To == PotRemaining {
			fresh[m.Grant] = true
		}
	}
	effective, late := last.EffectiveAt, last.Late
	for _, debt := range append([]Debt(nil), d.w.Debts...) {
		a := d.w.allocator(d.w.SettledAt, false)
		a.only = fresh
		moves, unpaid := a.take(debt.Item, debt.Amount, PotSpent, debt.Part)
		if len(moves) == 0 {
			continue
		}
		d.post(Entry{
			Kind: KindRepay, EffectiveAt: effective, Late: late, Of: debt.Charge, Moves: moves,
			Debts: []DebtChange{{Charge: debt.Charge, Part: debt.Part, Item: debt.Item, Amount: unpaid.Sub(debt.Amount)}},
		})
	}
}

// issue returns g as the n-th grant that the next entry issues, and the move by
// which it takes effect, if it does so now.
func (d *draft) issue(g *Grant, n int, at time.Time) []Move {
	g.ID = GrantID{Seq: d.w.Seq + 1, N: n}
	g.IssuedAt = at
	if g.EffectiveAt.After(at) {
		return nil
	}
	return []Move{{Grant: g.ID, From: PotPending, To: PotRemaining, Amount: g.Amount}}
}

// least returns the lesser of a and b.
func least(a, b decimal.Decimal) decimal.Decimal {
	if b.LessThan(a) {
		return b
	}
	return a
}
