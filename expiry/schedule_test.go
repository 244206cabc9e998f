package expiry_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
)

func schedule(t testing.TB, anchor string, cycle expiry.Cycle, zone string) expiry.Schedule {
	t.Helper()
	s := expiry.Schedule{Anchor: at(t, anchor), Cycle: cycle, Zone: zone}
	require.NoError(t, s.Validate())
	return s
}

func TestScheduleStarts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		anchor string
		cycle  expiry.Cycle
		zone   string
		want   []string // starts of periods 0, 1, 2 ...
	}{
		{
			"the last of the month stays the last of the month",
			"2026-01-31", expiry.Months(1), "",
			[]string{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"},
		},
		{
			"in a leap year as well",
			"2028-01-31", expiry.Months(1), "",
			[]string{"2028-01-31", "2028-02-29", "2028-03-31"},
		},
		{
			"the 30th is clamped in February only",
			"2026-01-30", expiry.Months(1), "",
			[]string{"2026-01-30", "2026-02-28", "2026-03-30"},
		},
		{
			"the first period starts when somebody subscribed, the others at midnight",
			"2026-01-31T15:20:00Z", expiry.Months(1), "",
			[]string{"2026-01-31T15:20:00Z", "2026-02-28", "2026-03-31"},
		},
		{
			"a day cycle begins with what is left of the day",
			"2026-01-31T15:20:00Z", expiry.Days(1), "",
			[]string{"2026-01-31T15:20:00Z", "2026-02-01", "2026-02-02"},
		},
		{
			"hours are counted from the anchor",
			"2026-03-28T15:20:00Z", expiry.Hours(12), "Europe/Berlin",
			[]string{"2026-03-28T15:20:00Z", "2026-03-29T03:20:00Z", "2026-03-29T15:20:00Z"},
		},
		{
			"ten days at a time",
			"2026-02-20", expiry.Days(10), "",
			[]string{"2026-02-20", "2026-03-02", "2026-03-12"},
		},
		{
			"two weeks keep the day of the week",
			"2026-02-20", expiry.Weeks(2), "",
			[]string{"2026-02-20", "2026-03-06", "2026-03-20"},
		},
		{
			"quarters from the end of November",
			"2025-11-30", expiry.Quarters(1), "",
			[]string{"2025-11-30", "2026-02-28", "2026-05-30", "2026-08-30", "2026-11-30"},
		},
		{
			"years from 29 February",
			"2028-02-29", expiry.Years(1), "",
			[]string{"2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"},
		},
		{
			"an Indian wallet's 1 March and a month is 1 April in India",
			"2023-02-28T18:30:00Z", expiry.Months(1), "Asia/Kolkata",
			[]string{"2023-02-28T18:30:00Z", "2023-03-31T18:30:00Z", "2023-04-30T18:30:00Z"},
		},
		{
			"the day is the wallet's, not the one in UTC",
			"2026-01-31T23:30:00Z", expiry.Months(1), "Pacific/Auckland",
			[]string{"2026-01-31T23:30:00Z", "2026-02-28T11:00:00Z", "2026-03-31T11:00:00Z"},
		},
		{
			"midnight moves in UTC when the clock changes",
			"2026-03-01T00:00:00+01:00", expiry.Months(1), "Europe/Berlin",
			[]string{"2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"},
		},
		{
			"nanoseconds of the anchor are cut off",
			"2026-01-01T00:00:00.000001999Z", expiry.Hours(1), "",
			[]string{"2026-01-01T00:00:00.000001Z", "2026-01-01T01:00:00.000001Z"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := schedule(t, c.anchor, c.cycle, c.zone)
			for n, want := range c.want {
				require.Equal(t, at(t, want), s.Start(n), "period %d", n)
			}
		})
	}
}

// Chaining turns 31 January into 28 February, 28 March and so on; counting from the anchor does
// not, in any month of twenty years.
func TestScheduleDoesNotDrift(t *testing.T) {
	t.Parallel()
	s := schedule(t, "2026-01-31", expiry.Months(1), "")
	for n := range 240 {
		next := s.Start(n).AddDate(0, 0, 1)
		require.Equal(t, 1, next.Day(), "period %d starts on the last day of a month", n)
	}
}

