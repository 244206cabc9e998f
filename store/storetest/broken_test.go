package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/storetest"
)

// A fault turns a good store into a broken one: by what it does around fn, or by what
// it does to the Tx that fn gets.
type fault struct {
	view   func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error
	update func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error
	tx     func(ledger.Tx) ledger.Tx
}

type broken struct {
	ledger.Store
	fault
}

func (b broken) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	if b.update != nil {
		return b.update(ctx, b.Store, fn)
	}
	return b.Store.Update(ctx, b.wrap(fn))
}

func (b broken) View(ctx context.Context, fn func(ledger.Tx) error) error {
	if b.view != nil {
		return b.view(ctx, b.Store, fn)
	}
	return b.Store.View(ctx, b.wrap(fn))
}

func (b broken) wrap(fn func(ledger.Tx) error) func(ledger.Tx) error {
	if b.tx == nil {
		return fn
	}
	return func(tx ledger.Tx) error { return fn(b.tx(tx)) }
}

// A recorder is a testing.TB that may fail.
type recorder struct {
	testing.TB
	mu     sync.Mutex
	failed []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatal(args ...any) { r.Fatalf("%s", fmt.Sprint(args...)) }

type checker interface {
	Check(tb testing.TB, s ledger.Store)
}

// failures returns what the case says of the store.
func failures(t *testing.T, c checker, s ledger.Store) []string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				r.Errorf("panic: %v", p)
			}
		}()
		c.Check(r, s)
	}()
	<-done
	return r.failed
}

func TestEverySeededFaultIsCaught(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range storetest.Cases {
				if failed := failures(t, c, broken{new(memory.Store), faults[name]}); len(failed) > 0 {
					t.Logf("caught: %s: %.200s", c.Name(), failed[0])
					return
				}
			}
			t.Error("no case has caught it")
		})
	}
}

func TestAStoreWithoutFaultPasses(t *testing.T) {
	t.Parallel()
	for _, c := range storetest.Cases {
		for _, failed := range failures(t, c, broken{Store: new(memory.Store)}) {
			t.Errorf("%s: %s", c.Name(), failed)
		}
	}
}

var faults = map[string]fault{
	"a write that ignores what the wallet was computed from": {tx: func(tx ledger.Tx) ledger.Tx { return ignoresFrom{tx} }},
	"a write that ignores a taken key":                       {tx: func(tx ledger.Tx) ledger.Tx { return ignoresKeys{tx} }},
	"amounts that pass through floating point":               {tx: func(tx ledger.Tx) ledger.Tx { return inexact{tx} }},
	"times that are cut to milliseconds":                     {tx: func(tx ledger.Tx) ledger.Tx { return coarse{tx} }},
	"a write that drops notices":                             {tx: func(tx ledger.Tx) ledger.Tx { return dropsNotices{tx} }},
	"notices that are not hidden when taken":                 {tx: func(tx ledger.Tx) ledger.Tx { return showsTaken{tx} }},
	"notices that are hidden a moment too long":              {tx: func(tx ledger.Tx) ledger.Tx { return hidesLonger{tx} }},
	"notices that are gone when taken":                       {tx: func(tx ledger.Tx) ledger.Tx { return acksTaken{tx} }},
	"an acknowledgement of a whole entry":                    {tx: func(tx ledger.Tx) ledger.Tx { return acksEntry{tx} }},
	"more notices than the limit":                            {tx: func(tx ledger.Tx) ledger.Tx { return takesMore{tx} }},
	"a journal that grows downwards":                         {tx: func(tx ledger.Tx) ledger.Tx { return reversed{tx} }},
	"a page that begins with the last of the one before":     {tx: func(tx ledger.Tx) ledger.Tx { return inclusive{tx} }},
	"a journal in the order of text":                         {tx: func(tx ledger.Tx) ledger.Tx { return ordersText{tx} }},
	"a journal that passes over Of":                          {tx: func(tx ledger.Tx) ledger.Tx { return ignoresOf{tx} }},
	"a journal that passes over Late":                        {tx: func(tx ledger.Tx) ledger.Tx { return ignoresLate{tx} }},
	"a list without a second order":                          {tx: func(tx ledger.Tx) ledger.Tx { return unstable{tx} }},
	"a list that leaves out what is due just now":            {tx: func(tx ledger.Tx) ledger.Tx { return exclusive{tx} }},
	"an owner in any case":                                   {tx: func(tx ledger.Tx) ledger.Tx { return foldsOwners{tx} }},
	"a key in any case":                                      {tx: func(tx ledger.Tx) ledger.Tx { return foldsKeys{tx} }},
	"a key that is looked for in all wallets":                {tx: func(tx ledger.Tx) ledger.Tx { return anyWallet{tx} }},
	"IDs that are sorted where they lie":                     {tx: func(tx ledger.Tx) ledger.Tx { return sortsInPlace{tx} }},
	"an error for a wallet that does not exist":              {tx: func(tx ledger.Tx) ledger.Tx { return missing{tx} }},
	"a field that is forgotten":                              {tx: func(tx ledger.Tx) ledger.Tx { return forgets{tx} }},
	"an encoding that escapes differently":                   {tx: func(tx ledger.Tx) ledger.Tx { return rehashes{tx} }},

	"a write that is not undone": {update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
		var err error
		return errors.Join(s.Update(ctx, func(tx ledger.Tx) error { err = fn(tx); return nil }), err)
	}},
	"wallets that are kept without their entries": {update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
		var c ledger.Changes
		err := s.Update(ctx, func(tx ledger.Tx) error { return fn(puts{tx, &c}) })
		if err != nil {
			return err
		}
		return s.Update(ctx, func(tx ledger.Tx) error { return tx.Write(ctx, c) })
	}},
	"a lock that is taken after reading": {update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
		late := &lateLock{s: s}
		if err := fn(late); err != nil {
			return err
		}
		return s.Update(ctx, late.write)
	}},
	"a view that reads call by call": {view: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
		return fn(&lateLock{s: s})
	}},
	"an error that is dressed up": {update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
		if err := s.Update(ctx, fn); err != nil {
			return fmt.Errorf("update: %w", err)
		}
		return nil
	}},
	"a panic that is taken for success": {update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
		return s.Update(ctx, func(tx ledger.Tx) (err error) {
			defer func() { _ = recover() }()
			return fn(tx)
		})
	}},
	"a context that is passed over": {update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
		return s.Update(context.WithoutCancel(ctx), fn)
	}},
	"a context that is looked at only at the start": {update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return s.Update(context.WithoutCancel(ctx), fn)
	}},
	"a conflict that is forgotten": {update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
		var fnErr error
		err := s.Update(ctx, func(tx ledger.Tx) error { fnErr = fn(tx); return fnErr })
		if errors.Is(err, ledger.ErrConflict) && fnErr == nil {
			return nil
		}
		return err
	}},
}

