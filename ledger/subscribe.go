package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// A Proration says what a period gives that is not had from its start.
type Proration string

// What it can give.
const (
	ProrateFull Proration = "full" // the whole allowance; the default of Subscribe
	ProrateTime Proration = "time" // the share of the time that is left, rounded down; the default of a change
	ProrateNone Proration = "none" // nothing before the next period
)

// SubscribeRequest is the input of [Ledger.Subscribe]. Key and WalletID are
// required, and either a Plan of the catalog or Buckets with a Cycle.
type SubscribeRequest struct {
	Key      string
	WalletID WalletID
	Name     string // tells the wallet's subscriptions apart; empty: the main one

	Offer
	Anchor  time.Time // where its periods count from, not in the future; zero: now. Those of days and longer end at local midnight
	Prorate Proration // what the first period gives if it began before now; empty: ProrateFull
	Info    `json:"info"`
}

// Subscribe gives a wallet the allowances of a plan, period by period, from the
// one that contains the present.
//
// It is ErrNotFound if the catalog has no such plan, ErrInvalid if the wallet has
// a subscription of that name or one of the buckets already.
func (l *Ledger) Subscribe(ctx context.Context, r SubscribeRequest) (Entry, error) {
	return l.Do(ctx, r)
}

func (r SubscribeRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r SubscribeRequest) check() (_ Request, err error) {
	if r.Anchor, err = checkTime("Anchor", r.Anchor); err != nil {
		return nil, err
	}
	if err := r.Prorate.check(); err != nil {
		return nil, err
	}
	return r, cmp.Or(r.Offer.check(true), checkText("Name", r.Name, MaxKey), r.Info.check())
}

func (p Proration) check() error {
	switch p {
	case "", ProrateFull, ProrateTime, ProrateNone:
		return nil
	}
	return invalid("Prorate", "is %.40q and must be full, time or none", p)
}

// check refuses an offer that can never work, and puts the rest into normal form.
func (o *Offer) check(cycle bool) error {
	if o.Plan != "" {
		if len(o.Buckets) > 0 || o.RateCard != "" || !o.Cycle.IsZero() {
			return invalid("Plan", "is stated, and what it gives, too")
		}
		return checkText("Plan", o.Plan, MaxKey)
	}
	if len(o.Buckets) == 0 {
		return invalid("Buckets", "are none, and Plan is empty")
	}
	if o.Cycle.IsZero() && cycle {
		return invalid("Cycle", "is not set")
	}
	if err := o.Cycle.Validate(); err != nil {
		return refused("Cycle", err)
	}
	o.Buckets = slices.Clone(o.Buckets)
	widest := Unit{Name: "any", Scale: MaxScale} // the wallet's own is known later
	return cmp.Or(checkBuckets("Buckets", o.Buckets, widest), checkText("RateCard", o.RateCard, MaxKey))
}

// resolve returns o with what its plan gives.
func (d *draft) resolve(o Offer) (Offer, error) {
	if o.Plan == "" {
		return o, checkBuckets("Buckets", o.Buckets, d.w.Unit)
	}
	if d.catalog == nil {
		return o, uncatalogued("plan", o.Plan)
	}
	p, ok := d.catalog.Plan(o.Plan)
	if !ok {
		return o, notFound("plan", o.Plan)
	}
	if err := d.sameUnit(); err != nil {
		return o, err
	}
	o.Buckets, o.RateCard, o.Cycle = slices.Clone(p.Buckets), p.Card, p.Cycle
	return o, checkBuckets("Plan", o.Buckets, d.w.Unit)
}

func (r SubscribeRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	if _, ok := w.w.Subscription(r.Name); ok {
		return invalid("Name", "%s", taken(r.Name))
	}
	o, err := w.resolve(r.Offer)
	if err != nil {
		return err
	}
	if err := w.free(o.Buckets, nil); err != nil {
		return err
	}
	s := Subscription{
		Name: r.Name, Plan: o.Plan, RateCard: o.RateCard, Buckets: o.Buckets, Since: w.now,
		Schedule: expiry.Schedule{Anchor: r.Anchor, Cycle: o.Cycle, Zone: w.w.Zone},
	}
	if r.Anchor.IsZero() {
		s.Schedule.Anchor = w.now
	}
	if err := s.Schedule.Validate(); err != nil {
		return refused("Anchor", err)
	}
	period, ok := s.Schedule.Containing(w.now)
	if !ok {
		return invalid("Anchor", "is %v, in the future", r.Anchor)
	}
	s.Period = period
	e := &Entry{Kind: KindSubscribe, Subscription: &s, Info: r.Info}
	w.allow(e, &s, w.now, func(b Bucket) decimal.Decimal {
		return w.prorated(b.Allowance, period, cmp.Or(r.Prorate, ProrateFull))
	})
	d.answer(w, e)
	w.payDebts()
	return nil
}

// taken says that a wallet has a subscription of that name already.
func taken(name string) string {
	if name == "" {
		return "is empty, and the wallet has its main subscription already; change or cancel it, or name another"
	}
	return fmt.Sprintf("is %q, and the wallet has a subscription of that name already", name)
}

// free refuses buckets whose names the wallet has already, but for those of the
// subscription that they replace, if any.
func (d *draft) free(buckets []Bucket, replaced *Subscription) error {
	for _, b := range buckets {
		_, s, ok := d.w.bucket(b.Name)
		if ok && (s == nil || replaced == nil || s.Name != replaced.Name) {
			return invalid("Buckets", "names %q, which the wallet has already", b.Name)
		}
	}
	return nil
}

// prorated returns what of amount the rest of period gives.
func (d *draft) prorated(amount decimal.Decimal, period expiry.Period, by Proration) decimal.Decimal {
	switch by {
	case ProrateNone:
		return decimal.Zero
	case ProrateTime:
		down := pricing.Rounding{Mode: pricing.RoundDown, Scale: d.w.Unit.Scale}
		return pricing.Prorate(amount, period, d.now, down)
	case ProrateFull:
	}
	return amount
}
