package ledger

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// A Skip says why a grant paid nothing of a charge.
type Skip string

// The reasons.
const (
	SkipNotNeeded Skip = "not_needed" // grants before it in the wallet's order paid all
	SkipScope     Skip = "scope"      // it may not pay for such an item
	SkipPending   Skip = "pending"    // it had yet to take effect
	SkipExpired   Skip = "expired"    // it had ended
	SkipEmpty     Skip = "empty"      // it was used up
	SkipHeld      Skip = "held"       // all that was left of it was held
	SkipVoided    Skip = "voided"     // it had been cancelled or taken away
	SkipMoved     Skip = "moved"      // it had gone to another grant or wallet
)

// Pots are the credits of a grant by where they are.
type Pots map[Pot]decimal.Decimal

// move takes the credits of m from one pot to another.
func (p Pots) move(m *Move) {
	p[m.From] = p[m.From].Sub(m.Amount)
	p[m.To] = p[m.To].Add(m.Amount)
}

// An Explanation says how a charge, a hold or anything else that draws on grants
// came to draw on those it did. Its String is a text for people.
type Explanation struct {
	Entry      Entry        `json:"entry"`
	Unit       Unit         `json:"unit"`
	Considered []Considered `json:"considered"` // every grant of the wallet so far: those open in its order, then those of which nothing was left
}

// Considered is one grant that a charge came by.
type Considered struct {
	Grant *Grant          `json:"grant"`
	Had   decimal.Decimal `json:"had"`            // what could be spent of it before
	Drawn decimal.Decimal `json:"drawn"`          // what the entry took
	Skip  Skip            `json:"skip,omitempty"` // why that is nothing
}

// Explain says how an entry came to draw on the grants that it did. It reads the
// journal up to the entry.
//
// It is ErrNotFound if there is no such entry.
func (l *Ledger) Explain(ctx context.Context, id EntryID) (x Explanation, err error) {
	err = l.store.View(ctx, func(tx Tx) error {
		x, err = past{ctx: ctx, tx: tx, id: id.WalletID}.explain(id.Seq)
		return err
	})
	return x, err
}

func (p past) explain(seq int64) (x Explanation, err error) {
	if x.Entry, err = p.at(seq); err != nil {
		return x, err
	}
	before, err := p.wallet(seq - 1)
	if err != nil {
		return x, err
	}
	x.Unit = before.Unit
	trail := make(trail)
	for e, err := range p.between(0, seq-1) {
		if err != nil {
			return x, err
		}
		trail.follow(e)
	}
	for i := range before.Grants {
		g := trail[before.Grants[i].ID]
		x.Considered = append(x.Considered, x.Entry.consider(g))
		delete(trail, g.ID)
	}
	for _, id := range slices.SortedFunc(maps.Keys(trail), GrantID.Compare) {
		x.Considered = append(x.Considered, x.Entry.consider(trail[id]))
	}
	return x, nil
}

// A trail has every grant of a journal, and where its credits went.
type trail map[GrantID]*traced

type traced struct {
	*Grant
	pots Pots
}

func (t trail) follow(e *Entry) {
	for _, g := range e.Grants {
		t[g.ID] = &traced{g, Pots{PotPending: g.Amount}}
	}
	for i := range e.Moves {
		t[e.Moves[i].Grant].pots.move(&e.Moves[i])
	}
}

// consider returns what became of g when e was decided on.
func (e *Entry) consider(g *traced) Considered {
	c := Considered{Grant: g.Grant, Had: g.pots[PotRemaining]}
	for i := range e.Moves {
		if m := &e.Moves[i]; m.Grant == g.ID && m.To != PotRemaining {
			c.Drawn = c.Drawn.Add(m.Amount)
		}
	}
	if c.Drawn.IsZero() {
		c.Skip = e.skip(g)
	}
	return c
}

// skip returns why e drew nothing on g.
func (e *Entry) skip(g *traced) Skip {
	switch {
	case e.EffectiveAt.Before(g.EffectiveAt):
		return SkipPending
	case g.pots[PotRemaining].IsPositive() && g.EndedAt(e.EffectiveAt):
		return SkipExpired
	case g.pots[PotRemaining].IsPositive() && !e.covered(g.Grant):
		return SkipScope
	case g.pots[PotRemaining].IsPositive():
		return SkipNotNeeded
	case g.pots[PotHeld].IsPositive():
		return SkipHeld
	case g.pots[PotExpired].IsPositive():
		return SkipExpired
	case g.pots[PotVoided].IsPositive():
		return SkipVoided
	case g.pots[PotMoved].IsPositive():
		return SkipMoved
	}
	return SkipEmpty
}

// covered reports whether g may pay for something of what e is about.
func (e *Entry) covered(g *Grant) bool {
	if e.Hold != nil && len(e.Parts) == 0 {
		return g.Scope.Covers(e.Hold.Item)
	}
	return len(e.Parts) == 0 || slices.ContainsFunc(e.Parts, func(p Part) bool { return g.Scope.Covers(p.Item) })
}

// A GrantExplanation says where every credit of a grant went. Its String is a text
// for people.
type GrantExplanation struct {
	Grant *Grant `json:"grant"`
	Unit  Unit   `json:"unit"`
	Pots  Pots   `json:"pots"`  // they sum to its Amount
	Steps []Step `json:"steps"` // how it came to that, oldest first
}

// A Step is one thing that happened to credits of a grant.
type Step struct {
	Seq    int64           `json:"seq"`
	Kind   Kind            `json:"kind"`
	At     time.Time       `json:"at"`
	From   Pot             `json:"from"`
	To     Pot             `json:"to"`
	Amount decimal.Decimal `json:"amount"`
	Item   Item            `json:"item,omitzero"` // that it paid for
	Info
}

