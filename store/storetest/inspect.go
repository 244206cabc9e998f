package storetest

import (
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// An inspection looks at the books after each crash. It remembers how far it has
// read them, and counts what was in doubt.
type inspection struct {
	read           map[ledger.WalletID]int64
	doubtful, done int
}

func newInspection() *inspection { return &inspection{read: make(map[ledger.WalletID]int64)} }

// inspect checks what a round of work has left in the store.
func (in *inspection) inspect(t testing.TB, store ledger.Store, round int, shifts []shift) {
	t.Helper()
	books := newBooks(store)
	for i := range shared {
		if err := books.Verify(t.Context(), sharedWallet(i)); err != nil {
			t.Fatalf("after crash %d: %v", round, err)
		}
	}
	entries := in.unread(t, books)
	in.checkPeers(t, entries)
	in.checkNotices(t, books, entries)
	there := make(map[ledger.EntryKey]bool)
	for _, e := range entries {
		there[ledger.EntryKey{WalletID: e.WalletID, Key: e.Key}] = true
	}
	failures := together(len(shifts), func(worker int) error {
		return checkAnswers(books, there, round, worker, shifts[worker])
	})
	if err := errors.Join(failures...); err != nil {
		t.Fatalf("after crash %d: %v", round, err)
	}
	for worker, s := range shifts {
		in.count(there, task{round, worker, len(s.answers)})
	}
}

// unread returns the entries that were written since the inspection before.
func (in *inspection) unread(t testing.TB, books *ledger.Ledger) map[ledger.EntryID]ledger.Entry {
	t.Helper()
	entries := make(map[ledger.EntryID]ledger.Entry)
	for i := range shared {
		id := sharedWallet(i)
		for e, err := range books.Journal(t.Context(), ledger.JournalQuery{WalletID: id, After: in.read[id]}) {
			if err != nil {
				t.Fatal(err)
			}
			entries[e.ID()] = e
			in.read[id] = e.Seq
		}
	}
	return entries
}

// checkPeers checks that there are both sides of each transfer.
func (in *inspection) checkPeers(t testing.TB, entries map[ledger.EntryID]ledger.Entry) {
	t.Helper()
	for id, e := range entries {
		if peer := entries[e.Peer]; !e.Peer.IsZero() && peer.Peer != id {
			t.Fatalf("entry %v (%s) lacks its other side, %v", id, e.Kind, e.Peer)
		}
	}
}

// checkNotices checks that the notices to be delivered are those of the entries, and
// acknowledges them.
func (in *inspection) checkNotices(t testing.TB, books *ledger.Ledger, entries map[ledger.EntryID]ledger.Entry) {
	t.Helper()
	want, got := make(map[ledger.NoticeID]bool), make(map[ledger.NoticeID]bool)
	for id, e := range entries {
		for n := range e.Notices {
			want[ledger.NoticeID{EntryID: id, N: n}] = true
		}
	}
	taken, err := books.TakeNotices(t.Context(), 1_000_000, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	var ids []ledger.NoticeID
	for _, d := range taken {
		got[d.ID] = true
		ids = append(ids, d.ID)
	}
	if !maps.Equal(got, want) {
		t.Fatalf("%d notices are to be delivered, of which the journal has %d", len(got), len(want))
	}
	if err := books.AckNotices(t.Context(), ids...); err != nil {
		t.Fatal(err)
	}
}

// checkAnswers checks the tasks of one worker, of which those whose keys are there
// have been done.
func checkAnswers(books *ledger.Ledger, there map[ledger.EntryKey]bool, round, worker int, s shift) error {
	for n, answer := range s.answers {
		k := task{round, worker, n}
		if k.present(there) != len(k.keys()) {
			return fmt.Errorf("%v was acknowledged with %q, and is not there", k, answer)
		}
		again, err := k.do(books)
		if err != nil || again != answer {
			return fmt.Errorf("%v answers %q (%w), but before the crash it was %q", k, again, err, answer)
		}
	}
	k := task{round, worker, len(s.answers)}
	n := k.present(there)
	switch {
	case n > 0 && n < len(k.keys()):
		return fmt.Errorf("%v is there half", k)
	case n > 0 && s.failed != nil && !errors.Is(s.failed, ledger.ErrUnknownOutcome):
		return fmt.Errorf("%v is there, though it failed: %w", k, s.failed)
	}
	first, err := k.do(books)
	if err != nil {
		return fmt.Errorf("%v cannot be repeated: %w", k, err)
	}
	if second, err := k.do(books); err != nil || second != first {
		return fmt.Errorf("%v answers %q, then %q (%w)", k, first, second, err)
	}
	return nil
}

// present returns how many of the task's entries are there.
func (k task) present(there map[ledger.EntryKey]bool) int {
	n := 0
	for _, key := range k.keys() {
		if there[key] {
			n++
		}
	}
	return n
}

// count counts a task that was not acknowledged.
func (in *inspection) count(there map[ledger.EntryKey]bool, k task) {
	in.doubtful++
	if k.present(there) > 0 {
		in.done++
	}
}
