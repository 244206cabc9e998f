package expiry

import (
	"fmt"
	"strconv"
	"time"
)

// Bounds of [Cycle.Every].
const (
	MaxEvery      = 10_000  // days, weeks, months, quarters and years
	MaxEveryHours = 100_000 // minutes and hours
)

// A CycleUnit is the unit in which a [Cycle] counts. The values are stable: they are stored.
type CycleUnit string

// The units of a cycle. A quarter is three months.
const (
	UnitMinute  CycleUnit = "minute"
	UnitHour    CycleUnit = "hour"
	UnitDay     CycleUnit = "day"
	UnitWeek    CycleUnit = "week"
	UnitMonth   CycleUnit = "month"
	UnitQuarter CycleUnit = "quarter"
	UnitYear    CycleUnit = "year"
)

// A Cycle is a length of time in calendar terms: so many minutes, hours, days, weeks, months,
// quarters or years. How many seconds that is depends on where it starts. The zero Cycle is none:
// no length, no limit or no repetition, as the field that holds it says.
type Cycle struct {
	Every int       `json:"every"` // 1 to MaxEvery; minutes and hours to MaxEveryHours
	Unit  CycleUnit `json:"unit"`
}

// Minutes returns a cycle of n minutes.
func Minutes(n int) Cycle { return Cycle{Every: n, Unit: UnitMinute} }

// Hours returns a cycle of n hours. An hour is always 3,600 seconds.
func Hours(n int) Cycle { return Cycle{Every: n, Unit: UnitHour} }

// Days returns a cycle of n days. A day on which a clock changes may have 23 or 25 hours.
func Days(n int) Cycle { return Cycle{Every: n, Unit: UnitDay} }

// Weeks returns a cycle of n weeks.
func Weeks(n int) Cycle { return Cycle{Every: n, Unit: UnitWeek} }

// Months returns a cycle of n months.
func Months(n int) Cycle { return Cycle{Every: n, Unit: UnitMonth} }

// Quarters returns a cycle of n times three months.
func Quarters(n int) Cycle { return Cycle{Every: n, Unit: UnitQuarter} }

// Years returns a cycle of n years.
func Years(n int) Cycle { return Cycle{Every: n, Unit: UnitYear} }

// IsZero reports whether c is none.
func (c Cycle) IsZero() bool { return c == Cycle{} }

// Validate refuses an unknown unit and a number out of range, with an [*InvalidError]. The zero
// Cycle is valid.
func (c Cycle) Validate() error {
	if c.IsZero() {
		return nil
	}
	limit := MaxEvery
	switch c.Unit {
	case UnitMinute, UnitHour:
		limit = MaxEveryHours
	case UnitDay, UnitWeek, UnitMonth, UnitQuarter, UnitYear:
	default:
		return invalid("unit", fmt.Sprintf("%.40q is not minute, hour, day, week, month, quarter or year", c.Unit))
	}
	if c.Every < 1 || c.Every > limit {
		return invalid("every", fmt.Sprintf("is %d, must be from 1 to %d", c.Every, limit))
	}
	return nil
}

// String returns the cycle in words: "1 month", "90 days", or "none".
func (c Cycle) String() string {
	switch {
	case c.IsZero():
		return "none"
	case c.Every == 1:
		return "1 " + string(c.Unit)
	}
	return strconv.Itoa(c.Every) + " " + string(c.Unit) + "s"
}

// Add returns the instant one cycle after t, by the calendar and the clock of zone; nil is UTC.
//
// Minutes and hours are absolute. Longer units keep the time of day: a day that the month lacks becomes its
// last day (31 January and a month is 28 or 29 February), a reading that a clock change skips
// becomes the first instant after the gap, and one that occurs twice is the first of the two.
// The result is in UTC, in whole microseconds, and after t. The zero Cycle adds nothing.
//
// Add returns the zero time if c is not valid, or if t or the result is outside the years 1 to
// 9999.
func (c Cycle) Add(t time.Time, zone *time.Location) time.Time {
	if c.Validate() != nil || !inRange(t) {
		return time.Time{}
	}
	if zone == nil {
		zone = time.UTC
	}
	t = micro(t)
	switch {
	case c.IsZero():
		return t
	case c.seconds() > 0:
		return shiftSeconds(t, c.seconds())
	}
	return firstAt(c.shift(wallOf(t, zone), 1), zone)
}

// seconds returns the length of a cycle of minutes or hours, and zero for the longer ones.
func (c Cycle) seconds() int64 {
	n := int64(c.Every)
	switch c.Unit { // the others have no fixed length
	case UnitMinute:
		return n * 60
	case UnitHour:
		return n * 3600
	}
	return 0
}

// span returns the length of one cycle in whole days or in whole months; the other is zero.
func (c Cycle) span() (days, months int64) {
	n := int64(c.Every)
	switch c.Unit {
	case UnitDay:
		return n, 0
	case UnitWeek:
		return 7 * n, 0
	case UnitMonth:
		return 0, n
	case UnitQuarter:
		return 0, 3 * n
	case UnitYear:
		return 0, 12 * n
	}
	return 0, 0
}

// shift moves a reading of the clock by n cycles of days or longer.
func (c Cycle) shift(wall time.Time, n int64) time.Time {
	days, months := c.span()
	if months > 0 {
		return shiftMonths(wall, n*months)
	}
	return shiftDays(wall, n*days)
}
