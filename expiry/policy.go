package expiry

import (
	"fmt"
	"time"
)

// MaxPeriods is the greatest number of periods that a [Policy] or a [Rollover] can name.
const MaxPeriods = 10_000

// A PolicyKind says how the end of credits is found. The values are stable: they are stored.
type PolicyKind string

// The kinds of a policy.
const (
	PolicyNever     PolicyKind = "never"      // they do not end
	PolicyAt        PolicyKind = "at"         // at the instant Policy.At
	PolicyAfter     PolicyKind = "after"      // Policy.After from the instant they take effect
	PolicyPeriodEnd PolicyKind = "period_end" // with the period in which they take effect
	PolicyPeriods   PolicyKind = "periods"    // with the Policy.Periods-th period, that one counted
)

// A Policy says when credits end.
//
// The zero Policy states nothing: the next one in the chain of [First] decides, and at the end of
// the chain it means never. Each kind uses the field named like it and refuses the others.
type Policy struct {
	Kind    PolicyKind `json:"kind,omitempty"`
	At      time.Time  `json:"at,omitzero"`       // exclusive: not spendable at this instant
	After   Cycle      `json:"after,omitzero"`    // keeps the time of day; see [Cycle.Add]
	Periods int        `json:"periods,omitempty"` // 1 to MaxPeriods; 1 is the same as period_end
	Grace   Cycle      `json:"grace,omitzero"`    // they stay spendable so much longer; zero: no grace
}

// First returns the first of the policies that is stated, or the zero Policy. The usual chain is
// the grant's, its package's, its bucket's, the ledger's default.
func First(policies ...Policy) Policy {
	for _, p := range policies {
		if !p.IsZero() {
			return p
		}
	}
	return Policy{}
}

// IsZero reports whether p states nothing.
func (p Policy) IsZero() bool {
	return p.Kind == "" && p.At.IsZero() && p.After.IsZero() && p.Periods == 0 && p.Grace.IsZero()
}

// Validate refuses, with an [*InvalidError], an unknown kind, a field that the kind needs and does
// not have or has and does not use, a number out of range, and a grace on what never ends.
func (p Policy) Validate() error {
	if err := p.checkStated(); err != nil {
		return err
	}
	if p.Kind == PolicyAt && !inRange(p.At) {
		return invalid("at", "must lie in the years 1 to 9999")
	}
	if err := p.After.Validate(); err != nil {
		return within("after", err)
	}
	if p.Periods < 0 || p.Periods > MaxPeriods {
		return invalid("periods", fmt.Sprintf("is %d, must be from 1 to %d", p.Periods, MaxPeriods))
	}
	if err := p.Grace.Validate(); err != nil {
		return within("grace", err)
	}
	return nil
}

// checkStated checks that the kind is known and that exactly the fields it uses are given.
func (p Policy) checkStated() error {
	ends := true
	switch p.Kind {
	case "", PolicyNever:
		ends = false
	case PolicyAt, PolicyAfter, PolicyPeriodEnd, PolicyPeriods:
	default:
		return invalid("kind", fmt.Sprintf("%.40q is not never, at, after, period_end or periods", p.Kind))
	}
	if err := stated("at", p.Kind == PolicyAt, !p.At.IsZero()); err != nil {
		return err
	}
	if err := stated("after", p.Kind == PolicyAfter, !p.After.IsZero()); err != nil {
		return err
	}
	if err := stated("periods", p.Kind == PolicyPeriods, p.Periods != 0); err != nil {
		return err
	}
	if !ends && !p.Grace.IsZero() {
		return invalid("grace", "follows an end, and this kind has none")
	}
	return nil
}

// An Ending is when credits end. The zero Ending is never.
type Ending struct {
	GraceAt   time.Time `json:"grace_at,omitzero"`   // where the grace begins; zero: no grace
	ExpiresAt time.Time `json:"expires_at,omitzero"` // exclusive, the grace included; zero: never
}

// Ends returns when credits end that take effect at the instant effective in a wallet that renews
// by s. The zero Policy and [PolicyNever] give the zero Ending.
//
// PolicyPeriodEnd and PolicyPeriods need a valid schedule whose anchor is not after effective. The
// other kinds use only its zone, for the time of day, and do with a zero Schedule.
//
// What cannot be computed is an [*InvalidError]: policy or schedule are not valid, effective lies
// before the anchor, or the end lies at or before effective or after the year 9999.
func (p Policy) Ends(effective time.Time, s Schedule) (Ending, error) {
	if err := p.Validate(); err != nil {
		return Ending{}, err
	}
	if p.Kind == "" || p.Kind == PolicyNever {
		return Ending{}, nil
	}
	if !inRange(effective) {
		return Ending{}, invalid("effective_at", "must lie in the years 1 to 9999")
	}
	zone, err := Zone(s.Zone)
	if err != nil {
		return Ending{}, within("schedule", err)
	}
	end, err := p.end(micro(effective), s, zone)
	if err != nil {
		return Ending{}, err
	}
	return p.extend(end, zone)
}

// end returns the end before any grace.
func (p Policy) end(effective time.Time, s Schedule, zone *time.Location) (time.Time, error) {
	var end time.Time
	switch p.Kind {
	case PolicyAt:
		end = micro(p.At)
		if !end.After(effective) {
			return end, invalid("at", "must be after the credits take effect")
		}
	case PolicyAfter:
		end = p.After.Add(effective, zone)
	case PolicyPeriodEnd:
		return endOfPeriod(effective, s, 1)
	case PolicyPeriods:
		return endOfPeriod(effective, s, p.Periods)
	}
	if end.IsZero() {
		return end, invalid(string(p.Kind), "makes the credits end after the year 9999")
	}
	return end, nil
}

// endOfPeriod returns where the n-th period ends, counting the one that contains t as the first.
func endOfPeriod(t time.Time, s Schedule, n int) (time.Time, error) {
	if s.IsZero() {
		return time.Time{}, invalid("schedule", "is required by this kind of expiry")
	}
	if err := s.Validate(); err != nil {
		return time.Time{}, within("schedule", err)
	}
	if t.Before(micro(s.Anchor)) {
		return time.Time{}, invalid("effective_at", "is before the first period")
	}
	if p, ok := s.Containing(t); ok {
		if end := s.Start(p.Index + n); !end.IsZero() {
			return end, nil
		}
	}
	return time.Time{}, invalid("periods", "makes the credits end after the year 9999")
}

// extend adds the grace.
func (p Policy) extend(end time.Time, zone *time.Location) (Ending, error) {
	if p.Grace.IsZero() {
		return Ending{ExpiresAt: end}, nil
	}
	extended := p.Grace.Add(end, zone)
	if extended.IsZero() {
		return Ending{}, invalid("grace", "makes the credits end after the year 9999")
	}
	return Ending{GraceAt: end, ExpiresAt: extended}, nil
}