type ignoresFrom struct{ ledger.Tx }

func (t ignoresFrom) Write(ctx context.Context, c ledger.Changes) error {
	c.Wallets = slices.Clone(c.Wallets)
	for i := range c.Wallets {
		p := &c.Wallets[i]
		p.From = 0
		if found, _ := t.Wallets(ctx, []ledger.WalletID{p.Wallet.ID}); len(found) > 0 {
			p.From = found[0].Seq
		}
	}
	return t.Tx.Write(ctx, c)
}

type ignoresKeys struct{ ledger.Tx }

func (t ignoresKeys) Write(ctx context.Context, c ledger.Changes) error {
	c.Entries = slices.Clone(c.Entries)
	seen := make(map[ledger.EntryKey]bool)
	for i := range c.Entries {
		e := *c.Entries[i]
		k := ledger.EntryKey{WalletID: e.WalletID, Key: e.Key}
		if found, _ := t.Keyed(ctx, []ledger.EntryKey{k}); len(found) > 0 || seen[k] {
			e.Key = ""
			c.Entries[i] = &e
		}
		seen[k] = true
	}
	return t.Tx.Write(ctx, c)
}

// eachWallet reads wallets and changes what it has read.
func eachWallet(found []ledger.Wallet, err error, change func(*ledger.Wallet)) ([]ledger.Wallet, error) {
	for i := range found {
		change(&found[i])
	}
	return found, err
}

type inexact struct{ ledger.Tx }

func (t inexact) Wallets(ctx context.Context, ids []ledger.WalletID) ([]ledger.Wallet, error) {
	found, err := t.Tx.Wallets(ctx, ids)
	return eachWallet(found, err, func(w *ledger.Wallet) {
		w.CreditLimit = decimal.NewFromFloat(w.CreditLimit.InexactFloat64())
	})
}

type coarse struct{ ledger.Tx }

func (t coarse) Wallets(ctx context.Context, ids []ledger.WalletID) ([]ledger.Wallet, error) {
	found, err := t.Tx.Wallets(ctx, ids)
	return eachWallet(found, err, func(w *ledger.Wallet) { w.DueAt = w.DueAt.Truncate(time.Millisecond) })
}

type forgets struct{ ledger.Tx }

func (t forgets) Wallets(ctx context.Context, ids []ledger.WalletID) ([]ledger.Wallet, error) {
	found, err := t.Tx.Wallets(ctx, ids)
	return eachWallet(found, err, func(w *ledger.Wallet) {
		for i := range w.Subscriptions {
			w.Subscriptions = slices.Clone(w.Subscriptions)
			w.Subscriptions[i].EndsAt = time.Time{}
		}
	})
}

