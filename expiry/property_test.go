package expiry_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// properties checks laws with a fixed seed. SCRIP_SEED and SCRIP_RUNS override seed and number.
func properties(t *testing.T) *gopter.Properties {
	t.Helper()
	runs, seed := int64(1000), int64(20260131)
	if testing.Short() {
		runs = 100
	}
	for name, number := range map[string]*int64{"SCRIP_RUNS": &runs, "SCRIP_SEED": &seed} {
		if text := os.Getenv(name); text != "" {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			*number = n
		}
	}
	parameters := gopter.DefaultTestParametersWithSeed(seed)
	parameters.MinSuccessfulTests = int(runs)
	return gopter.NewProperties(parameters)
}

// Zones with clock changes at midnight, over midnight, by half an hour, of a whole day, and none.
var awkwardZones = []any{
	"", "UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Havana", "Asia/Beirut",
	"Africa/Cairo", "Pacific/Apia", "Pacific/Kwajalein", "America/St_Johns", "Australia/Lord_Howe",
	"Asia/Kolkata", "Asia/Kathmandu", "America/Juneau", "Africa/Casablanca", "Antarctica/Troll",
}

// genAnchor picks instants from 1860 to 2100 and prefers the days around clock changes.
func genAnchor() gopter.Gen {
	const second = int64(1_000_000)
	awkward := []any{
		"2018-11-04T03:00:00Z", "2018-02-18T02:30:00Z", "2023-11-05T04:30:00Z", "2006-10-29T03:00:00Z", "2011-12-30T09:59:59Z",
		"1993-08-21T11:00:00Z", "1867-10-18T09:00:00Z", "2026-01-31T15:20:00Z", "2028-02-29T00:00:00Z",
	}
	free := gen.Int64Range(-3_471_292_800*second, 4_102_444_800*second).Map(func(us int64) time.Time {
		return time.UnixMicro(us).UTC()
	})
	near := gen.OneConstOf(awkward...).FlatMap(func(v any) gopter.Gen {
		middle, _ := time.Parse(time.RFC3339, v.(string))
		return gen.Int64Range(-200_000*second, 200_000*second).Map(func(us int64) time.Time {
			return middle.Add(time.Duration(us) * time.Microsecond)
		})
	}, nil)
	return gen.OneGenOf(free, near)
}

func genCycle() gopter.Gen {
	unit := gen.OneConstOf(expiry.UnitMinute, expiry.UnitHour, expiry.UnitDay, expiry.UnitWeek, expiry.UnitMonth, expiry.UnitQuarter, expiry.UnitYear)
	every := gen.OneGenOf(gen.Const(1), gen.IntRange(1, 40))
	return gopter.CombineGens(every, unit).Map(func(v []any) expiry.Cycle {
		return expiry.Cycle{Every: v[0].(int), Unit: v[1].(expiry.CycleUnit)}
	})
}

func genSchedule() gopter.Gen {
	return gopter.CombineGens(genAnchor(), genCycle(), gen.OneConstOf(awkwardZones...)).Map(func(v []any) expiry.Schedule {
		return expiry.Schedule{Anchor: v[0].(time.Time), Cycle: v[1].(expiry.Cycle), Zone: v[2].(string)}
	})
}

