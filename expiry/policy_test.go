package expiry_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
)

func TestPolicyEnds(t *testing.T) {
	t.Parallel()
	monthly := schedule(t, "2026-01-31T15:20:00Z", expiry.Months(1), "")
	berlin := expiry.Schedule{Zone: "Europe/Berlin"}
	for _, c := range []struct {
		name      string
		policy    expiry.Policy
		schedule  expiry.Schedule
		effective string
		grace     string // "" is none
		expires   string // "" is never
	}{
		{"nothing stated is never", expiry.Policy{}, monthly, "2026-02-10", "", ""},
		{"never is never", expiry.Policy{Kind: expiry.PolicyNever}, monthly, "2026-02-10", "", ""},
		{
			"at an instant, whatever the zone",
			expiry.Policy{Kind: expiry.PolicyAt, At: at(t, "2026-06-01T02:00:00+02:00")},
			berlin, "2026-02-10", "", "2026-06-01",
		},
		{
			"after ninety days, at the time of day they were bought",
			expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(90)},
			expiry.Schedule{},
			"2026-02-10T15:20:00Z", "", "2026-05-11T15:20:00Z",
		},
		{
			"after a month from the last of January",
			expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Months(1)},
			expiry.Schedule{},
			"2026-01-31T15:20:00Z", "", "2026-02-28T15:20:00Z",
		},
		{
			"after days by the wallet's clock",
			expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(90)},
			berlin, "2026-02-10T15:20:00Z", "", "2026-05-11T14:20:00Z",
		},
		{
			"with the period",
			expiry.Policy{Kind: expiry.PolicyPeriodEnd},
			monthly, "2026-02-10", "", "2026-02-28",
		},
		{
			"with the first period, from its first instant",
			expiry.Policy{Kind: expiry.PolicyPeriodEnd},
			monthly, "2026-01-31T15:20:00Z", "", "2026-02-28",
		},
		{
			"what takes effect on the boundary ends with the period that starts there",
			expiry.Policy{Kind: expiry.PolicyPeriodEnd},
			monthly, "2026-02-28", "", "2026-03-31",
		},
		{
			"one period is the current one",
			expiry.Policy{Kind: expiry.PolicyPeriods, Periods: 1},
			monthly, "2026-02-10", "", "2026-02-28",
		},
		{
			"three periods, the current one counted",
			expiry.Policy{Kind: expiry.PolicyPeriods, Periods: 3},
			monthly, "2026-02-10", "", "2026-04-30",
		},
		{
			"a grace of ten days after the period",
			expiry.Policy{Kind: expiry.PolicyPeriodEnd, Grace: expiry.Days(10)},
			monthly, "2026-02-10", "2026-02-28", "2026-03-10",
		},
		{
			"a grace of a day by the wallet's clock has 23 hours here",
			expiry.Policy{Kind: expiry.PolicyAt, At: at(t, "2026-03-28T12:00:00Z"), Grace: expiry.Days(1)},
			berlin, "2026-02-10", "2026-03-28T12:00:00Z", "2026-03-29T11:00:00Z",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var want expiry.Ending
			if c.grace != "" {
				want.GraceAt = at(t, c.grace)
			}
			if c.expires != "" {
				want.ExpiresAt = at(t, c.expires)
			}
			got, err := c.policy.Ends(at(t, c.effective), c.schedule)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

func TestPolicyEndsRefuses(t *testing.T) {
	t.Parallel()
	day := at(t, "2026-02-10")
	monthly := schedule(t, "2026-01-31", expiry.Months(1), "")
	periodEnd := expiry.Policy{Kind: expiry.PolicyPeriodEnd}
	for _, c := range []struct {
		name      string
		policy    expiry.Policy
		schedule  expiry.Schedule
		effective time.Time
		field     string
	}{
		{"a policy that is not valid", expiry.Policy{Kind: "soon"}, monthly, day, "kind"},
		{"credits that take effect never", expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(1)}, monthly, time.Time{}, "effective_at"},
		{"an end where they take effect", expiry.Policy{Kind: expiry.PolicyAt, At: day}, monthly, day, "at"},
		{"an end in the same microsecond", expiry.Policy{Kind: expiry.PolicyAt, At: day.Add(999)}, monthly, day, "at"},
		{"an end before they take effect", expiry.Policy{Kind: expiry.PolicyAt, At: day.Add(-1)}, monthly, day, "at"},
		{"the end of a period without periods", periodEnd, expiry.Schedule{}, day, "schedule"},
		{"periods of a schedule that is not valid", periodEnd, expiry.Schedule{Anchor: day}, day, "schedule.cycle"},
		{"an unknown zone", expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(1)}, expiry.Schedule{Zone: "Mars/Olympus"}, day, "schedule.zone"},
		{"credits from before the first period", periodEnd, monthly, at(t, "2026-01-30"), "effective_at"},
		{"a length that goes beyond the calendar", expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Years(9_000)}, monthly, day, "after"},
		{"a period that goes beyond the calendar", periodEnd, monthly, at(t, "9999-12-31T12:00:00Z"), "periods"},
		{
			"periods that go beyond the calendar",
			expiry.Policy{Kind: expiry.PolicyPeriods, Periods: 10_000},
			schedule(t, "2026-01-01", expiry.Years(1), ""), day, "periods",
		},
		{
			"a grace that goes beyond the calendar",
			expiry.Policy{Kind: expiry.PolicyPeriodEnd, Grace: expiry.Years(9_000)},
			monthly, day, "grace",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ending, err := c.policy.Ends(c.effective, c.schedule)
			requireInvalid(t, err, c.field)
			require.Zero(t, ending)
		})
	}
}

