package expiry_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
)

func TestPeriodIsHalfOpen(t *testing.T) {
	t.Parallel()
	p := schedule(t, "2026-04-01", expiry.Months(1), "").Period(0)
	require.False(t, p.Contains(p.Start.Add(-time.Nanosecond)))
	require.True(t, p.Contains(p.Start))
	require.True(t, p.Contains(p.End.Add(-time.Nanosecond)))
	require.False(t, p.Contains(p.End))
	require.False(t, expiry.Period{}.Contains(time.Time{}))
}

func TestPeriodShare(t *testing.T) {
	t.Parallel()
	const day = 24 * 60 * 60 * 1_000_000
	april := schedule(t, "2026-04-01", expiry.Months(1), "").Period(0)
	for _, c := range []struct {
		name string
		from string
		num  int64
	}{
		{"all of it from the start", "2026-04-01", 30 * day},
		{"all of it from before the start", "2025-04-01", 30 * day},
		{"two thirds from the eleventh", "2026-04-11", 20 * day},
		{"one microsecond at the end", "2026-04-30T23:59:59.999999Z", 1},
		{"nanoseconds count as their microsecond", "2026-04-30T23:59:59.999999999Z", 1},
		{"nothing from the end", "2026-05-01", 0},
		{"nothing after the end", "2027-05-01", 0},
	} {
		num, den := april.Share(at(t, c.from))
		require.Equal(t, c.num, num, c.name)
		require.EqualValues(t, 30*day, den, c.name)
	}
}

func TestShareOfTheLongestPeriodFits(t *testing.T) {
	t.Parallel()
	p := schedule(t, "0001-01-02", expiry.Years(9_998), "").Period(0)
	num, den := p.Share(p.Start.AddDate(9_997, 0, 0))
	require.Positive(t, num)
	require.Less(t, num, den)
}

func TestPeriodInJSON(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(schedule(t, "2026-04-01", expiry.Months(1), "").Period(1))
	require.NoError(t, err)
	require.JSONEq(t, `{"index":1,"start":"2026-05-01T00:00:00Z","end":"2026-06-01T00:00:00Z"}`, string(text))
}
