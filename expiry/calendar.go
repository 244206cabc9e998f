package expiry

import "time"

// This file knows two kinds of time. An instant is a point in time, in UTC. A wall reading is what
// a clock in some zone shows, held in a time.Time whose zone says UTC, so that calendar arithmetic
// on it meets no clock change. The zero time stands for "outside the years 1 to 9999" in both, and
// each function hands it through.

const secondsPerDay = 24 * 60 * 60

var (
	firstInstant = time.Date(1, time.January, 1, 0, 0, 0, 1000, time.UTC) // the zero time is unset
	lastInstant  = time.Date(9999, time.December, 31, 23, 59, 59, 999_999_999, time.UTC)
)

// inRange reports whether t is an instant this package can work with.
func inRange(t time.Time) bool {
	return !t.Before(firstInstant) && !t.After(lastInstant)
}

// micro returns t in UTC and in whole microseconds, the form in which every store keeps it.
func micro(t time.Time) time.Time {
	return t.UTC().Truncate(time.Microsecond)
}

// wallOf returns what a clock in zone shows at t.
func wallOf(t time.Time, zone *time.Location) time.Time {
	_, offset := t.In(zone).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// midnight returns the first reading of the day of wall.
func midnight(wall time.Time) time.Time {
	year, month, day := wall.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// furthestFromUTC is more than any zone is, or ever was, ahead of UTC.
const furthestFromUTC = 26 * time.Hour

// firstAt returns the first instant at which a clock in zone shows wall or more.
//
// This one sentence is the whole rule for clock changes. A reading that is skipped gives the first
// instant after the gap, a reading that is repeated gives the first of the two. time.Date does not
// say which it gives, so the stretches between clock changes are walked here, a few at most.
func firstAt(wall time.Time, zone *time.Location) time.Time {
	if wall.IsZero() {
		return wall
	}
	at := wall
	for t := wall.Add(-furthestFromUTC).In(zone); ; {
		_, offset := t.Zone()
		at = wall.Add(-time.Duration(offset) * time.Second)
		if at.Before(t) {
			at = t
		}
		end := stretchEnd(t)
		if end.IsZero() || at.Before(end) {
			break
		}
		t = end
	}
	if !inRange(at) {
		return time.Time{}
	}
	return at.UTC()
}

// stretchEnd returns an instant after t up to which the offset from UTC stays what it is at t, or
// the zero time if it never changes again.
//
// ZoneBounds gives just that, except on the last day of a leap year: it counts 365 days, and on
// the 366th names an end that is not after t. No rule changes a clock within that day, so the
// stretch is cut at the end of it.
func stretchEnd(t time.Time) time.Time {
	_, end := t.ZoneBounds()
	if end.IsZero() || end.After(t) {
		return end
	}
	const day = secondsPerDay * time.Second
	return t.Truncate(day).Add(day)
}

// dayOf returns the day of t in zone, as the reading of its midnight. A day lasts from its first
// midnight to the first midnight of the next; where a clock goes back over midnight, the hour that
// shows yesterday's date again belongs to the new day.
func dayOf(t time.Time, zone *time.Location) time.Time {
	day := midnight(wallOf(t, zone))
	for {
		next := day.AddDate(0, 0, 1)
		start := firstAt(next, zone)
		if start.IsZero() || start.After(t) {
			return day
		}
		day = next
	}
}

// shiftSeconds returns the instant n seconds after t.
func shiftSeconds(t time.Time, n int64) time.Time {
	at := time.Unix(t.Unix()+n, int64(t.Nanosecond())).UTC()
	if !inRange(at) {
		return time.Time{}
	}
	return at
}

// shiftDays returns the reading n days after wall.
func shiftDays(wall time.Time, n int64) time.Time {
	return readable(time.Unix(wall.Unix()+n*secondsPerDay, int64(wall.Nanosecond())).UTC())
}

// shiftMonths returns the reading n months after wall, on the last day of the month if the month
// is too short.
func shiftMonths(wall time.Time, n int64) time.Time {
	index := monthIndex(wall) + n
	if index < 0 || index > 12*10_001 {
		return time.Time{}
	}
	first := time.Date(int(index/12), time.Month(index%12+1), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	date := first.AddDate(0, 0, min(wall.Day(), last)-1)
	return readable(date.Add(wall.Sub(midnight(wall))))
}

// readable returns wall, or the zero time if it is so far outside the range of instants that
// no zone can bring it back.
func readable(wall time.Time) time.Time {
	if wall.Before(firstInstant.Add(-furthestFromUTC)) || wall.After(lastInstant.Add(furthestFromUTC)) {
		return time.Time{}
	}
	return wall
}

// monthIndex numbers the months from January of the year 0.
func monthIndex(wall time.Time) int64 {
	year, month, _ := wall.Date()
	return int64(year)*12 + int64(month) - 1
}
