package pricing_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

func usd(s string) pricing.Money { return pricing.Money{Amount: dec(s), Currency: "USD"} }

// shop returns a catalog that sells packages of sizes at prices, named p0, p1 and so on. A limit
// of zero is none.
func shop(t testing.TB, sizes, prices []int64, limits []int) *pricing.Catalog {
	t.Helper()
	c := pricing.Catalog{Unit: pricing.Credits()}
	for i, size := range sizes {
		c.Packages = append(c.Packages, pricing.Package{
			Name: fmt.Sprintf("p%d", i), Credits: decimal.New(size, 0),
			Price: pricing.Money{Amount: decimal.New(prices[i], 0), Currency: "USD"}, LimitPerOwner: limits[i],
		})
	}
	complete, err := pricing.New(c)
	require.NoError(t, err)
	return complete
}

// least returns the least cost of covering want by trying every number of every package, or -1.
func least(sizes, prices []int64, limits []int, want int64) int64 {
	if want <= 0 {
		return 0
	}
	if len(sizes) == 0 {
		return -1
	}
	best := int64(-1)
	for n := int64(0); ; n++ {
		rest := least(sizes[1:], prices[1:], limits[1:], want-n*sizes[0])
		if cost := rest + n*prices[0]; rest >= 0 && (best < 0 || cost < best) {
			best = cost
		}
		if n*sizes[0] >= want || limits[0] > 0 && n == int64(limits[0]) {
			return best
		}
	}
}

func TestCheapestIsWhatTryingEverythingFinds(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(20260301, 1))
	for range 400 {
		var sizes, prices []int64
		var limits []int
		for range 1 + random.IntN(3) {
			sizes, prices = append(sizes, 1+random.Int64N(12)), append(prices, random.Int64N(20))
			limits = append(limits, max(0, random.IntN(6)-2))
		}
		want := 1 + random.Int64N(150)
		c := shop(t, sizes, prices, limits)
		got, err := c.Cheapest(decimal.New(want, 0), "USD", at(1, 0), nil)
		expected := least(sizes, prices, limits, want)
		if expected < 0 {
			refused(t, err, "packages")
			continue
		}
		require.NoError(t, err)
		cost, credits := decimal.Zero, decimal.Zero
		for _, p := range got {
			cost, credits = cost.Add(p.Price.Amount), credits.Add(p.Credits)
		}
		equal(t, fmt.Sprint(expected), cost, sizes, prices, limits, want)
		require.True(t, credits.GreaterThanOrEqual(decimal.New(want, 0)))
	}
}

