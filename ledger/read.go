package ledger

import (
	"context"
	"iter"
	"slices"
	"time"
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
	d := newDraft(&found[0], at)
	d.w.SettledAt = d.now
	return *d.w, nil
}

// maxAhead is how many years ahead a balance can be asked for: every renewal until
// then has to be worked out.
const maxAhead = 10

// Balance returns what a wallet had, has or, if nobody touches it, will have at an
// instant; the zero time is now. What took effect at that very instant counts. Now is
// never before what is in the books, though another machine's clock is ahead.
//
// It looks ten years ahead at most. Of the past it reads some entries around the instant, not the whole journal.
// Use that was reported late counts from when it happened. Until what paid for it came
// or came back, if that was later, Total is so much less than its parts come to.
func (l *Ledger) Balance(ctx context.Context, id WalletID, at time.Time) (b Balance, err error) {
	if at, err = checkTime("at", at); err != nil {
		return b, err
	}
	now := l.now()
	if at.After(now.AddDate(maxAhead, 0, 0)) {
		return b, invalid("at", "is more than %d years ahead", maxAhead)
	}
	err = l.store.View(ctx, func(tx Tx) error {
		if at.IsZero() {
			w, err := walletAt(ctx, tx, id, now)
			b = w.BalanceNow()
			return err
		}
		b, err = past{ctx: ctx, tx: tx, id: id}.balance(at)
		return err
	})
	return b, err
}

// Journal returns the entries of a wallet that q asks for, oldest first, read in
// pages while the loop runs. It ends after the first error.
func (l *Ledger) Journal(ctx context.Context, q JournalQuery) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		page := Page{WalletID: q.WalletID, After: q.After, Of: q.Of, Descending: q.Descending, Limit: pageSize}
		for first := true; ; first = false {
			var entries []Entry
			err := l.store.View(ctx, func(tx Tx) (err error) {
				if first {
					page.After, err = q.start(past{ctx: ctx, tx: tx, id: q.WalletID})
				}
				if err == nil {
					entries, err = tx.Journal(ctx, page)
				}
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

// start returns where the journal is to be read from: what took effect from From on
// was not booked before.
func (q *JournalQuery) start(p past) (int64, error) {
	if q.From.IsZero() || q.Descending {
		return q.After, nil
	}
	w, err := p.stored()
	if err != nil {
		return 0, err
	}
	before, err := p.last(w.Seq, q.From, false)
	return max(before, q.After), err
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
	issued := id.Seq == e.Seq && id.N >= 1 && id.N <= len(e.Grants)
	return issued || slices.ContainsFunc(e.Moves, func(m Move) bool { return m.Grant == id })
}

// A WalletQuery asks for wallets in the order of their IDs.
type WalletQuery struct {
	IDs   []WalletID // only these; empty: all
	Owner string     // only wallets of this owner; empty: of all
	After WalletID   // only wallets beyond this one; zero: from the start
}

// Wallets returns the wallets that q asks for as they are in the books, read in
// pages while the loop runs. It ends after the first error.
func (l *Ledger) Wallets(ctx context.Context, q WalletQuery) iter.Seq2[Wallet, error] {
	q.IDs = slices.Clone(q.IDs)
	slices.SortFunc(q.IDs, WalletID.Compare)
	return func(yield func(Wallet, error) bool) {
		for after := q.After; ; {
			var wallets []Wallet
			err := l.store.View(ctx, func(tx Tx) (err error) {
				wallets, err = q.page(ctx, tx, after)
				return err
			})
			if err != nil {
				yield(Wallet{}, err)
				return
			}
			for i := range wallets {
				after = wallets[i].ID
				if (q.Owner == "" || wallets[i].Owner == q.Owner) && !yield(wallets[i], nil) {
					return
				}
			}
			if len(wallets) < pageSize {
				return
			}
		}
	}
}

// page returns the next wallets after one: fewer than pageSize are the last.
func (q *WalletQuery) page(ctx context.Context, tx Tx, after WalletID) ([]Wallet, error) {
	if len(q.IDs) == 0 {
		return tx.List(ctx, WalletPage{Owner: q.Owner, After: WalletCursor{ID: after}, Limit: pageSize})
	}
	ids := slices.DeleteFunc(slices.Compact(slices.Clone(q.IDs)), func(id WalletID) bool {
		return !after.IsZero() && id.Compare(after) <= 0
	})
	wallets, err := tx.Wallets(ctx, ids[:min(len(ids), pageSize)])
	slices.SortFunc(wallets, func(a, b Wallet) int { return a.ID.Compare(b.ID) })
	return wallets, err
}

// EntryAt returns one entry of a journal.
//
// It is ErrNotFound if there is none.
func (l *Ledger) EntryAt(ctx context.Context, id EntryID) (e Entry, err error) {
	err = l.store.View(ctx, func(tx Tx) error {
		e, err = past{ctx: ctx, tx: tx, id: id.WalletID}.at(id.Seq)
		return err
	})
	return e, err
}
