package ledger

import (
	"context"
	"errors"
	"sync"
)

// Settle books what has fallen due in up to limit wallets, those that are longest
// overdue first, and returns how many it settled. Nobody needs it for a right
// balance: every operation settles its own wallet first. It keeps the journals of
// wallets that nobody touches up to date, so run it now and then, from as many
// processes as there are.
//
// A wallet that cannot be settled does not keep the others from it; its error is
// among those joined in the one returned.
func (l *Ledger) Settle(ctx context.Context, limit int) (settled int, err error) {
	due, err := l.due(ctx, limit)
	if err != nil {
		return 0, err
	}
	errs := make([]error, len(due))
	var wg sync.WaitGroup
	for i, id := range due {
		wg.Go(func() { _, errs[i] = l.submit(ctx, settlement{id}, Hash{}) })
	}
	wg.Wait()
	for _, err := range errs {
		if err == nil {
			settled++
		}
	}
	return settled, errors.Join(errs...)
}

// due returns up to limit wallets that are due.
func (l *Ledger) due(ctx context.Context, limit int) (ids []WalletID, err error) {
	if limit < 1 {
		return nil, invalid("limit", "is %d, not positive", limit)
	}
	page := WalletPage{DueBy: l.now(), Limit: min(limit, pageSize)}
	err = l.store.View(ctx, func(tx Tx) error {
		for ids = nil; len(ids) < limit; {
			wallets, err := tx.List(ctx, page)
			if err != nil {
				return err
			}
			for i := range wallets {
				ids = append(ids, wallets[i].ID)
			}
			if len(wallets) < page.Limit {
				return nil
			}
			last := &wallets[len(wallets)-1]
			page.After = WalletCursor{DueAt: last.DueAt, ID: last.ID}
		}
		return nil
	})
	return ids[:min(limit, len(ids))], err
}

// A settlement is the request to do nothing but what is due. It has no key: a
// second one finds nothing left.
type settlement struct{ id WalletID }

func (r settlement) header() (WalletID, string) { return r.id, "" }

// reads: nothing. But a settlement that finds nothing due leaves no trace, which is right
// only for the wallet that the store has.
func (r settlement) reads() []EntryKey { return nil }

func (r settlement) check() (Request, error) { return r, nil }

func (r settlement) decide(d *desk) error {
	_, err := d.draft(r.id)
	return err
}
