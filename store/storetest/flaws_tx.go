package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

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
		w.CreditLimit = decimal.NewFromFloat(w.CreditLimit.InexactFloat64()) //nolint:forbidigo // it is the flaw
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

// writesLater leaves what is to be written to somebody else.
type writesLater struct {
	ledger.Tx
	later *ledger.Changes
}

func (t writesLater) Write(_ context.Context, c ledger.Changes) error {
	*t.later = c
	return nil
}

// apart returns changes of one wallet each.
func apart(c ledger.Changes) []ledger.Changes {
	var parts []ledger.Changes
	for _, p := range c.Wallets {
		part := ledger.Changes{Wallets: []ledger.Put{p}}
		for _, e := range c.Entries {
			if e.WalletID == p.Wallet.ID {
				part.Entries = append(part.Entries, e)
			}
		}
		parts = append(parts, part)
	}
	return parts
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
