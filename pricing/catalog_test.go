package pricing_test

import (
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/pricing"
)

// versioned returns a catalog with two versions of a card, the second from 10 March.
func versioned(t testing.TB) *pricing.Catalog {
	t.Helper()
	perUse := func(price string) []pricing.Rate {
		return []pricing.Rate{{Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUse, Price: dec(price)}}}
	}
	c, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Unit{Name: "credits", Scale: 2},
		Items: []pricing.ItemDef{{ID: "sms", Kind: "service"}},
		RateCards: []pricing.RateCard{
			{Name: "standard", EffectiveAt: at(10, 0), Rates: perUse("4.00")},
			{Name: "standard", Rates: perUse("3")},
		},
	})
	require.NoError(t, err)
	return c
}

func TestAVersionEndsWhereTheNextBegins(t *testing.T) {
	t.Parallel()
	c := versioned(t)
	before, boundary := at(10, 0).Add(-time.Microsecond), at(10, 0)
	first, err := c.Card("", before)
	require.NoError(t, err)
	second, err := c.Card("", boundary)
	require.NoError(t, err)
	use := pricing.Use{Item: "sms", Quantity: dec("1"), At: before}
	q := wallet{}.price(t, first, use)
	equal(t, "3", q.Amount)
	require.Empty(t, q.Version, "it was always in force")
	_, err = second.Price(use, nil)
	refused(t, err, "at")
	use.At = boundary
	q = wallet{}.price(t, second, use)
	equal(t, "4", q.Amount)
	require.Equal(t, "2026-03-10T00:00:00Z", q.Version)
	_, err = first.Price(use, nil)
	refused(t, err, "at")
}

func TestACatalogIsACopyInItsOnlyForm(t *testing.T) {
	t.Parallel()
	cairo := time.FixedZone("", 2*3600)
	given := pricing.Catalog{
		Unit: pricing.Credits(),
		Packages: []pricing.Package{{
			Name: "small", Credits: dec("100.00"), Price: usd("9.90"),
			Window: pricing.Window{From: time.Date(2026, 3, 1, 2, 0, 0, 999, cairo)},
			Terms:  pricing.Terms{Scope: pricing.Scope{Items: []string{}}},
		}},
	}
	c, err := pricing.New(given)
	require.NoError(t, err)
	p, ok := c.Package("small")
	require.True(t, ok)
	require.Equal(t, pricing.Package{
		Name: "small", Credits: decimal.New(1, 2), Price: pricing.Money{Amount: decimal.New(99, -1), Currency: "USD"},
		Window: pricing.Window{From: at(1, 0)},
	}, p)
	given.Packages[0].Name = "large"
	_, ok = c.Package("large")
	require.False(t, ok)
	require.Equal(t, "small", c.Packages[0].Name)
}

func TestOnlyCompleteCatalogsAnswer(t *testing.T) {
	t.Parallel()
	c := pricing.Catalog{Unit: pricing.Credits(), Items: []pricing.ItemDef{{ID: "sms", Kind: "service"}}}
	_, ok := c.Item("sms")
	require.False(t, ok)
	_, err := c.Card("", at(1, 0))
	refused(t, err, "card")
	complete, err := pricing.New(c)
	require.NoError(t, err)
	item, ok := complete.Item("sms")
	require.True(t, ok)
	require.Equal(t, pricing.Item{Kind: "service", ID: "sms"}, item)
	_, ok = complete.Plan("none")
	require.False(t, ok)
	_, ok = complete.Promotion("none")
	require.False(t, ok)
}

