package pricing_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// refused fails the test unless err is an InvalidError for field.
func refused(t testing.TB, err error, field string) {
	t.Helper()
	require.ErrorIs(t, err, pricing.ErrInvalid)
	var invalid *pricing.InvalidError
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, field, invalid.Field, invalid.Error())
	require.NotEmpty(t, invalid.Reason)
}

func TestModels(t *testing.T) {
	whole := pricing.Rounding{Mode: pricing.RoundHalfUp}
	for _, c := range []struct {
		name string
		f    pricing.Formula
		want map[string]string // quantity to amount, each use in a fresh period
	}{
		{
			"a free item costs nothing",
			pricing.Formula{Model: pricing.ModelFree},
			map[string]string{"1": "0", "2.5": "0", "-3": "0"},
		},
		{
			"a price per use counts uses",
			pricing.Formula{Model: pricing.ModelPerUse, Price: dec("10")},
			map[string]string{"0": "0", "1": "10", "3": "30", "-1": "-10"},
		},
		{
			"exact blocks are priced in proportion",
			pricing.Formula{Model: pricing.ModelPerUnit, Price: dec("15"), Block: dec("1000")},
			map[string]string{"1": "0.015", "500": "7.5", "1000": "15", "1001": "15.015"},
		},
		{
			"started blocks are priced in full",
			pricing.Formula{Model: pricing.ModelPerUnit, Price: dec("15"), Block: dec("1000"), Blocks: pricing.StartedBlocks},
			map[string]string{"0": "0", "0.1": "15", "1000": "15", "1000.01": "30", "-1": "-15"},
		},
		{
			"whole blocks leave the rest free",
			pricing.Formula{Model: pricing.ModelPerUnit, Price: dec("15"), Block: dec("1000"), Blocks: pricing.WholeBlocks},
			map[string]string{"999": "0", "1000": "15", "1999": "15", "-1999": "-15"},
		},
		{
			"packages are started ones",
			pricing.Formula{Model: pricing.ModelPackage, Over: pricing.OverUse, Price: dec("7"), Block: dec("12")},
			map[string]string{"1": "7", "12": "7", "13": "14"},
		},
		{
			"free units come before blocks",
			pricing.Formula{
				Model: pricing.ModelPerUnit, Over: pricing.OverUse, Price: dec("2"), Block: dec("10"),
				Blocks: pricing.StartedBlocks, FreeUnits: dec("5"),
			},
			map[string]string{"5": "0", "6": "2", "15": "2", "15.5": "4"},
		},
		{
			"a minimum is due as soon as anything is, and a maximum is enough",
			pricing.Formula{Model: pricing.ModelPerUnit, Price: dec("1"), Min: dec("5"), Max: dec("20")},
			map[string]string{"0": "0", "1": "5", "5": "5", "7": "7", "21": "20", "-1": "-5", "-99": "-20"},
		},
		{
			"free units owe no minimum",
			pricing.Formula{
				Model: pricing.ModelPerUnit, Over: pricing.OverUse, Price: dec("1"), Min: dec("5"), FreeUnits: dec("10"),
			},
			map[string]string{"10": "0", "11": "5"},
		},
		{
			"a graduated tier's flat amount is due once it is entered",
			pricing.Formula{Model: pricing.ModelGraduated, Over: pricing.OverUse, Tiers: []pricing.Tier{
				{UpTo: dec("10"), Price: dec("1"), Flat: dec("100")}, {Price: dec("0.5"), Flat: dec("7")},
			}},
			map[string]string{"0": "0", "1": "101", "10": "110", "11": "117.5", "-11": "-117.5"},
		},
		{
			"a volume tier prices everything, with its flat amount only",
			pricing.Formula{Model: pricing.ModelVolume, Over: pricing.OverUse, Tiers: []pricing.Tier{
				{UpTo: dec("10"), Price: dec("1"), Flat: dec("5")}, {Price: dec("0.5")},
			}},
			map[string]string{"10": "15", "11": "5.5"},
		},
		{
			"a stairstep has one price for each step",
			pricing.Formula{Model: pricing.ModelStairstep, Over: pricing.OverUse, Tiers: []pricing.Tier{
				{UpTo: dec("10"), Flat: dec("50")}, {UpTo: dec("50"), Flat: dec("200")}, {Flat: dec("300")},
			}},
			map[string]string{"0": "0", "1": "50", "10": "50", "10.01": "200", "50": "200", "51": "300"},
		},
		{
			"a percentage has a fixed part for each use, and bounds",
			pricing.Formula{
				Model: pricing.ModelPercentage, Price: dec("2.9"), Fixed: dec("0.3"), Min: dec("1"), Max: dec("50"),
			},
			map[string]string{"0": "0", "10": "1", "100": "3.2", "10000": "50", "-100": "-3.2"},
		},
		{
			"a tier whose blocks are started counts in blocks",
			pricing.Formula{
				Model: pricing.ModelGraduated, Over: pricing.OverUse, Block: dec("3"), Blocks: pricing.StartedBlocks,
				Tiers: []pricing.Tier{{UpTo: dec("6"), Price: dec("10")}, {Price: dec("1")}},
			},
			map[string]string{"1": "10", "3": "10", "4": "20", "6": "20", "7": "21"},
		},
		{
			"amounts are rounded as stated, and mirrored below zero",
			pricing.Formula{Model: pricing.ModelPerUnit, Price: dec("0.5"), Rounding: whole},
			map[string]string{"1": "1", "2": "1", "0.9": "0", "-1": "-1", "-0.9": "0"},
		},
		{
			"rounding to the ceiling takes back what it charged",
			pricing.Formula{
				Model: pricing.ModelPerUnit, Price: dec("0.1"), Rounding: pricing.Rounding{Mode: pricing.RoundCeiling},
			},
			map[string]string{"1": "1", "-1": "-1"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			card := one(t, c.f)
			for quantity, want := range c.want {
				q := wallet{}.price(t, card, pricing.Use{Item: "x", Quantity: dec(quantity)})
				equal(t, want, q.Amount, quantity)
			}
		})
	}
}

