package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// raceCases are about transactions that run at the same time.
var raceCases = []testCase{
	{name: "no update is lost", check: func(k *kit) {
		w, entries := k.add("a", charge(""))
		errs := together(8, func(i int) error {
			for j := range 10 {
				err := k.retry(func(tx ledger.Tx) error { return k.spend(tx, fmt.Sprint(i, " ", j), w.ID) })
				if err != nil {
					return err
				}
			}
			return nil
		})
		k.succeeded(errs)
		journal := k.journal(w.ID)
		if len(journal) != len(entries)+80 {
			k.Fatalf("80 entries were acknowledged, %d are there", len(journal)-len(entries))
		}
		verifyChain(k, journal)
		last := journal[len(journal)-1]
		if got := k.wallets(w.ID)[0]; got.Seq != last.Seq || got.Hash != last.Hash || !got.Balance.Equal(last.Balance) {
			k.Fatalf("the wallet does not agree with its last entry")
		}
	}},
	{name: "a wallet is locked before it is read", own: true, check: func(k *kit) {
		w, _ := k.add("a", charge(""))
		spend := func(key string, chance func()) error {
			return k.try(func(tx ledger.Tx) error {
				found, err := k.all(tx, w.ID)
				if err != nil {
					return err
				}
				chance()
				_, changes := post(&found[0], charge(key))
				return tx.Write(k.Context(), changes)
			})
		}
		k.overtake(func(chance func()) error { return spend("first", chance) }, func() error { return spend("second", func() {}) })
		if got := len(k.journal(w.ID)); got != 3 {
			k.Errorf("the wallet has %d entries, want 3", got)
		}
	}},
	{name: "updates of the same wallets in different orders do not block each other", check: func(k *kit) {
		a, _ := k.add("a", charge(""))
		b, _ := k.add("b", charge(""))
		k.succeeded(together(4, func(i int) error {
			ids := []ledger.WalletID{a.ID, b.ID}
			if i%2 == 1 {
				slices.Reverse(ids)
			}
			for j := range 10 {
				err := k.retry(func(tx ledger.Tx) error { return k.spend(tx, fmt.Sprint(i, " ", j), ids...) })
				if err != nil {
					return err
				}
			}
			return nil
		}))
		for _, w := range k.wallets(a.ID, b.ID) {
			if w.Seq != 41 {
				k.Errorf("40 entries were acknowledged, %d are there", w.Seq-1)
			}
		}
	}},
	{name: "a wallet is opened once", check: func(k *kit) {
		errExists := errors.New("exists")
		errs := together(6, func(i int) error {
			w := newWallet("a")
			_, changes := post(&w, charge(fmt.Sprint(i)))
			return k.try(func(tx ledger.Tx) error {
				found, err := tx.Wallets(k.Context(), []ledger.WalletID{w.ID})
				if err == nil && len(found) > 0 {
					err = errExists
				}
				if err != nil {
					return err
				}
				return tx.Write(k.Context(), changes)
			})
		})
		opened := 0
		for _, err := range errs {
			switch {
			case err == nil:
				opened++
			case !errors.Is(err, errExists) && !errors.Is(err, ledger.ErrConflict):
				k.Errorf("got %v, want ErrConflict", err)
			}
		}
		if got := len(k.journal(ledger.WalletIDOf("a"))); opened != 1 || got != 1 {
			k.Errorf("%d callers have opened the wallet, which has %d entries", opened, got)
		}
	}},
	{name: "what a View reads is one consistent state", own: true, check: func(k *kit) {
		a, _ := k.add("a", charge(""))
		b, _ := k.add("b", charge(""))
		k.overtake(func(chance func()) error {
			return k.store.View(k.Context(), func(tx ledger.Tx) error { return k.inStep(tx, a.ID, b.ID, chance) })
		}, func() error {
			return k.retry(func(tx ledger.Tx) error { return k.spend(tx, "key", a.ID, b.ID) })
		})
	}},
	{name: "a notice is not taken by two transactions at the same time", check: func(k *kit) {
		ids := k.noticed(2)
		var taken [2][]ledger.Delivery
		take := func(i int, chance func()) error {
			return k.retry(func(tx ledger.Tx) (err error) {
				taken[i], err = tx.TakeNotices(k.Context(), noon, tick(1), 1)
				chance()
				return err
			})
		}
		k.overtake(func(chance func()) error { return take(0, chance) }, func() error { return take(1, func() {}) })
		first, second := taken[0], taken[1]
		if len(first) != 1 || len(second) != 1 || first[0].ID == second[0].ID {
			k.Errorf("the callers have taken %v and %v, want one each of %v", first, second, ids)
		}
	}},
	{name: "no notice is taken twice at a time, and none is left", check: func(k *kit) {
		ids := k.noticed(60)
		var mu sync.Mutex
		seen := make(map[ledger.NoticeID]int)
		k.succeeded(together(4, func(int) error {
			for {
				var taken []ledger.Delivery
				err := k.retry(func(tx ledger.Tx) (err error) {
					taken, err = tx.TakeNotices(k.Context(), noon, tick(1), 4)
					return err
				})
				if err != nil || len(taken) == 0 {
					return err
				}
				mu.Lock()
				for _, d := range taken {
					seen[d.ID]++
				}
				mu.Unlock()
			}
		}))
		for _, id := range ids {
			if seen[id] != 1 {
				k.Errorf("notice %v of entry %v was taken %d times", id.N, id.EntryID, seen[id])
			}
		}
	}},
}

