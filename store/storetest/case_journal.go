package storetest

import (
	"fmt"
	"math"
	"slices"

	"github.com/scrip-go/scrip/ledger"
)

// journalCases are about [ledger.Tx.Journal].
var journalCases = []testCase{
	{name: "every byte of an entry comes back", check: func(k *kit) {
		full := fill[ledger.Entry]()
		w := newWallet("a")
		w.Balance = full.Balance
		entries, changes := post(&w, full, ledger.Entry{Kind: ledger.KindCharge})
		k.keep(changes)
		k.holds(w, entries...)
		same(k, "keyed", encodeEntry, k.keyed(w.ID, full.Key), entries[:1])
		verifyChain(k, k.journal(w.ID))
	}},
	{name: "Journal returns any page of entries in the order of Seq", check: func(k *kit) {
		k.add("before", unwinding(3)...)
		w, entries := k.add("a", unwinding(23)...)
		k.add("behind", unwinding(30)...)
		for _, run := range k.both() {
			run(func(tx ledger.Tx) error { return k.allPages(tx, w.ID, entries) })
		}
	}},
	{name: "Of reaches as far as Seq does", check: func(k *kit) {
		var entries []ledger.Entry
		for _, of := range []int64{1, math.MaxInt32, math.MaxInt32 + 1, math.MaxInt64} {
			e := charge("")
			e.Of = of
			entries = append(entries, e)
		}
		w, entries := k.add("a", entries...)
		for _, run := range k.both() {
			run(func(tx ledger.Tx) error {
				for i, e := range entries {
					got, err := tx.Journal(k.Context(), ledger.Page{WalletID: w.ID, Of: e.Of, Limit: 10})
					if err != nil {
						return err
					}
					same(k, fmt.Sprintf("of %d", e.Of), encodeEntry, got, entries[i:i+1])
				}
				return nil
			})
		}
	}},
	{name: "an entry never changes when its wallet does", check: func(k *kit) {
		w, entries := k.add("a", charges(2)...)
		for range 5 {
			more, changes := post(&w, charge(""))
			k.keep(changes)
			entries = append(entries, more...)
			k.holds(w, entries...)
		}
	}},
}

// unwinding returns n entries, some of which are late, or of the first or second.
func unwinding(n int) []ledger.Entry {
	entries := charges(n)
	for i := range entries {
		if i > 2 {
			entries[i].Of = int64(i % 4)
		}
		entries[i].Late = i%3 == 1
	}
	return entries
}

// allPages asks for every page of a journal that there is.
func (k *kit) allPages(tx ledger.Tx, id ledger.WalletID, entries []ledger.Entry) error {
	for _, which := range []ledger.Page{
		{},
		{Of: 1},
		{Of: 2},
		{Of: 99},
		{Late: true},
		{Late: true, Of: 2},
		{Descending: true},
		{Of: 1, Descending: true},
		{Late: true, Descending: true},
		{Late: true, Of: 1, Descending: true},
	} {
		for after := range int64(len(entries) + 2) {
			for _, limit := range []int{1, 4, 100} {
				q := which
				q.WalletID, q.After, q.Limit = id, after, limit
				got, err := tx.Journal(k.Context(), q)
				if err != nil {
					return err
				}
				same(k, fmt.Sprintf("%+v", q), encodeEntry, got, page(entries, q))
			}
		}
	}
	return nil
}

// page says what q asks for, of a wallet's entries.
func page(entries []ledger.Entry, q ledger.Page) []ledger.Entry {
	var found []ledger.Entry
	for _, e := range entries {
		beyond := e.Seq > q.After
		if q.Descending {
			beyond = q.After == 0 || e.Seq < q.After
		}
		if beyond && (q.Of == 0 || q.Of == e.Of) && (e.Late || !q.Late) {
			found = append(found, e)
		}
	}
	if q.Descending {
		slices.Reverse(found)
	}
	return found[:min(len(found), q.Limit)]
}

// verifyChain ends the case unless each entry's hash is that of its encoding, which
// holds the hash of the entry before.
func verifyChain(k *kit, entries []ledger.Entry) {
	k.Helper()
	var previous ledger.Hash
	for i := range entries {
		e := entries[i]
		if e.Previous != previous {
			k.Fatalf("entry %d does not follow the one before", e.Seq)
		}
		if previous = e.Seal(previous); previous != entries[i].Hash {
			k.Fatalf("entry %d came back with another hash than that of its encoding", e.Seq)
		}
	}
}
