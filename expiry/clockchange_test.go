package expiry_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
)

// Days, from one day before a clock change at midnight to one day after it.
func TestPeriodsAtClockChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		zone   string
		anchor string
		want   []string // starts of periods 1, 2 ...
	}{
		{
			"São Paulo skips midnight: the day starts at one o'clock",
			"America/Sao_Paulo", "2018-11-03T12:00:00Z",
			[]string{"2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
		},
		{
			"São Paulo shows Saturday's last hour twice: Sunday starts after the second",
			"America/Sao_Paulo", "2018-02-17T12:00:00Z",
			[]string{"2018-02-18T03:00:00Z", "2018-02-19T03:00:00Z"},
		},
		{
			"Beirut skips midnight",
			"Asia/Beirut", "2022-03-26T12:00:00Z",
			[]string{"2022-03-26T22:00:00Z", "2022-03-27T21:00:00Z"},
		},
		{
			"Cairo skips midnight",
			"Africa/Cairo", "2023-04-27T12:00:00Z",
			[]string{"2023-04-27T22:00:00Z", "2023-04-28T21:00:00Z"},
		},
		{
			"Havana skips midnight in spring",
			"America/Havana", "2023-03-11T12:00:00Z",
			[]string{"2023-03-12T05:00:00Z", "2023-03-13T04:00:00Z"},
		},
		{
			"Havana repeats midnight in autumn: the first of the two",
			"America/Havana", "2023-11-04T12:00:00Z",
			[]string{"2023-11-05T04:00:00Z", "2023-11-06T05:00:00Z"},
		},
		{
			"Newfoundland goes back over midnight: the first of the two",
			"America/St_Johns", "2006-10-28T12:00:00Z",
			[]string{"2006-10-29T02:30:00Z", "2006-10-30T03:30:00Z"},
		},
		{
			"an anchor in the hour that shows yesterday again belongs to the new day",
			"America/St_Johns", "2006-10-29T03:00:00Z",
			[]string{"2006-10-30T03:30:00Z", "2006-10-31T03:30:00Z"},
		},
		{
			"Apia leaves out a day: its period is empty",
			"Pacific/Apia", "2011-12-29T20:00:00Z",
			[]string{"2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"},
		},
		{
			"Juneau had 18 October 1867 twice: one long day",
			"America/Juneau", "1867-10-17T12:00:00Z",
			[]string{"1867-10-18T08:57:41Z"},
		},
		{
			"the last day of a leap year is a day like others",
			"Europe/Berlin", "2044-12-30T12:00:00Z",
			[]string{"2044-12-30T23:00:00Z", "2044-12-31T23:00:00Z", "2045-01-01T23:00:00Z"},
		},
		{
			"also where it is summer",
			"Pacific/Auckland", "2048-12-30T12:00:00Z",
			[]string{"2048-12-31T11:00:00Z", "2049-01-01T11:00:00Z"},
		},
		{
			"Lord Howe moves by half an hour, away from midnight",
			"Australia/Lord_Howe", "2026-04-04T00:00:00Z",
			[]string{"2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := schedule(t, c.anchor, expiry.Days(1), c.zone)
			for i, want := range c.want {
				require.Equal(t, at(t, want), s.Start(i+1), "period %d", i+1)
			}
		})
	}
}

func TestMonthThatStartsInAGap(t *testing.T) {
	t.Parallel()
	s := schedule(t, "2018-09-04T10:00:00Z", expiry.Months(1), "America/Sao_Paulo")
	gap := at(t, "2018-11-04T03:00:00Z")
	require.Equal(t, gap, s.Start(2))
	before, ok := s.Containing(gap.Add(-time.Microsecond))
	require.True(t, ok)
	require.Equal(t, 1, before.Index)
	after, ok := s.Containing(gap)
	require.True(t, ok)
	require.Equal(t, 2, after.Index)
	require.Equal(t, at(t, "2018-12-04T02:00:00Z"), after.End, "the clock change does not move later periods")
}

// In the hour that shows yesterday's date again the new day has begun already.
func TestHourThatShowsYesterdayAgain(t *testing.T) {
	t.Parallel()
	s := schedule(t, "2006-10-27T12:00:00Z", expiry.Days(1), "America/St_Johns")
	for instant, want := range map[string]int{
		"2006-10-29T02:29:59.999999Z": 1, // the last instant of Saturday
		"2006-10-29T02:30:00Z":        2, // Sunday, 00:00
		"2006-10-29T03:00:00Z":        2, // shows Saturday, 23:30
		"2006-10-29T03:30:00Z":        2, // Sunday, 00:00 again
	} {
		p, ok := s.Containing(at(t, instant))
		require.True(t, ok)
		require.Equal(t, want, p.Index, instant)
	}
}

// An empty period is nobody's: the instant lies in the one after it.
func TestDayThatIsLeftOut(t *testing.T) {
	t.Parallel()
	s := schedule(t, "2011-12-29T20:00:00Z", expiry.Days(1), "Pacific/Apia")
	empty := s.Period(1)
	require.Equal(t, empty.Start, empty.End)
	require.False(t, empty.Contains(empty.Start))
	p, ok := s.Containing(empty.Start)
	require.True(t, ok)
	require.Equal(t, 2, p.Index)
	num, den := empty.Share(empty.Start)
	require.Zero(t, num)
	require.EqualValues(t, 1, den)
}
