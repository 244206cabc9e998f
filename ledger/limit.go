package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// MaxLimits is how many limits a wallet has at most.
const MaxLimits = 100

// A Measure says what a [Limit] counts.
type Measure string

// The measures of limits. They are stored, so they never change.
const (
	MeasureCredits  Measure = "credits"  // credits charged or held, whoever pays them
	MeasureQuantity Measure = "quantity" // units of the items charged or held
	MeasureOverage  Measure = "overage"  // credits charged that no grant paid: overage and debt
	MeasureHolds    Measure = "holds"    // holds open at once
	MeasureCharge   Measure = "charge"   // credits of one charge, or of one hold and its captures
)

// A Limit is a hard stop, kept in the same transaction as the charge or hold that
// it refuses.
//
// What is held counts in the current window until it is captured, released or
// times out, so capturing within what was held is never refused. Use that is
// reported late counts in the window in which it happened, or in the current one
// if that is shorter than a day and over. A refund gives back to the window of its
// charge while that is still counted: of a quantity what the refund states, or all
// of a part that is given back in full.
//
// A limit that is amended goes on counting where it was, unless its Measure or Per
// changes: then it begins anew.
type Limit struct {
	Name     string          `json:"name"` // unique in the wallet; without a colon
	Measure  Measure         `json:"measure"`
	Scope    Scope           `json:"scope,omitzero"`      // the items that it counts; zero: everything
	Max      decimal.Decimal `json:"max,omitzero"`        // the most that it allows; zero allows nothing
	Percent  decimal.Decimal `json:"percent,omitzero"`    // in place of Max: of the main subscription's allowances, none being zero credits
	Per      expiry.Cycle    `json:"per,omitzero"`        // the window; zero: the main subscription's period. Not for holds and charge
	Actor    string          `json:"actor,omitempty"`     // counts this actor and those below it, as "sales/ann" is below "sales"; empty: all
	PerActor bool            `json:"per_actor,omitempty"` // counts each actor apart, those without a name as one; false: all together
}

// windowed reports whether l counts over time.
func (l *Limit) windowed() bool { return l.Measure != MeasureHolds && l.Measure != MeasureCharge }

// check refuses a limit that can never work, and puts it into normal form.
func (l *Limit) check() (err error) {
	switch l.Measure {
	case MeasureCredits, MeasureQuantity, MeasureOverage:
	case MeasureHolds, MeasureCharge:
		if !l.Per.IsZero() {
			return invalid("Per", "is stated, but %q counts over no time", l.Measure)
		}
	default:
		return invalid("Measure", "%q is none", l.Measure)
	}
	if l.Name == "" || strings.Contains(l.Name, ":") {
		return invalid("Name", "%q is empty or has a colon", l.Name)
	}
	if l.Max, err = checkNumber("Max", l.Max); err != nil {
		return err
	}
	if l.Percent, err = checkNumber("Percent", l.Percent); err != nil {
		return err
	}
	switch {
	case l.Max.IsNegative() || l.Percent.IsNegative():
		return invalid("Max", "and Percent must not be negative")
	case l.Max.IsPositive() && l.Percent.IsPositive():
		return invalid("Max", "and Percent are both stated")
	}
	if err := l.Per.Validate(); err != nil {
		return refused("Per", err)
	}
	return cmp.Or(checkText("Name", l.Name, MaxKey), checkText("Actor", l.Actor, MaxKey), checkScope(l.Scope))
}

// within returns an error about the field of something as one about the field of
// what it is in.
func within(outer string, err error) error {
	if e, ok := errors.AsType[*InvalidError](err); ok {
		return invalid(joinField(outer, e.Field), "%s", e.Reason)
	}
	return err
}

