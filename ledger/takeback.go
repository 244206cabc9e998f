package ledger

import (
	"cmp"
	"context"
)

// TakeBackRequest is the input of [Ledger.TakeBack]. Key, WalletID and Purchase
// are required.
type TakeBackRequest struct {
	Key      string
	WalletID WalletID
	Purchase string // the key of the purchase, or of a grant that was paid for
	Info
}

// TakeBack undoes a purchase as far as it is unspent: what remains of the credits, of
// their bonus and of grants that name one of them as Parent is voided, and Returned of
// the entry is the money to return, what they stand for of what was paid, see
// [Grant.Worth]. What is held stays.
//
// It is ErrNotFound if there is no such purchase, ErrClosed if nothing is left.
func (l *Ledger) TakeBack(ctx context.Context, r TakeBackRequest) (Entry, error) { return l.Do(ctx, r) }

func (r TakeBackRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r TakeBackRequest) reads() []EntryKey { return []EntryKey{{r.WalletID, r.Purchase}} }

func (r TakeBackRequest) check() (Request, error) {
	if r.Purchase == "" {
		return nil, invalid("Purchase", "is empty")
	}
	return r, cmp.Or(checkText("Purchase", r.Purchase, MaxKey), r.Info.check())
}

func (r TakeBackRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	bought, err := d.keyed(EntryKey{r.WalletID, r.Purchase})
	if err != nil {
		return err
	}
	if bought.Kind != KindPurchase && bought.Kind != KindGrant {
		return notFound("purchase with key", r.Purchase)
	}
	e := &Entry{Kind: KindTakeBack, Of: bought.Seq, Info: r.Info}
	for i := range w.w.Grants {
		g := &w.w.Grants[i]
		if !g.Remaining.IsPositive() || g.ID.Seq != bought.Seq && g.Parent.Seq != bought.Seq {
			continue
		}
		e.Moves = append(e.Moves, Move{Grant: g.ID, From: w.potOf(g), To: PotVoided, Amount: g.Remaining})
		if back := g.part(g.Live(), g.Remaining); back.Amount.IsPositive() {
			e.Returned = Money{Amount: e.Returned.Amount.Add(back.Amount), Currency: back.Currency}
		}
	}
	if len(e.Moves) == 0 {
		return closed("purchase", r.Purchase)
	}
	d.answer(w, e)
	return nil
}

// potOf returns where what remains of g is.
func (d *draft) potOf(g *OpenGrant) Pot {
	if d.w.pending(g) {
		return PotPending
	}
	return PotRemaining
}
