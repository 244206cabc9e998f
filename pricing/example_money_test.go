package pricing_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// 19.99 for three, to the cent.
func ExampleMoney_Split() {
	price := pricing.Money{Amount: decimal.RequireFromString("19.99"), Currency: "EUR"}
	one := decimal.NewFromInt(1)
	for _, share := range price.Split([]decimal.Decimal{one, one, one}) {
		fmt.Println(share)
	}
	// Output:
	// 6.67 EUR
	// 6.66 EUR
	// 6.66 EUR
}

// Two currencies never add up.
func ExampleMoney_Add() {
	ten := pricing.Money{Amount: decimal.NewFromInt(10), Currency: "EUR"}
	fmt.Println(ten.Add(ten))
	_, err := ten.Sub(pricing.Money{Amount: decimal.NewFromInt(1), Currency: "USD"})
	fmt.Println(err)
	// Output:
	// 20.00 EUR <nil>
	// pricing: invalid: currency is EUR on one side and USD on the other
}

func ExampleMinorUnits() {
	for _, currency := range []string{"USD", "JPY", "KWD", "usd"} {
		scale, ok := pricing.MinorUnits(currency)
		fmt.Println(currency, scale, ok)
	}
	// Output:
	// USD 2 true
	// JPY 0 true
	// KWD 3 true
	// usd 0 false
}

// A credit may cost less than a cent: money is rounded once, for all of them.
func ExampleCreditPrice_Money() {
	price := pricing.CreditPrice{Price: decimal.RequireFromString("0.0035"), Currency: "USD"}
	fmt.Println(price.Money(decimal.NewFromInt(1234), pricing.RoundHalfUp))

	credits, err := price.Credits(pricing.Money{Amount: decimal.NewFromInt(5), Currency: "USD"}, pricing.Rounding{Mode: pricing.RoundDown})
	fmt.Println(credits, err)
	// Output:
	// 4.32 USD
	// 1428 <nil>
}

// Who joins on the eleventh of March pays for 21 of its 31 days.
func ExampleProrate() {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	march := expiry.Period{Start: start, End: start.AddDate(0, 1, 0)}
	cents := pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 2}
	fmt.Println(pricing.Prorate(decimal.NewFromInt(31), march, start.AddDate(0, 0, 10), cents))
	// Output: 21
}

// Every mode says to which neighbour a half goes, above zero and below.
func ExampleRounding_Apply() {
	half := decimal.RequireFromString("2.5")
	for _, mode := range []pricing.RoundingMode{pricing.RoundHalfUp, pricing.RoundHalfEven, pricing.RoundCeiling} {
		r := pricing.Rounding{Mode: mode}
		fmt.Println(mode, r.Apply(half), r.Apply(half.Neg()))
	}
	// Output:
	// half_up 3 -3
	// half_even 2 -2
	// ceiling 3 -2
}

func ExampleRounding_Quo() {
	cents := pricing.Rounding{Mode: pricing.RoundHalfEven, Scale: 2}
	fmt.Println(cents.Quo(decimal.NewFromInt(2), decimal.NewFromInt(3)), cents.Percent(decimal.NewFromInt(7), decimal.RequireFromString("12.5")))
	// Output: 0.67 0.88
}

// A number from outside is checked before anything is computed with it.
func ExampleCheck() {
	fmt.Println(pricing.Check("amount", decimal.RequireFromString("1.500")))
	_, err := pricing.Check("amount", decimal.New(1, 2_000_000_000))
	fmt.Println(err)
	_, err = pricing.Credits().Check("amount", decimal.RequireFromString("1.5"))
	fmt.Println(err)
	// Output:
	// 1.5 <nil>
	// pricing: invalid: amount has more than 26 digits before the point
	// pricing: invalid: amount is 1.5, which is finer than the 0 decimals of credits
}

// What each client of a reseller brought.
func ExampleMargins() {
	terms := pricing.Resale{Currency: "USD", Wholesale: decimal.RequireFromString("0.12"), Retail: decimal.RequireFromString("0.25")}
	sale := func(client, month string, credits int64) pricing.Sale {
		return pricing.Sale{Client: client, Period: month, Margin: terms.Margin(decimal.NewFromInt(credits), pricing.RoundHalfUp)}
	}
	margins, err := pricing.Margins(
		[]pricing.Sale{sale("acme", "2026-03", 1000), sale("globex", "2026-03", 100), sale("acme", "2026-04", 500)},
		func(s pricing.Sale) string { return s.Client },
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, client := range []string{"acme", "globex"} {
		profit, _ := margins[client].Profit()
		fmt.Println(client, margins[client].Revenue, profit)
	}
	// Output:
	// acme 375.00 USD 195.00 USD
	// globex 25.00 USD 13.00 USD
}