func TestSumOfParts(t *testing.T) {
	t.Parallel()
	tokens := func(price string) pricing.Formula {
		return pricing.Formula{Model: pricing.ModelPerUnit, Price: dec(price), Block: dec("1000000")}
	}
	card := one(t, pricing.Formula{
		Model:    pricing.ModelSum,
		Rounding: pricing.Rounding{Mode: pricing.RoundUp, Scale: 2},
		Min:      dec("0.01"),
		Parts:    map[string]pricing.Formula{"input": tokens("3"), "output": tokens("15")},
	})
	use := pricing.Use{Item: "x", Quantity: dec("1"), Parts: map[string]decimal.Decimal{
		"input": dec("1000"), "output": dec("500"),
	}}
	q := wallet{}.price(t, card, use)
	equal(t, "0.02", q.Amount) // 0.003 + 0.0075, rounded once: not 0.01 + 0.01
	require.Equal(t, []pricing.Count{
		{Counter: pricing.Counter{Name: "x"}, Quantity: dec("1")},
		{Counter: pricing.Counter{Name: "x/input"}, Quantity: dec("1000").Normalize()},
		{Counter: pricing.Counter{Name: "x/output"}, Quantity: dec("500").Normalize()},
	}, q.Counts)

	use.Parts = map[string]decimal.Decimal{"cached": dec("1")}
	_, err := card.Price(use, nil)
	refused(t, err, "parts.cached")

	q = wallet{}.price(t, card, pricing.Use{Item: "x"})
	equal(t, "0", q.Amount)
}

func TestPeriodRatesPriceTheStep(t *testing.T) {
	t.Parallel()
	daily := expiry.Cycle{Every: 1, Unit: "day"}
	card := cardOf(t,
		pricing.Rate{Item: "words", Formula: pricing.Formula{
			Model: pricing.ModelPerUnit, Over: pricing.OverPeriod, Price: dec("15"), Block: dec("1000"),
			Blocks: pricing.StartedBlocks, FreeUnits: dec("500"), Period: daily,
		}},
		pricing.Rate{Item: "calls", Formula: tenTiers(pricing.OverPeriod)},
	)
	w := wallet{}
	for _, step := range []struct{ quantity, amount string }{
		{"400", "0"}, {"200", "15"}, {"900", "0"}, {"1", "15"}, {"-1", "-15"}, {"-1100", "-15"},
	} {
		q := w.price(t, card, pricing.Use{Item: "words", Quantity: dec(step.quantity)})
		equal(t, step.amount, q.Amount, step.quantity)
		require.Len(t, q.Counts, 2)
		require.Equal(t, pricing.Counter{Name: "words"}, q.Counts[0].Counter)
		require.Equal(t, pricing.Counter{Name: "words", Period: daily}, q.Counts[1].Counter)
	}
	equal(t, "400", w[pricing.Counter{Name: "words", Period: daily}])
	q := w.price(t, card, pricing.Use{Item: "calls", Quantity: dec("1500")})
	equal(t, "1475", q.Amount)
	require.Len(t, q.Counts, 1, "a counter that is the item's own is counted once")
	require.Len(t, q.Working, 2)
	require.Equal(t, "tier 1, up to 1000", q.Working[0].Label)
	require.Equal(t, "tier 2, up to 2000", q.Working[1].Label)
}

