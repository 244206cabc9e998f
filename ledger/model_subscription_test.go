package ledger_test

import (
	"cmp"
	"slices"

	"github.com/scrip-go/scrip/ledger"
)

// Subscriptions of the model.

// taken reports whether a bucket of o belongs to something else than a subscription.
func (w *mWallet) taken(o mOffer, sub string) bool {
	return slices.ContainsFunc(o.buckets, func(b mBucket) bool {
		_, s, ok := w.bucket(b.name)
		return ok && (s == nil || s.name != sub)
	})
}

func (w *mWallet) subscribe(name string, o mOffer, anchor, now instant, by ledger.Proration) error {
	if err := w.open(); err != nil {
		return err
	}
	if w.sub(name) != nil || w.taken(o, name) || anchor > now {
		return ledger.ErrInvalid
	}
	s := mSub{name: name, mOffer: o, since: now, anchor: anchor, endsAt: never}
	s.periodAt(now)
	w.subs = append(w.subs, s)
	w.repay(now, w.allow(&s, now, func(b mBucket) int64 { return s.prorated(b.allowance, now, by) })...)
	return nil
}

func (w *mWallet) change(name string, o mOffer, atEnd bool, now instant, by ledger.Proration) error {
	if err := w.open(); err != nil {
		return err
	}
	s := w.sub(name)
	if s == nil {
		return ledger.ErrNotFound
	}
	if w.taken(o, name) {
		return ledger.ErrInvalid
	}
	s.endsAt = never
	if atEnd {
		s.next = &o
		return nil
	}
	before := s.buckets
	full := func(b mBucket) int64 { return b.allowance }
	if o.cycle != 0 && o.cycle != s.cycle {
		s.adopt(o, now)
		s.periodAt(now)
		w.turnOver(before, s, now)
		w.repay(now, w.allow(s, now, full)...)
		return nil
	}
	s.adopt(o, now)
	w.repay(now, w.differ(before, s, now, cmp.Or(by, ledger.ProrateTime))...)
	return nil
}

// differ gives and takes the difference that other terms make to a period.
func (w *mWallet) differ(before []mBucket, s *mSub, now instant, by ledger.Proration) []int {
	find := func(buckets []mBucket, name string) (mBucket, bool) {
		i := slices.IndexFunc(buckets, func(b mBucket) bool { return b.name == name })
		if i < 0 {
			return mBucket{}, false
		}
		return buckets[i], true
	}
	for _, old := range before {
		b, kept := find(s.buckets, old.name)
		if !kept {
			w.lapsePlanned(old.name, now)
			continue
		}
		room := b.cap()
		for i := range slices.Backward(w.grants) {
			g := &w.grants[i]
			if g.bucket == b.name && g.source == ledger.SourceRollover && g.remaining > 0 {
				keep := min(room, g.remaining)
				room -= keep
				if lost := g.remaining - keep; lost > 0 {
					g.lapse(&g.remaining, lost, now)
				}
			}
		}
		if less := old.allowance - b.allowance; less > 0 {
			allowances := func(g *mGrant, _ int) bool { return g.bucket == b.name && g.source == ledger.SourceAllowance }
			w.take([]mPart{{amount: s.prorated(less, now, by)}}, now, allowances, voided)
		}
	}
	return w.allow(s, now, func(b mBucket) int64 {
		old, _ := find(before, b.name)
		return max(0, s.prorated(max(0, b.allowance-old.allowance), now, by))
	})
}

// cancel ends a subscription now if at is 0, or later.
func (w *mWallet) cancel(name string, at, now instant) error {
	if err := w.open(); err != nil {
		return err
	}
	s := w.sub(name)
	switch {
	case s == nil:
		return ledger.ErrNotFound
	case at == 0 || at == now:
		w.endSub(name, now)
	case at < now:
		return ledger.ErrInvalid
	default:
		s.endsAt = at
	}
	return nil
}
