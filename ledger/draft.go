package ledger

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// A draft is one wallet while a request works on it: the wallet as it becomes, and
// the entries that say why. It is thrown away if the request is refused.
type draft struct {
	w       *Wallet
	opening bool      // the wallet begins with it
	entries []*Entry  // posted, not yet sealed
	last    *Entry    // that is no checkpoint
	told    standing  // where the wallet stood when the last step ended
	now     time.Time // never before what is in the books already
	settled bool      // nothing that is due by now is left to do
	catalog *pricing.Catalog
}

// newDraft returns a draft of w at now, in which nothing is due any more, to look at.
func newDraft(w *Wallet, now time.Time) *draft {
	d := new(draft)
	d.begin(w, new(Wallet), now, nil)
	return d
}

// begin makes d a draft of w at now, in the space that its entries have, and that of
// spare, which nobody may use any more.
func (d *draft) begin(w, spare *Wallet, now time.Time, catalog *pricing.Catalog) {
	if now.Before(w.SettledAt) {
		now = w.SettledAt // another machine's clock is ahead
	}
	spare.become(w)
	*d = draft{w: spare, entries: d.entries[:0], now: now, catalog: catalog, told: w.standing()}
	d.settle()
	d.settled = true
}

// inEffect reports whether g has taken effect at the instant at. While that instant
// is being settled, what takes effect then has not yet.
func (d *draft) inEffect(g *OpenGrant, at time.Time) bool {
	return g.EffectiveAt.Before(at) || d.settled && g.EffectiveAt.Equal(at)
}

// checkpointEvery is how far apart the checkpoints of a journal are.
const checkpointEvery = 1024

// post appends e to the draft and applies it, and after it a checkpoint where one
// is due.
func (d *draft) post(e *Entry) {
	d.last = e
	d.append(e)
	if (d.w.Seq+1)%checkpointEvery == 0 {
		w := d.w.clone()
		d.append(&Entry{Kind: KindCheckpoint, EffectiveAt: d.w.SettledAt, Checkpoint: &w})
	}
}

// append fills in what follows from the rest of e: wallet, number, times unless
// stated, change, balance and notices.
func (d *draft) append(e *Entry) {
	d.entries = append(d.entries, e)
	e.WalletID = d.w.ID
	e.Seq = d.w.Seq + 1
	e.RecordedAt = d.now
	if e.EffectiveAt.IsZero() {
		e.EffectiveAt = d.now
	}
	e.Change = changeOf(e.Moves, e.Debts)
	e.Balance = d.w.Balance.Add(e.Change)
	e.Notices = append(e.Notices, d.w.events(e)...)
	d.w.apply(e)
}

// payDebts lets credits that came to remain by the last entry pay what the wallet
// owes, oldest debt first, as far as their scope covers what it is owed for.
func (d *draft) payDebts() {
	if len(d.w.Debts) == 0 {
		return
	}
	last, fresh := d.last, make(map[GrantID]bool)
	for _, m := range last.Moves {
		if m.To == PotRemaining {
			fresh[m.Grant] = true
		}
	}
	for _, debt := range slices.Clone(d.w.Debts) {
		a := d.w.allocator(d.w.SettledAt)
		a.only = fresh
		moves, unpaid := a.take(debt.Item, debt.Amount, PotSpent)
		if len(moves) == 0 {
			continue
		}
		for i := range moves {
			moves[i].Part = debt.Part
		}
		paid := unpaid.Sub(debt.Amount)
		d.post(&Entry{
			Kind: KindRepay, EffectiveAt: last.EffectiveAt, Late: last.Late, Of: debt.Charge, Moves: moves,
			Debts: []DebtChange{{Charge: debt.Charge, Part: debt.Part, Item: debt.Item, Amount: paid}},
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
