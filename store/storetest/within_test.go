package storetest_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/storetest"
)

func TestRunWithin(t *testing.T) {
	t.Parallel()
	storetest.RunWithin(t, func(*testing.T) storetest.Begin { return new(database).begin })
}

// A database runs one host's transaction at a time, on a store that it makes from all
// writes before.
type database struct {
	mu     sync.Mutex
	writes []func(ledger.Tx) error
}

func (d *database) begin(ctx context.Context) (storetest.HostTx, error) {
	if err := ctx.Err(); err != nil {
		return storetest.HostTx{}, err
	}
	d.mu.Lock()
	b := &bound{writes: d.writes}
	for _, write := range d.writes {
		if err := b.store.Update(ctx, write); err != nil {
			return storetest.HostTx{}, err
		}
	}
	var once sync.Once
	return storetest.HostTx{
		Store:    b,
		Commit:   func() error { once.Do(func() { d.writes = b.writes; d.mu.Unlock() }); return nil },
		Rollback: func() error { once.Do(d.mu.Unlock); return nil },
	}, nil
}

// bound is a store that notes what is written to it.
type bound struct {
	store  memory.Store
	writes []func(ledger.Tx) error
}

func (b *bound) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	n := len(b.writes)
	err := b.store.Update(ctx, func(tx ledger.Tx) error { return fn(noting{tx, b}) })
	if err != nil {
		b.writes = b.writes[:n]
	}
	return err
}

func (b *bound) View(ctx context.Context, fn func(ledger.Tx) error) error {
	return b.store.View(ctx, fn)
}

type noting struct {
	ledger.Tx
	b *bound
}

// note does what write does, and notes it to be done again.
func (t noting) note(write func(ledger.Tx) error) error {
	t.b.writes = append(t.b.writes, write)
	return write(t.Tx)
}

func (t noting) Write(ctx context.Context, c ledger.Changes) error {
	kept := c
	kept.Wallets = append([]ledger.Put(nil), c.Wallets...)
	kept.Entries = append([]*ledger.Entry(nil), c.Entries...)
	return t.note(func(tx ledger.Tx) error { return tx.Write(ctx, kept) })
}

func (t noting) TakeNotices(ctx context.Context, now, until time.Time, limit int) (taken []ledger.Delivery, err error) {
	err = t.note(func(tx ledger.Tx) (err error) {
		taken, err = tx.TakeNotices(ctx, now, until, limit)
		return err
	})
	return taken, err
}

func (t noting) AckNotices(ctx context.Context, ids []ledger.NoticeID) error {
	return t.note(func(tx ledger.Tx) error { return tx.AckNotices(ctx, ids) })
}
