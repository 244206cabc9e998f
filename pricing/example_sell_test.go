package pricing_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// shelf returns a catalog that sells two packages and two plans, prices text messages,
// and thanks for the first purchase.
func shelf() *pricing.Catalog {
	n, usd := decimal.NewFromInt, func(amount int64) pricing.Money {
		return pricing.Money{Amount: decimal.NewFromInt(amount), Currency: "USD"}
	}
	catalog, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Credits(),
		Items: []pricing.ItemDef{{ID: "sms", Kind: "meter", Name: "Text message"}},
		RateCards: []pricing.RateCard{{Name: "list", Rates: []pricing.Rate{
			{Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUse, Price: n(2)}},
		}}},
		Packages: []pricing.Package{
			{Name: "small", Title: "Small pack", Credits: n(100), Price: usd(12), LimitPerOwner: 3},
			{Name: "large", Title: "Large pack", Credits: n(1000), Price: usd(99), Bonus: pricing.Bonus{Percent: n(10)}},
		},
		Plans: []pricing.Plan{
			{
				Name: "basic", Cycle: expiry.Months(1), Price: usd(10),
				Buckets: []pricing.Bucket{{Name: "monthly", Allowance: n(200)}},
				Beyond:  pricing.Beyond{Kind: pricing.BeyondOverage, Price: pricing.CreditPrice{Price: decimal.RequireFromString("0.1"), Currency: "USD"}},
			},
			{
				Name: "pro", Cycle: expiry.Months(1), Price: usd(60),
				Buckets: []pricing.Bucket{{Name: "monthly", Allowance: n(1500)}},
			},
		},
		Promotions: []pricing.Promotion{
			{Name: "Thank you", Trigger: pricing.TriggerFirstPurchase, Bonus: pricing.Bonus{Credits: n(25)}},
		},
	})
	if err != nil {
		panic(err)
	}
	return catalog
}

// A page that sells packages says what a credit costs in each, and what is saved.
func ExampleCatalog_Offers() {
	catalog, now := shelf(), time.Now()
	cents := pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 3}
	smallest, _ := catalog.Smallest(now)
	for _, p := range catalog.Offers(now) {
		saved, err := p.Discount(smallest, catalog.Unit, now, pricing.Rounding{Mode: pricing.RoundDown})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %v credits for %v, %v each, %v%% off\n",
			p.Title, p.Total(catalog.Unit, now), p.Price, p.PerCredit(catalog.Unit, now, cents).Price, saved)
	}
	// Output:
	// Small pack: 100 credits for 12.00 USD, 0.12 each, 0% off
	// Large pack: 1100 credits for 99.00 USD, 0.09 each, 25% off
}

// What is lacking is 250 credits: how much of each package would do?
func ExampleCatalog_Alone() {
	for _, p := range shelf().Alone(decimal.NewFromInt(250), time.Now()) {
		fmt.Println(p.Count, p.Package, "for", p.Price)
	}
	// Output:
	// 3 small for 36.00 USD
	// 1 large for 99.00 USD
}

// A limit for each owner is checked before anybody pays.
func ExamplePackage_Check() {
	small, _ := shelf().Package("small")
	fmt.Println(small.Check(time.Now(), 2))
	fmt.Println(small.Check(time.Now(), 3))
	// Output:
	// <nil>
	// pricing: invalid: package "small" was bought already, and the limit for one owner is 3
}

// Credits on top of a purchase: those of the package itself, and those of promotions.
func ExampleCatalog_Awards() {
	catalog, now := shelf(), time.Now()
	large, _ := catalog.Package("large")
	if bonus, ok := large.Award(catalog.Unit, now); ok {
		fmt.Println(bonus.Name, bonus.Amount)
	}
	for _, a := range catalog.Awards(pricing.Event{At: now, Package: large.Name, Credits: large.Credits}) {
		fmt.Println(a.Name, a.Amount)
	}
	// Output:
	// Large pack 100
	// Thank you 25
}

// Which plan would have cost least for what was used in two months?
func ExampleCatalog_Estimate() {
	catalog := shelf()
	signUp := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	uses := []pricing.Use{
		{Item: "sms", Quantity: decimal.NewFromInt(500), At: signUp.AddDate(0, 0, 9)},
		{Item: "sms", Quantity: decimal.NewFromInt(50), At: signUp.AddDate(0, 1, 9)},
	}
	for _, plan := range catalog.Plans {
		cost, err := catalog.Estimate(plan, uses, signUp, "Europe/Berlin")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %v for %d periods, %v with the %v credits beyond\n",
			cost.Plan, cost.Price, cost.Periods, cost.Total, cost.Beyond)
	}
	// Output:
	// basic: 20.00 USD for 2 periods, 100.00 USD with the 800 credits beyond
	// pro: 120.00 USD for 2 periods, 120.00 USD with the 0 credits beyond
}

// What a month costs in which 300 credits were used that no credit paid.
func ExampleBeyond_Bill() {
	basic, _ := shelf().Plan("basic")
	bill, err := basic.Beyond.Bill(decimal.NewFromInt(300), pricing.RoundHalfUp)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(bill.Total)
	// Output: 30.00 USD
}

// An automatic top-up buys as often as it takes to lift the balance above the threshold.
func ExampleTopUp_Size() {
	t := pricing.TopUp{Threshold: decimal.NewFromInt(50), Amount: decimal.NewFromInt(100)}
	for _, balance := range []int64{51, 50, -70} {
		fmt.Println("at", balance, "buy", t.Size(decimal.NewFromInt(balance)))
	}
	// Output:
	// at 51 buy 0
	// at 50 buy 100
	// at -70 buy 200
}

// 300 credits, of which 90 were spent in the last week, last three weeks more.
func ExampleLasts() {
	days, ok := pricing.Lasts(decimal.NewFromInt(300), decimal.NewFromInt(90), 7)
	fmt.Println(days, ok)
	// Output: 23.3 true
}
