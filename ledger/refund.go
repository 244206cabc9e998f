package ledger

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// A RefundPolicy says what becomes of credits that are refunded into a grant that
// has ended: it has expired or, if a plan gave it, the subscription was cancelled, has
// begun another period or has no such bucket any more. The zero policy lets them lapse
// at once.
type RefundPolicy struct {
	// Life is for how long they come back, as a new grant on the terms of the old
	// one, counted from the refund. Zero: not at all.
	Life expiry.Cycle `json:"life,omitzero"`
}

func (p RefundPolicy) check() error {
	if err := p.Life.Validate(); err != nil {
		return refused("Refunds.Life", err)
	}
	return nil
}

// RefundRequest is the input of [Ledger.Refund]. Key, WalletID and Charge are
// required.
type RefundRequest struct {
	Key      string
	WalletID WalletID
	Charge   string // the key of the charge, capture or invoice

	Amount   decimal.Decimal // zero: all that is left of it, or what Quantity says
	Quantity decimal.Decimal // of a metered item: how much less was used; the price is the difference it makes
	Part     string          // only the parts of this item, or of this line of an invoice; empty: all
	Policy   *RefundPolicy   // nil: the wallet's
	Info
}

// Refund gives spent credits back to the grants that they came from, in the
// reverse of the order in which they were drawn; what was owed is forgiven first.
// A charge can be refunded in parts until all of it has been given back. What no
// credit paid, its overage, is not there to refund.
//
// It is ErrNotFound if there is no such charge, ErrClosed if all of it has been
// given back, ErrInvalid if less is left of it than Amount.
func (l *Ledger) Refund(ctx context.Context, r RefundRequest) (Entry, error) { return l.Do(ctx, r) }

func (r RefundRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r RefundRequest) reads() []EntryKey { return []EntryKey{{r.WalletID, r.Charge}} }

func (r RefundRequest) check() (_ Request, err error) {
	if r.Charge == "" {
		return nil, invalid("Charge", "is empty")
	}
	if r.Amount, err = checkNumber("Amount", r.Amount); err != nil {
		return nil, err
	}
	if r.Quantity, err = checkNumber("Quantity", r.Quantity); err != nil {
		return nil, err
	}
	if err := cmp.Or(checkNotNegative("Amount", r.Amount), checkNotNegative("Quantity", r.Quantity)); err != nil {
		return nil, err
	}
	if r.Amount.IsPositive() && r.Quantity.IsPositive() {
		return nil, invalid("Amount", "and Quantity are both stated")
	}
	if r.Policy != nil {
		if err := r.Policy.check(); err != nil {
			return nil, err
		}
	}
	return r, cmp.Or(checkText("Charge", r.Charge, MaxKey), checkText("Part", r.Part, MaxKey), r.Info.check())
}

func (r RefundRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	charge, err := d.keyed(EntryKey{r.WalletID, r.Charge})
	if err != nil {
		return err
	}
	if charge.Kind != KindCharge && charge.Kind != KindCapture && charge.Kind != KindInvoice {
		return notFound("charge with key", r.Charge)
	}
	later, err := d.following(charge.ID())
	if err != nil {
		return err
	}
	paid := paidBy(charge, later, r.Part)
	e := &Entry{Kind: KindRefund, Of: charge.Seq, Info: r.Info}
	amount, err := w.refundable(&r, charge, later, paid, e)
	if err != nil {
		return err
	}
	policy := w.w.Refunds
	if r.Policy != nil {
		policy = *r.Policy
	}
	if err := d.unwind(w, paid, amount, policy, e); err != nil {
		return err
	}
	w.uncount(e, charge, later)
	d.answer(w, e)
	w.payDebts()
	return nil
}

// refundable returns how much of what was paid r asks for, and puts what a smaller
// quantity changes besides into e.
func (d *draft) refundable(r *RefundRequest, charge *Entry, later []Entry, paid []slice, e *Entry) (decimal.Decimal, error) {
	left := sum(paid, func(s slice) decimal.Decimal { return s.amount })
	if r.Quantity.IsPositive() {
		return d.correct(r, charge, later, left, e)
	}
	if !left.IsPositive() {
		return left, closed("charge", r.Charge)
	}
	if r.Amount.IsZero() {
		return left, nil
	}
	amount, err := checkAmount("Amount", r.Amount, d.w.Unit)
	if err == nil && amount.GreaterThan(left) {
		err = invalid("Amount", "is %v, more than the %v left of the charge", amount, left)
	}
	return amount, err
}

// correct prices the use of one metered part of charge less r.Quantity and returns
// how much of what is left of its payment the difference takes back. The rest of
// the difference was overage, of which less is to be invoiced. The counters that
// the part added to lose the quantity.
func (d *draft) correct(r *RefundRequest, charge *Entry, later []Entry, left decimal.Decimal, e *Entry) (decimal.Decimal, error) {
	i := slices.IndexFunc(charge.Parts, func(p Part) bool { return p.Card != "" && (r.Part == "" || p.named(r.Part)) })
	if i < 0 {
		return left, invalid("Quantity", "is stated, but the charge has no such metered part")
	}
	p := charge.Parts[i]
	quantity, overage := p.Quantity, p.Overage
	for k := range later {
		for _, less := range later[k].Parts {
			if later[k].Kind == KindRefund && less.Item == p.Item {
				quantity, overage = quantity.Add(less.Quantity), overage.Add(less.Overage)
			}
		}
	}
	if r.Quantity.GreaterThan(quantity) {
		return left, invalid("Quantity", "is %v, more than the %v left of the charge", r.Quantity, quantity)
	}
	less := Use{Item: p.Item.ID, Quantity: r.Quantity.Neg(), Attributes: p.Attributes}
	part, counts, err := d.part(less, charge.EffectiveAt, nil)
	if err != nil {
		return left, err
	}
	amount := part.Amount.Neg()
	if over := least(amount.Sub(left), overage); over.IsPositive() {
		part.Overage = over.Neg()
	}
	e.Parts, e.Counts = []Part{part}, counts
	return least(amount, left), nil
}

