package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// InvoiceRequest is the input of [Ledger.Invoice]. Key, Wallets and Allocate are
// required. Package invoice makes such requests from invoices.
type InvoiceRequest struct {
	Key     string     // the invoice's; it is taken in each of the wallets
	Wallets []WalletID // in the order in which they are drawn on
	Content Hash       // of the invoice, to tell it from another with the same key, see [HashOf]

	// At is when what is invoiced was used, but for parts that say otherwise; zero:
	// now. What was live then may be drawn on, as by a late charge.
	At time.Time

	// Allocate says what each of the wallets pays, in a slice parallel to them. It
	// must be a pure function of its arguments, and may be called more than once.
	Allocate func(wallets []Wallet, at time.Time) ([]Application, error) `json:"-"`

	Info
}

// An Application is the parts of an invoice that one wallet pays, and the grants
// that pay them. The Amount of each part is what its draws add up to.
type Application struct {
	Parts []Part
	Draws []Draw
}

// Invoice puts credits of one or more wallets against an invoice, all or nothing,
// once: the same invoice again answers what was done. The answer is the entry of
// the first wallet; the entries of the others carry the same key and name it as
// their Peer. What was drawn goes back by [Ledger.Refund].
//
// It is ErrKeyReused if the key was used with other content, ErrFrozen if one of
// the wallets is frozen, and whatever error Allocate returns.
func (l *Ledger) Invoice(ctx context.Context, r InvoiceRequest) (Entry, error) { return l.Do(ctx, r) }

func (r InvoiceRequest) header() (WalletID, string) {
	if len(r.Wallets) == 0 {
		return WalletID{}, r.Key
	}
	return r.Wallets[0], r.Key
}

func (r InvoiceRequest) others() []WalletID { return r.Wallets[1:] }

func (r InvoiceRequest) reads() []EntryKey {
	var keys []EntryKey
	for _, id := range r.Wallets[1:] {
		keys = append(keys, EntryKey{id, r.Key})
	}
	return keys
}

func (r InvoiceRequest) check() (_ Request, err error) {
	if r.Allocate == nil {
		return nil, invalid("Allocate", "is not set")
	}
	for i, id := range r.Wallets {
		if id.IsZero() || slices.Contains(r.Wallets[:i], id) {
			return nil, invalid("Wallets", "are not set, or one stands twice")
		}
	}
	r.At, err = checkTime("At", r.At)
	return r, cmp.Or(err, r.Info.check())
}

func (r InvoiceRequest) decide(d *desk) error {
	drafts, at, err := r.open(d)
	if err != nil {
		return err
	}
	wallets := make([]Wallet, len(drafts))
	for i, w := range drafts {
		wallets[i] = w.reachable()
	}
	applied, err := r.Allocate(wallets, at)
	if err != nil {
		return err
	}
	if len(applied) != len(drafts) {
		return invalid("Allocate", "returned %d applications for %d wallets", len(applied), len(drafts))
	}
	for i, w := range drafts {
		payer := w.reachable()
		if err := payer.honour(applied[i], at, d.now); err != nil {
			return err
		}
	}
	for i, w := range drafts {
		r.post(d, drafts[0], w, applied[i])
	}
	return nil
}

// open returns the drafts of the wallets, and the instant that r is about.
func (r InvoiceRequest) open(d *desk) (drafts []*draft, at time.Time, err error) {
	for i, id := range r.Wallets {
		if e := d.known[EntryKey{id, r.Key}]; i > 0 && e != nil {
			return nil, at, &KeyReusedError{Key: r.Key, Entry: e.ID()}
		}
		w, err := d.draft(id)
		if err != nil {
			return nil, at, err
		}
		if w.w.Status == StatusFrozen {
			return nil, at, frozen(w.w.ID)
		}
		if at, _, err = w.usedAt(r.At); err != nil {
			return nil, at, err
		}
		drafts = append(drafts, w)
	}
	return drafts, at, nil
}

// reachable returns the wallet without what lapsed so long ago that no use may draw
// on it any more, though nobody has touched the wallet since. Parts of an invoice may
// have been used even before.
func (d *draft) reachable() Wallet {
	w := d.w.clone()
	late := d.now.Add(-w.Lateness)
	w.Grants = slices.DeleteFunc(w.Grants, func(g OpenGrant) bool { return g.idle(late) })
	return w
}

// honour checks that w can pay what a says at the instant at.
func (w *Wallet) honour(a Application, at, now time.Time) error {
	for i, p := range a.Parts {
		if p.At.After(now) {
			return invalid("At", "of %s is %v, in the future", a.title(i), p.At)
		}
		if _, err := checkAmount("Allocate", p.Amount, w.Unit); err != nil {
			return err
		}
	}
	paid, err := w.drawn(a, at)
	if err != nil {
		return err
	}
	for i, p := range a.Parts {
		if !paid[i].Equal(p.Amount) {
			return invalid("Allocate", "says that %s costs %v, and draws %v for it", a.title(i), p.Amount, paid[i])
		}
	}
	return nil
}

