package storetest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// A kit is a store under test, with what the cases ask of it. Its methods end the
// case if the store fails.
type kit struct {
	testing.TB
	store ledger.Store
}

// errStop is what functions return that want nothing kept.
var errStop = errors.New("storetest: stop")

// try calls Update and returns its error.
func (k *kit) try(fn func(ledger.Tx) error) error { return k.store.Update(k.Context(), fn) }

// update calls Update, which must succeed.
func (k *kit) update(fn func(ledger.Tx) error) {
	k.Helper()
	if err := k.try(fn); err != nil {
		k.Fatalf("Update: %v", err)
	}
}

// view calls View, which must succeed.
func (k *kit) view(fn func(ledger.Tx) error) {
	k.Helper()
	if err := k.store.View(k.Context(), fn); err != nil {
		k.Fatalf("View: %v", err)
	}
}

// keep writes c, which must succeed.
func (k *kit) keep(c ledger.Changes) {
	k.Helper()
	if err := k.write(c); err != nil {
		k.Fatalf("Write: %v", err)
	}
}

func (k *kit) write(c ledger.Changes) error {
	return k.try(func(tx ledger.Tx) error { return tx.Write(k.Context(), c) })
}

// conflict writes c, which must be refused.
func (k *kit) conflict(c ledger.Changes) {
	k.Helper()
	if err := k.write(c); !errors.Is(err, ledger.ErrConflict) {
		k.Fatalf("Write: got %v, want ErrConflict", err)
	}
}

// retry calls Update until it does not end in a conflict.
func (k *kit) retry(fn func(ledger.Tx) error) error {
	var err error
	for range 1_000 {
		if err = k.try(fn); !errors.Is(err, ledger.ErrConflict) {
			return err
		}
		time.Sleep(rand.N(5 * time.Millisecond))
	}
	return err
}

// read calls fn in a View and in an Update, which must find the same.
func read[T any](k *kit, encode func(*T) []byte, fn func(ledger.Tx) ([]T, error)) []T {
	k.Helper()
	var seen, locked []T
	k.view(func(tx ledger.Tx) (err error) { seen, err = fn(tx); return err })
	k.update(func(tx ledger.Tx) (err error) { locked, err = fn(tx); return err })
	same(k, "in an Update, after a View", encode, locked, seen)
	return seen
}

// same ends the case unless got and want have the same encodings in the same order.
func same[T any](k *kit, what string, encode func(*T) []byte, got, want []T) {
	k.Helper()
	if len(got) != len(want) {
		k.Fatalf("%s: got %d records, want %d", what, len(got), len(want))
	}
	for i := range want {
		if g, w := encode(&got[i]), encode(&want[i]); !bytes.Equal(g, w) {
			k.Fatalf("%s: record %d:\n got %s\nwant %s", what, i, g, w)
		}
	}
}

// encodeEntry returns all of e, its hash as well.
func encodeEntry(e *ledger.Entry) []byte { return append(ledger.EncodeEntry(e), e.Hash[:]...) }

// wallets returns the wallets with these IDs, ordered by ID.
func (k *kit) wallets(ids ...ledger.WalletID) []ledger.Wallet {
	k.Helper()
	return read(k, ledger.EncodeWallet, func(tx ledger.Tx) ([]ledger.Wallet, error) {
		found, err := tx.Wallets(k.Context(), ids)
		slices.SortFunc(found, byID)
		return found, err
	})
}

func byID(a, b ledger.Wallet) int { return a.ID.Compare(b.ID) }

