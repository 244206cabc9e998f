package storetest

import (
	"slices"

	"github.com/scrip-go/scrip/ledger"
)

// walletCases are about [ledger.Tx.Wallets], and what holds for all reading.
var walletCases = []testCase{
	{name: "every field of a wallet comes back exactly", check: func(k *kit) {
		w := fill[ledger.Wallet]()
		w.Seq, w.Hash = 0, ledger.Hash{}
		entries, changes := post(&w, charge("first"))
		k.keep(changes)
		k.holds(w, entries...)
		same(k, "listed", ledger.EncodeWallet, k.list(ledger.WalletPage{Limit: 1}), []ledger.Wallet{w})
	}},
	{name: "a wallet comes back as it was last written", check: func(k *kit) {
		w, entries := k.add("a", charge("first"))
		full := fill[ledger.Wallet]()
		full.ID, full.Seq, full.Hash = w.ID, w.Seq, w.Hash
		for range 2 {
			for _, next := range []ledger.Wallet{full, w} {
				next.Seq, next.Hash, next.Balance = w.Seq, w.Hash, w.Balance
				more, changes := post(&next, charge(""))
				k.keep(changes)
				entries, w.Seq, w.Hash, w.Balance = append(entries, more...), next.Seq, next.Hash, next.Balance
				k.holds(next, entries...)
			}
		}
	}},
	{name: "Wallets returns those that exist, without those that do not", check: func(k *kit) {
		a, _ := k.add("a", charge(""))
		b, _ := k.add("b", charge(""))
		k.add("c", charge(""))
		got := k.wallets(ledger.WalletIDOf("nobody"), b.ID, a.ID, ledger.WalletID{})
		want := []ledger.Wallet{a, b}
		slices.SortFunc(want, byID)
		same(k, "wallets", ledger.EncodeWallet, got, want)
	}},
	{name: "what is passed to a Tx is not modified", check: func(k *kit) {
		a, b, c := newWallet("a"), newWallet("b"), newWallet("c")
		ofA, putA := post(&a, charge("y"), charge("x"))
		ofB, putB := post(&b, charge("x"))
		ofC, putC := post(&c, charge("z"))
		changes := join(putC, putA, putB)
		puts, entries := slices.Clone(changes.Wallets), slices.Clone(changes.Entries)
		k.keep(changes)
		if !slices.Equal(changes.Wallets, puts) || !slices.Equal(changes.Entries, entries) {
			k.Errorf("Write has changed the slices passed to it")
		}
		for i, want := range slices.Concat(ofC, ofA, ofB) {
			same(k, "entry passed", encodeEntry, []ledger.Entry{*entries[i]}, []ledger.Entry{want})
		}
		for i, want := range []ledger.Wallet{c, a, b} {
			same(k, "wallet passed", ledger.EncodeWallet, []ledger.Wallet{*puts[i].Wallet}, []ledger.Wallet{want})
		}
		for _, run := range k.both() {
			run(func(tx ledger.Tx) error { return k.keepsOrder(tx, entries) })
		}
	}},
	{name: "slices that were passed and returned may be modified afterwards", check: func(k *kit) {
		w := newWallet("a")
		e := charge("first")
		e.Notices = []ledger.Notice{{Kind: "first"}}
		entries, changes := post(&w, e)
		k.keep(ledger.Changes{Wallets: changes.Wallets, Entries: changes.Entries})
		clear(changes.Wallets)
		clear(changes.Entries)
		for range 2 {
			k.holds(w, entries...)
			clear(k.wallets(w.ID))
			clear(k.journal(w.ID))
			clear(k.keyed(w.ID, "first"))
			clear(k.list(ledger.WalletPage{Limit: 1}))
			clear(k.take(noon, noon, 1))
		}
		if got := k.take(noon, noon, 1); len(got) != 1 || got[0].ID.EntryID != entries[0].ID() {
			k.Errorf("the notice is gone: %v", got)
		}
	}},
}

// both returns View and Update.
func (k *kit) both() []func(func(ledger.Tx) error) {
	return []func(func(ledger.Tx) error){k.view, k.update}
}

// keepsOrder reads by lists in falling and in rising order and looks whether they
// are still in it.
func (k *kit) keepsOrder(tx ledger.Tx, entries []*ledger.Entry) error {
	var keys []ledger.EntryKey
	for _, e := range entries {
		keys = append(keys, ledger.EntryKey{WalletID: e.WalletID, Key: e.Key})
	}
	for range 2 {
		slices.Reverse(keys)
		ids := make([]ledger.WalletID, len(keys))
		for i, key := range keys {
			ids[i] = key.WalletID
		}
		ids = slices.Compact(ids)
		passedIDs, passedKeys := slices.Clone(ids), slices.Clone(keys)
		if _, err := tx.Wallets(k.Context(), passedIDs); err != nil {
			return err
		}
		if _, err := tx.Keyed(k.Context(), passedKeys); err != nil {
			return err
		}
		if !slices.Equal(passedIDs, ids) || !slices.Equal(passedKeys, keys) {
			k.Errorf("reading has changed the slices passed to it")
		}
	}
	return nil
}