func TestPolicyValidate(t *testing.T) {
	t.Parallel()
	day := at(t, "2026-02-10")
	for _, c := range []struct {
		name   string
		policy expiry.Policy
		field  string
	}{
		{"an unknown kind", expiry.Policy{Kind: "soon"}, "kind"},
		{"at without an instant", expiry.Policy{Kind: expiry.PolicyAt}, "at"},
		{"an instant without a kind", expiry.Policy{At: day}, "at"},
		{"an instant after the year 9999", expiry.Policy{Kind: expiry.PolicyAt, At: time.Unix(1<<60, 0)}, "at"},
		{"after without a length", expiry.Policy{Kind: expiry.PolicyAfter}, "after"},
		{"a length for another kind", expiry.Policy{Kind: expiry.PolicyNever, After: expiry.Days(1)}, "after"},
		{"a length out of range", expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(-1)}, "after.every"},
		{"periods without a number", expiry.Policy{Kind: expiry.PolicyPeriods}, "periods"},
		{"a number for another kind", expiry.Policy{Kind: expiry.PolicyPeriodEnd, Periods: 1}, "periods"},
		{"a negative number of periods", expiry.Policy{Kind: expiry.PolicyPeriods, Periods: -1}, "periods"},
		{"too many periods", expiry.Policy{Kind: expiry.PolicyPeriods, Periods: expiry.MaxPeriods + 1}, "periods"},
		{"a grace out of range", expiry.Policy{Kind: expiry.PolicyPeriodEnd, Grace: expiry.Cycle{Every: 1}}, "grace.unit"},
		{"a grace after never", expiry.Policy{Kind: expiry.PolicyNever, Grace: expiry.Days(1)}, "grace"},
		{"a grace and nothing else", expiry.Policy{Grace: expiry.Days(1)}, "grace"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			requireInvalid(t, c.policy.Validate(), c.field)
		})
	}
	require.NoError(t, expiry.Policy{}.Validate())
	require.NoError(t, expiry.Policy{Kind: expiry.PolicyPeriods, Periods: expiry.MaxPeriods}.Validate())
}

func TestFirst(t *testing.T) {
	t.Parallel()
	never := expiry.Policy{Kind: expiry.PolicyNever}
	month := expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Months(1)}
	require.Equal(t, expiry.Policy{}, expiry.First())
	require.Equal(t, expiry.Policy{}, expiry.First(expiry.Policy{}, expiry.Policy{}))
	require.Equal(t, month, expiry.First(expiry.Policy{}, month, never))
	require.Equal(t, never, expiry.First(never, month), "never is stated: it overrides what follows")
	broken := expiry.Policy{Grace: expiry.Days(1)}
	require.Equal(t, broken, expiry.First(broken, month), "a policy without its kind is not passed over in silence")
}

func TestPolicyInJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		policy expiry.Policy
		want   string
	}{
		{expiry.Policy{}, `{}`},
		{expiry.Policy{Kind: expiry.PolicyNever}, `{"kind":"never"}`},
		{expiry.Policy{Kind: expiry.PolicyAt, At: at(t, "2026-02-10")}, `{"kind":"at","at":"2026-02-10T00:00:00Z"}`},
		{
			expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(90), Grace: expiry.Weeks(1)},
			`{"kind":"after","after":{"every":90,"unit":"day"},"grace":{"every":1,"unit":"week"}}`,
		},
		{expiry.Policy{Kind: expiry.PolicyPeriodEnd}, `{"kind":"period_end"}`},
		{expiry.Policy{Kind: expiry.PolicyPeriods, Periods: 2}, `{"kind":"periods","periods":2}`},
	} {
		text, err := json.Marshal(c.policy)
		require.NoError(t, err)
		require.JSONEq(t, c.want, string(text))
		var back expiry.Policy
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, c.policy, back)
	}
	text, err := json.Marshal(expiry.Ending{ExpiresAt: at(t, "2026-02-10")})
	require.NoError(t, err)
	require.JSONEq(t, `{"expires_at":"2026-02-10T00:00:00Z"}`, string(text))
}
