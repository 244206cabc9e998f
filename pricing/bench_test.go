package pricing_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/pricing"
)

// tenTiers is a graduated formula of ten tiers of 1,000, each cheaper than the one before.
func tenTiers(over pricing.Span) pricing.Formula {
	f := pricing.Formula{Model: pricing.ModelGraduated, Over: over}
	for i := range 10 {
		tier := pricing.Tier{Price: decimal.New(int64(100-5*i), -2)}
		if i < 9 {
			tier.UpTo = decimal.New(int64(i+1), 3)
		}
		f.Tiers = append(f.Tiers, tier)
	}
	return f
}

func BenchmarkPrice(b *testing.B) {
	fixed := func(s string) func(pricing.Counter) decimal.Decimal {
		d := dec(s)
		return func(pricing.Counter) decimal.Decimal { return d }
	}
	for _, c := range []struct {
		name, soFar, quantity string
		f                     pricing.Formula
	}{
		{"per use", "0", "1", pricing.Formula{Model: pricing.ModelPerUse, Price: dec("10")}},
		{"graduated/10 tiers/a step in tier 8", "7500", "3", tenTiers(pricing.OverPeriod)},
		{"graduated/10 tiers/a step over 2 tiers", "7999", "3", tenTiers(pricing.OverPeriod)},
		{"graduated/10 tiers/all of them", "0", "9500", tenTiers(pricing.OverPeriod)},
	} {
		b.Run(c.name, func(b *testing.B) {
			card, soFar := one(b, c.f), fixed(c.soFar)
			use := pricing.Use{Item: "x", Quantity: dec(c.quantity)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := card.Price(use, soFar); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// largeFile returns a catalog of n items, each with a graduated rate.
func largeFile(tb testing.TB, n int) []byte {
	tb.Helper()
	c := pricing.Catalog{Unit: pricing.Credits(), RateCards: []pricing.RateCard{{Name: "standard"}}}
	for i := range n {
		id := fmt.Sprintf("item-%05d", i)
		c.Items = append(c.Items, pricing.ItemDef{ID: id, Kind: "meter", Name: "Item " + id})
		c.RateCards[0].Rates = append(c.RateCards[0].Rates, pricing.Rate{
			Item: id,
			Formula: pricing.Formula{
				Model: pricing.ModelGraduated, Over: pricing.OverPeriod,
				Tiers: []pricing.Tier{{UpTo: dec("1000"), Price: dec("0.25")}, {Price: dec("0.2")}},
			},
		})
	}
	data, err := json.Marshal(c)
	require.NoError(tb, err)
	return data
}

func BenchmarkLoad(b *testing.B) {
	data := largeFile(b, 10_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pricing.Load(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}
