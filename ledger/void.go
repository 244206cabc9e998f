package ledger

import (
	"cmp"
	"context"

	"github.com/shopspring/decimal"
)

// VoidRequest is the input of [Ledger.Void]. Key, WalletID and Grant are required.
type VoidRequest struct {
	Key      string
	WalletID WalletID
	Grant    GrantID
	Amount   decimal.Decimal // zero: all that is left and not held
	Info
}

// Void cancels what is left of a grant, or part of it, for good. What is held
// stays; what was spent stays spent.
//
// It is ErrNotFound if there is no such grant, ErrClosed if nothing is left of it,
// ErrInvalid if less is left than Amount.
func (l *Ledger) Void(ctx context.Context, r VoidRequest) (Entry, error) { return l.Do(ctx, r) }

func (r VoidRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r VoidRequest) reads() []EntryKey { return nil }

func (r VoidRequest) check() (_ Request, err error) {
	if r.Grant.IsZero() {
		return nil, invalid("Grant", "is not set")
	}
	r.Amount, err = checkNumber("Amount", r.Amount)
	return r, cmp.Or(err, checkNotNegative("Amount", r.Amount), r.Info.check())
}

func (r VoidRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	amount, err := checkAmount("Amount", r.Amount, w.w.Unit)
	if err != nil {
		return err
	}
	i := w.w.grant(r.Grant)
	if i < 0 || !w.w.Grants[i].Remaining.IsPositive() {
		if _, err := d.issued(w, r.Grant); err != nil {
			return notFound("grant", r.Grant)
		}
		return closed("grant", r.Grant)
	}
	g := &w.w.Grants[i]
	if amount.IsZero() {
		amount = g.Remaining
	}
	if amount.GreaterThan(g.Remaining) {
		return invalid("Amount", "is %v, more than the %v left of the grant", amount, g.Remaining)
	}
	d.answer(w, &Entry{
		Kind: KindVoid, Info: r.Info,
		Moves: []Move{{Grant: g.ID, From: w.potOf(g), To: PotVoided, Amount: amount}},
	})
	return nil
}
