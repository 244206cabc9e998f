package ledger

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// ChangeRequest is the input of [Ledger.Change]. Key and WalletID are required,
// and either a Plan of the catalog or Buckets.
type ChangeRequest struct {
	Key      string
	WalletID WalletID
	Name     string // which of the wallet's subscriptions; empty: the main one

	Offer                 // a zero Cycle keeps the one that there is
	AtPeriodEnd bool      // true: with the next period; false: at once
	Prorate     Proration // of a change at once: what of the difference counts; empty: ProrateTime
	Info        `json:"info"`
}

// Change gives a subscription other terms, and revokes its cancellation if it was
// to end. At once, each bucket gets the difference of the allowances for the rest
// of the period, or loses as much of what is unspent; a change of cycle ends the
// period instead and begins one of its own. What was carried into the period
// survives, up to the cap of the new terms; what a bucket had that the new terms
// lack lapses.
//
// It is ErrNotFound if there is no such subscription or plan.
func (l *Ledger) Change(ctx context.Context, r ChangeRequest) (Entry, error) { return l.Do(ctx, r) }

func (r ChangeRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r ChangeRequest) check() (Request, error) {
	if err := r.Prorate.check(); err != nil {
		return nil, err
	}
	return r, cmp.Or(r.Offer.check(false), checkText("Name", r.Name, MaxKey), r.Info.check())
}

func (r ChangeRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	s, ok := w.w.Subscription(r.Name)
	if !ok {
		return notFound("subscription", r.Name)
	}
	o, err := w.resolve(r.Offer)
	if err != nil {
		return err
	}
	if err := w.free(o.Buckets, &s); err != nil {
		return err
	}
	s.EndsAt = time.Time{}
	e := &Entry{Kind: KindChange, Subscription: &s, Info: r.Info}
	before := s.Buckets
	switch {
	case r.AtPeriodEnd:
		s.Next = &o
	case !o.Cycle.IsZero() && o.Cycle != s.Schedule.Cycle:
		s.adopt(o, w.now)
		s.Period = periodAt(s.Schedule, w.now)
		w.turnOver(before, &s, w.now)
		w.allow(e, &s, w.now, func(b Bucket) decimal.Decimal { return b.Allowance })
	default:
		s.adopt(o, w.now)
		w.differ(e, before, &s, cmp.Or(r.Prorate, ProrateTime))
	}
	d.answer(w, e)
	w.payDebts()
	return nil
}

// differ puts into e what the buckets of s gain or lose against those before it
// for the rest of the period.
func (d *draft) differ(e *Entry, before []Bucket, s *Subscription, by Proration) {
	for _, old := range before {
		terms, kept := bucketOf(s.Buckets, old.Name)
		if !kept {
			e.Moves = append(e.Moves, d.lapse(old.Name, d.now)...)
			continue
		}
		e.Moves = append(e.Moves, d.trim(terms)...)
		if less := old.Allowance.Sub(terms.Allowance); less.IsPositive() {
			e.Moves = append(e.Moves, d.reduce(old.Name, d.prorated(less, s.Period, by))...)
		}
	}
	d.allow(e, s, d.now, func(b Bucket) decimal.Decimal {
		old, _ := bucketOf(before, b.Name)
		more := b.Allowance.Sub(old.Allowance)
		if !more.IsPositive() {
			return decimal.Zero
		}
		return d.prorated(more, s.Period, by)
	})
}

// trim returns the moves by which what was carried in a bucket lapses beyond the
// cap of terms, the oldest first.
func (d *draft) trim(terms Bucket) []Move {
	var carried []OpenGrant
	for _, g := range d.w.Grants {
		if g.Bucket == terms.Name && g.Source == SourceRollover && g.Remaining.IsPositive() {
			carried = append(carried, g)
		}
	}
	slices.SortFunc(carried, func(a, b OpenGrant) int { return a.ID.Compare(b.ID) })
	blocks := make([]expiry.Block, len(carried))
	for i, g := range carried {
		blocks[i].Left = g.Remaining
	}
	var moves []Move
	for i, keep := range terms.Rollover.Carry(blocks, terms.Allowance, d.w.Unit.Scale) {
		gone := carried[i].Remaining.Sub(keep)
		moves = appendMove(moves, Move{Grant: carried[i].ID, From: PotRemaining, To: PotExpired, Amount: gone})
	}
	return moves
}

// reduce returns the moves that take up to amount from the allowances of a bucket.
func (d *draft) reduce(bucket string, amount decimal.Decimal) []Move {
	moves, _ := d.takeAway(amount, PotVoided, func(g *OpenGrant) bool {
		return g.Bucket == bucket && g.Source == SourceAllowance
	})
	return moves
}

// CancelRequest is the input of [Ledger.Cancel]. Key and WalletID are required.
type CancelRequest struct {
	Key         string
	WalletID    WalletID
	Name        string    // which of the wallet's subscriptions; empty: the main one
	AtPeriodEnd bool      // true: it ends with the current period
	At          time.Time // otherwise: when it ends; zero: now
	Info
}

// Cancel ends a subscription, at once or later: no period begins at or after that
// instant, and what its plan gave lapses then. Credits that were bought or given
// besides stay.
//
// It is ErrNotFound if there is no such subscription.
func (l *Ledger) Cancel(ctx context.Context, r CancelRequest) (Entry, error) { return l.Do(ctx, r) }

func (r CancelRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r CancelRequest) check() (_ Request, err error) {
	if r.At, err = checkTime("At", r.At); err != nil {
		return nil, err
	}
	if r.AtPeriodEnd && !r.At.IsZero() {
		return nil, invalid("At", "and AtPeriodEnd are both stated")
	}
	return r, cmp.Or(checkText("Name", r.Name, MaxKey), r.Info.check())
}

func (r CancelRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	s, ok := w.w.Subscription(r.Name)
	if !ok {
		return notFound("subscription", r.Name)
	}
	e := &Entry{Kind: KindCancel, Subscription: &s, Info: r.Info}
	switch {
	case r.AtPeriodEnd:
		s.EndsAt = s.Period.End
	case r.At.After(w.now):
		s.EndsAt = r.At
	case r.At.IsZero() || r.At.Equal(w.now):
		s.Ended = true
		e.Moves = w.lapseAll(s.Buckets, w.now)
	default:
		return invalid("At", "is %v, in the past", r.At)
	}
	d.answer(w, e)
	return nil
}
