package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/scrip-go/scrip/pricing"
)

// maxAttempts is how often a transaction is begun anew after it lost to another.
const maxAttempts = 5

// finish answers the jobs of b, the writing of which ended with err.
func (l *lane) finish(ctx context.Context, b *batch, err error) {
	var left []*job
	if err == nil {
		left = b.settle()
	} else {
		l.recent.lose(b.desk, err)
		left = slices.Concat(b.decided, b.unread)
	}
	if len(left) == 0 {
		return
	}
	l.commit(ctx, left, err)
	for _, j := range left {
		j.answer()
	}
}

// commit does jobs, which were tried before with that outcome, each on its own merits:
// what makes their transaction fail as a whole is sought out by doing them one by one.
func (l *lane) commit(ctx context.Context, jobs []*job, err error) {
	if err == nil || retryable(err) {
		err = l.insist(ctx, jobs, err)
	}
	switch {
	case err == nil:
	case len(jobs) == 1:
		jobs[0].fail(err)
	default:
		for i := range jobs {
			l.commit(ctx, jobs[i:i+1], nil)
		}
	}
}

// fail answers j with err, which leaves open what an earlier attempt has left open.
func (j *job) fail(err error) {
	if j.doubtful && !errors.Is(err, ErrUnknownOutcome) {
		err = fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
	}
	j.entry, j.err = nil, err
}

// insist does jobs in one transaction, which it begins anew if it loses to another.
// An unknown outcome, also that of an attempt before, is resolved by repeating it: the
// keys tell.
func (l *lane) insist(ctx context.Context, jobs []*job, err error) error {
	for range maxAttempts {
		doubt(jobs, err)
		if err = ctx.Err(); err != nil {
			return err
		}
		if err = l.locked(ctx, jobs); !retryable(err) {
			return err
		}
	}
	doubt(jobs, err)
	return err
}

// doubt remembers that it is open whether jobs were done, if err says so.
func doubt(jobs []*job, err error) {
	if !errors.Is(err, ErrUnknownOutcome) {
		return
	}
	for _, j := range jobs {
		j.doubtful = true
	}
}

func retryable(err error) bool {
	return errors.Is(err, ErrConflict) || errors.Is(err, ErrUnknownOutcome)
}

// locked does jobs with their wallets read under lock.
func (l *lane) locked(ctx context.Context, jobs []*job) error {
	var d *desk
	err := l.store.Update(ctx, func(tx Tx) error {
		d = newDesk(ctx, tx, l.catalog)
		return d.transact(jobs)
	})
	switch {
	case d == nil:
	case err != nil:
		l.recent.lose(d, err)
	default:
		l.recent.keep(d)
	}
	return err
}

// alone does j in a transaction of its own, once.
func (j *job) alone(ctx context.Context, store Store, catalog *pricing.Catalog) (*Entry, error) {
	err := store.Update(ctx, func(tx Tx) error {
		return newDesk(ctx, tx, catalog).transact([]*job{j})
	})
	if err != nil {
		return nil, err
	}
	return j.entry, j.err
}

// transact reads what jobs need, does them, and writes what came of it.
func (d *desk) transact(jobs []*job) error {
	requests := make([]Request, len(jobs))
	for i, j := range jobs {
		requests[i] = j.request
	}
	if err := d.fetch(requests); err != nil {
		return err
	}
	for _, j := range jobs {
		d.answerTo(j)
	}
	if d.failed != nil || len(d.entries) == 0 {
		return d.failed
	}
	return d.tx.Write(d.ctx, d.changes())
}

// answerTo answers j.
func (d *desk) answerTo(j *job) { j.entry, j.err = d.do(j.request, j.fingerprint, j.now) }