func TestScheduleLaws(t *testing.T) {
	t.Parallel()
	laws := properties(t)
	index := gen.OneGenOf(gen.IntRange(0, 5), gen.IntRange(0, 50))

	laws.Property("periods tile time: each starts where the one before ends", prop.ForAll(
		func(s expiry.Schedule, n int) string { return explain(tiles(s, n), s, n) }, genSchedule(), index))

	laws.Property("the first period is not empty and starts at the anchor", prop.ForAll(
		func(s expiry.Schedule) string {
			p := s.Period(0)
			return explain(p.Start.Equal(s.Anchor) && p.Contains(s.Anchor), s, p)
		}, genSchedule()))

	laws.Property("an instant lies in the period found for it and in no other near it", prop.ForAll(
		func(s expiry.Schedule, n int, offset int64) string {
			return explain(foundAlone(s, s.Start(n).Add(time.Duration(offset))), s, n, offset)
		}, genSchedule(), index, gen.OneGenOf(gen.Const(int64(0)), gen.Int64Range(-1e15, 1e15))))

	laws.Property("a period of days starts when the clock first shows its midnight or more", prop.ForAll(
		func(s expiry.Schedule, n int) string { return explain(startsAtMidnight(s, n+1), s, n+1) }, genSchedule(), index))

	laws.Property("shares before and after an instant make one whole", prop.ForAll(
		func(s expiry.Schedule, n int, tenth int64) string {
			p := s.Period(n)
			cut := p.Start.Add(p.End.Sub(p.Start) / 10 * time.Duration(tenth)).Truncate(time.Microsecond)
			after, den := p.Share(cut)
			before, _ := expiry.Period{Start: p.Start, End: cut}.Share(p.Start)
			return explain(p.Start.Equal(p.End) || cut.Equal(p.Start) || before+after == den, s, n, tenth)
		}, genSchedule(), index, gen.Int64Range(0, 10)))

	laws.TestingRun(t)
}

func explain(ok bool, facts ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf("%+v", facts)
}

func tiles(s expiry.Schedule, n int) bool {
	p, next := s.Period(n), s.Period(n+1)
	return p.Index == n && p.End.Equal(next.Start) && !p.End.Before(p.Start)
}

// foundAlone finds the period of t and compares it with a walk over its neighbours.
func foundAlone(s expiry.Schedule, t time.Time) bool {
	p, ok := s.Containing(t)
	if t.Before(s.Anchor) {
		return !ok
	}
	if !ok || !p.Contains(t) || p != s.Period(p.Index) {
		return false
	}
	for n := max(0, p.Index-3); n <= p.Index+3; n++ {
		if n != p.Index && s.Period(n).Contains(t) {
			return false
		}
	}
	return true
}

// startsAtMidnight compares dates as a clock in the zone shows them, on both sides of the start.
func startsAtMidnight(s expiry.Schedule, n int) bool {
	fixed := map[expiry.CycleUnit]time.Duration{expiry.UnitMinute: time.Minute, expiry.UnitHour: time.Hour}
	if unit, ok := fixed[s.Cycle.Unit]; ok {
		return s.Start(n).Sub(s.Start(n-1)) == time.Duration(s.Cycle.Every)*unit
	}
	zone, _ := expiry.Zone(s.Zone)
	start := s.Start(n).In(zone)
	before := start.Add(-time.Microsecond)
	if start.Format(time.DateOnly) <= before.Format(time.DateOnly) {
		return false
	}
	change, _ := start.ZoneBounds()
	return start.Format("15:04:05.000000") == "00:00:00.000000" || start.Equal(change)
}

func TestCycleLaws(t *testing.T) {
	t.Parallel()
	laws := properties(t)

	laws.Property("a cycle later is later", prop.ForAll(
		func(s expiry.Schedule) string {
			zone, _ := expiry.Zone(s.Zone)
			return explain(s.Cycle.Add(s.Anchor, zone).After(s.Anchor), s)
		}, genSchedule()))

	laws.Property("where no clock changes, the calendar of package time agrees", prop.ForAll(
		func(anchor time.Time, days, weeks, months int) string {
			day := min(anchor.Day(), 28)
			from := time.Date(anchor.Year(), anchor.Month(), day, anchor.Hour(), 0, 0, 0, time.UTC)
			return explain(expiry.Days(days).Add(from, nil).Equal(from.AddDate(0, 0, days)) &&
				expiry.Weeks(weeks).Add(from, nil).Equal(from.AddDate(0, 0, 7*weeks)) &&
				expiry.Months(months).Add(from, nil).Equal(from.AddDate(0, months, 0)) &&
				expiry.Quarters(months).Add(from, nil).Equal(from.AddDate(0, 3*months, 0)) &&
				expiry.Years(weeks).Add(from, nil).Equal(from.AddDate(weeks, 0, 0)), from, days, weeks, months)
		}, genAnchor(), gen.IntRange(1, 10_000), gen.IntRange(1, 2_000), gen.IntRange(1, 10_000)))

	laws.TestingRun(t)
}

