package pricing_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// What works, and is hardly meant: check before a catalog goes live.
func ExampleCatalog_Warnings() {
	catalog, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Credits(),
		Items: []pricing.ItemDef{{ID: "sms", Kind: "meter"}, {ID: "call", Kind: "meter"}},
		RateCards: []pricing.RateCard{{Name: "list", Rates: []pricing.Rate{{
			Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUse, Price: decimal.RequireFromString("0.4")},
		}}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range catalog.Warnings() {
		fmt.Println(w)
	}
	// Output:
	// items[1] "call" has no rate on any card
	// rate_cards[0].rates[0] rounds every single "sms" to nothing
}

// A dearer message is a new version of the catalog. Whom does it reach?
func ExampleDiff() {
	before := shelf()
	after := pricing.Catalog{
		Unit: before.Unit, Items: before.Items, Packages: before.Packages, Plans: before.Plans, Promotions: before.Promotions,
		RateCards: []pricing.RateCard{{Name: "list", Rates: []pricing.Rate{{
			Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUse, Price: decimal.NewFromInt(3)},
		}}}},
	}
	complete, err := pricing.New(after)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range pricing.Diff(before, complete) {
		fmt.Println(c.What, c.Name+":", c.Field, "from", c.From, "to", c.To, "for", c.Plans)
	}
	// Output:
	// rate list sms: price from "2" to "3" for [basic pro]
}

// Things are found by name. An item without a name is called by its ID.
func ExampleCatalog_Item() {
	catalog := shelf()
	item, ok := catalog.Item("sms")
	fmt.Println(item.Kind, ok, catalog.ItemName("sms"), "and", catalog.ItemName("fax"))
	_, ok = catalog.Plan("gold")
	fmt.Println("gold:", ok)
	_, ok = catalog.Promotion("Thank you")
	fmt.Println("thanks:", ok)
	// Output:
	// meter true Text message and fax
	// gold: false
	// thanks: true
}

// The card of an instant is the version that is in force then.
func ExampleCatalog_Card() {
	july := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	at := func(price int64, from time.Time) pricing.RateCard {
		return pricing.RateCard{Name: "list", EffectiveAt: from, Rates: []pricing.Rate{{
			Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUse, Price: decimal.NewFromInt(price)},
		}}}
	}
	catalog, err := pricing.New(pricing.Catalog{
		Unit: pricing.Credits(), Items: []pricing.ItemDef{{ID: "sms", Kind: "meter"}},
		RateCards: []pricing.RateCard{at(2, time.Time{}), at(3, july)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range []time.Time{july.Add(-time.Microsecond), july} {
		card, err := catalog.Card("list", t)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(card.Rates[0].Price)
	}
	// Output:
	// 2
	// 3
}

// An editor that knows the schema helps to write a catalog.
func ExampleSchema() {
	var schema struct{ Title string }
	err := json.Unmarshal(pricing.Schema(), &schema)
	fmt.Println(schema.Title, err)
	// Output: Scrip catalog <nil>
}

func ExampleScope_Covers() {
	scope := pricing.Scope{Kinds: []string{"meter"}, ExceptItems: []string{"mms"}}
	for _, id := range []string{"sms", "mms"} {
		fmt.Println(id, scope.Covers(pricing.Item{Kind: "meter", ID: id}))
	}
	fmt.Println(scope)
	// Output:
	// sms true
	// mms false
	// kind meter, except item mms
}

// A bonus that is given in the first week of the year only.
func ExampleBonus_On() {
	newYear := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	bonus := pricing.Bonus{
		Percent: decimal.NewFromInt(15), Max: decimal.NewFromInt(100),
		Window: pricing.Window{From: newYear, Until: newYear.AddDate(0, 0, 7)},
	}
	for _, credits := range []int64{99, 5000} {
		fmt.Println(bonus.On(decimal.NewFromInt(credits), pricing.Credits(), newYear))
	}
	fmt.Println(bonus.On(decimal.NewFromInt(99), pricing.Credits(), bonus.Window.Until))
	// Output:
	// 14
	// 100
	// 0
}