// keyed returns the entries with these keys of one wallet, ordered by Seq.
func (k *kit) keyed(id ledger.WalletID, keys ...string) []ledger.Entry {
	k.Helper()
	var names []ledger.EntryKey
	for _, key := range keys {
		names = append(names, ledger.EntryKey{WalletID: id, Key: key})
	}
	return read(k, encodeEntry, func(tx ledger.Tx) ([]ledger.Entry, error) {
		found, err := tx.Keyed(k.Context(), names)
		slices.SortFunc(found, func(a, b ledger.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
		return found, err
	})
}

// journal returns a wallet's entries.
func (k *kit) journal(id ledger.WalletID) []ledger.Entry {
	k.Helper()
	return read(k, encodeEntry, func(tx ledger.Tx) ([]ledger.Entry, error) {
		return tx.Journal(k.Context(), ledger.Page{WalletID: id, Limit: 10_000})
	})
}

// holds ends the case unless the store holds wallet w with these entries, as a whole.
func (k *kit) holds(w ledger.Wallet, entries ...ledger.Entry) {
	k.Helper()
	same(k, "wallet", ledger.EncodeWallet, k.wallets(w.ID), []ledger.Wallet{w})
	same(k, "journal", encodeEntry, k.journal(w.ID), entries)
}

// lacks ends the case if the store holds anything of a wallet with this ID.
func (k *kit) lacks(id ledger.WalletID) {
	k.Helper()
	if n := len(k.wallets(id)); n > 0 {
		k.Fatalf("the wallet was kept")
	}
	if n := len(k.journal(id)); n > 0 {
		k.Fatalf("%d entries were kept", n)
	}
}

// take takes notices, ordered by ID.
func (k *kit) take(now, until time.Time, limit int) []ledger.Delivery {
	k.Helper()
	var taken []ledger.Delivery
	k.update(func(tx ledger.Tx) (err error) {
		taken, err = tx.TakeNotices(k.Context(), now, until, limit)
		return err
	})
	slices.SortFunc(taken, func(a, b ledger.Delivery) int { return compareNotices(a.ID, b.ID) })
	return taken
}

func (k *kit) ack(ids ...ledger.NoticeID) {
	k.Helper()
	k.update(func(tx ledger.Tx) error { return tx.AckNotices(k.Context(), ids) })
}

func compareNotices(a, b ledger.NoticeID) int {
	return cmp.Or(a.WalletID.Compare(b.WalletID), cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.N, b.N))
}

// newWallet returns a wallet that is not in the books yet.
func newWallet(key string) ledger.Wallet {
	w := ledger.Wallet{ID: ledger.WalletIDOf(key), Status: ledger.StatusOpen, OpenedAt: noon, SettledAt: noon}
	w.Owner, w.Unit.Name = "owner of "+key, "credits"
	return w
}

// post appends entries to the journal of w, which becomes the wallet after them, and
// returns the entries and what is to be written.
func post(w *ledger.Wallet, entries ...ledger.Entry) ([]ledger.Entry, ledger.Changes) {
	from := w.Seq
	entries = slices.Clone(entries)
	for i := range entries {
		e := &entries[i]
		w.Seq++
		e.WalletID, e.Seq = w.ID, w.Seq
		w.Balance = w.Balance.Add(e.Change)
		e.Balance = w.Balance
		w.Hash = e.Seal(w.Hash)
	}
	changes := put(*w, from)
	for _, e := range entries {
		changes.Entries = append(changes.Entries, &e)
	}
	return entries, changes
}

// charge returns an entry that takes one credit.
func charge(key string) ledger.Entry {
	return ledger.Entry{
		Kind: ledger.KindCharge, Key: key, Change: decimal.NewFromInt(-1),
		EffectiveAt: noon, RecordedAt: tick(1),
	}
}

// charges returns n entries with keys of their own.
func charges(n int) []ledger.Entry {
	entries := make([]ledger.Entry, n)
	for i := range entries {
		entries[i] = charge(fmt.Sprintf("charge %d", i+1))
	}
	return entries
}

// add keeps a wallet with these entries and returns it.
func (k *kit) add(key string, entries ...ledger.Entry) (ledger.Wallet, []ledger.Entry) {
	k.Helper()
	w := newWallet(key)
	entries, changes := post(&w, entries...)
	k.keep(changes)
	return w, entries
}

// put returns changes that put w and nothing else.
func put(w ledger.Wallet, from int64) ledger.Changes {
	return ledger.Changes{Wallets: []ledger.Put{{Wallet: &w, From: from}}}
}

// join returns all changes as one.
func join(changes ...ledger.Changes) ledger.Changes {
	var all ledger.Changes
	for _, c := range changes {
		all.Wallets = append(all.Wallets, c.Wallets...)
		all.Entries = append(all.Entries, c.Entries...)
	}
	return all
}

// together calls fn n times at once and returns the errors.
func together(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = fn(i) })
	}
	wg.Wait()
	return errs
}
