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
	b, ok := t.s.books[q.WalletID]
	if !ok {
		return nil, nil
	}
	seqs := b.seqs(q)
	page := make([]ledger.Entry, 0, min(q.Limit, seqs.n))
	first, step := seqs.above(q.After), 1
	if q.Descending {
		first, step = seqs.n-1, -1
		if q.After > 0 {
			first = seqs.above(q.After-1) - 1
		}
	}
	for i := first; i >= 0 && i < seqs.n && len(page) < q.Limit; i += step {
		e, err := b.entry(seqs.at(i))
		if err != nil {
			return nil, err
		}
		page = append(page, e)
	}
	return page, nil
}

// rising are n numbers, each above the one before.
type rising struct {
	n  int
	at func(i int) int64
}

func listed(seqs []int64) rising {
	return rising{len(seqs), func(i int) int64 { return seqs[i] }}
}

// above returns the place of the first number above seq.
func (r rising) above(seq int64) int {
	return sort.Search(r.n, func(i int) bool { return r.at(i) > seq })
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
			page = append(page, *b.wallet)
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
		page = append(page, *b.wallet)
	}
	return page
}

func cursor(b *book) ledger.WalletCursor {
	return ledger.WalletCursor{DueAt: b.wallet.DueAt, ID: b.wallet.ID}
}

func compareDue(a, b ledger.WalletCursor) int {
	return cmp.Or(a.DueAt.Compare(b.DueAt), a.ID.Compare(b.ID))
}
