package ledger

import (
	"cmp"
	"context"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// AdjustRequest is the input of [Ledger.Adjust]. Key, WalletID, Amount, Reason and
// Actor are required.
type AdjustRequest struct {
	Key      string
	WalletID WalletID
	Amount   decimal.Decimal // above zero: added; below: taken away
	Bucket   string          // added to, or taken from, this bucket; empty: none in particular
	Expiry   expiry.Policy   // of what is added
	Info
}

// Adjust adds credits to a wallet by hand, as a grant, or takes them away, in the
// wallet's order.
//
// It is an [*InsufficientCreditsError] if there is less to take away, ErrFrozen if
// the wallet is frozen, ErrNotFound if there is no such bucket.
func (l *Ledger) Adjust(ctx context.Context, r AdjustRequest) (Entry, error) { return l.Do(ctx, r) }

func (r AdjustRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r AdjustRequest) check() (_ Request, err error) {
	if r.Amount, err = checkNumber("Amount", r.Amount); err != nil {
		return nil, err
	}
	switch {
	case r.Amount.IsZero():
		return nil, invalid("Amount", "is zero")
	case r.Reason == "":
		return nil, invalid("Reason", "is empty")
	case r.Actor == "":
		return nil, invalid("Actor", "is empty")
	}
	return r, cmp.Or(checkExpiry(r.Expiry), r.Info.check())
}

func (r AdjustRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	if r.Amount.IsPositive() {
		return r.add(d, w)
	}
	return r.deduct(d, w)
}

func (r AdjustRequest) add(d *desk, w *draft) error {
	g, err := w.grant(&GrantRequest{
		Source: SourceAdjustment, Amount: r.Amount, Bucket: r.Bucket, Expiry: r.Expiry, Info: r.Info,
	})
	if err != nil {
		return err
	}
	d.answer(w, &Entry{Kind: KindAdd, Grants: []*Grant{g}, Moves: w.issue(g, 1, w.now), Info: r.Info})
	w.payDebts()
	return nil
}

func (r AdjustRequest) deduct(d *desk, w *draft) error {
	if _, ok := w.w.Bucket(r.Bucket); !ok && r.Bucket != "" {
		return notFound("bucket", r.Bucket)
	}
	if w.w.Status == StatusFrozen {
		return frozen(w.w.ID)
	}
	amount, err := checkAmount("Amount", r.Amount.Neg(), w.w.Unit)
	if err != nil {
		return err
	}
	moves, short := w.takeAway(amount, PotVoided, func(g *OpenGrant) bool { return r.Bucket == "" || g.Bucket == r.Bucket })
	if short.IsPositive() {
		return &InsufficientCreditsError{WalletID: r.WalletID, Want: amount, Have: amount.Sub(short)}
	}
	d.answer(w, &Entry{Kind: KindDeduct, Moves: moves, Info: r.Info})
	return nil
}

// takeAway draws amount from what remains of the grants that from chooses, in the
// wallet's order, whatever their scope. It returns the moves, and what was short.
func (d *draft) takeAway(amount decimal.Decimal, to Pot, from func(*OpenGrant) bool) ([]Move, decimal.Decimal) {
	a := d.w.allocator(d.now)
	a.anything, a.only = true, make(map[GrantID]bool)
	for i := range d.w.Grants {
		if g := &d.w.Grants[i]; from(g) {
			a.only[g.ID] = true
		}
	}
	return a.take(Item{}, amount, to)
}