// named reports whether p is what name, an item's ID or a line's, means.
func (p *Part) named(name string) bool { return p.Line == name || p.Line == "" && p.Item.ID == name }

// A slice is what one grant paid of one part of a charge, or what is owed for it,
// as far as it has not been given back.
type slice struct {
	part   int
	item   Item
	grant  GrantID // zero: owed
	amount decimal.Decimal
}

// paidBy returns who paid charge, as far as it has not been given back since, in
// the order in which they did: its draws, then credits that came later and paid
// what was owed, then what is still owed. Part, if it is not empty, names the parts.
func paidBy(charge *Entry, later []Entry, part string) []slice {
	all := slicesOf(charge, charge)
	for i := range later {
		if later[i].Kind == KindRepay {
			all = append(all, slicesOf(charge, &later[i])...)
		}
	}
	for i, p := range charge.Parts {
		all = append(all, slice{part: i, item: p.Item, amount: owed(charge, later, i)})
	}
	for i := range later {
		if later[i].Kind == KindRefund {
			giveBack(all, &later[i])
		}
	}
	return slices.DeleteFunc(all, func(s slice) bool {
		return s.amount.IsZero() || part != "" && !charge.Parts[s.part].named(part)
	})
}

// slicesOf returns what the draws of e paid of charge.
func slicesOf(charge, e *Entry) []slice {
	var paid []slice
	for _, draw := range e.Draws() {
		paid = append(paid, slice{draw.Part, charge.Parts[draw.Part].Item, draw.Grant, draw.Amount})
	}
	return paid
}

// owed returns what is still owed of one part of charge after later entries.
func owed(charge *Entry, later []Entry, part int) decimal.Decimal {
	left := decimal.Zero
	add := func(e *Entry) {
		for _, c := range e.Debts {
			if c.Charge == charge.Seq && c.Part == part {
				left = left.Add(c.Amount)
			}
		}
	}
	add(charge)
	for i := range later {
		add(&later[i])
	}
	return left
}

// giveBack takes from all what the refund e gave back already, the last first.
func giveBack(all []slice, e *Entry) {
	for _, m := range e.Moves {
		if m.From != PotSpent {
			continue
		}
		left := m.Amount
		for i := range slices.Backward(all) {
			s := &all[i]
			if s.grant == m.Grant && s.part == m.Part {
				back := least(s.amount, left)
				s.amount, left = s.amount.Sub(back), left.Sub(back)
			}
		}
	}
}

// unwind puts into e what gives amount of slices back, the last first.
func (d *desk) unwind(w *draft, all []slice, amount decimal.Decimal, policy RefundPolicy, e *Entry) error {
	for _, s := range slices.Backward(all) {
		back := least(s.amount, amount)
		if !back.IsPositive() {
			continue
		}
		amount = amount.Sub(back)
		if s.grant.IsZero() {
			e.Debts = append(e.Debts, DebtChange{Charge: e.Of, Part: s.part, Item: s.item, Amount: back.Neg()})
			continue
		}
		if err := d.restore(w, s, back, policy, e); err != nil {
			return err
		}
	}
	return nil
}

// restore puts into e what gives amount back to the grant of s: to what remains of
// it or, if it has ended, as policy says.
func (d *desk) restore(w *draft, s slice, amount decimal.Decimal, policy RefundPolicy, e *Entry) error {
	g, err := d.terms(w, s.grant, e)
	if err != nil {
		return err
	}
	m := Move{Grant: g.ID, From: PotSpent, To: PotRemaining, Amount: amount, Part: s.part}
	switch {
	case !w.w.ended(g, w.now):
	case policy.Life.IsZero():
		m.To = PotExpired
	default:
		m.To = PotMoved
		again := *g
		live := amount
		if i := w.w.grant(g.ID); i >= 0 {
			live = live.Add(w.w.Grants[i].Live())
		}
		again.Source, again.Amount, again.Paid = SourceRefund, amount, g.part(live, amount)
		again.Parent, again.EffectiveAt, again.GraceAt = g.ID, w.now, time.Time{}
		again.ExpiresAt = policy.Life.Add(w.now, zone(w.w.Zone))
		e.Grants = append(e.Grants, &again)
		e.Moves = append(e.Moves, m)
		e.Moves = append(e.Moves, w.issue(&again, len(e.Grants), w.now)...)
		return nil
	}
	e.Moves = append(e.Moves, m)
	return nil
}

// terms returns a grant of w, which e reopens if nothing was left of it.
func (d *desk) terms(w *draft, id GrantID, e *Entry) (*Grant, error) {
	if i := w.w.grant(id); i >= 0 {
		return w.w.Grants[i].Grant, nil
	}
	for _, g := range e.Reopened {
		if g.ID == id {
			return g, nil
		}
	}
	issued, err := d.issued(w, id)
	if err != nil {
		return nil, err
	}
	e.Reopened = append(e.Reopened, issued)
	return issued, nil
}

// issued returns a grant as it was issued.
func (d *desk) issued(w *draft, id GrantID) (*Grant, error) {
	by, err := d.entry(EntryID{w.w.ID, id.Seq})
	if err != nil {
		return nil, err
	}
	return by.issued(id)
}
