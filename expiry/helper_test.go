package expiry_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the tests need the same clock changes on every machine

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
)

// at reads an instant or a date in UTC.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if instant, err := time.Parse(layout, s); err == nil {
			return instant.UTC()
		}
	}
	t.Fatalf("not an instant: %q", s)
	return time.Time{}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := expiry.Zone(name)
	require.NoError(t, err)
	return loc
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// texts writes decimals as strings, so that 1 and 1.0 compare as equal.
func texts(ds []decimal.Decimal) []string {
	out := make([]string, len(ds))
	for i, d := range ds {
		out[i] = d.String()
	}
	return out
}

// requireInvalid checks that err names the field and wraps ErrInvalid.
func requireInvalid(t testing.TB, err error, field string) {
	t.Helper()
	var refused *expiry.InvalidError
	require.ErrorAs(t, err, &refused)
	require.ErrorIs(t, err, expiry.ErrInvalid)
	require.Equal(t, field, refused.Field)
	require.NotEmpty(t, refused.Reason)
}
