package ledger

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// nextDue returns the next instant at which something of w falls due, or the zero
// time.
func (w *Wallet) nextDue() time.Time {
	if w.Status == StatusClosed {
		return time.Time{}
	}
	var next time.Time
	sooner := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for i := range w.Grants {
		g := &w.Grants[i]
		if g.Remaining.IsZero() {
			continue
		}
		if w.pending(g) {
			sooner(g.EffectiveAt)
		}
		sooner(g.ExpiresAt)
		sooner(w.nextWarning(g))
	}
	for i := range w.Holds {
		sooner(w.Holds[i].ExpiresAt)
	}
	for i := range w.Subscriptions {
		sooner(w.Subscriptions[i].Period.End)
		sooner(w.Subscriptions[i].EndsAt)
	}
	sooner(w.nextTopUp())
	return next
}

// settle books what fell due up to now, in order of due time, each entry dated at
// its own instant. At one instant holds time out first, so that what they give
// back can still roll over; then periods end and begin; then credits expire; then
// those granted for later take effect; and then notices are made.
func (d *draft) settle() {
	for {
		at := d.w.DueAt
		if at.IsZero() || at.After(d.now) {
			return
		}
		seq := d.w.Seq
		d.timeOut(at)
		d.turn(at)
		d.expire(at)
		d.activate(at)
		d.warn(at)
		d.tell(at)
		if d.w.Seq == seq {
			panic(broken("wallet %v has nothing to do at %v, when something is due", d.w.ID, at))
		}
	}
}

// expire lets lapse what remains of the grants that end at that instant.
func (d *draft) expire(at time.Time) {
	var moves []Move
	for i := range d.w.Grants {
		if g := &d.w.Grants[i]; g.EndedAt(at) && g.Remaining.IsPositive() {
			moves = append(moves, Move{Grant: g.ID, From: PotRemaining, To: PotExpired, Amount: g.Remaining})
		}
	}
	if len(moves) > 0 {
		d.post(&Entry{Kind: KindExpire, EffectiveAt: at, Moves: moves})
	}
}

// activate puts grants into effect that were issued for that instant.
func (d *draft) activate(at time.Time) {
	var moves []Move
	for i := range d.w.Grants {
		g := &d.w.Grants[i]
		if g.EffectiveAt.Equal(at) && g.Remaining.IsPositive() && g.IssuedAt.Before(at) {
			moves = append(moves, Move{Grant: g.ID, From: PotPending, To: PotRemaining, Amount: g.Remaining})
		}
	}
	if len(moves) > 0 {
		d.post(&Entry{Kind: KindActivate, EffectiveAt: at, Moves: moves})
		d.payDebts()
	}
}

// turn ends and begins the periods of subscriptions.
func (d *draft) turn(at time.Time) {
	for _, s := range append([]Subscription(nil), d.w.Subscriptions...) {
		switch {
		case !s.EndsAt.IsZero() && !s.EndsAt.After(at):
			d.end(s, at)
		case !s.Period.End.IsZero() && !s.Period.End.After(at):
			d.renew(s, at)
		}
	}
}

// renew ends s's period at the instant at: what is left of its buckets lapses or is
// carried on by the terms of the next period, which then gives its allowances.
func (d *draft) renew(s Subscription, at time.Time) {
	before := s.Buckets
	if s.Next != nil {
		s.adopt(*s.Next, at)
	}
	s.Period = periodAt(s.Schedule, at)
	d.turnOver(before, &s, at)
	e := &Entry{Kind: KindRenew, EffectiveAt: at, Subscription: &s}
	d.allow(e, &s, at, func(b Bucket) decimal.Decimal { return b.Allowance })
	d.post(e)
	d.payDebts()
}

// turnOver ends a period of the buckets that s had before.
func (d *draft) turnOver(before []Bucket, s *Subscription, at time.Time) {
	for _, b := range before {
		if terms, kept := bucketOf(s.Buckets, b.Name); kept {
			d.carry(terms, s, at)
		} else if moves := d.lapse(b.Name, at); len(moves) > 0 {
			d.post(&Entry{Kind: KindExpire, EffectiveAt: at, Moves: moves})
		}
	}
}

// adopt makes s what o says, from the instant at on. A new cycle counts from at.
func (s *Subscription) adopt(o Offer, at time.Time) {
	s.Plan, s.RateCard, s.Buckets, s.Next = o.Plan, o.RateCard, o.Buckets, nil
	if !o.Cycle.IsZero() && o.Cycle != s.Schedule.Cycle {
		s.Schedule.Cycle, s.Schedule.Anchor = o.Cycle, at
	}
}

// periodAt returns the period of s that contains t.
func periodAt(s expiry.Schedule, t time.Time) expiry.Period {
	p, ok := s.Containing(t)
	if !ok {
		panic(broken("no period contains %v", t))
	}
	return p
}

// end ends s: what its plan gave lapses, what was bought or given besides stays.
func (d *draft) end(s Subscription, at time.Time) {
	s.Ended = true
	d.post(&Entry{Kind: KindCancel, EffectiveAt: at, Subscription: &s, Moves: d.lapseAll(s.Buckets, at)})
}

// lapseAll returns the moves by which what a plan gave in buckets ends at the
// instant at.
func (d *draft) lapseAll(buckets []Bucket, at time.Time) []Move {
	var moves []Move
	for _, b := range buckets {
		moves = append(moves, d.lapse(b.Name, at)...)
	}
	return moves
}
