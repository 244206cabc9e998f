package expiry_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
)

func TestCycleAdd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		cycle expiry.Cycle
		zone  string
		from  string
		want  string
	}{
		{"the zero cycle adds nothing", expiry.Cycle{}, "", "2026-01-31T15:20:00Z", "2026-01-31T15:20:00Z"},
		{"a minute is a minute", expiry.Minutes(1), "", "2026-01-31T23:59:30Z", "2026-02-01T00:00:30Z"},
		{"an hour is an hour", expiry.Hours(1), "", "2026-01-31T23:30:00Z", "2026-02-01T00:30:00Z"},
		{"a day keeps the time of day", expiry.Days(1), "", "2026-02-28T15:20:00Z", "2026-03-01T15:20:00Z"},
		{"two weeks are fourteen days", expiry.Weeks(2), "", "2026-02-20T15:20:00Z", "2026-03-06T15:20:00Z"},
		{"a month after 31 January is the end of February", expiry.Months(1), "", "2026-01-31T15:20:00Z", "2026-02-28T15:20:00Z"},
		{"and 29 February in a leap year", expiry.Months(1), "", "2028-01-31T15:20:00Z", "2028-02-29T15:20:00Z"},
		{"a month after 30 November crosses the year", expiry.Months(3), "", "2026-11-30", "2027-02-28"},
		{"a quarter is three months", expiry.Quarters(1), "", "2025-11-30", "2026-02-28"},
		{"a year after 29 February is 28 February", expiry.Years(1), "", "2028-02-29T08:00:00Z", "2029-02-28T08:00:00Z"},
		{"four years after 29 February it is there again", expiry.Years(4), "", "2028-02-29T08:00:00Z", "2032-02-29T08:00:00Z"},
		{"the year 2100 is no leap year", expiry.Years(100), "", "2000-02-29", "2100-02-28"},
		{"a month is counted where the wallet is, not in UTC", expiry.Months(1), "Asia/Kolkata", "2023-02-28T18:30:00Z", "2023-03-31T18:30:00Z"},
		{"a day over a clock change may have 23 hours", expiry.Days(1), "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T11:00:00Z"},
		{"or 25", expiry.Days(1), "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T13:00:00Z"},
		{"but 24 hours are 24 hours", expiry.Hours(24), "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"},
		{"a reading that is skipped becomes the end of the gap", expiry.Days(1), "Europe/Berlin", "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z"},
		{"a reading that occurs twice is the first of the two", expiry.Days(1), "Europe/Berlin", "2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z"},
		{"a day that is left out moves to the next", expiry.Days(1), "Pacific/Apia", "2011-12-30T01:00:00Z", "2011-12-30T10:00:00Z"},
		{"nanoseconds are cut off", expiry.Days(1), "", "2026-01-01T00:00:00.000001999Z", "2026-01-02T00:00:00.000001Z"},
		{"microseconds are kept by months", expiry.Months(1), "", "2026-01-31T23:59:59.999999Z", "2026-02-28T23:59:59.999999Z"},
		{"the last year is reached", expiry.Years(1), "", "9998-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := c.cycle.Add(at(t, c.from), zone(t, c.zone))
			require.Equal(t, at(t, c.want), got)
		})
	}
}

func TestCycleAddHasNoAnswer(t *testing.T) {
	t.Parallel()
	day := at(t, "2026-01-31")
	for _, c := range []struct {
		name  string
		cycle expiry.Cycle
		from  time.Time
	}{
		{"for a cycle of nothing in a unit", expiry.Days(0), day},
		{"for a negative cycle", expiry.Months(-1), day},
		{"for an unknown unit", expiry.Cycle{Every: 1, Unit: "fortnight"}, day},
		{"for an instant that is not set", expiry.Days(1), time.Time{}},
		{"after the year 9999 by days", expiry.Days(1), at(t, "9999-12-31")},
		{"after the year 9999 by hours", expiry.Hours(24), at(t, "9999-12-31")},
		{"after the year 9999 by years", expiry.Years(10_000), day},
		{"for an instant after the year 9999", expiry.Days(1), time.Unix(1<<60, 0)},
		{"for an instant before the year 1", expiry.Days(1), time.Unix(-1<<60, 0)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Zero(t, c.cycle.Add(c.from, nil))
		})
	}
}

func TestCycleValidate(t *testing.T) {
	t.Parallel()
	for _, good := range []expiry.Cycle{
		{},
		expiry.Minutes(1), expiry.Minutes(expiry.MaxEveryHours), expiry.Hours(1), expiry.Hours(expiry.MaxEveryHours), expiry.Days(expiry.MaxEvery),
		expiry.Weeks(2), expiry.Months(1), expiry.Quarters(1), expiry.Years(1),
	} {
		require.NoError(t, good.Validate(), good.String())
	}
	for _, c := range []struct {
		cycle expiry.Cycle
		field string
	}{
		{expiry.Minutes(0), "every"},
		{expiry.Minutes(expiry.MaxEveryHours + 1), "every"},
		{expiry.Hours(0), "every"},
		{expiry.Hours(expiry.MaxEveryHours + 1), "every"},
		{expiry.Days(expiry.MaxEvery + 1), "every"},
		{expiry.Years(-1), "every"},
		{expiry.Cycle{Every: 1}, "unit"},
		{expiry.Cycle{Every: 1, Unit: "Month"}, "unit"},
	} {
		requireInvalid(t, c.cycle.Validate(), c.field)
	}
}

func TestCycleInWords(t *testing.T) {
	t.Parallel()
	require.Equal(t, "none", expiry.Cycle{}.String())
	require.Equal(t, "1 quarter", expiry.Quarters(1).String())
	require.Equal(t, "90 days", expiry.Days(90).String())
}

func TestCycleInJSON(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(expiry.Months(3))
	require.NoError(t, err)
	require.JSONEq(t, `{"every":3,"unit":"month"}`, string(text))
}