func TestPolicyLaws(t *testing.T) {
	t.Parallel()
	laws := properties(t)

	laws.Property("credits end after they take effect, and after their grace began", prop.ForAll(
		func(s expiry.Schedule, n int, after, grace expiry.Cycle) string {
			for _, p := range []expiry.Policy{
				{Kind: expiry.PolicyAfter, After: after, Grace: grace},
				{Kind: expiry.PolicyPeriodEnd, Grace: grace},
				{Kind: expiry.PolicyPeriods, Periods: n + 1, Grace: grace},
			} {
				ending, err := p.Ends(s.Anchor, s)
				if err != nil || !ending.GraceAt.After(s.Anchor) || !ending.ExpiresAt.After(ending.GraceAt) {
					return explain(false, p, ending, err)
				}
			}
			return ""
		}, genSchedule(), gen.IntRange(0, 20), genCycle(), genCycle()))

	laws.TestingRun(t)
}

func genBlocks() gopter.Gen {
	block := gopter.CombineGens(gen.Int64Range(0, 500), gen.IntRange(0, 4)).Map(func(v []any) expiry.Block {
		return expiry.Block{Left: decimal.New(v[0].(int64), -1), Carried: v[1].(int)}
	})
	return gen.SliceOf(block)
}

func genRollover() gopter.Gen {
	kind := gen.OneConstOf(expiry.RolloverNone, expiry.RolloverAll, expiry.RolloverAmount, expiry.RolloverPercent)
	return gopter.CombineGens(kind, gen.Int64Range(1, 2000), gen.IntRange(0, 4)).Map(func(v []any) expiry.Rollover {
		r := expiry.Rollover{Kind: v[0].(expiry.RolloverKind), Periods: v[2].(int)}
		switch r.Kind {
		case expiry.RolloverAmount:
			r.Max = decimal.New(v[1].(int64), -1)
		case expiry.RolloverPercent:
			r.Percent = decimal.New(v[1].(int64), -1)
		case expiry.RolloverNone:
			r.Periods = 0
		}
		return r
	})
}

func TestCarryLaws(t *testing.T) {
	t.Parallel()
	laws := properties(t)
	allowance := gen.Int64Range(0, 1000).Map(func(n int64) decimal.Decimal { return decimal.New(n, -1) })

	laws.Property("what is kept is within each block, within the cap, and leaves no room unused", prop.ForAll(
		func(r expiry.Rollover, blocks []expiry.Block, allowance decimal.Decimal) string {
			kept := r.Carry(blocks, allowance, 1)
			return explain(r.Validate() == nil && keptRightly(r, blocks, kept, allowance), r, blocks, texts(kept), allowance)
		}, genRollover(), genBlocks(), allowance))

	laws.Property("a block that loses means that every older one loses all", prop.ForAll(
		func(r expiry.Rollover, blocks []expiry.Block, allowance decimal.Decimal) string {
			r.Periods = 0
			kept := r.Carry(blocks, allowance, 1)
			return explain(oldestLoseFirst(blocks, kept), r, blocks, texts(kept), allowance)
		}, genRollover(), genBlocks(), allowance))

	laws.TestingRun(t)
}

// keptRightly is the rule stated over totals: the survivors sum to the lesser of the cap and of
// what may be carried at all.
func keptRightly(r expiry.Rollover, blocks []expiry.Block, kept []decimal.Decimal, allowance decimal.Decimal) bool {
	total, eligible := decimal.Zero, decimal.Zero
	for i, b := range blocks {
		if kept[i].IsNegative() || kept[i].GreaterThan(b.Left) {
			return false
		}
		total = total.Add(kept[i])
		if r.Periods == 0 || b.Carried < r.Periods {
			eligible = eligible.Add(b.Left)
		}
	}
	want := eligible
	if limit, bounded := r.Cap(allowance, 1); bounded {
		want = decimal.Min(eligible, limit)
	}
	return len(kept) == len(blocks) && total.Equal(want)
}

func oldestLoseFirst(blocks []expiry.Block, kept []decimal.Decimal) bool {
	loses := false
	for i := len(blocks) - 1; i >= 0; i-- {
		if loses && kept[i].IsPositive() {
			return false
		}
		loses = loses || kept[i].LessThan(blocks[i].Left)
	}
	return true
}
