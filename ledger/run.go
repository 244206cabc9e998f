package ledger

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"
)

// RunConfig says how [Ledger.Run] works. The zero RunConfig settles wallets and
// delivers nothing.
type RunConfig struct {
	// Handle is called with each notice, one after the other. A notice is
	// acknowledged once Handle has returned nil, and delivered again after
	// Visibility if it returned an error. Nil: notices are left to others.
	Handle func(context.Context, Delivery) error

	Interval   time.Duration // between rounds that found nothing left to do; zero: 10 seconds
	Backoff    time.Duration // after a round that failed, doubled by each further one up to Interval; zero: 1 second
	Visibility time.Duration // for how long notices are taken, so how long Handle has for a Batch of them; zero: 5 minutes
	Batch      int           // wallets and notices a round; zero: 100
	Logger     *slog.Logger  // what went wrong; nil: [slog.Default]
}

// Run settles wallets that are due and delivers notices, round by round, until ctx
// ends, and returns why it did. It may run in as many processes as there are.
func (l *Ledger) Run(ctx context.Context, cfg RunConfig) error {
	cfg.Interval = cmp.Or(cfg.Interval, 10*time.Second)
	cfg.Backoff = cmp.Or(cfg.Backoff, time.Second)
	cfg.Visibility = cmp.Or(cfg.Visibility, 5*time.Minute)
	cfg.Batch = cmp.Or(cfg.Batch, 100)
	cfg.Logger = cmp.Or(cfg.Logger, slog.Default())
	wait := cfg.Backoff
	for {
		more, err := l.round(ctx, cfg)
		var pause time.Duration
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			cfg.Logger.ErrorContext(ctx, "ledger: a round failed", "error", err, "again_in", wait)
			pause, wait = wait, max(cfg.Backoff, min(2*wait, cfg.Interval))
		default:
			wait = cfg.Backoff
			if !more {
				pause = cfg.Interval
			}
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}

// round settles and delivers a batch each, and reports whether there may be more.
func (l *Ledger) round(ctx context.Context, cfg RunConfig) (more bool, err error) {
	settled, err := l.Settle(ctx, cfg.Batch)
	more = settled == cfg.Batch
	if cfg.Handle == nil || ctx.Err() != nil {
		return more, err
	}
	taken, delivered := l.deliver(ctx, cfg)
	return more || taken == cfg.Batch, errors.Join(err, delivered)
}

// deliver hands a batch of notices to the host and returns how many it took. Those
// that were handled are acknowledged even if ctx ends meanwhile.
func (l *Ledger) deliver(ctx context.Context, cfg RunConfig) (taken int, err error) {
	batch, err := l.TakeNotices(ctx, cfg.Batch, cfg.Visibility)
	if err != nil {
		return 0, err
	}
	var handled []NoticeID
	var errs []error
	for _, n := range batch {
		if ctx.Err() != nil {
			break
		}
		if err := cfg.Handle(ctx, n); err != nil {
			errs = append(errs, err)
			continue
		}
		handled = append(handled, n.ID)
	}
	errs = append(errs, l.AckNotices(context.WithoutCancel(ctx), handled...))
	return len(batch), errors.Join(errs...)
}
