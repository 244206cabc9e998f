package ledger_test

import (
	"cmp"
	"slices"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// What falls due in the model: holds time out, periods turn, credits expire and
// take effect.

// due returns the instant of the next thing to settle up to now, or never.
func (w *mWallet) due(now instant) instant {
	next := never
	sooner := func(t instant) { next = min(next, t) }
	for i := range w.grants {
		g := &w.grants[i]
		if g.pending > 0 {
			sooner(g.effective)
		}
		if g.pending+g.remaining > 0 {
			sooner(g.expires)
		}
	}
	for i := range w.holds {
		if !w.holds[i].ended {
			sooner(w.holds[i].expires)
		}
	}
	for i := range w.subs {
		sooner(min(w.subs[i].end, w.subs[i].endsAt))
	}
	if next > now || w.status == ledger.StatusClosed {
		return never
	}
	return next
}

// settle does what fell due up to now: at each instant holds time out, then
// periods turn, then credits expire, then others take effect.
func (w *mWallet) settle(now instant) {
	for at := w.due(now); at != never; at = w.due(now) {
		for i := range w.holds {
			if h := &w.holds[i]; !h.ended && h.expires <= at {
				w.repay(at, w.letGo(h, at-1)...) // in time to roll over
			}
		}
		for _, turning := range slices.Clone(w.subs) {
			s := w.sub(turning.name)
			switch {
			case s.endsAt <= at:
				w.endSub(s.name, at)
			case s.end <= at:
				w.renew(s, at)
			}
		}
		var fresh []int
		for i := range w.grants {
			g := &w.grants[i]
			if g.expires <= at && g.remaining > 0 {
				g.lapse(&g.remaining, g.remaining, at)
			}
			if g.effective <= at && g.pending > 0 {
				g.remaining, g.pending = g.pending, 0
				fresh = append(fresh, i)
			}
		}
		w.repay(at, fresh...)
	}
}

// letGo ends h and gives back what it holds. It returns the grants that got some.
func (w *mWallet) letGo(h *mHold, at instant) (fresh []int) {
	for _, d := range h.draws {
		if w.giveBack(d, at) {
			fresh = append(fresh, d.grant)
		}
	}
	h.draws, h.ended = nil, true
	return fresh
}

// giveBack gives back what was held, and reports whether it can be spent.
func (w *mWallet) giveBack(d mDraw, at instant) bool {
	g := &w.grants[d.grant]
	if w.over(g, at) {
		g.lapse(&g.held, d.amount, at)
		return false
	}
	g.held -= d.amount
	g.remaining += d.amount
	return true
}

// over reports whether g, or the plan or the period that gave it, has ended.
func (w *mWallet) over(g *mGrant, at instant) bool {
	if g.source != ledger.SourceAllowance && g.source != ledger.SourceRollover || g.bucket == "" {
		return g.expires <= at
	}
	_, sub, ok := w.bucket(g.bucket)
	before := sub != nil && (g.issued < sub.since || g.source == ledger.SourceAllowance && g.effective < sub.start)
	return g.expires <= at || !ok || before
}

func (w *mWallet) endSub(name string, at instant) {
	for _, b := range w.sub(name).buckets {
		w.lapsePlanned(b.name, at)
	}
	w.subs = slices.DeleteFunc(w.subs, func(s mSub) bool { return s.name == name })
}

// lapsePlanned ends what a plan gave in a bucket.
func (w *mWallet) lapsePlanned(bucket string, at instant) {
	for i := range w.grants {
		g := &w.grants[i]
		if g.bucket == bucket && planned(g) {
			g.lapse(&g.remaining, g.remaining, at)
		}
	}
}

func planned(g *mGrant) bool {
	return (g.source == ledger.SourceAllowance || g.source == ledger.SourceRollover) && g.remaining > 0
}

func (s *mSub) adopt(o mOffer, at instant) {
	s.buckets, s.next = o.buckets, nil
	if o.cycle != 0 && o.cycle != s.cycle {
		s.cycle, s.anchor = o.cycle, at
	}
}

func (s *mSub) periodAt(t instant) {
	s.start = s.anchor + (t-s.anchor)/s.cycle*s.cycle
	s.end = s.start + s.cycle
}

// renew ends a period and begins the next.
func (w *mWallet) renew(s *mSub, at instant) {
	before := s.buckets
	if s.next != nil {
		s.adopt(*s.next, at)
	}
	s.periodAt(at)
	w.turnOver(before, s, at)
	w.repay(at, w.allow(s, at, func(b mBucket) int64 { return b.allowance })...)
}

func (w *mWallet) turnOver(before []mBucket, s *mSub, at instant) {
	for _, old := range before {
		i := slices.IndexFunc(s.buckets, func(b mBucket) bool { return b.name == old.name })
		if i < 0 {
			w.lapsePlanned(old.name, at)
		} else {
			w.carry(s.buckets[i], s, at)
		}
	}
}

// cap returns how much survives of a bucket.
func (b *mBucket) cap() int64 {
	switch b.roll {
	case expiry.RolloverAll:
		return never
	case expiry.RolloverAmount:
		return b.max
	case expiry.RolloverPercent:
		return b.allowance * b.percent / 100
	}
	return 0
}

// carry keeps the newest of what is left in a bucket, up to the cap, and lets the
// rest lapse. Allowances that survive become grants that roll over.
func (w *mWallet) carry(b mBucket, s *mSub, at instant) {
	room := b.cap()
	keep := make(map[int]int64)
	for i, g := range slices.Backward(w.grants) {
		gone := g.expires <= at && g.source != ledger.SourceAllowance
		if g.bucket == b.name && g.remaining > 0 && !gone {
			keep[i] = min(room, g.remaining)
			room -= keep[i]
		}
	}
	for i := range len(w.grants) {
		kept, ok := keep[i]
		if !ok {
			continue
		}
		g := &w.grants[i]
		if lost := g.remaining - kept; lost > 0 {
			g.lapse(&g.remaining, lost, at)
		}
		if g.source != ledger.SourceAllowance || kept == 0 {
			continue
		}
		g.remaining -= kept
		g.moved += kept
		carried := mGrant{
			source: ledger.SourceRollover, bucket: b.name, scope: b.scope, priority: cmp.Or(b.priority, 50),
			last: b.rollSpendLast, amount: kept, effective: g.effective, expires: never,
		}
		if b.life > 0 {
			carried.expires = at + b.life
		}
		if b.carries > 0 {
			carried.expires = min(carried.expires, s.start+instant(b.carries)*s.cycle)
		}
		w.issue(carried, at)
	}
}

// allow gives a period's allowances and returns the grants.
func (w *mWallet) allow(s *mSub, at instant, amount func(mBucket) int64) (fresh []int) {
	for _, b := range s.buckets {
		if n := amount(b); n > 0 {
			fresh = append(fresh, w.issue(mGrant{
				source: ledger.SourceAllowance, bucket: b.name, scope: b.scope, priority: cmp.Or(b.priority, 50),
				amount: n, effective: at, expires: s.end,
			}, at))
		}
	}
	return fresh
}

// prorated returns what of n the rest of the period gives.
func (s *mSub) prorated(n int64, now instant, by ledger.Proration) int64 {
	switch by {
	case ledger.ProrateNone:
		return 0
	case ledger.ProrateTime:
		return n * (s.end - now) / (s.end - s.start)
	}
	return n
}