type missing struct{ ledger.Tx }

func (t missing) Wallets(ctx context.Context, ids []ledger.WalletID) ([]ledger.Wallet, error) {
	found, err := t.Tx.Wallets(ctx, ids)
	if len(found) < len(ids) {
		return nil, ledger.ErrNotFound
	}
	return found, err
}

type sortsInPlace struct{ ledger.Tx }

func (t sortsInPlace) Wallets(ctx context.Context, ids []ledger.WalletID) ([]ledger.Wallet, error) {
	slices.SortFunc(ids, ledger.WalletID.Compare)
	return t.Tx.Wallets(ctx, ids)
}

type foldsKeys struct{ ledger.Tx }

func (t foldsKeys) Keyed(ctx context.Context, keys []ledger.EntryKey) ([]ledger.Entry, error) {
	found, err := t.Tx.Keyed(ctx, keys)
	for _, k := range keys {
		all, _ := t.Journal(ctx, ledger.Page{WalletID: k.WalletID, Limit: 1_000})
		for _, e := range all {
			if e.Key != k.Key && e.Key != "" && strings.EqualFold(e.Key, k.Key) {
				found = append(found, e)
			}
		}
	}
	return found, err
}

type anyWallet struct{ ledger.Tx }

func (t anyWallet) Keyed(ctx context.Context, keys []ledger.EntryKey) ([]ledger.Entry, error) {
	wallets, err := t.List(ctx, ledger.WalletPage{Limit: 100})
	if err != nil {
		return nil, err
	}
	var wide []ledger.EntryKey
	for _, k := range keys {
		for _, w := range wallets {
			wide = append(wide, ledger.EntryKey{WalletID: w.ID, Key: k.Key})
		}
	}
	return t.Tx.Keyed(ctx, wide)
}

type reversed struct{ ledger.Tx }

func (t reversed) Journal(ctx context.Context, q ledger.Page) ([]ledger.Entry, error) {
	found, err := t.Tx.Journal(ctx, q)
	slices.Reverse(found)
	return found, err
}

type inclusive struct{ ledger.Tx }

func (t inclusive) Journal(ctx context.Context, q ledger.Page) ([]ledger.Entry, error) {
	if q.Descending && q.After > 0 {
		q.After++
	}
	return t.Tx.Journal(ctx, q)
}

type ordersText struct{ ledger.Tx }

func (t ordersText) Journal(ctx context.Context, q ledger.Page) ([]ledger.Entry, error) {
	found, err := t.Tx.Journal(ctx, q)
	slices.SortFunc(found, func(a, b ledger.Entry) int { return strings.Compare(fmt.Sprint(a.Seq), fmt.Sprint(b.Seq)) })
	return found, err
}

type ignoresOf struct{ ledger.Tx }

func (t ignoresOf) Journal(ctx context.Context, q ledger.Page) ([]ledger.Entry, error) {
	q.Of = 0
	return t.Tx.Journal(ctx, q)
}

type ignoresLate struct{ ledger.Tx }

func (t ignoresLate) Journal(ctx context.Context, q ledger.Page) ([]ledger.Entry, error) {
	q.Late = false
	return t.Tx.Journal(ctx, q)
}

type rehashes struct{ ledger.Tx }

func (t rehashes) Journal(ctx context.Context, q ledger.Page) ([]ledger.Entry, error) {
	found, err := t.Tx.Journal(ctx, q)
	for i := range found {
		if strings.Contains(found[i].Reason, "<") {
			found[i].Hash[0]++
		}
	}
	return found, err
}

type unstable struct{ ledger.Tx }

func (t unstable) List(ctx context.Context, q ledger.WalletPage) ([]ledger.Wallet, error) {
	found, err := t.Tx.List(ctx, q)
	slices.Reverse(found)
	if !q.DueBy.IsZero() {
		slices.SortStableFunc(found, func(a, b ledger.Wallet) int { return a.DueAt.Compare(b.DueAt) })
	} else {
		slices.Reverse(found)
	}
	return found, err
}

type exclusive struct{ ledger.Tx }

func (t exclusive) List(ctx context.Context, q ledger.WalletPage) ([]ledger.Wallet, error) {
	if !q.DueBy.IsZero() {
		q.DueBy = q.DueBy.Add(-time.Microsecond)
	}
	return t.Tx.List(ctx, q)
}

type foldsOwners struct{ ledger.Tx }

func (t foldsOwners) List(ctx context.Context, q ledger.WalletPage) ([]ledger.Wallet, error) {
	if q.Owner == "" {
		return t.Tx.List(ctx, q)
	}
	all, err := t.Tx.List(ctx, ledger.WalletPage{After: q.After, Limit: math.MaxInt})
	all = slices.DeleteFunc(all, func(w ledger.Wallet) bool { return !strings.EqualFold(w.Owner, q.Owner) })
	return all[:min(len(all), q.Limit)], err
}

