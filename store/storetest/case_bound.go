package storetest

import (
	"errors"

	"github.com/scrip-go/scrip/ledger"
)

// boundCases hold for stores that are bound to a host's transaction. They get a store
// that begins one for each Update and View, and how to begin one.
var boundCases = []struct {
	name  string
	check func(*kit, Begin)
}{
	{"what was written is kept when the host commits", func(k *kit, begin Begin) {
		w := newWallet("a")
		entries, changes := post(&w, charge(""))
		bound, tx := k.begin(begin)
		bound.keep(changes)
		k.commit(tx)
		k.holds(w, entries...)
	}},
	{"nothing is kept when the host rolls back", func(k *kit, begin Begin) {
		w := newWallet("a")
		_, changes := post(&w, charge(""))
		bound, tx := k.begin(begin)
		bound.keep(changes)
		k.rollBack(tx)
		k.lacks(w.ID)
	}},
	{"an Update sees what earlier ones of the same transaction wrote", func(k *kit, begin Begin) {
		w := newWallet("a")
		noticed := charge("first")
		noticed.Notices = []ledger.Notice{{Kind: "first"}}
		first, opening := post(&w, noticed)
		bound, tx := k.begin(begin)
		bound.keep(opening)
		bound.holds(w, first...)
		second, changes := post(&w, charge("second"))
		bound.keep(changes)
		bound.holds(w, append(first, second...)...)
		if got := bound.take(noon, tick(1), 10); len(got) != 1 {
			k.Errorf("got %d notices, want 1", len(got))
		}
		k.commit(tx)
		k.holds(w, append(first, second...)...)
	}},
	{"an error of fn does not end the host's transaction", func(k *kit, begin Begin) {
		w := newWallet("a")
		entries, changes := post(&w, charge(""))
		bound, tx := k.begin(begin)
		bound.keep(changes)
		err := bound.try(func(tx ledger.Tx) error {
			_, err := tx.Wallets(k.Context(), []ledger.WalletID{w.ID})
			return errors.Join(err, errStop)
		})
		if !errors.Is(err, errStop) {
			k.Fatalf("got %v, want fn's error", err)
		}
		bound.holds(w, entries...)
		k.commit(tx)
		k.holds(w, entries...)
	}},
	{"a conflict is not tried again, and the host rolls back", func(k *kit, begin Begin) {
		w, entries := k.add("a", charge(""))
		bound, tx := k.begin(begin)
		calls := 0
		err := bound.try(func(tx ledger.Tx) error {
			calls++
			return tx.Write(k.Context(), put(w, w.Seq+1))
		})
		if !errors.Is(err, ledger.ErrConflict) || calls != 1 {
			k.Fatalf("got %v after %d calls, want ErrConflict after one", err, calls)
		}
		k.rollBack(tx)
		k.holds(w, entries...)
	}},
}

// begin begins a transaction and returns a kit for the store bound to it.
func (k *kit) begin(begin Begin) (*kit, HostTx) {
	k.Helper()
	tx, err := begin(k.Context())
	if err != nil {
		k.Fatalf("begin: %v", err)
	}
	k.Cleanup(func() { _ = tx.Rollback() })
	return &kit{TB: k.TB, store: tx.Store}, tx
}

func (k *kit) commit(tx HostTx) {
	k.Helper()
	if err := tx.Commit(); err != nil {
		k.Fatalf("the host's commit: %v", err)
	}
}

func (k *kit) rollBack(tx HostTx) {
	k.Helper()
	if err := tx.Rollback(); err != nil {
		k.Fatalf("the host's rollback: %v", err)
	}
}
