package ledger

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Wallet returns a wallet as it is now, with what has fallen due.
//
// It is ErrNotFound if there is none.
func (l *Ledger) Wallet(ctx context.Context, id WalletID) (w Wallet, err error) {
	now := l.now()
	err = l.store.View(ctx, func(tx Tx) error {
		w, err = walletAt(ctx, tx, id, now)
		return err
	})
	return w, err
}

// walletAt returns a wallet as it will be at an instant not before what is in the
// books.
func walletAt(ctx context.Context, tx Tx, id WalletID, at time.Time) (Wallet, error) {
	found, err := tx.Wallets(ctx, []WalletID{id})
	if err != nil {
		return Wallet{}, err
	}
	if len(found) == 0 {
		return Wallet{}, notFound("wallet", id)
	}
	d := newDraft(&found[0], at, nil)
	d.w.SettledAt = d.now
	return *d.w, nil
}

// maxAhead is how many years ahead a balance can be asked for: every renewal until
// then has to be worked out.
const maxAhead = 10

// Balance returns what a wallet had, has or, if nobody touches it, will have at an
// instant; the zero time is now. What took effect at that very instant counts.
//
// It looks ten years ahead at most. Of the past it reads some entries around the instant, not the whole journal.
// Use that was reported late counts from when it happened.
func (l *Ledger) Balance(ctx context.Context, id WalletID, at time.Time) (b Balance, err error) {
	if at, err = checkTime("at", at); err != nil {
		return b, err
	}
	now := l.now()
	if at.IsZero() {
		at = now
	}
	if at.After(now.AddDate(maxAhead, 0, 0)) {
		return b, invalid("at", "is more than %d years ahead", maxAhead)
	}
	err = l.store.View(ctx, func(tx Tx) error {
		p := past{ctx: ctx, tx: tx, id: id}
		b, err = p.balance(at)
		return err
	})
	return b, err
}

// Journal returns the entries of a wallet that q asks for, oldest first, read in
// pages while the loop runs. It ends after the first error.
func (l *Ledger) Journal(ctx context.Context, q JournalQuery) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		page := Page{WalletID: q.WalletID, After: q.After, Of: q.Of, Descending: q.Descending, Limit: pageSize}
		for {
			var entries []Entry
			err := l.store.View(ctx, func(tx Tx) (err error) {
				entries, err = tx.Journal(ctx, page)
				return err
			})
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for i := range entries {
				if q.matches(&entries[i]) && !yield(entries[i], nil) {
					return
				}
			}
			if len(entries) < page.Limit {
				return
			}
			page.After = entries[len(entries)-1].Seq
		}
	}
}

// A JournalQuery asks for entries of one wallet. Every filter that is set must
// hold.
type JournalQuery struct {
	WalletID   WalletID
	After      int64 // entries beyond this Seq: above it or, if Descending and not zero, below it
	Of         int64 // that unwind or carry on this entry
	Descending bool  // newest first

	Kinds     []Kind
	From, To  time.Time // effective in this time, From included, To not
	Item      string    // with a part for this item
	Grant     GrantID   // that issued or moved credits of this grant
	Reference string
	Actor     string
}

func (q *JournalQuery) matches(e *Entry) bool {
	return (len(q.Kinds) == 0 || slices.Contains(q.Kinds, e.Kind)) &&
		(q.From.IsZero() || !e.EffectiveAt.Before(q.From)) &&
		(q.To.IsZero() || e.EffectiveAt.Before(q.To)) &&
		(q.Item == "" || slices.ContainsFunc(e.Parts, func(p Part) bool { return p.Item.ID == q.Item })) &&
		(q.Grant.IsZero() || e.touches(q.Grant)) &&
		(q.Reference == "" || e.Reference == q.Reference) &&
		(q.Actor == "" || e.Actor == q.Actor)
}

func (e *Entry) touches(id GrantID) bool {
	return id.Seq == e.Seq || slices.ContainsFunc(e.Moves, func(m Move) bool { return m.Grant == id })
}

// Verify replays a wallet's whole journal and compares what it leads to with the
// wallet that is stored. It is an error wrapping [ErrCorrupt] that names the first
// wrong entry, or nil.
func (l *Ledger) Verify(ctx context.Context, id WalletID) error {
	var stored Wallet
	err := l.store.View(ctx, func(tx Tx) error {
		found, err := tx.Wallets(ctx, []WalletID{id})
		if err == nil && len(found) == 0 {
			err = notFound("wallet", id)
		}
		if err == nil {
			stored = found[0]
		}
		return err
	})
	if err != nil {
		return err
	}
	var failed error
	w, err := Replay(func(yield func(Entry) bool) {
		for e, err := range l.Journal(ctx, JournalQuery{WalletID: id}) {
			if err != nil {
				failed = err
				return
			}
			if e.Seq > stored.Seq || !yield(e) {
				return // written since the wallet was read
			}
		}
	})
	switch {
	case failed != nil:
		return failed
	case err != nil:
		return err
	case !bytes.Equal(EncodeWallet(&w), EncodeWallet(&stored)):
		return fmt.Errorf("%w: wallet %v is not what its journal leads to", ErrCorrupt, id)
	}
	return nil
}

// A Statement is what happened to a wallet's balance between two instants:
//
//	Opening + the sum of the lines' Change = Closing
//
// The statements of adjoining times make the statement of both.
type Statement struct {
	WalletID WalletID        `json:"wallet_id"`
	From     time.Time       `json:"from"`
	To       time.Time       `json:"to"`
	Opening  decimal.Decimal `json:"opening"` // of everything that took effect before From
	Closing  decimal.Decimal `json:"closing"` // and before To
	Lines    []Line          `json:"lines"`   // in the order of taking effect
}

// A Line of a statement is an entry and the balance after it in the statement's
// order.
type Line struct {
	Entry
	Running decimal.Decimal `json:"running"`
}

// Statement returns a wallet's statement of what took effect from from up to, not
// including, to, as far as it is in the books.
func (l *Ledger) Statement(ctx context.Context, id WalletID, from, to time.Time) (s Statement, err error) {
	if from, err = checkTime("from", from); err != nil {
		return s, err
	}
	if to, err = checkTime("to", to); err != nil {
		return s, err
	}
	if !from.Before(to) {
		return s, invalid("to", "is not after from")
	}
	err = l.store.View(ctx, func(tx Tx) error {
		p := past{ctx: ctx, tx: tx, id: id}
		s, err = p.statement(from, to)
		return err
	})
	return s, err
}
