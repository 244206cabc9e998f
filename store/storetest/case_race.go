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
		overtaken := make(chan struct{})
		var once sync.Once
		errs := together(2, func(i int) error {
			return k.try(func(tx ledger.Tx) error {
				found, err := tx.Wallets(k.Context(), []ledger.WalletID{w.ID})
				if err != nil {
					return err
				}
				first := false
				once.Do(func() { first = true })
				if first { // give the other the time to read the same, if it can
					select {
					case <-overtaken:
					case <-time.After(50 * time.Millisecond):
					}
				} else if found[0].Seq == w.Seq {
					close(overtaken)
				}
				_, changes := post(&found[0], charge(fmt.Sprint(i)))
				return tx.Write(k.Context(), changes)
			})
		})
		k.succeeded(errs)
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
		k.succeeded(together(3, func(i int) error {
			for j := range 30 {
				var err error
				if i == 0 {
					err = k.retry(func(tx ledger.Tx) error { return k.spend(tx, fmt.Sprint(j), a.ID, b.ID) })
				} else {
					err = k.store.View(k.Context(), func(tx ledger.Tx) error { return k.inStep(tx, a.ID, b.ID) })
				}
				if err != nil {
					return err
				}
			}
			return nil
		}))
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
	found, err := tx.Wallets(k.Context(), ids)
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

// inStep returns an error unless two wallets that are always changed together have
// the same Seq, and as many entries, when they are read one after the other.
func (k *kit) inStep(tx ledger.Tx, a, b ledger.WalletID) error {
	first, err := tx.Wallets(k.Context(), []ledger.WalletID{a})
	if err != nil {
		return err
	}
	second, err := tx.Wallets(k.Context(), []ledger.WalletID{b})
	if err != nil {
		return err
	}
	journal, err := tx.Journal(k.Context(), ledger.Page{WalletID: b, Limit: 1, Descending: true})
	if err != nil {
		return err
	}
	if x, y, z := first[0].Seq, second[0].Seq, journal[0].Seq; x != y || y != z {
		return fmt.Errorf("one View read wallets at %d and %d and a journal at %d", x, y, z)
	}
	return nil
}

// succeeded ends the case at the first error that is none.
func (k *kit) succeeded(errs []error) {
	k.Helper()
	if err := errors.Join(errs...); err != nil {
		k.Fatal(err)
	}
}
