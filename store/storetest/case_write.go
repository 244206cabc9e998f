package storetest

import (
	"errors"

	"github.com/scrip-go/scrip/ledger"
)

// writeCases are about [ledger.Tx.Write].
var writeCases = []testCase{
	{name: "a wallet can be written without an entry", check: func(k *kit) {
		w, entries := k.add("a", charge(""))
		w.Status, w.DueAt = ledger.StatusFrozen, tick(9)
		k.keep(put(w, w.Seq))
		k.holds(w, entries...)
	}},
	{name: "a wallet computed from an older state is refused", check: func(k *kit) {
		k.refused(func(w ledger.Wallet, _ []ledger.Entry) ledger.Changes { return put(w, w.Seq-1) })
	}},
	{name: "a wallet computed from a newer state is refused", check: func(k *kit) {
		k.refused(func(w ledger.Wallet, _ []ledger.Entry) ledger.Changes { return put(w, w.Seq+1) })
	}},
	{name: "a new wallet is refused if it exists", check: func(k *kit) {
		k.refused(func(w ledger.Wallet, _ []ledger.Entry) ledger.Changes { return put(w, 0) })
	}},
	{name: "a wallet that should exist is refused if it does not", check: func(k *kit) {
		k.refused(func(ledger.Wallet, []ledger.Entry) ledger.Changes {
			w := newWallet("nobody")
			w.Seq = 1
			return put(w, 1)
		})
	}},
	{name: "an entry is refused if its Seq is taken", check: func(k *kit) {
		k.refused(func(w ledger.Wallet, entries []ledger.Entry) ledger.Changes {
			taken := entries[1]
			taken.Key = "another key"
			c := put(w, w.Seq)
			c.Entries = []*ledger.Entry{&taken}
			return c
		})
	}},
	{name: "an entry is refused if its key is taken", check: func(k *kit) {
		k.refused(func(w ledger.Wallet, entries []ledger.Entry) ledger.Changes {
			_, c := post(&w, charge("new"), charge(entries[0].Key))
			return c
		})
	}},
	{name: "an entry is refused if another of the same write has its key", check: func(k *kit) {
		k.refused(func(w ledger.Wallet, _ []ledger.Entry) ledger.Changes {
			_, c := post(&w, charge("same"), charge("other"), charge("same"))
			return c
		})
	}},
	{name: "a transaction that was refused is lost, also if fn passes over it", check: func(k *kit) {
		w, entries := k.add("a", charge("key"))
		err := k.try(func(tx ledger.Tx) error {
			_ = tx.Write(k.Context(), put(w, w.Seq+1))
			return nil
		})
		if !errors.Is(err, ledger.ErrConflict) {
			k.Fatalf("got %v, want ErrConflict", err)
		}
		k.holds(w, entries...)
	}},
}

// refused writes bad changes to a wallet with three entries, between good ones to two
// other wallets, and ends the case if they are not refused or anything is kept.
func (k *kit) refused(bad func(ledger.Wallet, []ledger.Entry) ledger.Changes) {
	k.Helper()
	w, entries := k.add("a", charges(3)...)
	old, ofOld := k.add("old", charge(""))

	noticed := charge("")
	noticed.Notices = []ledger.Notice{{Kind: "kept"}}
	changed, added := old, newWallet("new")
	_, before := post(&changed, noticed)
	_, behind := post(&added, noticed)
	changes := bad(w, entries)
	for i := range changes.Wallets {
		changes.Wallets[i].Wallet.Owner = "changed"
	}
	k.conflict(join(before, changes, behind))

	k.holds(w, entries...)
	k.holds(old, ofOld...)
	k.lacks(added.ID)
	k.lacks(ledger.WalletIDOf("nobody"))
	if got := k.take(noon, tick(1), 10); len(got) > 0 {
		k.Fatalf("%d notices were kept", len(got))
	}
	k.keep(join(before, behind))
}
