package storetest_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/storetest"
)

// open returns changes that open a wallet.
func open(key string) (ledger.WalletID, ledger.Changes) {
	id := ledger.WalletIDOf(key)
	w := ledger.Wallet{ID: id, Seq: 1}
	e := ledger.Entry{WalletID: id, Seq: 1, Kind: ledger.KindOpen, Key: key}
	w.Hash = e.Seal(ledger.Hash{})
	return id, ledger.Changes{Wallets: []ledger.Put{{Wallet: &w}}, Entries: []*ledger.Entry{&e}}
}

// there reports whether s holds the wallet.
func there(t *testing.T, s ledger.Store, id ledger.WalletID) bool {
	t.Helper()
	n := 0
	err := s.View(t.Context(), func(tx ledger.Tx) error {
		found, err := tx.Wallets(t.Context(), []ledger.WalletID{id})
		n = len(found)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n > 0
}

func TestAFaultDoesWhatItSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault storetest.Fault
		err   error
		calls int
		kept  bool
	}{
		{storetest.FaultBegin, storetest.ErrInjected, 0, false},
		{storetest.FaultCall, storetest.ErrInjected, 1, false},
		{storetest.FaultRepeat, nil, 2, true},
		{storetest.FaultConflict, ledger.ErrConflict, 1, false},
		{storetest.FaultCommit, storetest.ErrInjected, 1, false},
		{storetest.FaultLost, ledger.ErrUnknownOutcome, 1, false},
		{storetest.FaultKept, ledger.ErrUnknownOutcome, 1, true},
		{"none", nil, 1, true},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			t.Parallel()
			good := new(memory.Store)
			s := storetest.Faulty(good, storetest.AtRandom(1, map[storetest.Fault]int{c.fault: 1}))
			id, changes := open("key")
			calls := 0
			err := s.Update(t.Context(), func(tx ledger.Tx) error {
				calls++
				return tx.Write(t.Context(), changes)
			})
			if !errors.Is(err, c.err) || (err != nil) != errors.Is(err, storetest.ErrInjected) {
				t.Errorf("got %v, want %v", err, c.err)
			}
			if calls != c.calls {
				t.Errorf("fn was called %d times, want %d", calls, c.calls)
			}
			if got := there(t, good, id); got != c.kept {
				t.Errorf("kept: %t, want %t", got, c.kept)
			}
		})
	}
}

func TestEveryCallOfATxCanFail(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, call := range map[string]func(ledger.Tx) error{
		"Wallets":     func(tx ledger.Tx) error { _, err := tx.Wallets(ctx, nil); return err },
		"Keyed":       func(tx ledger.Tx) error { _, err := tx.Keyed(ctx, nil); return err },
		"Journal":     func(tx ledger.Tx) error { _, err := tx.Journal(ctx, ledger.Page{Limit: 1}); return err },
		"List":        func(tx ledger.Tx) error { _, err := tx.List(ctx, ledger.WalletPage{Limit: 1}); return err },
		"Write":       func(tx ledger.Tx) error { return tx.Write(ctx, ledger.Changes{}) },
		"TakeNotices": func(tx ledger.Tx) error { _, err := tx.TakeNotices(ctx, time.Time{}, time.Time{}, 1); return err },
		"AckNotices":  func(tx ledger.Tx) error { return tx.AckNotices(ctx, nil) },
	} {
		fails := storetest.Faulty(new(memory.Store), storetest.AtRandom(1, map[storetest.Fault]int{storetest.FaultCall: 1}))
		if err := fails.Update(ctx, call); !errors.Is(err, storetest.ErrInjected) {
			t.Errorf("%s: got %v, want ErrInjected", name, err)
		}
		works := storetest.Faulty(new(memory.Store), storetest.AtRandom(1, nil))
		if err := works.Update(ctx, call); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnceTriesEveryFaultOneByOne(t *testing.T) {
	t.Parallel()
	var seen []string
	for n := 1; ; n++ {
		plan, over := storetest.Once(n)
		id, changes := open("key")
		good := new(memory.Store)
		err := storetest.Faulty(good, plan).Update(t.Context(), func(tx ledger.Tx) error {
			if _, err := tx.Wallets(t.Context(), []ledger.WalletID{id}); err != nil {
				return err
			}
			return tx.Write(t.Context(), changes)
		})
		if over() {
			if err != nil {
				t.Errorf("without a fault: %v", err)
			}
			break
		}
		what := "kept"
		if !there(t, good, id) {
			what = "lost"
		}
		if err != nil {
			what += ": " + err.Error()
		}
		seen = append(seen, what)
	}
	want := []string{
		"lost: storetest: injected fault: begin",
		"kept", // after fn was repeated
		"lost: ledger: conflicting transaction: storetest: injected fault",
		"lost: storetest: injected fault: commit",
		"lost: ledger: outcome unknown, repeat with the same key: storetest: injected fault",
		"kept: ledger: outcome unknown, repeat with the same key: storetest: injected fault",
		"lost: storetest: injected fault: call",
		"lost: storetest: injected fault: call",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("got %q,\nwant %q", seen, want)
	}
}

func TestTheSameSeedMakesTheSameFaults(t *testing.T) {
	t.Parallel()
	draw := func(seed uint64) (faults []bool) {
		plan := storetest.AtRandom(seed, map[storetest.Fault]int{storetest.FaultCall: 2})
		for range 100 {
			faults = append(faults, plan(storetest.FaultCall))
		}
		return faults
	}
	seven := draw(7)
	if !slices.Equal(seven, draw(7)) || slices.Equal(seven, draw(8)) {
		t.Error("the faults do not follow from the seed")
	}
	if !slices.Contains(seven, true) || !slices.Contains(seven, false) {
		t.Errorf("a fault once in two times: %v", seven)
	}
}
