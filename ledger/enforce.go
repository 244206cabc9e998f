package ledger

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// max returns the most that l allows.
func (l *Limit) max(w *Wallet) decimal.Decimal {
	if !l.Percent.IsPositive() {
		return l.Max
	}
	s, _ := w.Subscription("")
	return percentOf(allowances(s.Buckets), l.Percent)
}

// allowances returns what buckets receive when a period starts, added up.
func allowances(buckets []Bucket) decimal.Decimal {
	return sum(buckets, func(b Bucket) decimal.Decimal { return b.Allowance })
}

// percentOf returns so many percent of d, exactly.
func percentOf(d, percent decimal.Decimal) decimal.Decimal { return d.Mul(percent).Shift(-2) }

// counts reports whether l is about what actor does.
func (l *Limit) counts(actor string) bool {
	below, ok := strings.CutPrefix(actor, l.Actor)
	return ok && (l.Actor == "" || below == "" || below[0] == '/')
}

// holds reports whether l counts h where it counts actor.
func (l *Limit) holds(h *Hold, actor string) bool {
	return l.counts(h.Actor) && (!l.PerActor || h.Actor == actor) && l.Scope.Covers(h.Item)
}

// held returns what l counts of an open hold that it is about.
func (l *Limit) held(h *Hold) decimal.Decimal {
	switch l.Measure { // nothing of the others
	case MeasureCredits:
		return h.Amount()
	case MeasureQuantity:
		return h.Quantity
	case MeasureHolds:
		return decimal.New(1, 0)
	case MeasureCharge:
		return h.Captured.Add(h.Amount())
	}
	return decimal.Zero
}

// spent returns what l counts of parts that were charged.
func (l *Limit) spent(parts []Part) decimal.Decimal {
	total := decimal.Zero
	for i := range parts {
		p := &parts[i]
		if !l.Scope.Covers(p.Item) {
			continue
		}
		switch l.Measure { // nothing for holds
		case MeasureCredits, MeasureCharge:
			total = total.Add(p.Amount)
		case MeasureQuantity:
			total = total.Add(p.units())
		case MeasureOverage:
			total = total.Add(p.Debt).Add(p.Overage)
		}
	}
	return total
}

// units returns how many units of its item p is about, of all that it is metered
// by.
func (p *Part) units() decimal.Decimal {
	n := p.Quantity
	for _, q := range p.Quantities {
		n = n.Add(q)
	}
	return n
}

// The prefixes of the counters of limits. The wallet forgets those of brief windows
// when they are over, so that limits per minute keep it small.
const (
	limited = "#limit:"
	briefly = "#brief:"
)

// brief reports whether l's window is shorter than a day.
func (l *Limit) brief() bool {
	switch l.Per.Unit { // the others are not
	case expiry.UnitMinute:
		return l.Per.Every < 24*60
	case expiry.UnitHour:
		return l.Per.Every < 24
	}
	return false
}

// counter returns the empty counter of l for what actor did at t.
func (l *Limit) counter(w *Wallet, actor string, t, now time.Time) Counter {
	prefix := limited
	if l.brief() {
		prefix, t = briefly, now
	}
	c := Counter{Name: prefix + string(l.Measure) + ":" + l.Name}
	if l.PerActor {
		c.Name += ":" + actor
	}
	p := w.periodOf(l.Per, t)
	c.From, c.To = p.Start, p.End
	return c
}

// limit refuses e, a charge, hold, extension or capture that is complete but for
// this, if a limit of the wallet forbids it, and otherwise counts it.
func (d *draft) limit(e *Entry) error {
	actor := e.Actor
	if e.Hold != nil {
		actor = e.Hold.Actor
	}
	for i := range d.w.Limits {
		l := &d.w.Limits[i]
		if !l.counts(actor) {
			continue
		}
		if err := d.enforce(l, e, actor); err != nil {
			return err
		}
	}
	return nil
}

// enforce is limit for one limit and the actor of e.
func (d *draft) enforce(l *Limit, e *Entry, actor string) error {
	before, after := l.holding(d.w, e, actor)
	var spent decimal.Decimal
	if e.Hold == nil || l.windowed() {
		spent = l.spent(e.Parts)
	}
	var c Counter
	if l.windowed() {
		c = l.counter(d.w, actor, d.instant(e), d.now)
		if !c.To.IsZero() && !c.To.After(d.now) {
			before, after = decimal.Zero, decimal.Zero // holds count in the current window
		}
		counted := counter(d.w.Counters, c)
		before, after = before.Add(counted), after.Add(counted)
	}
	after = after.Add(spent)
	most := l.max(d.w)
	if after.GreaterThan(most) && after.GreaterThan(before) && !e.withinHold() {
		return l.refuse(d.w, c, actor, before, after)
	}
	if l.windowed() && !spent.IsZero() {
		c.Quantity = spent
		e.Counts = append(slices.Clip(e.Counts), c)
	}
	e.Notices = append(e.Notices, d.w.filled(l, actor, before, after, most)...)
	return nil
}

// instant returns when e takes effect.
func (d *draft) instant(e *Entry) time.Time {
	if e.EffectiveAt.IsZero() {
		return d.now
	}
	return e.EffectiveAt
}

// holding returns what l counts of the open holds before e and after it.
func (l *Limit) holding(w *Wallet, e *Entry, actor string) (before, after decimal.Decimal) {
	if l.Measure == MeasureOverage || l.Measure == MeasureCharge && e.Hold == nil {
		return before, after
	}
	for i := range w.Holds {
		h := &w.Holds[i]
		changed := e.Hold != nil && h.ID == e.Hold.ID
		if !l.holds(h, actor) || l.Measure == MeasureCharge && !changed {
			continue
		}
		before = before.Add(l.held(h))
		if !changed {
			after = after.Add(l.held(h))
		}
	}
	if h := e.Hold; h != nil && (!h.Ended || l.Measure == MeasureCharge) && l.holds(h, actor) {
		after = after.Add(l.held(h))
	}
	return before, after
}

// withinHold reports whether e captures no more than its hold earmarked.
func (e *Entry) withinHold() bool {
	if e.Kind != KindCapture || e.Hold == nil {
		return false
	}
	left := e.Amount()
	for _, m := range e.Moves {
		if m.From == PotHeld && m.To == PotSpent {
			left = left.Sub(m.Amount)
		}
	}
	return !left.IsPositive()
}

// refuse returns the error that says how far l is used.
func (l *Limit) refuse(w *Wallet, c Counter, actor string, before, after decimal.Decimal) error {
	most := l.max(w)
	e := &LimitError{Limit: l.Name, Want: after.Sub(before), Left: decimal.Max(most.Sub(before), decimal.Zero)}
	if l.PerActor {
		e.Actor = actor
	}
	if e.Want.GreaterThan(most) || l.Measure == MeasureCharge {
		return e
	}
	if counter(w.Counters, c).IsPositive() {
		e.FreesAt = c.To
	}
	for i := range w.Holds {
		h := &w.Holds[i]
		if l.holds(h, actor) && l.held(h).IsPositive() && (e.FreesAt.IsZero() || h.ExpiresAt.Before(e.FreesAt)) {
			e.FreesAt = h.ExpiresAt
		}
	}
	return e
}

// over reports whether c is no longer needed at now: its window has ended and, but
// for brief ones of limits, lies beyond what late use can reach.
func (c *Counter) over(now, late time.Time) bool {
	if c.To.IsZero() {
		return false
	}
	if strings.HasPrefix(c.Name, briefly) {
		return !c.To.After(now)
	}
	return !c.To.After(late)
}
