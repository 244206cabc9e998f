package ledger

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// carry ends a period of one bucket at the instant at, by the terms under which
// the next begins. Allowances that survive move to a grant that rolls over;
// everything else that has an end of its own stays, as far as the cap lets it; the
// rest lapses.
func (d *draft) carry(terms Bucket, s *Subscription, at time.Time) {
	old := d.carried(terms.Name, at)
	blocks := make([]expiry.Block, len(old))
	for i, g := range old {
		blocks[i].Left = g.Remaining
	}
	keep := terms.Rollover.Carry(blocks, terms.Allowance, d.w.Unit.Scale)

	var lapsed []Move
	carried := &Entry{Kind: KindRollover, EffectiveAt: at}
	for i, g := range old {
		if gone := g.Remaining.Sub(keep[i]); gone.IsPositive() {
			lapsed = append(lapsed, Move{Grant: g.ID, From: PotRemaining, To: PotExpired, Amount: gone})
		}
		if keep[i].IsPositive() && g.Source == SourceAllowance {
			carried.Moves = append(carried.Moves, Move{Grant: g.ID, From: PotRemaining, To: PotMoved, Amount: keep[i]})
			carried.Grants = append(carried.Grants, rollover(&g, keep[i], terms, s, at))
		}
	}
	if len(lapsed) > 0 {
		d.post(&Entry{Kind: KindExpire, EffectiveAt: at, Moves: lapsed})
	}
	if len(carried.Grants) > 0 {
		for i, g := range carried.Grants {
			carried.Moves = append(carried.Moves, d.issue(g, i+1, at)...)
		}
		d.post(carried)
	}
}

// carried returns what the end of a period at the instant at is about in a
// bucket: what remains in it, oldest first, but for what ends then by itself.
func (d *draft) carried(bucket string, at time.Time) []OpenGrant {
	var old []OpenGrant
	for _, g := range d.w.Grants {
		ends := g.EndedAt(at) && g.Source != SourceAllowance
		if g.Bucket == bucket && g.Remaining.IsPositive() && d.inEffect(&g, at) && !ends {
			old = append(old, g)
		}
	}
	slices.SortFunc(old, func(a, b OpenGrant) int { return a.ID.Compare(b.ID) })
	return old
}

// rollover returns the grant to which amount of g, an allowance of the period that
// ends at the instant at, moves. Late use of that period may still draw on it, so
// it is effective since g was.
func rollover(g *OpenGrant, amount decimal.Decimal, terms Bucket, s *Subscription, at time.Time) *Grant {
	r := terms.Rollover
	ends := r.EndsAt(at, zone(s.Schedule.Zone))
	if r.Periods > 0 {
		if last := s.Schedule.Start(s.Period.Index + r.Periods); ends.IsZero() || last.Before(ends) {
			ends = last
		}
	}
	return &Grant{
		Name: g.Name, Source: SourceRollover, Bucket: g.Bucket, Amount: amount,
		Paid:  g.part(amount.Add(g.Held), amount),
		Scope: terms.Scope, Priority: priority(terms.Priority), Carry: r.Spend,
		EffectiveAt: g.EffectiveAt, ExpiresAt: ends, Parent: g.ID,
	}
}

// allow puts into e the allowances that amount says for the buckets of s, from the
// instant at. They end with the period.
func (d *draft) allow(e *Entry, s *Subscription, at time.Time, amount func(Bucket) decimal.Decimal) {
	for _, b := range s.Buckets {
		credits := amount(b)
		if !credits.IsPositive() {
			continue
		}
		g := &Grant{
			Name: b.Name, Source: SourceAllowance, Bucket: b.Name, Amount: credits,
			Scope: b.Scope, Priority: priority(b.Priority),
			EffectiveAt: at, ExpiresAt: s.Period.End,
		}
		e.Grants = append(e.Grants, g)
		e.Moves = append(e.Moves, d.issue(g, len(e.Grants), at)...)
	}
}

// lapse returns the moves by which what remains of a plan's grants in a bucket,
// its allowances and what was carried of them, ends at the instant at.
func (d *draft) lapse(bucket string, at time.Time) []Move {
	var moves []Move
	for i := range d.w.Grants {
		g := &d.w.Grants[i]
		planned := g.Source == SourceAllowance || g.Source == SourceRollover
		if g.Bucket == bucket && planned && d.inEffect(g, at) {
			moves = appendMove(moves, Move{Grant: g.ID, From: PotRemaining, To: PotExpired, Amount: g.Remaining})
		}
	}
	return moves
}

// priority returns p, or the default if p is not stated.
func priority(p int) int {
	if p == 0 {
		return DefaultPriority
	}
	return p
}

// zone returns a time zone whose name was checked when it was stored. Should the
// machine have lost it since, its calendar is UTC.
func zone(name string) *time.Location {
	loc, err := expiry.Zone(name)
	if err != nil {
		return time.UTC
	}
	return loc
}
