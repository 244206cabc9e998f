package expiry_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
)

//go:embed testdata/cases.json
var casesJSON []byte

// origin is what every case states: whose result it is, and what it shows.
type origin struct {
	ID     string
	Rule   string
	Source string
}

type publishedCases struct {
	About     string
	Schedules []struct {
		origin
		Schedule  expiry.Schedule
		Starts    []time.Time
		NoStartOn []string `json:"no_start_on"`
		Contains  map[string]int
	}
	Ends []struct {
		origin
		Policy      expiry.Policy
		EffectiveAt time.Time `json:"effective_at"`
		LastInstant time.Time `json:"last_instant"`
	}
	Shares []struct {
		origin
		Schedule   expiry.Schedule
		ThirdsLeft map[string]int64 `json:"thirds_left"`
	}
	Carries []struct {
		origin
		Rollover     expiry.Rollover
		Allowance    decimal.Decimal
		EndsOfPeriod []struct {
			Left      []decimal.Decimal
			Kept      []string
			Published []string
		} `json:"ends_of_period"`
		Why string
	}
}

func readCases(t *testing.T) publishedCases {
	t.Helper()
	var cases publishedCases
	decoder := json.NewDecoder(bytes.NewReader(casesJSON))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&cases))
	return cases
}

func TestPublishedSchedules(t *testing.T) {
	t.Parallel()
	for _, c := range readCases(t).Schedules {
		t.Run(c.ID+" "+c.Rule, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, c.Schedule.Validate())
			for n, want := range c.Starts {
				require.Equal(t, want, c.Schedule.Start(n))
			}
			for _, day := range c.NoStartOn {
				for n := range 24 {
					require.NotEqual(t, day, c.Schedule.Start(n).Format(time.DateOnly))
				}
			}
			for instant, want := range c.Contains {
				p, ok := c.Schedule.Containing(at(t, instant))
				require.True(t, ok)
				require.Equal(t, want, p.Index)
			}
		})
	}
}

func TestPublishedEnds(t *testing.T) {
	t.Parallel()
	for _, c := range readCases(t).Ends {
		t.Run(c.ID+" "+c.Rule, func(t *testing.T) {
			t.Parallel()
			ending, err := c.Policy.Ends(c.EffectiveAt, expiry.Schedule{})
			require.NoError(t, err)
			require.Equal(t, c.LastInstant, ending.ExpiresAt.Add(-time.Microsecond))
		})
	}
}

func TestPublishedShares(t *testing.T) {
	t.Parallel()
	for _, c := range readCases(t).Shares {
		t.Run(c.ID+" "+c.Rule, func(t *testing.T) {
			t.Parallel()
			for from, thirds := range c.ThirdsLeft {
				num, den := c.Schedule.Period(0).Share(at(t, from))
				require.Equal(t, thirds*den, 3*num)
			}
		})
	}
}

func TestPublishedCarries(t *testing.T) {
	t.Parallel()
	for _, c := range readCases(t).Carries {
		t.Run(c.ID+" "+c.Rule, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, c.Rollover.Validate())
			for _, end := range c.EndsOfPeriod {
				kept := c.Rollover.Carry(ageing(end.Left), c.Allowance, 0)
				require.Equal(t, end.Kept, texts(kept))
				require.Equal(t, c.Why != "", end.Published != nil, "a difference says why")
			}
		})
	}
}

// ageing makes blocks of amounts, oldest first: the last is new, the one before was carried once.
func ageing(left []decimal.Decimal) []expiry.Block {
	blocks := make([]expiry.Block, len(left))
	for i, amount := range left {
		blocks[i] = expiry.Block{Left: amount, Carried: len(left) - 1 - i}
	}
	return blocks
}

// AUT-08: 300 unused at each of ten ends, a cap of 1080, no own life. The total stays at the cap
// and the blocks stay few. Source: useautumn/autumn at 187c0a7fd818d970358c6e7ec3b423d669879cd0,
// server/tests/integration/cron/reset-cron-rollover-max-cap.test.ts.
func TestPublishedCapOverTenPeriods(t *testing.T) {
	t.Parallel()
	rollover := upTo("1080")
	var blocks []expiry.Block
	var totals []string
	for range 10 {
		blocks = append(blocks, expiry.Block{Left: dec("300")})
		total := decimal.Zero
		var survivors []expiry.Block
		for i, kept := range rollover.Carry(blocks, dec("300"), 0) {
			if kept.IsPositive() {
				total = total.Add(kept)
				survivors = append(survivors, expiry.Block{Left: kept, Carried: blocks[i].Carried + 1})
			}
		}
		blocks = survivors
		totals = append(totals, total.String())
		require.LessOrEqual(t, len(blocks), 5)
	}
	require.Equal(t, []string{"300", "600", "900", "1080", "1080", "1080", "1080", "1080", "1080", "1080"}, totals)
}
