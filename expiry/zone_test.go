package expiry_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
)

func TestZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "UTC"} {
		loc, err := expiry.Zone(name)
		require.NoError(t, err)
		require.Equal(t, time.UTC, loc)
	}
	first := zone(t, "Asia/Kathmandu")
	require.Equal(t, "Asia/Kathmandu", first.String())
	require.Same(t, first, zone(t, "Asia/Kathmandu"), "a zone is read once")
}

func TestZoneRefuses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Local", "Mars/Olympus", "Europe", "../etc/passwd", "/etc/localtime", "a\x00b",
		`Europe\Berlin`, strings.Repeat("x", 1<<20),
	} {
		_, err := expiry.Zone(name)
		requireInvalid(t, err, "zone")
		require.Less(t, len(err.Error()), 100, "a long name is not repeated")
	}
}
