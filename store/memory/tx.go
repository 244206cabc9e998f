package memory

import (
	"context"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// A tx reads the store and gathers what is to change in it. Nothing changes before
// commit, so there is nothing to roll back.
type tx struct {
	s    *Store
	lost error // why it cannot write

	changes ledger.Changes
	taken   []*outgoing
	until   time.Time
	acked   []ledger.NoticeID
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
		b := t.s.books[k.WalletID]
		if b == nil || b.keyed[k.Key] == 0 {
			continue
		}
		e, err := b.entry(b.keyed[k.Key])
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// Write remembers c. Whether it follows what is stored is for commit to say.
func (t *tx) Write(_ context.Context, c ledger.Changes) error {
	t.changes = c
	return t.lost
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

// commit makes what t gathered the state of the store, or changes nothing.
func (t *tx) commit() error {
	s := t.s
	if err := s.write(t.changes); err != nil {
		return err
	}
	for _, e := range t.changes.Entries {
		s.outbox.add(e)
	}
	for _, o := range t.taken {
		o.until = t.until
	}
	s.outbox.remove(t.acked)
	return nil
}
