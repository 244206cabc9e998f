package ledger

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// A NoticeKind says what a notice is about.
type NoticeKind string

// The kinds of notices, and what their Amount is. They are stored, so they never
// change.
const (
	NoticeLow       NoticeKind = "low"       // what is available fell to Level or below: what there is now
	NoticeRecovered NoticeKind = "recovered" // what is available rose above Level: what there is now
	NoticeUsed      NoticeKind = "used"      // an allowance or limit is used to Level percent: how much of it
	NoticeExpiring  NoticeKind = "expiring"  // credits end at At, in Level days: how many
	NoticeGrace     NoticeKind = "grace"     // credits are past their nominal end and gone at At: how many
	NoticeExpired   NoticeKind = "expired"   // credits ended unused: how many
	NoticeRenewed   NoticeKind = "renewed"   // a period began: what it gave
	NoticeRollover  NoticeKind = "rollover"  // credits were carried on: how many
	NoticePurchased NoticeKind = "purchased" // credits were bought: how many, with what came on top
	NoticeLimit     NoticeKind = "limit"     // a limit is used up: its most
	NoticeDebt      NoticeKind = "debt"      // the wallet owes: how much
	NoticePaid      NoticeKind = "paid"      // the wallet owes nothing any more: what it owed
	NoticeTopUp     NoticeKind = "top_up"    // Number of a package should be bought: what is available. See [TopUp]
	NoticeStopped   NoticeKind = "stopped"   // a top-up is due but not allowed before At: what is available
)

// events are the kinds that [Alerts] ask for by name.
var events = []NoticeKind{
	NoticeGrace, NoticeExpired, NoticeRenewed, NoticeRollover, NoticePurchased, NoticeLimit, NoticeDebt, NoticePaid,
}

// A Notice is something that the host should act on or tell the owner. It is part
// of the entry that caused it or, if that is a change over several entries, of a
// KindNotice after them, in the same transaction. It is delivered at least once.
type Notice struct {
	Kind   NoticeKind      `json:"kind"`
	Name   string          `json:"name,omitempty"`   // of the limit, bucket, subscription or package
	Actor  string          `json:"actor,omitempty"`  // of a limit that counts each actor apart
	Level  decimal.Decimal `json:"level,omitzero"`   // what was crossed: credits, a percentage, days
	Amount decimal.Decimal `json:"amount,omitzero"`  // credits or, of a limit, what it counts
	Number int             `json:"number,omitempty"` // of a top-up: how many packages
	Grant  GrantID         `json:"grant,omitzero"`
	At     time.Time       `json:"at,omitzero"` // the instant that it speaks of
}

// events returns the notices that e makes by what it says, before it is applied.
func (w *Wallet) events(e *Entry) []Notice {
	switch e.Kind { // the others make none
	case KindCharge, KindCapture, KindInvoice:
		return w.usedUp(e)
	case KindExpire:
		return w.event(Notice{Kind: NoticeExpired, Amount: moved(e, PotExpired)})
	case KindRenew:
		return w.event(Notice{Kind: NoticeRenewed, Name: e.Subscription.Name, Amount: issued(e)})
	case KindRollover:
		return w.event(Notice{Kind: NoticeRollover, Amount: issued(e)})
	case KindPurchase:
		return w.event(Notice{Kind: NoticePurchased, Name: e.Grants[0].Package, Amount: issued(e)})
	}
	return nil
}

// event returns n if the wallet's alerts ask for it.
func (w *Wallet) event(n Notice) []Notice {
	if !w.Alerts.tells(n.Kind) {
		return nil
	}
	return []Notice{n}
}

// moved returns what e moves to a pot.
func moved(e *Entry, to Pot) decimal.Decimal {
	return sum(e.Moves, func(m Move) decimal.Decimal {
		if m.To != to {
			return decimal.Zero
		}
		return m.Amount
	})
}

// issued returns what e grants.
func issued(e *Entry) decimal.Decimal {
	return sum(e.Grants, func(g *Grant) decimal.Decimal { return g.Amount })
}

// usedUp returns the notices about allowances of which e spends.
func (w *Wallet) usedUp(e *Entry) []Notice {
	if len(w.Alerts.Used) == 0 {
		return nil
	}
	var notices []Notice
	for i := range w.Subscriptions {
		for _, b := range w.Subscriptions[i].Buckets {
			if !b.Allowance.IsPositive() {
				continue
			}
			left, spent := w.allowance(b.Name, e)
			if spent.IsPositive() {
				used := b.Allowance.Sub(left)
				notices = append(notices, w.Alerts.used(b.Name, used, used.Add(spent), b.Allowance)...)
			}
		}
	}
	return notices
}

// allowance returns what is left of a bucket's allowance, held or not, and what e
// spends of that.
func (w *Wallet) allowance(bucket string, e *Entry) (left, spent decimal.Decimal) {
	for i := range w.Grants {
		g := &w.Grants[i]
		if g.Bucket != bucket || g.Source != SourceAllowance {
			continue
		}
		left = left.Add(g.Remaining).Add(g.Held)
		for _, m := range e.Moves {
			if m.Grant == g.ID && m.To == PotSpent && m.From.live() {
				spent = spent.Add(m.Amount)
			}
		}
	}
	return left, spent
}

