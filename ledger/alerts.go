package ledger

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Bounds of [Alerts].
const (
	MaxThresholds   = 100   // of each kind
	MaxExpiringDays = 3_660 // how long before their end credits can be warned of
)

// Alerts say of what a wallet makes notices. The zero Alerts make none but those
// of an automatic top-up; [UsualAlerts] are a good start. Whoever asks for notices
// must also take them, see [Ledger.TakeNotices].
type Alerts struct {
	// Low are the levels of what is available, less what is owed, at which
	// NoticeLow is made on the way down and NoticeRecovered on the way up: for a
	// level in (previous, current], once per crossing, and so again only after the
	// wallet has crossed back. What happens in one operation, or at one instant, is
	// one step: a renewal crosses nothing because the old credits lapse first.
	Low []Level `json:"low,omitempty"`

	// Exclude are the sources whose credits do not count for Low, such as
	// SourcePromotion, so that a trial does not hide that what was bought runs out.
	Exclude []Source `json:"exclude,omitempty"`

	// Used are the percentages at which NoticeUsed is made as an allowance or a
	// limit is used, above zero and up to 100. An allowance is used as far as less
	// than that is left of it. A limit that is used up makes NoticeLimit instead.
	Used []decimal.Decimal `json:"used,omitempty"`

	// Expiring are how many days before their nominal end NoticeExpiring is made
	// of credits, each day of 24 hours. Allowances, which end with every period,
	// are not warned of, nor is a grant that never lasted so long.
	Expiring []int `json:"expiring,omitempty"`

	// Events are the other kinds of notices that are made: see NoticeKind.
	Events []NoticeKind `json:"events,omitempty"`
}

// A Level of what is available: an Amount of credits, which may be negative or,
// if it is positive, a Percent of what the wallet's subscriptions give in a period.
// A percentage of nothing is never crossed.
type Level struct {
	Amount  decimal.Decimal `json:"amount,omitzero"`
	Percent decimal.Decimal `json:"percent,omitzero"`
}

// UsualAlerts returns alerts for most products: at 20 % and at the end of what is
// available, at 50, 80 and 100 % of an allowance or limit, 30 and 7 days before
// credits end, and of every event.
func UsualAlerts() Alerts {
	return Alerts{
		Low:      []Level{{Percent: decimal.New(20, 0)}, {}},
		Used:     []decimal.Decimal{decimal.New(50, 0), decimal.New(80, 0), hundred},
		Expiring: []int{30, 7},
		Events:   slices.Clone(events),
	}
}

// hundred is all of it in percent.
var hundred = decimal.New(100, 0)

// check refuses alerts that can never work, and puts the rest into normal form.
func (a *Alerts) check() (err error) {
	a.Low, a.Used = slices.Clone(a.Low), slices.Clone(a.Used)
	if len(a.Low) > MaxThresholds || len(a.Used) > MaxThresholds || len(a.Expiring) > MaxThresholds {
		return invalid("Alerts", "have more than %d levels of a kind", MaxThresholds)
	}
	for i := range a.Low {
		if err := a.Low[i].check(fmt.Sprintf("Alerts.Low[%d]", i)); err != nil {
			return err
		}
	}
	for i, p := range a.Used {
		at := fmt.Sprintf("Alerts.Used[%d]", i)
		if a.Used[i], err = checkNumber(at, p); err != nil {
			return err
		}
		if !a.Used[i].IsPositive() || a.Used[i].GreaterThan(hundred) {
			return invalid(at, "is %v, not above 0 and up to 100", a.Used[i])
		}
	}
	for i, days := range a.Expiring {
		if days < 1 || days > MaxExpiringDays {
			return invalid(fmt.Sprintf("Alerts.Expiring[%d]", i), "is %d, not in 1 to %d", days, MaxExpiringDays)
		}
	}
	for i, kind := range a.Events {
		if !slices.Contains(events, kind) {
			return invalid(fmt.Sprintf("Alerts.Events[%d]", i), "is %.40q, which no notice of an event tells", kind)
		}
	}
	return checkSources("Alerts.Exclude", a.Exclude)
}

func (l *Level) check(field string) (err error) {
	if l.Amount, err = checkNumber(field+".Amount", l.Amount); err != nil {
		return err
	}
	if l.Percent, err = checkNumber(field+".Percent", l.Percent); err != nil {
		return err
	}
	if l.Percent.IsNegative() || l.Percent.IsPositive() && !l.Amount.IsZero() {
		return invalid(field+".Percent", "is negative, or stated beside an amount")
	}
	return nil
}

func checkSources(field string, sources []Source) error {
	for i, s := range sources {
		if err := s.check(fmt.Sprintf("%s[%d]", field, i)); err != nil {
			return err
		}
	}
	return nil
}

// none reports whether a makes no notices.
func (a *Alerts) none() bool {
	return len(a.Low) == 0 && len(a.Used) == 0 && len(a.Expiring) == 0 && len(a.Events) == 0
}

// tells reports whether notices of an event are asked for.
func (a *Alerts) tells(kind NoticeKind) bool { return slices.Contains(a.Events, kind) }

// credits returns the amount at which l lies in w, and whether it does at all.
func (l *Level) credits(w *Wallet) (decimal.Decimal, bool) {
	if !l.Percent.IsPositive() {
		return l.Amount, true
	}
	base := sum(w.Subscriptions, func(s Subscription) decimal.Decimal { return allowances(s.Buckets) })
	return percentOf(base, l.Percent), base.IsPositive()
}

// warnings returns the instants at which g makes notices, in no order: so many days
// before its nominal end, and at that if there is a grace period after it.
func (a *Alerts) warnings(g *OpenGrant) []warning {
	if g.ExpiresAt.IsZero() || g.Source == SourceAllowance {
		return nil
	}
	var all []warning
	end := g.ExpiresAt
	if !g.GraceAt.IsZero() {
		end = g.GraceAt
		if a.tells(NoticeGrace) {
			all = append(all, warning{at: end, notice: Notice{Kind: NoticeGrace, At: g.ExpiresAt}})
		}
	}
	for _, days := range a.Expiring {
		at := end.Add(-time.Duration(days) * 24 * time.Hour)
		all = append(all, warning{at: at, notice: Notice{Kind: NoticeExpiring, At: end, Level: decimal.New(int64(days), 0)}})
	}
	return all
}

// A warning is a notice that is to be made at an instant.
type warning struct {
	at     time.Time
	notice Notice
}
