package ledger

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/shopspring/decimal"
)

// A CorruptError names the first entry of a journal that is wrong. It unwraps to
// [ErrCorrupt].
type CorruptError struct {
	Entry  EntryID // zero Seq: the wallet's own record
	Reason string
}

func (e *CorruptError) Error() string {
	if e.Entry.Seq == 0 {
		return fmt.Sprintf("%v: wallet %v %s", ErrCorrupt, e.Entry.WalletID, e.Reason)
	}
	return fmt.Sprintf("%v: entry %v %s", ErrCorrupt, e.Entry, e.Reason)
}

// Unwrap returns [ErrCorrupt].
func (e *CorruptError) Unwrap() error { return ErrCorrupt }

// Verify replays a wallet's whole journal and compares what it leads to with the
// wallet that is stored. It is a [*CorruptError] that names the first wrong entry,
// or nil. It finds:
//
//   - a byte that was changed in an entry, by the chain of hashes
//   - an entry that is missing, or that was put in
//   - a change, a balance or a checkpoint that does not follow from what was before
//   - credits taken from a grant that does not have them
//   - a refund of more than its charge drew
//   - an idempotency key that stands twice
//   - a transfer that is not the same on both sides
func (l *Ledger) Verify(ctx context.Context, id WalletID) error {
	_, err := l.VerifySince(ctx, Wallet{ID: id})
	return err
}

// VerifySince is [Ledger.Verify] for what was written since an earlier call, of
// which verified is the answer; a wallet with nothing but its ID stands for the
// start. It returns the wallet as far as it was verified, also with an error, so
// that work that was interrupted can go on from there; [EncodeWallet] makes it a
// text to keep.
func (l *Ledger) VerifySince(ctx context.Context, verified Wallet) (Wallet, error) {
	var stored Wallet
	err := l.store.View(ctx, func(tx Tx) (err error) {
		stored, err = past{ctx: ctx, tx: tx, id: verified.ID}.stored()
		return err
	})
	if err != nil {
		return verified, err
	}
	if verified.Seq > stored.Seq {
		return verified, corrupt(EntryID{verified.ID, verified.Seq}, "is gone")
	}
	v := verification{w: verified.clone(), stored: &stored, since: verified.Seq}
	v.known = newSieve(stored.Seq - v.since)
	for err == nil && v.w.Seq < stored.Seq {
		err = l.store.View(ctx, func(tx Tx) error {
			return v.page(past{ctx: ctx, tx: tx, id: verified.ID})
		})
	}
	switch {
	case v.twice != nil && !errors.Is(err, ErrCorrupt):
		err = v.twice
	case err == nil:
		err = v.end()
	}
	return v.w, err
}

// Verified is what became of the verification of one wallet.
type Verified struct {
	WalletID WalletID
	Entries  int64 // of its journal
	Err      error // a [*CorruptError], or nil
}

// VerifyAll verifies the wallets after one, in the order of their IDs, while the
// loop runs; the zero ID stands for the start. So the loop sees how far it is, and
// begins again after the last wallet that it saw. It ends after the first error
// that is not about a wallet's records.
func (l *Ledger) VerifyAll(ctx context.Context, after WalletID) iter.Seq2[Verified, error] {
	return func(yield func(Verified, error) bool) {
		for w, err := range l.Wallets(ctx, WalletQuery{After: after}) {
			if err != nil {
				yield(Verified{}, err)
				return
			}
			done := Verified{WalletID: w.ID, Entries: w.Seq, Err: l.Verify(ctx, w.ID)}
			if done.Err != nil && !errors.Is(done.Err, ErrCorrupt) {
				yield(done, done.Err)
				return
			}
			if !yield(done, nil) {
				return
			}
		}
	}
}

// A verification is a journal that is being verified: w is what its entries so far
// lead to.
type verification struct {
	w      Wallet
	stored *Wallet
	since  int64 // what was before it has been verified earlier
	known  sieve // the keys since then
	twice  error // what was wrong with keys, if the chain of hashes does not tell of another reason
}

// page verifies the next page of the journal.
func (v *verification) page(p past) error {
	entries, err := p.tx.Journal(p.ctx, Page{WalletID: p.id, After: v.w.Seq, Limit: pageSize})
	if errors.Is(err, ErrCorrupt) {
		return v.single(p)
	}
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return corrupt(EntryID{p.id, v.w.Seq + 1}, "is missing")
	}
	return v.entries(p, entries)
}

// entries verifies the entries of a page.
func (v *verification) entries(p past, entries []Entry) error {
	for i := range entries {
		if v.w.Seq == v.stored.Seq {
			entries = entries[:i] // the rest was written since the wallet was read
			break
		}
		if err := v.entry(p, &entries[i]); err != nil {
			return err
		}
	}
	err := v.keys(p, entries)
	if v.twice == nil && errors.Is(err, ErrCorrupt) {
		v.twice, err = err, nil
	}
	return err
}

