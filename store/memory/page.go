package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sort"

	"github.com/scrip-go/scrip/ledger"
)

func (t *tx) Journal(_ context.Context, q ledger.Page) ([]ledger.Entry, error) {
	all := t.s.journal(q)
	page := make([]ledger.Entry, 0, min(q.Limit, len(all)))
	if q.Descending {
		if q.After > 0 {
			all = all[:above(all, q.After-1)]
		}
		for _, e := range slices.Backward(all[max(0, len(all)-q.Limit):]) {
			page = append(page, *e)
		}
		return page, nil
	}
	all = all[above(all, q.After):]
	for _, e := range all[:min(q.Limit, len(all))] {
		page = append(page, *e)
	}
	return page, nil
}

// journal returns the entries that q asks for in all its pages together, in the order
// of Seq.
func (s *Store) journal(q ledger.Page) []*ledger.Entry {
	switch {
	case q.Of != 0 && q.Late:
		of := slices.Clone(s.of[ledger.EntryID{WalletID: q.WalletID, Seq: q.Of}])
		return slices.DeleteFunc(of, func(e *ledger.Entry) bool { return !e.Late })
	case q.Of != 0:
		return s.of[ledger.EntryID{WalletID: q.WalletID, Seq: q.Of}]
	case q.Late:
		return s.late[q.WalletID]
	}
	if b, ok := s.books[q.WalletID]; ok {
		return b.entries
	}
	return nil
}

// above returns the place of the first entry whose Seq is above seq.
func above(entries []*ledger.Entry, seq int64) int {
	return sort.Search(len(entries), func(i int) bool { return entries[i].Seq > seq })
}

func (t *tx) List(_ context.Context, q ledger.WalletPage) ([]ledger.Wallet, error) {
	if !q.DueBy.IsZero() {
		return t.s.due(q), nil
	}
	var page []ledger.Wallet
	ids := t.s.sorted()
	start, _ := slices.BinarySearchFunc(ids, q.After.ID, ledger.WalletID.Compare)
	for _, id := range ids[start:] {
		if len(page) == q.Limit {
			break
		}
		b := t.s.books[id]
		if id != q.After.ID && (q.Owner == "" || q.Owner == b.wallet.Owner) {
			page = append(page, b.wallet)
		}
	}
	return page, nil
}

// sorted returns the IDs of all wallets in order. Wallets are never removed, so the
// list made last is still good if it is as long.
func (s *Store) sorted() []ledger.WalletID {
	if ids := s.ids.Load(); ids != nil && len(*ids) == len(s.books) {
		return *ids
	}
	ids := slices.SortedFunc(maps.Keys(s.books), ledger.WalletID.Compare)
	s.ids.Store(&ids)
	return ids
}

// due returns a page of wallets in the order in which they fall due.
func (s *Store) due(q ledger.WalletPage) []ledger.Wallet {
	var due []*book
	for _, b := range s.books {
		at := b.wallet.DueAt
		if !at.IsZero() && !at.After(q.DueBy) && compareDue(cursor(b), q.After) > 0 {
			due = append(due, b)
		}
	}
	slices.SortFunc(due, func(a, b *book) int { return compareDue(cursor(a), cursor(b)) })
	page := make([]ledger.Wallet, 0, min(q.Limit, len(due)))
	for _, b := range due[:cap(page)] {
		page = append(page, b.wallet)
	}
	return page
}

func cursor(b *book) ledger.WalletCursor {
	return ledger.WalletCursor{DueAt: b.wallet.DueAt, ID: b.wallet.ID}
}

func compareDue(a, b ledger.WalletCursor) int {
	return cmp.Or(a.DueAt.Compare(b.DueAt), a.ID.Compare(b.ID))
}