// ExplainGrant says where every credit of a grant went. It reads the journal from
// the entry that issued it.
//
// It is ErrNotFound if there is no such grant.
func (l *Ledger) ExplainGrant(ctx context.Context, wallet WalletID, id GrantID) (x GrantExplanation, err error) {
	err = l.store.View(ctx, func(tx Tx) error {
		x, err = past{ctx: ctx, tx: tx, id: wallet}.explainGrant(id)
		return err
	})
	return x, err
}

func (p past) explainGrant(id GrantID) (x GrantExplanation, err error) {
	w, err := p.stored()
	if err != nil {
		return x, err
	}
	if x.Grant, err = p.grant(id); err != nil {
		return x, err
	}
	x.Unit, x.Pots = w.Unit, Pots{PotPending: x.Grant.Amount}
	for e, err := range p.between(id.Seq-1, w.Seq) {
		if err != nil {
			return x, err
		}
		for i := range e.Moves {
			if m := &e.Moves[i]; m.Grant == id {
				x.Pots.move(m)
				x.Steps = append(x.Steps, e.step(m))
			}
		}
	}
	maps.DeleteFunc(x.Pots, func(_ Pot, d decimal.Decimal) bool { return d.IsZero() })
	return x, nil
}

func (e *Entry) step(m *Move) Step {
	return Step{
		Seq: e.Seq, Kind: e.Kind, At: e.EffectiveAt, From: m.From, To: m.To, Amount: m.Amount,
		Item: e.item(m), Info: e.Info,
	}
}

// item returns what a move of e paid for.
func (e *Entry) item(m *Move) Item {
	switch {
	case m.Part < len(e.Parts) && e.Kind != KindRefund:
		return e.Parts[m.Part].Item
	case e.Kind == KindRepay && len(e.Debts) > 0:
		return e.Debts[0].Item
	}
	return Item{}
}

// A WalletExplanation says why a wallet's balance is what it is. Its String is a
// text to be pasted into a reply.
//
//	Balance.Total = sum of By
//	-(usage + refund) = sum of Items + sum of Invoices
type WalletExplanation struct {
	Unit     Unit                         `json:"unit"`
	Balance  Balance                      `json:"balance"`            // now, with what has fallen due
	By       map[Movement]decimal.Decimal `json:"by"`                 // what each movement did to it
	Items    map[string]decimal.Decimal   `json:"items"`              // spent on each item, less what refunds brought back; "": on none in particular
	Invoices map[string]decimal.Decimal   `json:"invoices,omitempty"` // put against each invoice, by its key, less the same
	Overage  decimal.Decimal              `json:"overage,omitzero"`   // beside the balance: what no credit paid and no bill has taken yet
}

// ExplainWallet says why a wallet's balance is what it is. It reads the whole
// journal.
//
// It is ErrNotFound if there is no such wallet.
func (l *Ledger) ExplainWallet(ctx context.Context, id WalletID) (x WalletExplanation, err error) {
	now := l.now()
	err = l.store.View(ctx, func(tx Tx) error {
		x, err = past{ctx: ctx, tx: tx, id: id}.explainWallet(now)
		return err
	})
	return x, err
}

func (p past) explainWallet(now time.Time) (x WalletExplanation, err error) {
	w, err := p.stored()
	if err != nil {
		return x, err
	}
	x = WalletExplanation{
		Unit: w.Unit, By: make(map[Movement]decimal.Decimal),
		Items: make(map[string]decimal.Decimal), Invoices: make(map[string]decimal.Decimal),
	}
	for e, err := range p.between(0, w.Seq) {
		if err != nil {
			return x, err
		}
		charge := *e
		if e.Kind == KindRefund {
			if charge, err = p.at(e.Of); err != nil {
				return x, err
			}
		}
		x.add(e, &charge)
		if e.Seq > w.Billed && e.Kind != KindBill {
			x.Overage = x.Overage.Add(e.Overage())
		}
	}
	due := newDraft(&w, now)
	for _, e := range due.entries {
		x.add(e, e)
	}
	due.w.SettledAt = due.now
	x.Balance = due.w.BalanceNow()
	for _, sums := range []map[string]decimal.Decimal{x.Items, x.Invoices} {
		maps.DeleteFunc(sums, func(_ string, d decimal.Decimal) bool { return d.IsZero() })
	}
	return x, nil
}

// add counts what e did to the balance. Charge is what it gives back, or e itself.
func (x *WalletExplanation) add(e, charge *Entry) {
	if !e.Change.IsZero() {
		m := e.Movement()
		x.By[m] = x.By[m].Add(e.Change)
	}
	for i := range e.Moves {
		switch m := &e.Moves[i]; {
		case m.To == PotSpent:
			x.spend(charge, charge.item(m), m.Amount)
		case m.From == PotSpent && m.To != PotExpired: // what lapses at once does not come back
			x.spend(charge, charge.item(m), m.Amount.Neg())
		}
	}
	for _, c := range e.Debts {
		x.spend(charge, c.Item, c.Amount)
	}
}

// spend counts an amount as spent on an item or, if charge is one, on an invoice.
func (x *WalletExplanation) spend(charge *Entry, item Item, amount decimal.Decimal) {
	sums, name := x.Items, item.ID
	if charge.Kind == KindInvoice {
		sums, name = x.Invoices, charge.Key
	}
	sums[name] = sums[name].Add(amount)
}