// used returns the notices made when the use of what name names rises from before
// to after of most.
func (a *Alerts) used(name string, before, after, most decimal.Decimal) []Notice {
	var notices []Notice
	for _, percent := range a.Used {
		if level := percentOf(most, percent); before.LessThan(level) && level.LessThanOrEqual(after) {
			notices = append(notices, Notice{Kind: NoticeUsed, Name: name, Level: percent, Amount: after})
		}
	}
	return notices
}

// filled returns the notices made when the use of a limit rises from before to
// after of most.
func (w *Wallet) filled(l *Limit, actor string, before, after, most decimal.Decimal) []Notice {
	if !most.IsPositive() || l.Measure == MeasureCharge || after.LessThanOrEqual(before) {
		return nil
	}
	var notices []Notice
	if l.Measure != MeasureHolds {
		notices = w.Alerts.used(l.Name, before, after, most)
		notices = slices.DeleteFunc(notices, func(n Notice) bool { return n.Level.Equal(hundred) })
	}
	if before.LessThan(most) && most.LessThanOrEqual(after) {
		notices = append(notices, w.event(Notice{Kind: NoticeLimit, Name: l.Name, Amount: most})...)
	}
	if l.PerActor {
		for i := range notices {
			notices[i].Actor = actor
		}
	}
	return notices
}

// A standing is what notices compare before and after a step.
type standing struct {
	available decimal.Decimal // less what is owed; kept only if the alerts look at it
	debt      decimal.Decimal
}

func (w *Wallet) standing() standing {
	s := standing{debt: w.debt()}
	if len(w.Alerts.Low) > 0 {
		s.available = w.available(w.Alerts.Exclude).Sub(s.debt)
	}
	return s
}

// available returns what can be spent of grants but for those from some sources.
func (w *Wallet) available(except []Source) decimal.Decimal {
	total := decimal.Zero
	for i := range w.Grants {
		g := &w.Grants[i]
		if !g.Remaining.IsZero() && !w.pending(g) && !slices.Contains(except, g.Source) {
			total = total.Add(g.Remaining)
		}
	}
	return total
}

// tell ends a step, at the instant at: it posts the notices about what changed
// since the step before, and orders an automatic top-up that is due. Opening a
// wallet is not a step.
func (d *draft) tell(at time.Time) {
	if d.opening || d.w.Status == StatusClosed {
		return
	}
	before, now := d.told, d.w.standing()
	d.told = now
	var notices []Notice
	if d.last != nil && d.last.Kind != KindAmend {
		notices = d.w.crossed(before.available, now.available)
	}
	if before.debt.IsZero() && now.debt.IsPositive() {
		notices = append(notices, d.w.event(Notice{Kind: NoticeDebt, Amount: now.debt})...)
	}
	if before.debt.IsPositive() && now.debt.IsZero() {
		notices = append(notices, d.w.event(Notice{Kind: NoticePaid, Amount: before.debt})...)
	}
	if len(notices) > 0 {
		d.post(&Entry{Kind: KindNotice, EffectiveAt: at, Of: d.last.Seq, Notices: notices})
	}
	d.topUp(at)
}

// crossed returns the notices made when what is available goes from before to now.
func (w *Wallet) crossed(before, now decimal.Decimal) []Notice {
	if before.Equal(now) {
		return nil
	}
	var notices []Notice
	for i := range w.Alerts.Low {
		level, ok := w.Alerts.Low[i].credits(w)
		n := Notice{Level: level, Amount: now}
		switch {
		case !ok:
			continue
		case level.LessThan(before) && now.LessThanOrEqual(level):
			n.Kind = NoticeLow
		case before.LessThanOrEqual(level) && level.LessThan(now):
			n.Kind = NoticeRecovered
		default:
			continue
		}
		notices = append(notices, n)
	}
	return notices
}

// nextWarning returns the next instant at which g makes a notice, or the zero time.
func (w *Wallet) nextWarning(g *OpenGrant) time.Time {
	var next time.Time
	if len(w.Alerts.Expiring) == 0 && len(w.Alerts.Events) == 0 {
		return next
	}
	for _, n := range w.Alerts.warnings(g) {
		if n.at.After(w.SettledAt) && (next.IsZero() || n.at.Before(next)) {
			next = n.at
		}
	}
	return next
}

// warn posts the notices that grants make at that instant.
func (d *draft) warn(at time.Time) {
	var notices []Notice
	for i := range d.w.Grants {
		g := &d.w.Grants[i]
		if g.Remaining.IsZero() {
			continue
		}
		for _, w := range d.w.Alerts.warnings(g) {
			if w.at.Equal(at) {
				w.notice.Grant, w.notice.Amount = g.ID, g.Remaining
				notices = append(notices, w.notice)
			}
		}
	}
	if len(notices) > 0 {
		d.post(&Entry{Kind: KindNotice, EffectiveAt: at, Notices: notices})
	}
}