func TestWhichPackagesCoverAShortfall(t *testing.T) {
	t.Parallel()
	c := load(t, "agency.json")
	got, err := c.Cheapest(dec("1234567890.5"), "USD", at(1, 0), nil)
	require.NoError(t, err, "large shortfalls do not take long")
	require.Len(t, got, 1)
	require.Equal(t, 617_284, got[0].Count)
	equal(t, "1234568000", got[0].Credits)

	alone := c.Alone(dec("450"), at(1, 0))
	require.Len(t, alone, 3)
	require.Equal(t, 5, alone[0].Count)
	require.Equal(t, "495.00 USD", alone[0].Price.String())
	got, err = c.Cheapest(dec("450"), "USD", at(1, 0), nil)
	require.NoError(t, err)
	require.Equal(t, []pricing.Purchase{alone[1]}, got)

	sale := time.Date(2026, 12, 27, 0, 0, 0, 0, time.UTC)
	got, err = c.Cheapest(dec("105"), "USD", sale, nil)
	require.NoError(t, err)
	require.Equal(t, "new_year", got[0].Package, "the bonus counts")
	got, err = c.Cheapest(dec("105"), "USD", sale, map[string]int{"new_year": 1})
	require.NoError(t, err)
	require.Equal(t, "starter", got[0].Package)
	_, err = c.Cheapest(dec("1"), "EUR", sale, nil)
	refused(t, err, "packages")
	got, err = c.Cheapest(dec("-1"), "EUR", sale, nil)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestDearerPackagesAreWarnedAbout(t *testing.T) {
	t.Parallel()
	c := shop(t, []int64{100, 500, 2000}, []int64{99, 600, 1500}, []int{0, 0, 0})
	warnings := c.Warnings()
	require.Len(t, warnings, 1)
	require.Equal(t, `packages[1].price makes a credit of "p1" dearer than one of the smaller "p0"`, warnings[0].String())
	c, err := pricing.New(pricing.Catalog{
		Unit: pricing.Credits(), Items: []pricing.ItemDef{{ID: "sms", Kind: "meter"}},
		Plans: []pricing.Plan{{Name: "p", Cycle: expiry.Months(1), Buckets: []pricing.Bucket{
			{Name: "b", Scope: pricing.Scope{Items: []string{"sms", "smss"}, ExceptKinds: []string{"fee"}}},
		}}},
	})
	require.NoError(t, err)
	warnings = c.Warnings()
	require.Len(t, warnings, 3)
	require.Equal(t, "plans[0].buckets[0].scope.items[1]", warnings[0].Field)
	require.Equal(t, "plans[0].buckets[0].scope.except_kinds[0]", warnings[1].Field)
	require.Equal(t, "items[0]", warnings[2].Field)
}

func TestARateThatRoundsEveryUseToNothingIsWarnedAbout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		rate pricing.Formula
		want int
	}{
		{"a price below half a credit", pricing.Formula{Model: pricing.ModelPerUse, Price: dec("0.4")}, 1},
		{"half a credit, rounded up", pricing.Formula{Model: pricing.ModelPerUse, Price: dec("0.5")}, 0},
		{"uses that add up over a period", pricing.Formula{Model: pricing.ModelPerUse, Price: dec("0.4"), Over: pricing.OverPeriod}, 0},
		{"uses rounded up", pricing.Formula{Model: pricing.ModelPerUse, Price: dec("0.4"), Rounding: pricing.Rounding{Mode: pricing.RoundUp}}, 0},
		{"uses that are free", pricing.Formula{Model: pricing.ModelFree}, 0},
		{"a started block", pricing.Formula{Model: pricing.ModelPackage, Price: dec("0.4"), Block: dec("1000"), Over: pricing.OverUse}, 1},
		{"units in proportion", pricing.Formula{Model: pricing.ModelPerUnit, Price: dec("0.4")}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			catalog, err := pricing.New(pricing.Catalog{
				Unit:      pricing.Credits(),
				Items:     []pricing.ItemDef{{ID: "sms", Kind: "meter"}},
				RateCards: []pricing.RateCard{{Name: "list", Rates: []pricing.Rate{{Item: "sms", Formula: c.rate}}}},
			})
			require.NoError(t, err)
			warnings := catalog.Warnings()
			require.Len(t, warnings, c.want)
			for _, w := range warnings {
				require.Equal(t, `rate_cards[0].rates[0] rounds every single "sms" to nothing`, w.String())
			}
		})
	}
}

func TestABonusThatOutlivesItsPackageIsWarnedAbout(t *testing.T) {
	t.Parallel()
	year := expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Months(12)}
	never := expiry.Policy{Kind: expiry.PolicyNever}
	ten := pricing.Bonus{Percent: dec("10")}
	with := func(t pricing.Terms) pricing.Bonus { return pricing.Bonus{Credits: dec("10"), Terms: t} }
	for _, c := range []struct {
		name    string
		expiry  expiry.Policy
		bonus   pricing.Bonus
		retired bool
		want    int
	}{
		{"a bonus without an end", year, ten, false, 1},
		{"a bonus with an end", year, with(pricing.Terms{Expiry: year}), false, 0},
		{"a bonus that is meant to stay", year, with(pricing.Terms{Expiry: never}), false, 0},
		{"a bonus in a bucket, which may have an end", year, with(pricing.Terms{Bucket: "extra"}), false, 0},
		{"no bonus", year, pricing.Bonus{}, false, 0},
		{"credits that state no end either", expiry.Policy{}, ten, false, 0},
		{"credits that never end", never, ten, false, 0},
		{"a package that is not sold any more", year, ten, true, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			catalog, err := pricing.New(pricing.Catalog{Unit: pricing.Credits(), Packages: []pricing.Package{{
				Name: "pack", Credits: dec("100"), Price: pricing.Money{Amount: dec("99"), Currency: "USD"},
				Terms: pricing.Terms{Expiry: c.expiry}, Bonus: c.bonus, Inactive: c.retired,
			}}})
			require.NoError(t, err)
			warnings := catalog.Warnings()
			require.Len(t, warnings, c.want)
			for _, w := range warnings {
				require.Equal(t, `packages[0].bonus.expiry is not set, and that of "pack" does not hold for its bonus`, w.String())
			}
		})
	}
}

