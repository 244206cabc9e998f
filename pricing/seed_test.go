package pricing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// priceOf returns what a use costs on the default card of c.
func priceOf(t testing.TB, c *pricing.Catalog, item, quantity string) string {
	t.Helper()
	card, err := c.Card("", at(1, 0))
	require.NoError(t, err)
	return wallet{}.price(t, card, pricing.Use{Item: item, Quantity: dec(quantity), At: at(1, 0)}).Amount.String()
}

func TestAgencySellsPackages(t *testing.T) {
	t.Parallel()
	c := load(t, "agency.json")
	require.Empty(t, c.Warnings())
	for _, use := range []struct{ item, quantity, credits string }{
		{"logo_design", "1", "25"}, {"blog_post", "1000", "15"}, {"blog_post", "1200", "30"}, {"social_graphic", "5", "40"},
	} {
		require.Equal(t, use.credits, priceOf(t, c, use.item, use.quantity), use)
	}
	smallest, ok := c.Smallest(at(1, 0))
	require.True(t, ok)
	require.Equal(t, "starter", smallest.Name)
	cents, thousandths := pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 2}, pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 3}
	tens, exact := pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: -1}, pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 2}
	for _, want := range []struct {
		name, perCredit string
		shown           pricing.Rounding // as the document shows the price
		discount, exact string           // against the smallest package: in tens, and exactly
		days            int
	}{
		{"starter", "0.99", cents, "0", "0", 90},
		{"professional", "0.898", thousandths, "10", "9.29", 180},
		{"enterprise", "0.8", cents, "20", "19.24", 365},
	} {
		p, ok := c.Package(want.name)
		require.True(t, ok)
		equal(t, want.perCredit, p.PerCredit(c.Unit, at(1, 0), want.shown).Price)
		for r, discount := range map[pricing.Rounding]string{tens: want.discount, exact: want.exact} {
			got, err := p.Discount(smallest, c.Unit, at(1, 0), r)
			require.NoError(t, err)
			equal(t, discount, got, want.name)
		}
		ends, err := p.Expiry.Ends(at(1, 12), expiry.Schedule{})
		require.NoError(t, err)
		require.Equal(t, at(1, 12).AddDate(0, 0, want.days), ends.ExpiresAt)
	}
}

func TestAgencyPromotions(t *testing.T) {
	t.Parallel()
	c := load(t, "agency.json")
	sale, _ := c.Package("new_year")
	newYear := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	equal(t, "110", sale.Total(c.Unit, newYear))
	award, ok := sale.Award(c.Unit, newYear)
	require.True(t, ok)
	equal(t, "10", award.Amount)
	require.Equal(t, sale.Title, award.Name)
	require.NotEqual(t, sale.Name, award.Name)
	require.Equal(t, expiry.PolicyAfter, award.Expiry.Kind)
	require.NoError(t, sale.Check(newYear, 0))
	refused(t, sale.Check(newYear, 1), "package")
	refused(t, sale.Check(sale.Window.From.Add(-time.Microsecond), 0), "package")
	require.NoError(t, sale.Check(sale.Window.From, 0))
	refused(t, sale.Check(sale.Window.Until, 0), "package")
	require.Len(t, c.Offers(newYear), 4)
	require.Len(t, c.Offers(at(1, 0)), 3)

	june := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	for _, e := range []struct {
		name  string
		event pricing.Event
		want  map[string]string
	}{
		{
			"a first purchase of a large package",
			pricing.Event{At: june, Package: "professional", Credits: dec("500")},
			map[string]string{"first purchase": "50"},
		},
		{"a first purchase of the small one", pricing.Event{At: june, Package: "starter", Credits: dec("100")}, nil},
		{
			"the fifth purchase, with a coupon",
			pricing.Event{At: june, Package: "enterprise", Credits: dec("2000"), Bought: 4, Code: "FIVE-YEARS"},
			map[string]string{"anniversary": "50", "loyalty": "100"},
		},
		{
			"a coupon that was had before",
			pricing.Event{At: june, Code: "FIVE-YEARS", Had: map[string]int{"anniversary": 1}},
			nil,
		},
		{"a coupon out of its time", pricing.Event{At: june.AddDate(0, 0, 1), Code: "FIVE-YEARS"}, nil},
		{"a referral", pricing.Event{At: june, Referred: true}, map[string]string{"referral": "25"}},
	} {
		t.Run(e.name, func(t *testing.T) {
			got := c.Awards(e.event)
			require.Len(t, got, len(e.want))
			for _, a := range got {
				equal(t, e.want[a.Name], a.Amount, a.Name)
			}
		})
	}
}