// spend appends a charge to each of the wallets.
func (k *kit) spend(tx ledger.Tx, key string, ids ...ledger.WalletID) error {
	found, err := k.all(tx, ids...)
	if err != nil {
		return err
	}
	var all ledger.Changes
	for _, w := range found {
		_, changes := post(&w, charge(key))
		all = join(all, changes)
	}
	return tx.Write(k.Context(), all)
}

// all returns the wallets with these IDs, each of which is there.
func (k *kit) all(tx ledger.Tx, ids ...ledger.WalletID) ([]ledger.Wallet, error) {
	found, err := tx.Wallets(k.Context(), ids)
	if err == nil && len(found) != len(ids) {
		err = fmt.Errorf("Wallets returned %d of %d wallets", len(found), len(ids))
	}
	return found, err
}

// inStep returns an error unless two wallets that are always changed together have
// the same Seq, and as many entries, when they are read one after the other, with a
// chance for others in between.
func (k *kit) inStep(tx ledger.Tx, a, b ledger.WalletID, chance func()) error {
	first, err := k.all(tx, a)
	if err != nil {
		return err
	}
	chance()
	second, err := k.all(tx, b)
	if err != nil {
		return err
	}
	journal, err := tx.Journal(k.Context(), ledger.Page{WalletID: b, Limit: 1, Descending: true})
	if err != nil {
		return err
	}
	if len(journal) != 1 || journal[0].Seq != first[0].Seq || second[0].Seq != first[0].Seq {
		return fmt.Errorf("one View read wallets at %d and %d and the journal's end %v", first[0].Seq, second[0].Seq, journal)
	}
	return nil
}

// overtake calls first, and second when first calls its argument for the first time,
// which gives second the time to do what it can before it returns. Both must succeed.
func (k *kit) overtake(first func(chance func()) error, second func() error) {
	k.Helper()
	begun, ended := make(chan struct{}), make(chan struct{})
	var once sync.Once
	chance := func() {
		once.Do(func() { close(begun) })
		select {
		case <-ended:
		case <-time.After(50 * time.Millisecond): // it waits for first, as it may
		}
	}
	k.succeeded(together(2, func(i int) error {
		if i == 0 {
			defer once.Do(func() { close(begun) })
			return first(chance)
		}
		<-begun
		defer close(ended)
		return second()
	}))
}

// succeeded ends the case at the first error that is none.
func (k *kit) succeeded(errs []error) {
	k.Helper()
	if err := errors.Join(errs...); err != nil {
		k.Fatal(err)
	}
}
