package ledger

import (
	"cmp"
	"context"

	"github.com/shopspring/decimal"
)

// TransferRequest is the input of [Ledger.Transfer]. Key, From, To and Amount are
// required.
type TransferRequest struct {
	Key    string // unique in the wallet From
	From   WalletID
	To     WalletID
	Amount decimal.Decimal
	Bucket string // only credits of this bucket; empty: of all
	Info
}

// Transfer moves credits to another wallet of the same unit, in the order in which
// the first would spend them. They arrive as grants on the terms that they had:
// source, name, priority, scope, expiry and what was paid for them; in the bucket
// of the same name, if there is one. The answer is the entry of the wallet that
// they left; its Peer is that of the other.
//
// It is an [*InsufficientCreditsError] if there is less to move, ErrFrozen if the
// wallet From is frozen, ErrNotFound if one of them does not exist.
func (l *Ledger) Transfer(ctx context.Context, r TransferRequest) (Entry, error) { return l.Do(ctx, r) }

func (r TransferRequest) header() (WalletID, string) { return r.From, r.Key }

func (r TransferRequest) others() []WalletID { return []WalletID{r.To} }

func (r TransferRequest) check() (_ Request, err error) {
	switch {
	case r.To.IsZero():
		return nil, invalid("To", "is not set")
	case r.To == r.From:
		return nil, invalid("To", "is the wallet that From names, too")
	}
	r.Amount, err = checkPositive("Amount", r.Amount)
	return r, cmp.Or(err, r.Info.check())
}

func (r TransferRequest) decide(d *desk) error {
	if d.wallets[r.To] == nil {
		return notFound("wallet", r.To)
	}
	from, err := d.draft(r.From)
	if err != nil {
		return err
	}
	to, err := d.draft(r.To)
	if err != nil {
		return err
	}
	if from.w.Unit != to.w.Unit {
		return invalid("To", "counts %s, not %s", to.w.Unit.Name, from.w.Unit.Name)
	}
	if from.w.Status == StatusFrozen {
		return frozen(from.w.ID)
	}
	amount, err := checkAmount("Amount", r.Amount, from.w.Unit)
	if err != nil {
		return err
	}
	moves, short := from.takeAway(amount, PotMoved, func(g *OpenGrant) bool { return r.Bucket == "" || g.Bucket == r.Bucket })
	if short.IsPositive() {
		return &InsufficientCreditsError{WalletID: r.From, Want: amount, Have: amount.Sub(short)}
	}
	r.post(d, from, to, moves)
	return nil
}

func (r TransferRequest) post(d *desk, from, to *draft, moves []Move) {
	sent := EntryID{r.From, from.w.Seq + 1}
	received := &Entry{Kind: KindReceive, Peer: sent, Info: r.Info}
	for i, m := range moves {
		g := to.arrival(&from.w.Grants[from.w.grant(m.Grant)], m.Amount, sent)
		received.Grants = append(received.Grants, g)
		received.Moves = append(received.Moves, to.issue(g, i+1, to.now)...)
	}
	peer := EntryID{r.To, to.w.Seq + 1}
	d.answer(from, &Entry{Kind: KindSend, Peer: peer, Moves: moves, Info: r.Info})
	to.post(received)
	to.payDebts()
}

// arrival returns the grant as which amount of g arrives in another wallet.
func (d *draft) arrival(g *OpenGrant, amount decimal.Decimal, from EntryID) *Grant {
	a := *g.Grant
	a.Amount, a.Paid = amount, g.part(g.Live(), amount)
	a.EffectiveAt = d.now
	a.Parent, a.From, a.Carry = GrantID{}, from, ""
	if a.Source == SourceRollover {
		a.Source = SourceAllowance // carried credits are so in their own wallet only
	}
	if _, ok := d.w.Bucket(a.Bucket); !ok {
		a.Bucket = ""
	}
	return &a
}