// checkLimits refuses limits that can never work or that share a name, and puts
// the rest into normal form.
func checkLimits(limits []Limit) error {
	if len(limits) > MaxLimits {
		return invalid("Limits", "are %d, more than %d", len(limits), MaxLimits)
	}
	names := make(map[string]bool)
	for i := range limits {
		at := fmt.Sprintf("Limits[%d]", i)
		if err := within(at, limits[i].check()); err != nil {
			return err
		}
		if names[limits[i].Name] {
			return invalid(at+".Name", "%q stands twice", limits[i].Name)
		}
		names[limits[i].Name] = true
	}
	return nil
}

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
	switch l.Measure { //nolint:exhaustive // nothing of the others
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
		switch l.Measure { //nolint:exhaustive // nothing for holds
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

// limited is the prefix of the counters of limits.
const limited = "#limit:"

// counter returns the empty counter of l for what actor did at t.
func (l *Limit) counter(w *Wallet, actor string, t, now time.Time) Counter {
	c := Counter{Name: limited + string(l.Measure) + ":" + l.Name}
	if l.PerActor {
		c.Name += ":" + actor
	}
	p := w.periodOf(l.Per, t)
	if brief(p.Start, p.End) && !p.End.After(now) {
		p = w.periodOf(l.Per, now)
	}
	c.From, c.To = p.Start, p.End
	return c
}

// brief reports whether a window is shorter than every day. The wallet forgets
// such a window when it is over, so that limits per minute keep it small.
func brief(from, to time.Time) bool { return !to.IsZero() && to.Sub(from) < 23*time.Hour }

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

// uncount puts into e, a refund of charge that is complete but for this, what it
// gives back to the limits that counted the charge.
func (d *draft) uncount(e, charge *Entry, later []Entry) {
	for _, c := range charge.Counts {
		l := d.w.limitOf(c.Name)
		left := c.Quantity
		for i := range later {
			left = left.Add(counter(later[i].Counts, c))
		}
		left = least(left, counter(d.w.Counters, c))
		if l == nil || !left.IsPositive() {
			continue
		}
		if back := least(l.refunded(e, charge, later), left); back.IsPositive() {
			c.Quantity = back.Neg()
			e.Counts = append(e.Counts, c)
		}
	}
}

// limitOf returns the limit whose counter has that name, or nil.
func (w *Wallet) limitOf(counter string) *Limit {
	rest, ok := strings.CutPrefix(counter, limited)
	if !ok {
		return nil
	}
	measure, rest, _ := strings.Cut(rest, ":")
	name, _, _ := strings.Cut(rest, ":")
	i := slices.IndexFunc(w.Limits, func(l Limit) bool { return l.Name == name && string(l.Measure) == measure })
	if i < 0 {
		return nil
	}
	return &w.Limits[i]
}

// refunded returns what of what l counted of charge the refund e gives back.
func (l *Limit) refunded(e, charge *Entry, later []Entry) decimal.Decimal {
	stated := l.spent(e.Parts).Neg() // of less quantity, and less overage
	total := decimal.Zero
	for i := range charge.Parts {
		p := &charge.Parts[i]
		back := e.refunds(charge.Seq, i)
		if !l.Scope.Covers(p.Item) || !back.IsPositive() {
			continue
		}
		switch l.Measure { //nolint:exhaustive // the others have no counters
		case MeasureCredits:
			total = total.Add(back)
		case MeasureOverage:
			total = total.Add(e.forgives(charge.Seq, i))
		case MeasureQuantity:
			for k := range later {
				back = back.Add(later[k].refunds(charge.Seq, i))
			}
			if stated.IsZero() && back.Equal(p.Amount.Sub(p.Overage)) {
				total = total.Add(p.units())
			}
		}
	}
	if l.Measure == MeasureCredits {
		return total
	}
	return total.Add(stated)
}

// refunds returns what e, if it is a refund, gives back of one part of a charge.
func (e *Entry) refunds(charge int64, part int) decimal.Decimal {
	if e.Kind != KindRefund {
		return decimal.Zero
	}
	total := e.forgives(charge, part)
	for _, m := range e.Moves {
		if m.From == PotSpent && m.Part == part {
			total = total.Add(m.Amount)
		}
	}
	return total
}

// forgives returns what a refund takes from what is owed of one part of a charge.
func (e *Entry) forgives(charge int64, part int) decimal.Decimal {
	total := decimal.Zero
	for _, c := range e.Debts {
		if c.Charge == charge && c.Part == part {
			total = total.Sub(c.Amount)
		}
	}
	return total
}

// over reports whether c is no longer needed at now: its window has ended and, but
// for brief ones of limits, lies beyond what late use can reach.
func (c *Counter) over(now, late time.Time) bool {
	if c.To.IsZero() {
		return false
	}
	if strings.HasPrefix(c.Name, limited) && brief(c.From, c.To) {
		return !c.To.After(now)
	}
	return !c.To.After(late)
}
