package memory

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// A tx reads the store and gathers what is to change in it. Nothing changes before
// commit, so there is nothing to roll back.
type tx struct {
	s    *Store
	lost error // why it cannot write, or not any more

	changes ledger.Changes
	last    map[ledger.WalletID]int64 // the Seq of the last entry of each wallet to write
	keyed   map[ledger.EntryKey]int64

	taken []*outgoing
	until time.Time
	acked []ledger.NoticeID
}

func (t *tx) Wallets(_ context.Context, ids []ledger.WalletID) ([]ledger.Wallet, error) {
	wallets := make([]ledger.Wallet, 0, len(ids))
	for _, id := range ids {
		if b, ok := t.s.books[id]; ok {
			wallets = append(wallets, *b.wallet)
		}
	}
	return wallets, nil
}

func (t *tx) Keyed(_ context.Context, keys []ledger.EntryKey) ([]ledger.Entry, error) {
	var entries []ledger.Entry
	for _, k := range keys {
		seq, ok := t.s.keyed[k]
		if !ok {
			continue
		}
		e, err := t.s.books[k.WalletID].entry(seq)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// Write takes c as it is to be, or loses the transaction.
func (t *tx) Write(_ context.Context, c ledger.Changes) error {
	if t.lost == nil {
		t.lost = t.stage(c)
	}
	return t.lost
}

// stage checks that c follows what is stored.
func (t *tx) stage(c ledger.Changes) error {
	t.changes = c
	t.last = make(map[ledger.WalletID]int64, len(c.Wallets))
	t.keyed = make(map[ledger.EntryKey]int64, len(c.Entries))
	for _, p := range c.Wallets {
		if err := t.put(p); err != nil {
			return err
		}
	}
	for _, e := range c.Entries {
		if err := t.add(e); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) put(p ledger.Put) error {
	var seq int64
	if b, ok := t.s.books[p.Wallet.ID]; ok {
		seq = b.wallet.Seq
	}
	if seq != p.From {
		return fmt.Errorf("%w: wallet %v is at %d, not at %d", ledger.ErrConflict, p.Wallet.ID, seq, p.From)
	}
	t.last[p.Wallet.ID] = seq
	return nil
}

func (t *tx) add(e *ledger.Entry) error {
	last, ok := t.last[e.WalletID]
	if !ok || e.Seq != last+1 {
		return fmt.Errorf("%w: entry %v is not the next one", ledger.ErrConflict, e.ID())
	}
	t.last[e.WalletID] = e.Seq
	if e.Key == "" {
		return nil
	}
	k := ledger.EntryKey{WalletID: e.WalletID, Key: e.Key}
	if t.s.keyed[k] != 0 || t.keyed[k] != 0 {
		return fmt.Errorf("%w: key %q of wallet %v is taken", ledger.ErrConflict, k.Key, k.WalletID)
	}
	t.keyed[k] = e.Seq
	return nil
}

func (t *tx) TakeNotices(_ context.Context, now, until time.Time, limit int) ([]ledger.Delivery, error) {
	if t.lost != nil {
		return nil, t.lost
	}
	t.taken, t.until = t.s.outbox.visible(now, limit), until
	deliveries := make([]ledger.Delivery, len(t.taken))
	for i, o := range t.taken {
		deliveries[i] = o.Delivery
	}
	return deliveries, nil
}

func (t *tx) AckNotices(_ context.Context, ids []ledger.NoticeID) error {
	if t.lost == nil {
		t.acked = append(t.acked, ids...)
	}
	return t.lost
}

// commit makes what t gathered the state of the store.
func (t *tx) commit() {
	s := t.s
	if s.books == nil {
		s.books = make(map[ledger.WalletID]*book)
		s.keyed = make(map[ledger.EntryKey]int64)
		s.of = make(map[ledger.EntryID][]int64)
		s.late = make(map[ledger.WalletID][]int64)
	}
	for _, p := range t.changes.Wallets {
		b := s.books[p.Wallet.ID]
		if b == nil {
			b = new(book)
			s.books[p.Wallet.ID] = b
		}
		b.wallet = p.Wallet
	}
	maps.Copy(s.keyed, t.keyed)
	for _, e := range t.changes.Entries {
		b := s.books[e.WalletID]
		b.bodies = append(b.bodies, e.Body())
		if e.Of != 0 {
			id := ledger.EntryID{WalletID: e.WalletID, Seq: e.Of}
			s.of[id] = append(s.of[id], e.Seq)
		}
		if e.Late {
			s.late[e.WalletID] = append(s.late[e.WalletID], e.Seq)
		}
		s.outbox.add(e)
	}
	for _, o := range t.taken {
		o.until = t.until
	}
	s.outbox.remove(t.acked)
}