func TestChangingPlans(t *testing.T) {
	t.Parallel()
	c, err := pricing.New(pricing.Catalog{Unit: pricing.Credits()})
	require.NoError(t, err)
	plan := func(price string, cycle expiry.Cycle, allowances ...string) pricing.Plan {
		p := pricing.Plan{Name: price, Price: usd(price), Cycle: cycle}
		for i, a := range allowances {
			p.Buckets = append(p.Buckets, pricing.Bucket{Name: string(rune('a' + i)), Allowance: dec(a)})
		}
		return p
	}
	march := expiry.Period{Start: at(1, 0), End: at(1, 0).AddDate(0, 1, 0)}
	basic, pro := plan("99", expiry.Months(1), "50"), plan("199", expiry.Months(1), "150", "10")
	yearly := plan("990", expiry.Cycle{Every: 1, Unit: "year"}, "600")
	for _, x := range []struct {
		name                string
		from, to            pricing.Plan
		day                 int
		unused, charge, due string
		allowances          []string
	}{
		{"an upgrade on the first day is the whole difference", basic, pro, 1, "99.00", "199.00", "100.00", []string{"100", "10"}},
		{"an upgrade later is its share", basic, pro, 11, "67.06", "134.80", "67.74", []string{"67", "6"}},
		{"a downgrade is the mirror image", pro, basic, 11, "134.81", "67.07", "-67.74", []string{"-67", "-6"}},
		{"another cycle starts anew", basic, yearly, 11, "67.06", "990.00", "922.94", []string{"566"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			got, err := c.Change(x.from, x.to, march, at(x.day, 0), pricing.RoundHalfUp)
			require.NoError(t, err)
			require.Equal(t, []string{x.unused, x.charge, x.due}, []string{
				got.Unused.Amount.StringFixed(2), got.Charge.Amount.StringFixed(2), got.Due.Amount.StringFixed(2),
			})
			require.Len(t, got.Allowances, len(x.allowances))
			for i, want := range x.allowances {
				equal(t, want, got.Allowances[i].Amount)
			}
			require.Equal(t, x.to.Cycle != x.from.Cycle, got.Restart)
		})
	}
	_, err = c.Change(basic, pro, march, march.End, pricing.RoundHalfUp)
	refused(t, err, "at")
	euro := pro
	euro.Price.Currency = "EUR"
	_, err = c.Change(basic, euro, march, at(2, 0), pricing.RoundHalfUp)
	refused(t, err, "currency")
	down := pricing.Rounding{Mode: pricing.RoundDown}
	equal(t, "33", pricing.Prorate(dec("50"), march, at(11, 0), down))
	equal(t, "50", pricing.Prorate(dec("50"), march, at(1, 0), down))
	equal(t, "0", pricing.Prorate(dec("50"), march, march.End, down))
}

func TestEstimates(t *testing.T) {
	t.Parallel()
	c := load(t, "agents.json")
	var uses []pricing.Use
	for day := range 40 { // 31 in March, 9 in April: 310 and 90 credits
		uses = append(uses, pricing.Use{Item: "simple_blog", Quantity: dec("1"), At: at(1, 8).AddDate(0, 0, day)})
	}
	uses = append(uses, pricing.Use{Item: "simple_blog", Quantity: dec("-1"), At: at(9, 9)})
	for _, want := range []struct {
		plan, covered, beyond, total string
		refused                      bool
	}{
		{"basic", "100", "290", "198.00 USD", true},
		{"professional", "240", "150", "428.00 USD", false}, // 398 + 150 * 0.20
		{"enterprise", "390", "0", "998.00 USD", false},
	} {
		p, _ := c.Plan(want.plan)
		got, err := c.Estimate(p, uses, at(1, 0), "")
		require.NoError(t, err)
		require.Equal(t, 2, got.Periods)
		equal(t, "390", got.Credits)
		equal(t, want.covered, got.Covered)
		equal(t, want.beyond, got.Beyond)
		require.Equal(t, want.total, got.Total.String())
		require.Equal(t, want.refused, got.Refused)
	}
	p, _ := c.Plan("basic")
	_, err := c.Estimate(p, uses, at(2, 0), "")
	refused(t, err, "uses[0].at")

	left, ok := pricing.Lasts(dec("100"), dec("90"), 30)
	require.True(t, ok)
	equal(t, "33.3", left)
	_, ok = pricing.Lasts(dec("100"), decimal.Zero, 30)
	require.False(t, ok)
	left, ok = pricing.Lasts(dec("-5"), dec("90"), 30)
	require.True(t, ok)
	equal(t, "0", left)
}

