package pricing_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// A catalog is read from JSON, and prices what is used.
func Example() {
	catalog, err := pricing.Load(strings.NewReader(`{
	  "unit": {"name": "credits"},
	  "items": [{"id": "blog_post", "kind": "service", "quantity": "word"}],
	  "rate_cards": [{"name": "services", "rates": [
	    {"item": "blog_post", "model": "per_unit", "price": "15", "block": "1000", "blocks": "started"}
	  ]}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	card, err := catalog.Card("", now)
	if err != nil {
		fmt.Println(err)
		return
	}
	quote, err := card.Price(pricing.Use{Item: "blog_post", Quantity: decimal.NewFromInt(1200), At: now}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(quote.Amount, "credits")
	for _, step := range quote.Working {
		fmt.Println(step.Quantity, step.Label, "at", step.Price)
	}

	// Output:
	// 30 credits
	// 2 blocks of 1000 at 15
}

// An error says where in the file it is.
func ExampleLoad() {
	_, err := pricing.Load(strings.NewReader(`{
	  "unit": {"name": "credits"},
	  "items": [{"id": "sms", "kind": "service"}],
	  "rate_cards": [{"name": "standard", "rates": [
	    {"item": "smss", "model": "per_use", "price": "3"}
	  ]}]
	}`))
	fmt.Println(err)

	// Output:
	// pricing: invalid: 5:15: rate_cards[0].rates[0].item "smss" is not in the catalog
}

// A graduated price of a period is charged step by step, and the steps sum to the price of the
// whole.
func ExampleRateCard_Price() {
	catalog, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Unit{Name: "USD", Scale: 2},
		Items: []pricing.ItemDef{{ID: "api_call", Kind: "meter"}},
		RateCards: []pricing.RateCard{{Name: "usage", Rates: []pricing.Rate{{
			Item: "api_call",
			Formula: pricing.Formula{
				Model: pricing.ModelGraduated, Over: pricing.OverPeriod,
				Tiers: []pricing.Tier{
					{UpTo: decimal.NewFromInt(1000), Price: decimal.RequireFromString("0.3")},
					{Price: decimal.RequireFromString("0.2")},
				},
			},
		}}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	card, _ := catalog.Card("usage", time.Time{})
	counted := map[pricing.Counter]decimal.Decimal{} // a ledger keeps this in the wallet
	for _, calls := range []int64{900, 300, -100} {
		quote, err := card.Price(
			pricing.Use{Item: "api_call", Quantity: decimal.NewFromInt(calls)},
			func(c pricing.Counter) decimal.Decimal { return counted[c] },
		)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, n := range quote.Counts {
			counted[n.Counter] = counted[n.Counter].Add(n.Quantity)
		}
		fmt.Println(calls, "calls:", quote.Amount)
	}

	// Output:
	// 900 calls: 270
	// 300 calls: 70
	// -100 calls: -20
}

// A wallet may have a price of its own. Everything else stays on the card.
func ExampleRateCard_With() {
	perUse := func(item, price string) pricing.Rate {
		return pricing.Rate{Item: item, Formula: pricing.Formula{
			Model: pricing.ModelPerUse, Price: decimal.RequireFromString(price),
		}}
	}
	catalog, _ := pricing.New(pricing.Catalog{
		Unit:      pricing.Credits(),
		Items:     []pricing.ItemDef{{ID: "sms", Kind: "service"}, {ID: "call", Kind: "service"}},
		RateCards: []pricing.RateCard{{Name: "standard", Rates: []pricing.Rate{perUse("sms", "3"), perUse("call", "9")}}},
	})
	card, _ := catalog.Card("", time.Time{})
	own, err := card.With([]pricing.Rate{perUse("sms", "2")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, item := range []string{"sms", "call"} {
		quote, _ := own.Price(pricing.Use{Item: item, Quantity: decimal.NewFromInt(1)}, nil)
		fmt.Println(item, quote.Amount, quote.Own)
	}

	// Output:
	// sms 2 true
	// call 9 false
}

// The least costly way to cover 2,600 credits.
func ExampleCatalog_Cheapest() {
	pack := func(name string, credits, price int64) pricing.Package {
		return pricing.Package{
			Name: name, Credits: decimal.NewFromInt(credits),
			Price: pricing.Money{Amount: decimal.NewFromInt(price), Currency: "USD"},
		}
	}
	catalog, _ := pricing.New(pricing.Catalog{
		Unit:     pricing.Credits(),
		Packages: []pricing.Package{pack("starter", 100, 99), pack("professional", 500, 449), pack("enterprise", 2000, 1599)},
	})
	purchases, err := catalog.Cheapest(decimal.NewFromInt(2600), "USD", time.Time{}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range purchases {
		fmt.Println(p.Count, p.Package, p.Price)
	}

	// Output:
	// 1 starter 99.00 USD
	// 1 professional 449.00 USD
	// 1 enterprise 1599.00 USD
}

// A subscriber upgrades after ten of the 31 days of March.
func ExampleCatalog_Change() {
	plan := func(name string, price, allowance int64) pricing.Plan {
		return pricing.Plan{
			Name: name, Cycle: expiry.Months(1),
			Price:   pricing.Money{Amount: decimal.NewFromInt(price), Currency: "USD"},
			Buckets: []pricing.Bucket{{Name: "monthly", Allowance: decimal.NewFromInt(allowance)}},
		}
	}
	catalog, _ := pricing.New(pricing.Catalog{Unit: pricing.Credits()})
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	march := expiry.Period{Start: start, End: start.AddDate(0, 1, 0)}

	change, err := catalog.Change(plan("basic", 99, 50), plan("professional", 199, 150),
		march, start.AddDate(0, 0, 10), pricing.RoundHalfUp)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("due now:", change.Due)
	fmt.Println("more credits:", change.Allowances[0].Amount)

	// Output:
	// due now: 67.74 USD
	// more credits: 67
}

// A cent that does not divide goes to the part that lost most, and ties go to the first.
func ExampleSplit() {
	total := decimal.RequireFromString("100.00")
	third := decimal.NewFromInt(1)
	fmt.Println(pricing.Split(total, []decimal.Decimal{third, third, third}, 2))

	// Output:
	// [33.34 33.33 33.33]
}

// A reseller sees what a sale brings. A retail price below the floor is refused.
func ExampleResale() {
	terms := pricing.Resale{
		Currency:  "USD",
		Wholesale: decimal.RequireFromString("0.12"),
		Floor:     decimal.RequireFromString("0.12"),
		Retail:    decimal.RequireFromString("0.25"),
	}
	margin := terms.Margin(decimal.NewFromInt(1000), pricing.RoundHalfUp)
	profit, _ := margin.Profit()
	percent, _ := margin.Percent(pricing.Rounding{Mode: pricing.RoundHalfUp})
	fmt.Printf("%v, of which %v or %v%% is profit\n", margin.Revenue, profit, percent)

	terms.Retail = decimal.RequireFromString("0.10")
	fmt.Println(terms.Validate())

	// Output:
	// 250.00 USD, of which 130.00 USD or 52% is profit
	// pricing: invalid: retail is 0.10 USD, below the floor of 0.12 USD
}
