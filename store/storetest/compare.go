package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// Compare lets ledgers on all of the stores, which are empty, go through the same
// script: rounds of requests at the same time, each to another wallet, with repeated
// and reused keys, refusals and mistakes among them, while a clock moves on. The seed
// decides what is in it. The stores must agree on every answer, and in the end on every
// byte of every wallet, entry and notice.
//
// The first store is the one to compare with: usually that of package memory.
func Compare(t testing.TB, seed uint64, rounds int, stores ...ledger.Store) {
	t.Helper()
	s := newScript(seed)
	var books []*ledger.Ledger
	for _, store := range stores {
		l := ledger.New(store, ledger.Config{Now: func() time.Time { return s.now }})
		defer func() { _ = l.Close(context.WithoutCancel(t.Context())) }()
		books = append(books, l)
	}
	for round := range rounds {
		calls := s.round(round)
		first := s.answers(t.Context(), books[0], calls)
		for i, l := range books[1:] {
			for j, got := range s.answers(t.Context(), l, calls) {
				if got.text != first[j].text {
					t.Fatalf("seed %d, round %d: store %d answered %s\n got %s\nwant %s",
						seed, round, i+1, calls[j].name, got.text, first[j].text)
				}
			}
		}
		for j, a := range first {
			s.learn(calls[j], a)
		}
		s.settle(t, round, books)
	}
	for i := range stores[1:] {
		s.compareBooks(t, stores[0], stores[i+1], fmt.Sprintf("seed %d, store %d", seed, i+1))
	}
	for i, l := range books {
		for _, w := range s.opened() {
			if err := l.Verify(t.Context(), w.id); err != nil {
				t.Errorf("seed %d, store %d: %v", seed, i, err)
			}
		}
	}
}

// An answer is what a call came to.
type answer struct {
	entry ledger.Entry
	err   error
	text  string // all of it
}

// answers makes the calls, all at once.
func (s *script) answers(ctx context.Context, l *ledger.Ledger, calls []call) []answer {
	answers := make([]answer, len(calls))
	together(len(calls), func(i int) error {
		e, err := calls[i].do(ctx, l)
		answers[i] = answer{e, err, fmt.Sprintf("%s %v %v", ledger.EncodeEntry(&e), e.Hash, err)}
		return nil
	})
	return answers
}

// settle sweeps the books now and then, of which all must find the same to do.
func (s *script) settle(t testing.TB, round int, books []*ledger.Ledger) {
	t.Helper()
	if round%10 != 9 {
		return
	}
	want, err := books[0].Settle(t.Context(), 3)
	for i, l := range books[1:] {
		if got, err2 := l.Settle(t.Context(), 3); got != want || fmt.Sprint(err2) != fmt.Sprint(err) {
			t.Fatalf("round %d: store %d settled %d wallets (%v), want %d (%v)", round, i+1, got, err2, want, err)
		}
	}
}

// compareBooks ends the test unless two stores hold the same.
func (s *script) compareBooks(t testing.TB, want, got ledger.Store, what string) {
	t.Helper()
	a, b := &kit{TB: t, store: want}, &kit{TB: t, store: got}
	for _, w := range s.wallets {
		same(a, what+": wallet", ledger.EncodeWallet, b.wallets(w.id), a.wallets(w.id))
		same(a, what+": journal", encodeEntry, b.journal(w.id), a.journal(w.id))
	}
	late := s.now.AddDate(10, 0, 0)
	q := ledger.WalletPage{DueBy: late, Limit: 1_000}
	same(a, what+": due", ledger.EncodeWallet, b.list(q), a.list(q))
	same(a, what+": notices", encodeDelivery, b.take(late, late, 100_000), a.take(late, late, 100_000))
}
