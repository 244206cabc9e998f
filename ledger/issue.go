package ledger

import (
	"cmp"
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// GrantRequest is the input of [Ledger.Grant]. Key, WalletID, Amount and Source
// are required.
type GrantRequest struct {
	Key      string
	WalletID WalletID

	Source Source
	Name   string // what people call it
	Amount decimal.Decimal
	Paid   Money // for the whole amount; zero: free

	Bucket   string // whose scope, priority and expiry hold where the grant states none
	Scope    Scope  // zero: the bucket's, or everything
	Priority int    // zero: the bucket's, or the default

	EffectiveAt time.Time     // zero: now. It may lie in the past, for use reported late, or in the future
	Expiry      expiry.Policy // zero: the bucket's, the wallet's, or never

	Parent GrantID // the grant it comes on top of
	Info
}

// Grant gives a wallet a block of credits. If the wallet owes, the new credits pay
// that first, as far as their scope covers what it is owed for.
//
// It is ErrNotFound if there is no such bucket.
func (l *Ledger) Grant(ctx context.Context, r GrantRequest) (Entry, error) { return l.Do(ctx, r) }

func (r GrantRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r GrantRequest) check() (_ Request, err error) {
	if err := r.Source.check("Source"); err != nil {
		return nil, err
	}
	if r.Amount, err = checkPositive("Amount", r.Amount); err != nil {
		return nil, err
	}
	if r.EffectiveAt, err = checkTime("EffectiveAt", r.EffectiveAt); err != nil {
		return nil, err
	}
	return r, cmp.Or(
		checkText("Name", r.Name, MaxKey),
		checkPaid(r.Paid),
		checkScope(r.Scope),
		checkPriority(r.Priority),
		checkExpiry(r.Expiry),
		r.Info.check(),
	)
}

func (r GrantRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	g, err := w.grant(&r)
	if err != nil {
		return err
	}
	d.answer(w, &Entry{Kind: KindGrant, Grants: []*Grant{g}, Moves: w.issue(g, 1, w.now), Info: r.Info})
	w.payDebts()
	return nil
}

// grant returns the grant that r asks for, with what r leaves open filled in by
// the bucket that it goes into and the wallet's terms.
func (d *draft) grant(r *GrantRequest) (*Grant, error) {
	amount, err := checkAmount("Amount", r.Amount, d.w.Unit)
	if err != nil {
		return nil, err
	}
	var bucket Bucket
	var schedule expiry.Schedule
	if r.Bucket != "" {
		b, s, ok := d.w.bucket(r.Bucket)
		if !ok {
			return nil, notFound("bucket", r.Bucket)
		}
		bucket = b
		if s != nil {
			schedule = s.Schedule
		}
	}
	g := &Grant{
		Name: r.Name, Source: r.Source, Bucket: r.Bucket, Amount: amount, Paid: r.Paid, Scope: r.Scope,
		Priority: priority(cmp.Or(r.Priority, bucket.Priority)), EffectiveAt: r.EffectiveAt, Parent: r.Parent, Info: r.Info,
	}
	if !g.Scope.Restricted() {
		g.Scope = bucket.Scope
	}
	if g.EffectiveAt.IsZero() {
		g.EffectiveAt = d.now
	}
	return g, d.setEnd(g, schedule, r.Expiry, bucket.Expiry, d.w.Expiry)
}

// setEnd makes g end as the first stated policy says, in the periods of schedule
// or, if that is none, of the wallet's main subscription.
func (d *draft) setEnd(g *Grant, schedule expiry.Schedule, policies ...expiry.Policy) error {
	if s, ok := d.w.Subscription(""); ok && schedule.IsZero() {
		schedule = s.Schedule
	}
	if schedule.Zone == "" {
		schedule.Zone = d.w.Zone
	}
	ending, err := expiry.First(policies...).Ends(g.EffectiveAt, schedule)
	if err != nil {
		return refused("Expiry", err)
	}
	g.GraceAt, g.ExpiresAt = ending.GraceAt, ending.ExpiresAt
	if g.EndedAt(d.now) {
		return invalid("Expiry", "ends it at %v, which has passed", g.ExpiresAt)
	}
	return nil
}

func checkPaid(m Money) error {
	if m.IsZero() && m.Currency == "" {
		return nil
	}
	if err := m.Validate(); err != nil {
		return refused("Paid", err)
	}
	if m.Amount.IsNegative() {
		return invalid("Paid", "is negative")
	}
	return nil
}

func checkScope(s Scope) error {
	if err := s.Validate(); err != nil {
		return refused("Scope", err)
	}
	return nil
}

func checkPriority(p int) error {
	if p != 0 && (p < MinPriority || p > MaxPriority) {
		return invalid("Priority", "is %d, not in %d to %d", p, MinPriority, MaxPriority)
	}
	return nil
}

func checkExpiry(p expiry.Policy) error {
	if err := p.Validate(); err != nil {
		return refused("Expiry", err)
	}
	return nil
}
