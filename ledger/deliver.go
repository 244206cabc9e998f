package ledger

import (
	"context"
	"time"
)

// MaxVisibility bounds for how long notices can be taken.
const MaxVisibility = 366 * 24 * time.Hour

// TakeNotices returns up to limit notices that are to be delivered, oldest first
// where that costs nothing, and hides them from every other call for so long.
// Handle each, then acknowledge it; one that is not acknowledged by then is
// delivered again. So each is handled at least once, whoever crashes, and its ID
// tells deliveries of the same one apart.
func (l *Ledger) TakeNotices(ctx context.Context, limit int, visibility time.Duration) (taken []Delivery, err error) {
	if limit < 1 {
		return nil, invalid("limit", "is %d, not positive", limit)
	}
	if visibility < time.Microsecond || visibility > MaxVisibility {
		return nil, invalid("visibility", "is %v and must be above zero and at most %v", visibility, MaxVisibility)
	}
	now := l.now()
	err = l.store.Update(ctx, func(tx Tx) (err error) {
		taken, err = tx.TakeNotices(ctx, now, micros(now.Add(visibility)), limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	return taken, nil
}

// AckNotices ends the delivery of notices that have been handled. Those that have
// ended already are passed over.
func (l *Ledger) AckNotices(ctx context.Context, ids ...NoticeID) error {
	if len(ids) == 0 {
		return nil
	}
	return l.store.Update(ctx, func(tx Tx) error { return tx.AckNotices(ctx, ids) })
}