func TestCorrectionsBelowZeroMirror(t *testing.T) {
	t.Parallel()
	card := one(t, tenTiers(pricing.OverPeriod))
	w := wallet{}
	equal(t, "-1475", w.price(t, card, pricing.Use{Item: "x", Quantity: dec("-1500")}).Amount)
	equal(t, "2475", w.price(t, card, pricing.Use{Item: "x", Quantity: dec("2500")}).Amount)
	equal(t, "1000", w[pricing.Counter{Name: "x"}])
}

func TestAVolumeStepCanCostLessThanNothing(t *testing.T) {
	t.Parallel()
	card := one(t, pricing.Formula{Model: pricing.ModelVolume, Over: pricing.OverPeriod, Tiers: []pricing.Tier{
		{UpTo: dec("10"), Price: dec("50")}, {Price: dec("40")},
	}})
	w := wallet{}
	equal(t, "500", w.price(t, card, pricing.Use{Item: "x", Quantity: dec("10")}).Amount)
	equal(t, "-60", w.price(t, card, pricing.Use{Item: "x", Quantity: dec("1")}).Amount)
}

func TestFreeUsesAreTakenBackByCorrections(t *testing.T) {
	t.Parallel()
	card := one(t, pricing.Formula{
		Model: pricing.ModelPercentage, Over: pricing.OverPeriod, Price: dec("10"), Fixed: dec("1"), FreeUses: 2,
	})
	w := wallet{}
	for _, step := range []struct{ quantity, amount string }{
		{"100", "0"}, {"100", "0"}, {"100", "11"}, {"-100", "-11"}, {"-100", "0"}, {"50", "0"}, {"50", "6"},
	} {
		equal(t, step.amount, w.price(t, card, pricing.Use{Item: "x", Quantity: dec(step.quantity)}).Amount, step)
	}
	equal(t, "3", w[pricing.Counter{Name: "x/uses"}])
}

func TestTheMostSpecificMatchWins(t *testing.T) {
	t.Parallel()
	sms := func(price string, match map[string]string) pricing.Rate {
		return pricing.Rate{Item: "sms", Match: match, Formula: pricing.Formula{Model: pricing.ModelPerUse, Price: dec(price)}}
	}
	rates := []pricing.Rate{
		sms("5", map[string]string{"region": "eu"}),
		sms("6", map[string]string{"direction": "out"}),
		sms("7", map[string]string{"region": "eu", "direction": "out"}),
		sms("8", map[string]string{"region": "us", "direction": "out"}),
	}
	card, own := cardOf(t, append(rates, sms("1", nil))...), cardOf(t, rates...)
	for _, c := range []struct {
		name       string
		attributes map[string]string
		want       string
	}{
		{"the default where nothing matches", nil, "1"},
		{"the default for another value", map[string]string{"region": "asia"}, "1"},
		{"one attribute", map[string]string{"region": "eu", "carrier": "x"}, "5"},
		{"both attributes before one", map[string]string{"region": "eu", "direction": "out"}, "7"},
		{"of two with one attribute each, the name that comes first", map[string]string{"region": "asia", "direction": "out"}, "6"},
		{"values do not run into each other", map[string]string{"region": "\x1fus", "direction": "out"}, "6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := pricing.Use{Item: "sms", Quantity: dec("1"), Attributes: c.attributes}
			equal(t, c.want, wallet{}.price(t, card, u).Amount)
		})
	}
	_, err := own.Price(pricing.Use{Item: "sms", Quantity: dec("1")}, nil)
	refused(t, err, "attributes")
}

func TestMatchedRatesCountForThemselves(t *testing.T) {
	t.Parallel()
	f := pricing.Formula{Model: pricing.ModelPerUnit, Over: pricing.OverPeriod, Price: dec("1"), FreeUnits: dec("10")}
	shared := f
	shared.Counter = "all models"
	card := cardOf(t,
		pricing.Rate{Item: "tokens", Match: map[string]string{"model": "a"}, Formula: f},
		pricing.Rate{Item: "tokens", Match: map[string]string{"model": "b"}, Formula: f},
		pricing.Rate{Item: "images", Match: map[string]string{"model": "a"}, Formula: shared},
		pricing.Rate{Item: "images", Match: map[string]string{"model": "b"}, Formula: shared},
	)
	w := wallet{}
	spend := func(item, model, quantity string) decimal.Decimal {
		return w.price(t, card, pricing.Use{
			Item: item, Quantity: dec(quantity), Attributes: map[string]string{"model": model},
		}).Amount
	}
	equal(t, "0", spend("tokens", "a", "10"))
	equal(t, "0", spend("tokens", "b", "10"))
	equal(t, "1", spend("tokens", "b", "1"))
	equal(t, "0", spend("images", "a", "10"))
	equal(t, "1", spend("images", "b", "1"))
	equal(t, "21", w[pricing.Counter{Name: "tokens"}])
	equal(t, "11", w[pricing.Counter{Name: "tokens{model=b}"}])
}