func TestScheduleContaining(t *testing.T) {
	t.Parallel()
	monthly := schedule(t, "2026-01-31T15:20:00Z", expiry.Months(1), "")
	for _, c := range []struct {
		name  string
		at    string
		index int
	}{
		{"the anchor is in the first period", "2026-01-31T15:20:00Z", 0},
		{"the instant before the boundary is in the first period", "2026-02-27T23:59:59.999999999Z", 0},
		{"the boundary is in the second period", "2026-02-28T00:00:00Z", 1},
		{"the 30th is before a boundary on the 31st", "2026-03-30T12:00:00Z", 1},
		{"a later month is found", "2026-12-31T00:00:00Z", 11},
		{"a thousand years later as well", "3026-01-31T00:00:00Z", 12_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, ok := monthly.Containing(at(t, c.at))
			require.True(t, ok)
			require.Equal(t, c.index, p.Index)
			require.Equal(t, monthly.Period(c.index), p)
		})
	}
}

func TestScheduleContainingReportsFalse(t *testing.T) {
	t.Parallel()
	s := schedule(t, "2026-01-31T15:20:00Z", expiry.Months(1), "")
	for _, c := range []struct {
		name string
		at   time.Time
	}{
		{"just before the anchor", s.Anchor.Add(-time.Microsecond)},
		{"for an instant that is not set", time.Time{}},
		{"where the period ends after the year 9999", at(t, "9999-12-31T12:00:00Z")},
		{"far outside of time", time.Unix(math.MaxInt64, 0)},
	} {
		p, ok := s.Containing(c.at)
		require.False(t, ok, c.name)
		require.Zero(t, p, c.name)
	}
}

func TestScheduleHasNoPeriodOutsideItsRange(t *testing.T) {
	t.Parallel()
	s := schedule(t, "2026-01-31", expiry.Hours(1), "")
	for _, n := range []int{-1, math.MinInt, math.MaxInt, 100_000_001, 99_999_999} {
		require.Zero(t, s.Start(n), n)
		require.Zero(t, s.Period(n), n)
	}
	for _, cycle := range []expiry.Cycle{expiry.Days(10_000), expiry.Months(10_000), expiry.Years(10_000)} {
		s.Cycle = cycle
		require.Zero(t, s.Start(100_000_000), cycle)
	}
}

func TestScheduleThatIsNotValidAnswersNothing(t *testing.T) {
	t.Parallel()
	for _, s := range invalidSchedules(t) {
		require.Zero(t, s.schedule.Start(1), s.name)
		require.Zero(t, s.schedule.Period(0), s.name)
		_, ok := s.schedule.Containing(at(t, "2026-01-01"))
		require.False(t, ok, s.name)
	}
}

func TestScheduleValidate(t *testing.T) {
	t.Parallel()
	for _, c := range invalidSchedules(t) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			requireInvalid(t, c.schedule.Validate(), c.field)
		})
	}
}

type invalidSchedule struct {
	name     string
	schedule expiry.Schedule
	field    string
}

func invalidSchedules(t testing.TB) []invalidSchedule {
	day := at(t, "2026-01-01")
	return []invalidSchedule{
		{"nothing stated", expiry.Schedule{}, "anchor"},
		{"an anchor after the year 9999", expiry.Schedule{Anchor: time.Unix(1<<60, 0), Cycle: expiry.Days(1)}, "anchor"},
		{"no cycle", expiry.Schedule{Anchor: day}, "cycle"},
		{"a cycle out of range", expiry.Schedule{Anchor: day, Cycle: expiry.Days(10_001)}, "cycle.every"},
		{"an unknown unit", expiry.Schedule{Anchor: day, Cycle: expiry.Cycle{Every: 1, Unit: "moon"}}, "cycle.unit"},
		{"an unknown zone", expiry.Schedule{Anchor: day, Cycle: expiry.Days(1), Zone: "Mars/Olympus"}, "zone"},
		{"a first period that never ends", expiry.Schedule{Anchor: day, Cycle: expiry.Years(9_000)}, "cycle"},
	}
}

func TestScheduleInJSON(t *testing.T) {
	t.Parallel()
	s := schedule(t, "2026-01-31T15:20:00Z", expiry.Months(1), "Europe/Berlin")
	text, err := json.Marshal(s)
	require.NoError(t, err)
	require.JSONEq(t, `{"anchor":"2026-01-31T15:20:00Z","cycle":{"every":1,"unit":"month"},"zone":"Europe/Berlin"}`, string(text))
	var back expiry.Schedule
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, s, back)
	require.False(t, back.IsZero())
	require.True(t, expiry.Schedule{}.IsZero())
}
