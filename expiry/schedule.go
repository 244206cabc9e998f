package expiry

import "time"

// A Schedule cuts time from an anchor onward into periods without gap or overlap.
//
// Periods are numbered from 0. Period 0 starts at the anchor itself, at whatever time of day that
// is; period n starts n cycles later, computed from the anchor and never from the period before:
// 31 January, monthly, gives 28 or 29 February, then 31 March. Periods of days and longer start at
// local midnight of their day. Where a clock change skips midnight they start at the first instant
// after the gap, where it repeats midnight at the first of the two. Periods of hours are counted
// in absolute time from the anchor.
//
// Where a zone leaves out a whole day, as Samoa left out 30 December 2011, the period of that day
// is empty: it starts and ends where the next one starts.
//
// The methods are meant for a schedule that [Schedule.Validate] accepts. For any other they
// return zero values, and so they do for what would lie outside the years 1 to 9999.
type Schedule struct {
	Anchor time.Time `json:"anchor"`         // start of period 0
	Cycle  Cycle     `json:"cycle"`          // length of a period
	Zone   string    `json:"zone,omitempty"` // IANA name, as for [Zone]; empty is UTC
}

// IsZero reports whether nothing is stated in s.
func (s Schedule) IsZero() bool {
	return s.Anchor.IsZero() && s.Cycle.IsZero() && s.Zone == ""
}

// Validate refuses, with an [*InvalidError], an anchor outside the years 1 to 9999, a cycle that
// is none or not valid, a zone that is not known, and a first period that ends after the year
// 9999.
func (s Schedule) Validate() error {
	if !inRange(s.Anchor) {
		return invalid("anchor", "must lie in the years 1 to 9999")
	}
	if s.Cycle.IsZero() {
		return invalid("cycle", "is required")
	}
	if err := s.Cycle.Validate(); err != nil {
		return within("cycle", err)
	}
	if _, err := Zone(s.Zone); err != nil {
		return err
	}
	if s.Start(1).IsZero() {
		return invalid("cycle", "makes the first period end after the year 9999")
	}
	return nil
}

// Start returns the instant at which period n starts, in UTC. It never decreases as n grows.
func (s Schedule) Start(n int) time.Time {
	g, ok := s.grid()
	if !ok {
		return time.Time{}
	}
	return g.start(int64(n))
}

// Period returns period n.
func (s Schedule) Period(n int) Period {
	g, ok := s.grid()
	if !ok {
		return Period{}
	}
	return g.period(int64(n))
}

// Containing returns the period in which t lies. It reports false for an instant before the anchor
// and for one whose period ends after the year 9999. Its cost does not depend on how many periods
// have passed.
func (s Schedule) Containing(t time.Time) (Period, bool) {
	g, ok := s.grid()
	if !ok || !inRange(t) || t.Before(g.anchor) {
		return Period{}, false
	}
	p := g.period(g.index(t))
	return p, p.Contains(t)
}

// A grid is a schedule made ready to compute with.
type grid struct {
	anchor time.Time      // in UTC and whole microseconds
	day    time.Time      // midnight of the anchor's day, as a reading in zone
	cycle  Cycle          // valid, not none
	zone   *time.Location // not nil
}

func (s Schedule) grid() (grid, bool) {
	zone, err := Zone(s.Zone)
	if err != nil || !inRange(s.Anchor) || s.Cycle.IsZero() || s.Cycle.Validate() != nil {
		return grid{}, false
	}
	g := grid{anchor: micro(s.Anchor), cycle: s.Cycle, zone: zone}
	if g.cycle.seconds() == 0 {
		g.day = dayOf(g.anchor, zone)
	}
	return g, true
}

// maxIndex is above the number of hours in 9,999 years, and small enough to be multiplied. There
// are 60 times as many minutes.
const maxIndex = 100_000_000

func (g grid) start(n int64) time.Time {
	most := int64(maxIndex)
	if g.cycle.Unit == UnitMinute {
		most *= 60
	}
	switch {
	case n < 0 || n > most:
		return time.Time{}
	case n == 0:
		return g.anchor
	case g.cycle.seconds() > 0:
		return shiftSeconds(g.anchor, n*g.cycle.seconds())
	}
	return firstAt(g.cycle.shift(g.day, n), g.zone)
}

func (g grid) period(n int64) Period {
	p := Period{Index: int(n), Start: g.start(n), End: g.start(n + 1)}
	if p.Start.IsZero() || p.End.IsZero() {
		return Period{}
	}
	return p
}

// index returns the greatest n whose period starts at or before t, which is not before the anchor.
// The estimate is off by one at most, but for the days that a zone left out or had twice.
func (g grid) index(t time.Time) int64 {
	n := max(0, g.estimate(t))
	for n > 0 && g.startsAfter(n, t) {
		n--
	}
	for !g.startsAfter(n+1, t) {
		n++
	}
	return n
}

func (g grid) startsAfter(n int64, t time.Time) bool {
	start := g.start(n)
	return start.IsZero() || start.After(t)
}

// estimate divides the time since the anchor by the length of a cycle.
func (g grid) estimate(t time.Time) int64 {
	if seconds := g.cycle.seconds(); seconds > 0 {
		return (t.Unix() - g.anchor.Unix()) / seconds
	}
	wall := wallOf(t, g.zone)
	days, months := g.cycle.span()
	if months > 0 {
		return (monthIndex(wall) - monthIndex(g.day)) / months
	}
	return (wall.Unix() - g.day.Unix()) / (days * secondsPerDay)
}