func TestWhatANewCatalogRefuses(t *testing.T) {
	t.Parallel()
	sms := func(f pricing.Formula) []pricing.Rate { return []pricing.Rate{{Item: "sms", Formula: f}} }
	card := func(f pricing.Formula) func(*pricing.Catalog) {
		return func(c *pricing.Catalog) { c.RateCards = []pricing.RateCard{{Name: "a", Rates: sms(f)}} }
	}
	tiers := []pricing.Tier{{Price: dec("1")}}
	per := pricing.Formula{Model: pricing.ModelPerUnit, Price: dec("1")}
	with := func(change func(*pricing.Formula)) func(*pricing.Catalog) {
		f := per
		change(&f)
		return card(f)
	}
	const rate = "rate_cards[0].rates[0]."
	for _, x := range []struct {
		name, field string
		change      func(*pricing.Catalog)
	}{
		{"a unit without a name", "unit.name", func(c *pricing.Catalog) { c.Unit = pricing.Unit{} }},
		{"a formula without a model", rate + "model", card(pricing.Formula{})},
		{"a model that is none", rate + "model", card(pricing.Formula{Model: "barter"})},
		{"a price of zero, which free would say", rate + "price", card(pricing.Formula{Model: pricing.ModelPerUse})},
		{"tiers that do not say what they count over", rate + "over", card(pricing.Formula{Model: pricing.ModelVolume, Tiers: tiers})},
		{"free units that do not say what they count over", rate + "over", with(func(f *pricing.Formula) { f.FreeUnits = dec("1") })},
		{"a span that is none", rate + "over", with(func(f *pricing.Formula) { f.Over = "year" })},
		{"a counter of single uses", rate + "counter", with(func(f *pricing.Formula) { f.Counter = "c" })},
		{"a counter that is another item", rate + "counter", with(func(f *pricing.Formula) { f.Over, f.Counter = pricing.OverPeriod, "login" })},
		{"a negative price", rate + "price", with(func(f *pricing.Formula) { f.Price = dec("-1") })},
		{"a price out of range", rate + "price", with(func(f *pricing.Formula) { f.Price = decimal.New(1, 2_000_000_000) })},
		{"a minimum above the maximum", rate + "min", with(func(f *pricing.Formula) { f.Min, f.Max = dec("2"), dec("1") })},
		{"blocks of nothing", rate + "block", with(func(f *pricing.Formula) { f.Blocks = pricing.WholeBlocks })},
		{"a rounding finer than the unit", rate + "rounding.scale", with(func(f *pricing.Formula) { f.Rounding = pricing.Rounding{Mode: pricing.RoundUp, Scale: 1} })},
		{"stairs with a slope", rate + "tiers[0].price", card(pricing.Formula{Model: pricing.ModelStairstep, Over: pricing.OverUse, Tiers: tiers})},
		{"tiers that are not whole blocks", rate + "tiers[0].up_to", card(pricing.Formula{
			Model: pricing.ModelVolume, Over: pricing.OverUse, Block: dec("10"), Blocks: pricing.StartedBlocks,
			Tiers: []pricing.Tier{{UpTo: dec("15"), Price: dec("1")}, {Price: dec("1")}},
		})},
		{"a sum in a sum", rate + "parts.p.model", card(pricing.Formula{Model: pricing.ModelSum, Parts: map[string]pricing.Formula{"p": {Model: pricing.ModelSum}}})},
		{"a part that rounds for itself", rate + "parts.p.rounding", card(pricing.Formula{
			Model: pricing.ModelSum,
			Parts: map[string]pricing.Formula{"p": {Model: pricing.ModelPerUnit, Price: dec("1"), Rounding: pricing.Rounding{Mode: pricing.RoundUp}}},
		})},
		{"a percentage of a period without anything free", rate + "over", card(pricing.Formula{Model: pricing.ModelPercentage, Price: dec("1"), Over: pricing.OverPeriod})},
		{"two default cards", "rate_cards[1].default", func(c *pricing.Catalog) {
			c.RateCards = []pricing.RateCard{{Name: "a", Default: true}, {Name: "b", Default: true}}
		}},
		{"a card that ends before it begins", "rate_cards[0].ends_at", func(c *pricing.Catalog) {
			c.RateCards = []pricing.RateCard{{Name: "a", EffectiveAt: at(2, 0), EndsAt: at(2, 0)}}
		}},
		{"a package of no credits", "packages[0].credits", func(c *pricing.Catalog) {
			c.Packages = []pricing.Package{{Name: "p", Price: usd("1")}}
		}},
		{"a window that ends as it begins", "packages[0].window.until", func(c *pricing.Catalog) {
			c.Packages = []pricing.Package{{Name: "p", Credits: dec("1"), Price: usd("1"), Window: pricing.Window{From: at(1, 0), Until: at(1, 0)}}}
		}},
		{"a bonus finer than the unit", "packages[0].bonus.credits", func(c *pricing.Catalog) {
			c.Packages = []pricing.Package{{Name: "p", Credits: dec("1"), Price: usd("1"), Bonus: pricing.Bonus{Credits: dec("0.5")}}}
		}},
		{"a plan without a cycle", "plans[0].cycle", func(c *pricing.Catalog) { c.Plans = []pricing.Plan{{Name: "p"}} }},
		{"a coupon without a code", "promotions[0].code", func(c *pricing.Catalog) {
			c.Promotions = []pricing.Promotion{{Name: "p", Trigger: pricing.TriggerCoupon, Bonus: pricing.Bonus{Credits: dec("1")}}}
		}},
		{"a promotion that gives nothing", "promotions[0].bonus", func(c *pricing.Catalog) {
			c.Promotions = []pricing.Promotion{{Name: "p", Trigger: pricing.TriggerReferral}}
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := pricing.Catalog{Unit: pricing.Credits(), Items: []pricing.ItemDef{{ID: "sms", Kind: "s"}, {ID: "login", Kind: "s"}}}
			x.change(&c)
			_, err := pricing.New(c)
			refused(t, err, x.field)
		})
	}
}

func TestACatalogIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	c := load(t, "models.json")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			card, err := c.Card("", at(1, 0).AddDate(1, 0, 0))
			if err != nil {
				t.Error(err)
				return
			}
			for range 100 {
				_, err := card.Price(pricing.Use{
					Item: "text", Quantity: dec("1"), At: card.EffectiveAt, Attributes: map[string]string{"model": "gpt-5.4"},
					Parts: map[string]decimal.Decimal{"input": dec("1000")},
				}, nil)
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
}

// refusal is a value that Validate refuses, and the field it names.
type refusal struct {
	name, field string
	value       interface{ Validate() error }
}

func TestWhatTermsRefuse(t *testing.T) {
	t.Parallel()
	overage := func(change func(*pricing.Beyond)) pricing.Beyond {
		b := pricing.Beyond{Kind: pricing.BeyondPostpaid, Price: pricing.CreditPrice{Price: dec("1"), Currency: "USD"}, Commitment: usd("5")}
		change(&b)
		return b
	}
	resale := func(change func(*pricing.Resale)) pricing.Resale {
		r := pricing.Resale{Currency: "USD", Wholesale: dec("1"), Floor: dec("1"), Retail: dec("2")}
		change(&r)
		return r
	}
	for _, x := range []refusal{
		{"a kind that is none", "kind", pricing.Beyond{Kind: "beg"}},
		{"a package to refuse with", "package", pricing.Beyond{Package: "p"}},
		{"a surcharge on nothing", "surcharge", pricing.Beyond{Kind: pricing.BeyondPackages, Surcharge: dec("1")}},
		{"a commitment to overage", "commitment", overage(func(b *pricing.Beyond) { b.Kind = pricing.BeyondOverage })},
		{"overage for nothing", "price.price", overage(func(b *pricing.Beyond) { b.Price.Price = decimal.Zero })},
		{"a negative surcharge", "surcharge", overage(func(b *pricing.Beyond) { b.Surcharge = dec("-1") })},
		{"a surcharge out of range", "surcharge", overage(func(b *pricing.Beyond) { b.Surcharge = dec("10001") })},
		{"postpaid without a commitment", "commitment.currency", overage(func(b *pricing.Beyond) { b.Commitment = pricing.Money{} })},
		{"a commitment in another currency", "commitment.currency", overage(func(b *pricing.Beyond) { b.Commitment.Currency = "EUR" })},
		{"a resale in no currency", "currency", resale(func(r *pricing.Resale) { r.Currency = "" })},
		{"a negative cost", "wholesale", resale(func(r *pricing.Resale) { r.Wholesale = dec("-1") })},
		{"a negative floor", "floor", resale(func(r *pricing.Resale) { r.Floor = dec("-1") })},
		{"a retail price of nothing", "retail", resale(func(r *pricing.Resale) { r.Floor, r.Retail = decimal.Zero, decimal.Zero })},
		{"a top-up of nothing", "amount", pricing.TopUp{Threshold: dec("1")}},
		{"a top-up of two sizes", "amount", pricing.TopUp{Amount: dec("1"), Target: dec("1")}},
		{"a target on the threshold", "target", pricing.TopUp{Threshold: dec("1"), Target: dec("1")}},
		{"a bonus on a target", "bonus", pricing.TopUp{Target: dec("1"), Bonus: dec("1")}},
		{"a negative minimum", "minimum", pricing.TopUp{Amount: dec("1"), Minimum: dec("-1")}},
		{"a priority out of range", "priority", pricing.Terms{Priority: -1}},
		{"a bucket that is no name", "bucket", pricing.Terms{Bucket: "a\n"}},
		{"a currency that is none", "currency", pricing.CreditPrice{Price: dec("1"), Currency: "XXX"}},
		{"a window that ends first", "until", pricing.Window{From: at(2, 0), Until: at(1, 0)}},
		{"a rate without an item", "item", validator(func() error { return pricing.Rate{}.Validate(pricing.Credits()) })},
		{"a rate that matches an empty value", "match.model", validator(func() error {
			return pricing.Rate{Item: "x", Match: map[string]string{"model": ""}}.Validate(pricing.Credits())
		})},
		{"a code for what is no coupon", "code", validator(func() error {
			return pricing.Promotion{Name: "p", Trigger: pricing.TriggerReferral, Code: "X"}.Validate(pricing.Credits())
		})},
		{"loyalty that never comes", "every", validator(func() error {
			return pricing.Promotion{Name: "p", Trigger: pricing.TriggerLoyalty}.Validate(pricing.Credits())
		})},
		{"a trigger that is none", "trigger", validator(func() error {
			return pricing.Promotion{Name: "p", Trigger: "luck"}.Validate(pricing.Credits())
		})},
	} {
		t.Run(x.name, func(t *testing.T) {
			refused(t, x.value.Validate(), x.field)
		})
	}
	_, err := pricing.Beyond{}.Bill(dec("1"), pricing.RoundHalfUp)
	refused(t, err, "kind")
	_, err = overage(func(*pricing.Beyond) {}).Bill(dec("-1"), pricing.RoundHalfUp)
	refused(t, err, "credits")
}

// A validator is a Validate method.
type validator func() error

func (v validator) Validate() error { return v() }

func TestAnItemWithoutANameIsCalledByItsID(t *testing.T) {
	t.Parallel()
	c, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Credits(),
		Items: []pricing.ItemDef{{ID: "mms", Kind: "service"}, {ID: "sms", Kind: "service", Name: "Text message"}},
	})
	require.NoError(t, err)
	require.Equal(t, "Text message", c.ItemName("sms"))
	require.Equal(t, "mms", c.ItemName("mms"))
	require.Equal(t, "fax", c.ItemName("fax"), "which the catalog does not have")
	require.Equal(t, "sms", new(pricing.Catalog).ItemName("sms"), "of a catalog that is not complete")
}
