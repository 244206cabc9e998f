package ledger

import (
	"context"
	"iter"
	"time"
)

// past reads the history of one wallet within a transaction. Along a journal the
// instants at which entries were booked never fall, so any of them is found by
// halving; only late entries took effect earlier than they were booked, and the
// wallet's lateness says by how much at most.
type past struct {
	ctx context.Context
	tx  Tx
	id  WalletID
}

// stored returns the wallet as it is in the books.
func (p past) stored() (Wallet, error) {
	found, err := p.tx.Wallets(p.ctx, []WalletID{p.id})
	if err == nil && len(found) == 0 {
		err = notFound("wallet", p.id)
	}
	if err != nil {
		return Wallet{}, err
	}
	return found[0], nil
}

// at returns the entry with that Seq.
func (p past) at(seq int64) (Entry, error) {
	entries, err := p.tx.Journal(p.ctx, Page{WalletID: p.id, After: seq - 1, Limit: 1})
	if err == nil && (len(entries) == 0 || entries[0].Seq != seq) {
		err = notFound("entry", EntryID{p.id, seq})
	}
	if err != nil {
		return Entry{}, err
	}
	return entries[0], nil
}

// last returns the Seq of the last of n entries that was booked before t or, if
// including, at t; zero if none was.
func (p past) last(n int64, t time.Time, including bool) (int64, error) {
	low, high := int64(0), n // low is before the limit, high+1 is not
	for low < high {
		mid := low + (high-low+1)/2
		e, err := p.at(mid)
		if err != nil {
			return 0, err
		}
		if booked := e.bookedAt(); booked.Before(t) || including && booked.Equal(t) {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low, nil
}

// grant returns a grant as it was issued.
func (p past) grant(id GrantID) (*Grant, error) {
	by, err := p.at(id.Seq)
	if err != nil {
		return nil, err
	}
	return by.issued(id)
}

// issued returns the grant of that ID, which e must have issued.
func (e *Entry) issued(id GrantID) (*Grant, error) {
	if id.N < 1 || id.N > len(e.Grants) {
		return nil, notFound("grant", id)
	}
	return e.Grants[id.N-1], nil
}

// pageSize is how many entries are read at once.
const pageSize = 500

// journal returns the entries that q asks for, a page after the other.
func (p past) journal(q Page) iter.Seq2[*Entry, error] {
	q.WalletID, q.Limit = p.id, pageSize
	return func(yield func(*Entry, error) bool) {
		for {
			entries, err := p.tx.Journal(p.ctx, q)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range entries {
				if !yield(&entries[i], nil) {
					return
				}
			}
			if len(entries) < q.Limit {
				return
			}
			q.After = entries[len(entries)-1].Seq
		}
	}
}

// between returns the entries after one Seq up to another.
func (p past) between(after, upTo int64) iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		if after >= upTo {
			return
		}
		for e, err := range p.journal(Page{After: after}) {
			if err == nil && e.Seq > upTo || !yield(e, err) || e.Seq == upTo {
				return
			}
		}
	}
}

// late returns the late entries after a Seq that were recorded by an instant.
func (p past) late(after int64, by time.Time) iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		for e, err := range p.journal(Page{After: after, Late: true}) {
			if err == nil && e.RecordedAt.After(by) || !yield(e, err) {
				return
			}
		}
	}
}

// balance returns what the wallet had or will have at t.
func (p past) balance(t time.Time) (Balance, error) {
	w, err := p.stored()
	if err != nil {
		return Balance{}, err
	}
	if !t.Before(w.SettledAt) {
		d := newDraft(&w, t)
		d.w.SettledAt = t
		return d.w.BalanceNow(), nil
	}
	seq, err := p.last(w.Seq, t, true)
	if err != nil || seq == 0 {
		return Balance{At: t}, err
	}
	then, err := p.wallet(seq)
	if err != nil {
		return Balance{}, err
	}
	then.SettledAt = t
	for e, err := range p.late(seq, t.Add(w.Lateness)) {
		if err == nil && !e.EffectiveAt.After(t) {
			err = p.backdate(&then, e)
		}
		if err != nil {
			return Balance{}, err
		}
	}
	return then.BalanceNow(), nil
}

// wallet returns the wallet as it was after the entry with that Seq: the last
// checkpoint before it, and the entries since.
func (p past) wallet(seq int64) (Wallet, error) {
	var w Wallet
	start := seq / checkpointEvery * checkpointEvery
	if start > 0 {
		e, err := p.at(start)
		if err != nil {
			return w, err
		}
		w = e.Checkpoint.clone()
		start--
	}
	for e, err := range p.between(start, seq) {
		if err != nil {
			return w, err
		}
		w.apply(e)
	}
	return w, nil
}

// backdate applies what an entry written later did before w's instant, as far as
// balances go.
func (p past) backdate(w *Wallet, e *Entry) error {
	for i := range e.Moves {
		m := &e.Moves[i]
		k, err := p.whence(w, m.Grant)
		if err != nil {
			return err
		}
		if k < 0 {
			continue // of which nothing is left on either side
		}
		if from := w.Grants[k].pot(m.From); from != nil {
			*from = from.Sub(m.Amount)
		}
		if to := w.Grants[k].pot(m.To); to != nil {
			*to = to.Add(m.Amount)
		}
	}
	for i := range e.Debts {
		w.owe(&e.Debts[i])
	}
	w.Balance = w.Balance.Add(e.Change)
	return nil
}

// whence returns the place in w of a grant or, if w is before the grant was issued,
// of the one that it was carried over from; -1 if there is none.
func (p past) whence(w *Wallet, id GrantID) (int, error) {
	for id.Seq > w.Seq {
		g, err := p.grant(id)
		if err != nil || g.Source != SourceRollover {
			return -1, err
		}
		id = g.Parent
	}
	return w.grant(id), nil
}