// drawn checks the draws of a and returns what they pay of each part.
func (w *Wallet) drawn(a Application, at time.Time) ([]decimal.Decimal, error) {
	alloc := w.allocator(at)
	alloc.prepare(a.Parts)
	paid := make([]decimal.Decimal, len(a.Parts))
	for _, draw := range a.Draws {
		if draw.Part < 0 || draw.Part >= len(a.Parts) {
			return nil, invalid("Allocate", "draws for part %d, and there are %d, from 0", draw.Part, len(a.Parts))
		}
		if _, err := checkAmount("Allocate", draw.Amount, w.Unit); err != nil {
			return nil, err
		}
		i := w.grant(draw.Grant)
		switch {
		case !draw.Amount.IsPositive():
			return nil, invalid("Allocate", "draws %v for %s, which is not positive", draw.Amount, a.title(draw.Part))
		case i < 0:
			return nil, invalid("Allocate", "draws on grant %v for %s, and nothing is left of it", draw.Grant, a.title(draw.Part))
		case !alloc.pays(i, a.Parts, draw.Part):
			return nil, invalid("Allocate", "draws on grant %v for %s, which it may not pay for", draw.Grant, a.title(draw.Part))
		}
		if alloc.left[i] = alloc.left[i].Sub(draw.Amount); alloc.left[i].IsNegative() {
			return nil, invalid("Allocate", "draws more on grant %v than it has", draw.Grant)
		}
		paid[draw.Part] = paid[draw.Part].Add(draw.Amount)
	}
	return paid, nil
}

// title is what an error calls part i: the line that it is of, if there is one.
func (a *Application) title(i int) string {
	if line := a.Parts[i].Line; line != "" {
		return fmt.Sprintf("line %.130q", line)
	}
	return fmt.Sprintf("part %d", i)
}

func (r InvoiceRequest) post(d *desk, first, w *draft, a Application) {
	e := &Entry{Kind: KindInvoice, Parts: a.Parts, Info: r.Info}
	for _, draw := range a.Draws {
		e.Moves = append(e.Moves, Move{
			Grant: draw.Grant, From: PotRemaining, To: PotSpent, Amount: draw.Amount, Part: draw.Part,
		})
	}
	w.reinstate(e.Moves)
	if w == first {
		d.answer(w, e)
		return
	}
	e.Key, e.Fingerprint, e.Peer = d.key, d.fingerprint, d.outcome.entry.ID()
	w.post(e)
}

// BillRequest is the input of [Ledger.Bill]. Key and WalletID are required.
type BillRequest struct {
	Key      string
	WalletID WalletID
	To       time.Time // what was booked before this instant; zero: all so far
	Info
}

// Bill takes the overage of a wallet that has not been billed yet, to be invoiced:
// the parts of its entry are the items, with what no credit paid of each. It is
// billed once: another bill finds nothing of it. Use that is reported after its
// period was billed is on the next bill.
func (l *Ledger) Bill(ctx context.Context, r BillRequest) (Entry, error) { return l.Do(ctx, r) }

func (r BillRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r BillRequest) reads() []EntryKey { return nil }

func (r BillRequest) check() (_ Request, err error) {
	r.To, err = checkTime("To", r.To)
	return r, cmp.Or(err, r.Info.check())
}

func (r BillRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	if r.To.IsZero() {
		r.To = maxTime
	}
	e := &Entry{Kind: KindBill, Billed: w.w.Billed, Info: r.Info}
	err = d.after(r.WalletID, w.w.Billed, func(other *Entry) bool {
		if !other.bookedAt().Before(r.To) {
			return false
		}
		e.Billed = other.Seq
		if other.Kind != KindBill {
			e.bill(other.Parts)
		}
		return true
	})
	if err != nil {
		return err
	}
	d.answer(w, e)
	return nil
}

// bill adds the overage of parts to those of e, one for each item.
func (e *Entry) bill(parts []Part) {
	for _, p := range parts {
		if p.Overage.IsZero() {
			continue
		}
		i := slices.IndexFunc(e.Parts, func(b Part) bool { return b.Item == p.Item })
		if i < 0 {
			i = len(e.Parts)
			e.Parts = append(e.Parts, Part{Item: p.Item})
		}
		b := &e.Parts[i]
		b.Quantity = b.Quantity.Add(p.Quantity)
		b.Amount = b.Amount.Add(p.Overage)
		b.Overage = b.Amount
	}
}

// after calls each with the entries of a wallet beyond a Seq, written before or on
// this desk, until it returns false.
func (d *desk) after(id WalletID, seq int64, each func(*Entry) bool) error {
	if d.tx != nil {
		for e, err := range d.past(id).journal(Page{After: seq}) {
			if err != nil {
				return d.fail(err)
			}
			if !each(e) {
				return nil
			}
			seq = e.Seq
		}
	}
	for _, e := range d.entries {
		if e.WalletID == id && e.Seq > seq && !each(e) {
			return nil
		}
	}
	return nil
}

// Entry returns the entry that a request with that key made in a wallet.
//
// It is ErrNotFound if there is none.
func (l *Ledger) Entry(ctx context.Context, id WalletID, key string) (e Entry, err error) {
	err = l.store.View(ctx, func(tx Tx) error {
		found, err := tx.Keyed(ctx, []EntryKey{{id, key}})
		if err == nil && len(found) == 0 {
			err = notFound("entry with key", key)
		}
		if err == nil {
			e = found[0]
		}
		return err
	})
	return e, err
}

// Grants returns grants of a wallet as they were issued, in the order of ids.
//
// It is ErrNotFound if there is no such grant.
func (l *Ledger) Grants(ctx context.Context, id WalletID, ids []GrantID) (grants []*Grant, err error) {
	err = l.store.View(ctx, func(tx Tx) (err error) {
		p, found := past{ctx: ctx, tx: tx, id: id}, make(map[GrantID]*Grant)
		grants = make([]*Grant, len(ids))
		for i, g := range ids {
			if found[g] == nil {
				if found[g], err = p.grant(g); err != nil {
					return err
				}
			}
			grants[i] = found[g]
		}
		return nil
	})
	return grants, err
}