type dropsNotices struct{ ledger.Tx }

func (t dropsNotices) TakeNotices(context.Context, time.Time, time.Time, int) ([]ledger.Delivery, error) {
	return nil, nil
}

type showsTaken struct{ ledger.Tx }

func (t showsTaken) TakeNotices(ctx context.Context, now, _ time.Time, limit int) ([]ledger.Delivery, error) {
	return t.Tx.TakeNotices(ctx, now, now, limit)
}

type hidesLonger struct{ ledger.Tx }

func (t hidesLonger) TakeNotices(ctx context.Context, now, until time.Time, limit int) ([]ledger.Delivery, error) {
	return t.Tx.TakeNotices(ctx, now, until.Add(time.Microsecond), limit)
}

type acksTaken struct{ ledger.Tx }

func (t acksTaken) TakeNotices(ctx context.Context, now, until time.Time, limit int) ([]ledger.Delivery, error) {
	taken, err := t.Tx.TakeNotices(ctx, now, until, limit)
	for _, d := range taken {
		err = errors.Join(err, t.AckNotices(ctx, []ledger.NoticeID{d.ID}))
	}
	return taken, err
}

type acksEntry struct{ ledger.Tx }

func (t acksEntry) AckNotices(ctx context.Context, ids []ledger.NoticeID) error {
	var wide []ledger.NoticeID
	for _, id := range ids {
		for n := range 10 {
			wide = append(wide, ledger.NoticeID{EntryID: id.EntryID, N: n})
		}
	}
	return t.Tx.AckNotices(ctx, wide)
}

type takesMore struct{ ledger.Tx }

func (t takesMore) TakeNotices(ctx context.Context, now, until time.Time, limit int) ([]ledger.Delivery, error) {
	return t.Tx.TakeNotices(ctx, now, until, limit+1)
}

// puts writes the wallets, and leaves the whole to be written later.
type puts struct {
	ledger.Tx
	later *ledger.Changes
}

func (t puts) Write(ctx context.Context, c ledger.Changes) error {
	*t.later = ledger.Changes{Wallets: slices.Clone(c.Wallets), Entries: c.Entries}
	for i := range t.later.Wallets {
		t.later.Wallets[i].From = t.later.Wallets[i].Wallet.Seq
	}
	return t.Tx.Write(ctx, ledger.Changes{Wallets: c.Wallets})
}

// lateLock reads from the store as it is at the moment, and is alone only when it
// writes, at the end.
type lateLock struct {
	ledger.Tx
	s      ledger.Store
	writes []func(ledger.Tx) error
}

func (t *lateLock) write(tx ledger.Tx) error {
	for _, write := range t.writes {
		if err := write(tx); err != nil {
			return err
		}
	}
	return nil
}

func (t *lateLock) Wallets(ctx context.Context, ids []ledger.WalletID) (found []ledger.Wallet, err error) {
	err = t.s.View(ctx, func(tx ledger.Tx) error { found, err = tx.Wallets(ctx, ids); return err })
	return found, err
}

func (t *lateLock) Keyed(ctx context.Context, keys []ledger.EntryKey) (found []ledger.Entry, err error) {
	err = t.s.View(ctx, func(tx ledger.Tx) error { found, err = tx.Keyed(ctx, keys); return err })
	return found, err
}

func (t *lateLock) Journal(ctx context.Context, q ledger.Page) (found []ledger.Entry, err error) {
	err = t.s.View(ctx, func(tx ledger.Tx) error { found, err = tx.Journal(ctx, q); return err })
	return found, err
}

func (t *lateLock) List(ctx context.Context, q ledger.WalletPage) (found []ledger.Wallet, err error) {
	err = t.s.View(ctx, func(tx ledger.Tx) error { found, err = tx.List(ctx, q); return err })
	return found, err
}

func (t *lateLock) Write(ctx context.Context, c ledger.Changes) error {
	t.writes = append(t.writes, func(tx ledger.Tx) error { return tx.Write(ctx, c) })
	return nil
}

func (t *lateLock) TakeNotices(ctx context.Context, now, until time.Time, limit int) (seen []ledger.Delivery, err error) {
	err = t.s.Update(ctx, func(tx ledger.Tx) error { seen, err = tx.TakeNotices(ctx, now, now, limit); return err })
	t.writes = append(t.writes, func(tx ledger.Tx) error {
		_, err := tx.TakeNotices(ctx, now, until, limit)
		return err
	})
	return seen, err
}

func (t *lateLock) AckNotices(ctx context.Context, ids []ledger.NoticeID) error {
	t.writes = append(t.writes, func(tx ledger.Tx) error { return tx.AckNotices(ctx, ids) })
	return nil
}