func TestWhatAPriceRefuses(t *testing.T) {
	t.Parallel()
	c, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Credits(),
		Items: []pricing.ItemDef{{ID: "sms", Kind: "service"}, {ID: "login", Kind: "service"}},
		RateCards: []pricing.RateCard{{
			Name: "standard", EffectiveAt: at(1, 0), EndsAt: at(20, 0),
			Rates: []pricing.Rate{{Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUse, Price: dec("3")}}},
		}},
	})
	require.NoError(t, err)
	card, err := c.Card("", at(1, 0))
	require.NoError(t, err)
	good := pricing.Use{Item: "sms", Quantity: dec("2"), At: at(1, 0)}
	q, err := card.Price(good, nil)
	require.NoError(t, err)
	require.Equal(t, pricing.Item{Kind: "service", ID: "sms"}, q.Item)
	require.Equal(t, "2026-03-01T00:00:00Z", q.Version)
	for _, c := range []struct {
		name, field string
		change      func(*pricing.Use)
	}{
		{"an item that is not in the catalog", "item", func(u *pricing.Use) { u.Item = "fax" }},
		{"an item without a rate", "item", func(u *pricing.Use) { u.Item = "login" }},
		{"half a use", "quantity", func(u *pricing.Use) { u.Quantity = dec("0.5") }},
		{"a quantity too fine", "quantity", func(u *pricing.Use) { u.Quantity = dec("1e-13") }},
		{"a quantity too large", "quantity", func(u *pricing.Use) { u.Quantity = dec("1e26") }},
		{"an exponent that would exhaust memory", "quantity", func(u *pricing.Use) { u.Quantity = decimal.New(1, 2_000_000_000) }},
		{"an amount too large", "amount", func(u *pricing.Use) { u.Quantity = dec("9e25") }},
		{"parts of what has none", "parts.input", func(u *pricing.Use) { u.Parts = map[string]decimal.Decimal{"input": dec("1")} }},
		{"a time before the card", "at", func(u *pricing.Use) { u.At = at(1, 0).Add(-time.Microsecond) }},
		{"the instant at which the card ends", "at", func(u *pricing.Use) { u.At = at(20, 0) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			use := good
			c.change(&use)
			_, err := card.Price(use, nil)
			refused(t, err, c.field)
		})
	}
	_, err = (&pricing.RateCard{}).Price(good, nil)
	refused(t, err, "card")
}

func TestAWalletsOwnRates(t *testing.T) {
	t.Parallel()
	perUse := func(item, price string, match map[string]string) pricing.Rate {
		return pricing.Rate{Item: item, Match: match, Formula: pricing.Formula{Model: pricing.ModelPerUse, Price: dec(price)}}
	}
	eu := map[string]string{"region": "eu"}
	card := cardOf(t, perUse("sms", "3", nil), perUse("sms", "5", eu), perUse("call", "9", nil))
	own, err := card.With([]pricing.Rate{perUse("sms", "2", nil)})
	require.NoError(t, err)
	again, err := own.With([]pricing.Rate{perUse("call", "8", nil)})
	require.NoError(t, err)
	for _, c := range []struct {
		card *pricing.RateCard
		item string
		want string
		own  bool
	}{
		{card, "sms", "5", false},
		{card, "call", "9", false},
		{own, "sms", "2", true},
		{own, "call", "9", false},
		{again, "sms", "2", true},
		{again, "call", "8", true},
	} {
		q := wallet{}.price(t, c.card, pricing.Use{Item: c.item, Quantity: dec("1"), Attributes: eu})
		equal(t, c.want, q.Amount)
		require.Equal(t, c.own, q.Own)
	}
	_, err = card.With([]pricing.Rate{perUse("fax", "1", nil)})
	refused(t, err, "rates[0].item")
	_, err = card.With([]pricing.Rate{perUse("sms", "1", nil), perUse("sms", "2", nil)})
	refused(t, err, "rates[1].match")
}
