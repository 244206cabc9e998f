package ledger

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// apply makes w what it is after e. It is the only code that changes a wallet:
// rules decide on entries, and replaying the same entries gives the same wallet.
// The slices of w must be its own, see [Wallet.clone], but for Holds: most entries
// change none of them, and those that do make the slice anew.
func (w *Wallet) apply(e *Entry) {
	w.applyTerms(e)
	sort := w.applyGrants(e)
	place := w.places(len(e.Moves))
	for i := range e.Moves {
		w.move(e, &e.Moves[i], place)
	}
	for i := range e.Debts {
		w.owe(&e.Debts[i])
	}
	for _, c := range e.Counts {
		w.count(c)
	}
	if e.Subscription != nil {
		w.applySubscription(*e.Subscription)
		sort = true
	}
	if e.Hold != nil {
		w.applyHold(*e.Hold)
	}
	w.applyTopUp(e)
	w.Balance = e.Balance
	w.SettledAt = e.bookedAt()
	w.Seq = e.Seq
	w.Hash = e.Hash
	w.prune()
	if sort {
		w.sortGrants()
	}
	w.DueAt = w.nextDue()
}

// clone returns a copy of w whose slices can be changed, but for Holds.
func (w *Wallet) clone() Wallet {
	var c Wallet
	c.become(w)
	return c
}

// become makes w a clone of other, in the space that the slices of w have.
func (w *Wallet) become(other *Wallet) {
	subscriptions, grants, debts, counters := w.Subscriptions[:0], w.Grants[:0], w.Debts[:0], w.Counters[:0]
	*w = *other
	w.Subscriptions = append(subscriptions, other.Subscriptions...)
	w.Grants = append(grants, other.Grants...)
	w.Debts = append(debts, other.Debts...)
	w.Counters = append(counters, other.Counters...)
}

func (w *Wallet) applyTerms(e *Entry) {
	switch e.Kind {
	case KindOpen:
		w.ID, w.Opening, w.Status, w.OpenedAt = e.WalletID, *e.Opening, StatusOpen, e.EffectiveAt
	case KindThaw:
		w.Status = StatusOpen
	case KindFreeze:
		w.Status = StatusFrozen
	case KindBill:
		w.Billed = e.Billed
	case KindClose:
		w.Status = StatusClosed
		w.Subscriptions, w.Holds = nil, nil
	}
	if e.Terms != nil {
		w.Terms = *e.Terms
	}
}

// applyGrants adds the grants that e issued or reopened and reports whether the
// wallet's order has to be made anew.
func (w *Wallet) applyGrants(e *Entry) bool {
	for _, g := range e.Grants {
		w.Grants = append(w.Grants, OpenGrant{Grant: g, Remaining: g.Amount})
	}
	for _, g := range e.Reopened {
		w.Grants = append(w.Grants, OpenGrant{Grant: g})
	}
	return len(e.Grants)+len(e.Reopened) > 0 || e.Terms != nil
}

func (w *Wallet) move(e *Entry, m *Move, place func(GrantID) int) {
	i := place(m.Grant)
	if i < 0 {
		panic(broken("entry %v moves grant %v, of which nothing is left", e.ID(), m.Grant))
	}
	g := &w.Grants[i]
	if from := g.pot(m.From); from != nil {
		*from = from.Sub(m.Amount)
		if from.IsNegative() {
			panic(broken("entry %v takes %v too much from what is %s of grant %v",
				e.ID(), from.Neg(), m.From, m.Grant))
		}
	}
	if to := g.pot(m.To); to != nil {
		*to = to.Add(m.Amount)
	}
	switch {
	case g.Expired.IsZero():
		g.LapsedAt = time.Time{}
	case g.LapsedAt.IsZero():
		g.LapsedAt = e.EffectiveAt
	}
}

// pot returns where the wallet keeps what is in p, or nil if only the journal
// tells. Before a grant takes effect its pending credits are its remaining ones.
func (g *OpenGrant) pot(p Pot) *decimal.Decimal {
	switch p {
	case PotPending, PotRemaining:
		return &g.Remaining
	case PotHeld:
		return &g.Held
	case PotExpired:
		return &g.Expired
	}
	return nil
}

func (w *Wallet) owe(c *DebtChange) {
	i := slices.IndexFunc(w.Debts, func(d Debt) bool { return d.Charge == c.Charge && d.Part == c.Part })
	if i < 0 {
		w.Debts = append(w.Debts, Debt(*c))
		return
	}
	w.Debts[i].Amount = w.Debts[i].Amount.Add(c.Amount)
	if w.Debts[i].Amount.IsZero() {
		w.Debts = slices.Delete(w.Debts, i, i+1)
	}
}

func (w *Wallet) count(c Count) {
	i := slices.IndexFunc(w.Counters, func(o Counter) bool { return o.Name == c.Name && o.From.Equal(c.From) })
	if i < 0 {
		w.Counters = append(w.Counters, c)
		return
	}
	o := &w.Counters[i]
	o.Quantity = o.Quantity.Add(c.Quantity)
	o.Credits = o.Credits.Add(c.Credits)
}

func (w *Wallet) applySubscription(s Subscription) {
	i := w.subscription(s.Name)
	switch {
	case i < 0:
		w.Subscriptions = append(w.Subscriptions, s)
	case s.Ended:
		w.Subscriptions = slices.Delete(w.Subscriptions, i, i+1)
	default:
		w.Subscriptions[i] = s
	}
}

func (w *Wallet) applyHold(h Hold) {
	i := slices.IndexFunc(w.Holds, func(o Hold) bool { return o.ID == h.ID })
	switch {
	case h.Ended && i >= 0:
		w.Holds = slices.Concat(w.Holds[:i], w.Holds[i+1:])
	case i >= 0:
		w.Holds = slices.Clone(w.Holds)
		w.Holds[i] = h
	case !h.Ended:
		w.Holds = append(slices.Clip(w.Holds), h)
	}
}

// prune drops grants and counters of which nothing can become any more.
func (w *Wallet) prune() {
	late := w.late()
	w.Grants = slices.DeleteFunc(w.Grants, func(g OpenGrant) bool { return g.idle(late) })
	w.Counters = slices.DeleteFunc(w.Counters, func(c Counter) bool { return c.over(w.SettledAt, late) })
}

// changeOf returns what moves and debts do to a balance: what came to remain or to
// be held, less what left that way, less what is owed more.
func changeOf(moves []Move, debts []DebtChange) decimal.Decimal {
	var in, out decimal.Decimal
	for i := range moves {
		from, to := moves[i].From.live(), moves[i].To.live()
		switch {
		case to && !from:
			in = plus(in, moves[i].Amount)
		case from && !to:
			out = plus(out, moves[i].Amount)
		}
	}
	for i := range debts {
		out = plus(out, debts[i].Amount)
	}
	return plus(in, out.Neg())
}

// live reports whether credits in p count in a wallet's balance.
func (p Pot) live() bool { return p == PotRemaining || p == PotHeld }