func TestAgentsOfAWorkspace(t *testing.T) {
	t.Parallel()
	c := load(t, "agents.json")
	for _, item := range []string{
		"block_creator", "block_editor", "element_editor", "refresh_block", "simple_blog", "page_builder",
	} {
		require.Equal(t, "10", priceOf(t, c, item, "1"))
	}
	for _, want := range []struct{ plan, credits, price, edits string }{
		{"minimal", "50", "", "5"},
		{"standard", "100", "", "10"},
		{"active", "200", "", "20"},
		{"heavy", "500", "", "50"},
		{"basic", "50", "99.00 USD", "5"},
		{"professional", "150", "199.00 USD", "15"},
		{"enterprise", "500", "499.00 USD", "50"},
	} {
		p, ok := c.Plan(want.plan)
		require.True(t, ok)
		equal(t, want.credits, p.Buckets[0].Allowance)
		require.Equal(t, want.credits, priceOf(t, c, "block_editor", want.edits), "the allowance pays for so many edits")
		if want.price != "" {
			require.Equal(t, want.price, p.Price.String())
		}
	}
	pro, _ := c.Plan("professional")
	used := []pricing.Use{{Item: "block_editor", Quantity: dec("8"), At: at(5, 0)}}
	cost, err := c.Estimate(pro, used, at(1, 0), "")
	require.NoError(t, err)
	equal(t, "80", cost.Credits)
	require.Equal(t, "199.00 USD", cost.Total.String())

	// 80 credits a month cost about 8 dollars; the client pays 199.
	wholesale := pricing.CreditPrice{Price: dec("0.1"), Currency: "USD"}
	m := pricing.Margin{Revenue: cost.Total, Cost: wholesale.Money(cost.Credits, pricing.RoundHalfUp)}
	require.Equal(t, "8.00 USD", m.Cost.String())
	profit, err := m.Profit()
	require.NoError(t, err)
	require.Equal(t, "191.00 USD", profit.String())
	percent, ok := m.Percent(pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 2})
	require.True(t, ok)
	equal(t, "95.98", percent)
}

func TestCRMWithFreeActions(t *testing.T) {
	t.Parallel()
	c := load(t, "crm.json")
	for item, credits := range map[string]string{
		"login": "0", "dashboard": "0", "account_settings": "0", "form_fill": "1", "sms": "4", "ai_feature": "10",
	} {
		require.Equal(t, credits, priceOf(t, c, item, "1"), item)
	}
	p, _ := c.Plan("monthly")
	require.Equal(t, expiry.RolloverNone, p.Buckets[0].Rollover.Kind, "free credits do not roll over")
	require.Equal(t, expiry.PolicyNever, p.Buckets[1].Expiry.Kind, "bought ones do not end")
	cost, err := c.Estimate(p, []pricing.Use{
		{Item: "sms", Quantity: dec("100"), At: at(2, 0)},
		{Item: "ai_feature", Quantity: dec("30"), At: at(3, 0)},
		{Item: "login", Quantity: dec("1000"), At: at(3, 0)},
	}, at(1, 0), "")
	require.NoError(t, err)
	equal(t, "700", cost.Credits)
	equal(t, "500", cost.Covered)
	equal(t, "200", cost.Beyond)
	require.Equal(t, "122.00 USD", cost.Total.String())
	require.Equal(t, 1, cost.Buy[0].Count)
}

func TestResellerAboveWholesale(t *testing.T) {
	t.Parallel()
	c := load(t, "reseller.json")
	require.Equal(t, "0", priceOf(t, c, "browse", "10"))
	r := pricing.Resale{Currency: "USD", Wholesale: dec("0.12"), Floor: dec("0.12"), Retail: dec("0.25")}
	require.NoError(t, r.Validate())
	cheap := r
	cheap.Retail = dec("0.119999")
	refused(t, cheap.Validate(), "retail")
	m := r.Margin(dec("100"), pricing.RoundHalfUp)
	profit, err := m.Profit()
	require.NoError(t, err)
	require.Equal(t, "25.00 USD", m.Revenue.String())
	require.Equal(t, "13.00 USD", profit.String())
	percent, _ := m.Percent(pricing.Rounding{Mode: pricing.RoundHalfUp})
	equal(t, "52", percent)

	sales := []pricing.Sale{
		{Client: "a", Period: "2026-03", Margin: r.Margin(dec("100"), pricing.RoundHalfUp)},
		{Client: "b", Period: "2026-03", Margin: r.Margin(dec("10"), pricing.RoundHalfUp)},
		{Client: "a", Period: "2026-04", Margin: r.Margin(dec("50"), pricing.RoundHalfUp)},
	}
	byClient, err := pricing.Margins(sales, func(s pricing.Sale) string { return s.Client })
	require.NoError(t, err)
	require.Equal(t, "37.50 USD", byClient["a"].Revenue.String())
	byPeriod, err := pricing.Margins(sales, func(s pricing.Sale) string { return s.Period })
	require.NoError(t, err)
	require.Equal(t, "13.20 USD", byPeriod["2026-03"].Cost.String())
}

func TestPromotionalCreditOnMeters(t *testing.T) {
	t.Parallel()
	c := load(t, "promotional.json")
	awards := c.Awards(pricing.Event{At: at(1, 0), Referred: true})
	require.Len(t, awards, 1)
	equal(t, "50", awards[0].Amount)
	covers := func(id string) bool {
		item, ok := c.Item(id)
		require.True(t, ok)
		return awards[0].Scope.Covers(item)
	}
	require.True(t, covers("prompt_tokens"))
	require.False(t, covers("fine_tuning"))
	require.False(t, covers("platform"))
	require.False(t, awards[0].Scope.Covers(pricing.Item{}), "a plain amount is not a meter")

	used := pricing.Use{Item: "completion_tokens", Quantity: dec("12500000"), At: at(1, 0)}
	card, err := c.Card("usage", at(1, 0))
	require.NoError(t, err)
	bill := wallet{}.price(t, card, used).Amount
	equal(t, "100", bill)
	equal(t, "50", bill.Sub(awards[0].Amount))
	for _, priority := range []int{awards[0].Priority, c.Promotions[1].Bonus.Priority} {
		require.Contains(t, []int{pricing.MinPriority, pricing.MaxPriority}, priority)
	}
}