func TestAnEstimateCountsEachPeriodAnew(t *testing.T) {
	t.Parallel()
	c, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Credits(),
		Items: []pricing.ItemDef{{ID: "calls", Kind: "meter"}, {ID: "daily", Kind: "meter"}},
		RateCards: []pricing.RateCard{{Name: "usage", Rates: []pricing.Rate{
			{Item: "calls", Formula: pricing.Formula{
				Model: pricing.ModelPerUnit, Over: pricing.OverPeriod, Price: dec("1"), FreeUnits: dec("10"),
			}},
			{Item: "daily", Formula: pricing.Formula{
				Model: pricing.ModelPerUnit, Over: pricing.OverPeriod, Price: dec("1"), FreeUnits: dec("10"), Period: expiry.Days(1),
			}},
		}}},
		Packages: []pricing.Package{{Name: "one-time", Credits: dec("5"), Price: usd("2"), Hidden: true}},
		Plans: []pricing.Plan{{
			Name: "p", Price: usd("1"), Cycle: expiry.Months(1),
			Beyond: pricing.Beyond{Kind: pricing.BeyondPackages, Package: "one-time"},
			Buckets: []pricing.Bucket{
				{Name: "any", Allowance: dec("3")},
				{Name: "calls only", Allowance: dec("4"), Scope: pricing.Scope{Items: []string{"calls"}}},
			},
		}},
	})
	require.NoError(t, err)
	used := func(item, quantity string, when time.Time) pricing.Use {
		return pricing.Use{Item: item, Quantity: dec(quantity), At: when}
	}
	p, _ := c.Plan("p")
	april := at(1, 0).AddDate(0, 1, 0)
	got, err := c.Estimate(p, []pricing.Use{
		used("calls", "9", april), used("calls", "15", at(2, 0)), // 5 in March, none in April
		used("daily", "12", at(3, 0)), used("daily", "12", at(4, 0)), // 2 on each day
	}, at(1, 0), "")
	require.NoError(t, err)
	equal(t, "9", got.Credits)
	equal(t, "7", got.Covered) // the restricted 4 go to calls first, then 3 to anything
	require.Equal(t, []pricing.Purchase{{Package: "one-time", Count: 1, Credits: dec("5"), Price: usd("2")}}, got.Buy)
	require.Equal(t, "4.00 USD", got.Total.String())
}

func TestADiffSaysWhatChangedForWhom(t *testing.T) {
	t.Parallel()
	before := load(t, "agents.json")
	next := *load(t, "agents.json")
	next.RateCards[0].Rates[1].Price = dec("12")
	next.Plans[4].Price = usd("89")
	next.Plans = next.Plans[:6]
	next.Packages = append(next.Packages, pricing.Package{Name: "new", Credits: dec("1"), Price: usd("1")})
	after, err := pricing.New(next)
	require.NoError(t, err)
	changes := pricing.Diff(before, after)
	require.Len(t, changes, 4)
	require.Equal(t, "new", changes[0].Name)
	require.Empty(t, changes[0].From)
	require.Equal(t, pricing.Change{
		What: "plan", Name: "basic", Field: "price", Plans: []string{"basic"},
		From: `{"amount":"99","currency":"USD"}`, To: `{"amount":"89","currency":"USD"}`,
	}, changes[1])
	require.Equal(t, "enterprise", changes[2].Name)
	require.Empty(t, changes[2].To)
	require.Equal(t, "agents block_editor", changes[3].Name)
	require.Equal(t, []string{"price", `"10"`, `"12"`}, []string{changes[3].Field, changes[3].From, changes[3].To})
	require.Contains(t, changes[3].Plans, "minimal", "the plan has no card of its own, so the default is its card")
	require.Empty(t, pricing.Diff(before, before))
}
