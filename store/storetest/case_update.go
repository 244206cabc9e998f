package storetest

import (
	"context"
	"errors"

	"github.com/scrip-go/scrip/ledger"
)

// updateCases are about [ledger.Store].
var updateCases = []testCase{
	{name: "what fn wrote is kept, all of it, if fn returns nil", check: func(k *kit) {
		a, b := newWallet("a"), newWallet("b")
		ofA, first := post(&a, charges(3)...)
		ofB, second := post(&b, charges(2)...)
		k.keep(join(first, second))
		k.holds(a, ofA...)
		k.holds(b, ofB...)
		same(k, "keyed", encodeEntry, k.keyed(a.ID, "charge 2", "charge 3"), ofA[1:])
	}},
	{name: "nothing is kept if fn returns an error", check: func(k *kit) {
		c, check := k.everything()
		err := k.try(func(tx ledger.Tx) error {
			if err := c(tx); err != nil {
				return err
			}
			return errStop
		})
		if !errors.Is(err, errStop) {
			k.Fatalf("got %v, want fn's error", err)
		}
		check()
	}},
	{name: "an error of fn is returned as it is", check: func(k *kit) {
		fail := func(ledger.Tx) error { return errStop }
		if err := k.try(fail); err != errStop { //nolint:errorlint // as it is
			k.Errorf("Update: got %v, want fn's error itself", err)
		}
		if err := k.store.View(k.Context(), fail); err != errStop { //nolint:errorlint // as it is
			k.Errorf("View: got %v, want fn's error itself", err)
		}
	}},
	{name: "a panic of fn leaves nothing behind, and no lock held", check: func(k *kit) {
		c, check := k.everything()
		func() {
			defer func() {
				if recover() == nil {
					k.Fatalf("the panic was lost")
				}
			}()
			_ = k.try(func(tx ledger.Tx) error {
				if err := c(tx); err != nil {
					return err
				}
				panic(errStop)
			})
		}()
		check()
	}},
	{name: "a context that has ended keeps everything as it was", check: func(k *kit) {
		c, check := k.everything()
		ctx, cancel := context.WithCancel(k.Context())
		cancel()
		if err := k.store.Update(ctx, c); !errors.Is(err, context.Canceled) {
			k.Fatalf("Update: got %v, want context.Canceled", err)
		}
		err := k.store.View(ctx, func(tx ledger.Tx) error {
			_, err := tx.List(ctx, ledger.WalletPage{Limit: 1})
			return err
		})
		if !errors.Is(err, context.Canceled) {
			k.Fatalf("View: got %v, want context.Canceled", err)
		}
		check()
	}},
	{name: "a context that ends before fn returns keeps everything as it was", own: true, check: func(k *kit) {
		c, check := k.everything()
		ctx, cancel := context.WithCancel(k.Context())
		err := k.store.Update(ctx, func(tx ledger.Tx) error {
			defer cancel()
			return c(tx)
		})
		if !errors.Is(err, context.Canceled) {
			k.Fatalf("got %v, want context.Canceled", err)
		}
		check()
	}},
	{name: "reading what is not there is not an error", check: func(k *kit) {
		k.lacks(ledger.WalletIDOf("nobody"))
		if got := k.keyed(ledger.WalletIDOf("nobody"), "key"); len(got) > 0 {
			k.Errorf("Keyed returned %d entries", len(got))
		}
		if got := k.list(ledger.WalletPage{Limit: 10}); len(got) > 0 {
			k.Errorf("List returned %d wallets", len(got))
		}
		if got := k.take(noon, tick(1), 10); len(got) > 0 {
			k.Errorf("TakeNotices returned %d notices", len(got))
		}
	}},
	{name: "asking for nothing and writing nothing is not an error", check: func(k *kit) {
		k.wallets()
		k.keyed(ledger.WalletIDOf("nobody"))
		k.keep(ledger.Changes{})
		k.ack()
	}},
}

// everything returns a function that uses all that a Tx can write, and one that ends
// the case if any of it was kept.
func (k *kit) everything() (all func(ledger.Tx) error, nothing func()) {
	k.Helper()
	noticed := charge("noticed")
	noticed.Notices = []ledger.Notice{{Kind: "taken"}, {Kind: "acknowledged"}}
	old, entries := k.add("old", noticed)
	ids := noticesOf(entries[0])

	changed, added := old, newWallet("new")
	more := charge("more")
	more.Notices = []ledger.Notice{{Kind: "new"}}
	_, change := post(&changed, more)
	_, open := post(&added, charge("more"))

	all = func(tx ledger.Tx) error {
		ctx := k.Context()
		_, err := tx.TakeNotices(ctx, noon, tick(1_000), 1)
		return errors.Join(err, tx.AckNotices(ctx, ids[1:]), tx.Write(ctx, join(change, open)))
	}
	nothing = func() {
		k.Helper()
		k.lacks(added.ID)
		k.holds(old, entries...)
		if got := k.keyed(old.ID, "more"); len(got) > 0 {
			k.Fatalf("an idempotency key was kept")
		}
		if got := k.take(noon, tick(1), 10); len(got) != len(ids) {
			k.Fatalf("got %d notices, want the %d from before", len(got), len(ids))
		}
		k.keep(join(change, open))
	}
	return all, nothing
}

// noticesOf returns the IDs of the notices of e.
func noticesOf(e ledger.Entry) []ledger.NoticeID {
	var ids []ledger.NoticeID
	for n := range e.Notices {
		ids = append(ids, ledger.NoticeID{EntryID: e.ID(), N: n})
	}
	return ids
}