// single verifies one entry of a page that cannot be read, and names the one that
// cannot be.
func (v *verification) single(p past) error {
	entries, err := p.tx.Journal(p.ctx, Page{WalletID: p.id, After: v.w.Seq, Limit: 1})
	switch {
	case errors.Is(err, ErrCorrupt):
		return corrupt(EntryID{p.id, v.w.Seq + 1}, "cannot be read: %v", err)
	case err != nil:
		return err
	case len(entries) == 0:
		return corrupt(EntryID{p.id, v.w.Seq + 1}, "is missing")
	}
	return v.entries(p, entries)
}

// keys checks that the keys of entries lead to them, and to no others. What is
// surely the first with its key is not looked up.
func (v *verification) keys(p past, entries []Entry) error {
	var keys []EntryKey
	seqs := make(map[string]int64)
	for i := range entries {
		e := &entries[i]
		if e.Key == "" {
			continue
		}
		if first, twice := seqs[e.Key]; twice {
			return corrupt(e.ID(), "has the key of entry %d", first)
		}
		seqs[e.Key] = e.Seq
		if v.known.seen(e.Key) || v.since > 0 {
			keys = append(keys, EntryKey{p.id, e.Key})
		}
	}
	if len(keys) == 0 {
		return nil
	}
	found, err := p.tx.Keyed(p.ctx, keys)
	if err != nil {
		return err
	}
	for i := range found {
		if seq := seqs[found[i].Key]; found[i].Seq != seq {
			return corrupt(EntryID{p.id, max(seq, found[i].Seq)}, "has the key of another entry")
		}
	}
	return nil
}

// entry verifies the next entry.
func (v *verification) entry(p past, e *Entry) error {
	if at := (EntryID{p.id, v.w.Seq + 1}); e.ID() != at {
		return corrupt(at, "is missing: entry %v stands in its place", e.ID())
	}
	if e.Previous != v.w.Hash {
		return v.broken(p, e)
	}
	if err := cmp.Or(v.refund(p, e), v.transfer(p, e)); err != nil {
		return err
	}
	return v.w.next(e)
}

// broken tells which of two entries was changed, the one before e or e itself: if
// what follows e was chained to it, it is the other.
func (v *verification) broken(p past, e *Entry) error {
	next := v.stored.Hash
	if e.Seq < v.stored.Seq {
		after, err := p.at(e.Seq + 1)
		if err != nil && !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrNotFound) {
			return err
		}
		next = after.Previous
	}
	if v.w.Seq > 0 && next == e.Hash {
		return corrupt(EntryID{v.w.ID, v.w.Seq}, "is not the one that entry %d was chained to", e.Seq)
	}
	return corrupt(e.ID(), "was chained to another entry than the one before")
}

// refund checks that a refund gives back no more than its charge drew.
func (v *verification) refund(p past, e *Entry) error {
	if e.Kind != KindRefund {
		return nil
	}
	charge, err := p.at(e.Of)
	if err != nil {
		return corrupted(e, err)
	}
	var later []Entry
	for o, err := range p.journal(Page{Of: e.Of}) {
		if err != nil {
			return corrupted(e, err)
		}
		if o.Seq < e.Seq {
			later = append(later, *o)
		}
	}
	left := make(map[GrantID]decimal.Decimal)
	for _, s := range paidBy(&charge, later, "") {
		left[s.grant] = left[s.grant].Add(s.amount)
	}
	for _, m := range e.Moves {
		if m.From != PotSpent {
			continue
		}
		if left[m.Grant] = left[m.Grant].Sub(m.Amount); left[m.Grant].IsNegative() {
			return corrupt(e.ID(), "gives back more to grant %v than entry %d drew on it", m.Grant, e.Of)
		}
	}
	return nil
}

// transfer checks that the other side of a transfer has the same amount.
func (v *verification) transfer(p past, e *Entry) error {
	if e.Kind != KindSend && e.Kind != KindReceive {
		return nil
	}
	p.id = e.Peer.WalletID
	peer, err := p.at(e.Peer.Seq)
	switch {
	case err != nil:
		return corrupted(e, err)
	case peer.Peer != e.ID():
		return corrupt(e.ID(), "is a transfer that entry %v knows nothing of", e.Peer)
	case !peer.Change.Add(e.Change).IsZero():
		return corrupt(e.ID(), "moves %v, and its other side %v", e.Change, peer.Change)
	}
	return nil
}

// corrupted returns an error of looking up what e names as one about e, if that is
// not there.
func corrupted(e *Entry, err error) error {
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrCorrupt) {
		return corrupt(e.ID(), "names an entry that cannot be read: %v", err)
	}
	return err
}

// end compares what the whole journal leads to with the wallet that is stored.
func (v *verification) end() error {
	if v.w.Hash != v.stored.Hash {
		return corrupt(EntryID{v.w.ID, v.w.Seq}, "is not the one that the wallet was stored with")
	}
	if !bytes.Equal(EncodeWallet(&v.w), EncodeWallet(v.stored)) {
		return corrupt(EntryID{WalletID: v.w.ID}, "is not what its journal leads to")
	}
	return nil
}

func corrupt(id EntryID, format string, args ...any) error {
	return &CorruptError{Entry: id, Reason: fmt.Sprintf(format, args...)}
}
