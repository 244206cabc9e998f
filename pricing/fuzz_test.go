package pricing_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// FuzzLoad checks that any file either is refused with a position, or is a catalog that encodes,
// decodes to the same, differs from itself in nothing and can be asked for everything.
func FuzzLoad(f *testing.F) {
	for _, name := range catalogs() {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, s := range []string{
		valid, "", "{", "[]", "null", `{"unit":{"name":"\ud800"}}`, "\xff", `{"unit":{"name":"credits","scale":12}}`,
		`{"unit":{"name":"c"},"items":[{"id":"a","kind":"k"}],"rate_cards":[{"name":"n","rates":[{"item":"a","model":"per_unit","price":1e-12,"block":"1e-12"}]}]}`,
		`{"unit":{"name":"c"},"items":[{"id":"a","kind":"k"}],"rate_cards":[{"name":"n","rates":[{"item":"a","model":"sum","parts":{"p":{"model":"sum","parts":{}}}}]}]}`,
		`{"unit":{"name":"c"},"packages":[{"name":"p","credits":1e26,"price":{"amount":"1e2000000000","currency":"USD"}}]}`,
		`{"unit":{"name":"c"},"packages":[{"name":"p","credits":1,"price":{"amount":0,"currency":"JPY"}},{"name":"q","credits":3,"price":{"amount":2,"currency":"JPY"}}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := pricing.Load(bytes.NewReader(data))
		if err != nil {
			var invalid *pricing.InvalidError
			if !errors.As(err, &invalid) || invalid.Line < 1 || invalid.Column < 1 {
				t.Fatalf("refused without a position: %v", err)
			}
			return
		}
		encoded, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := pricing.Load(bytes.NewReader(encoded))
		if err != nil {
			t.Fatalf("%v: %s", err, encoded)
		}
		if changes := pricing.Diff(c, again); len(changes) > 0 {
			t.Fatalf("changed by encoding: %v", changes)
		}
		ask(c)
	})
}

// ask calls what a host may call on a catalog from outside. Nothing may panic.
func ask(c *pricing.Catalog) {
	c.Warnings()
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, quantity := range []string{"0", "1", "-3", "1234567.891", "99999999999999999999999999"} {
		q := decimal.RequireFromString(quantity)
		for _, d := range c.Items {
			if card, err := c.Card("", now); err == nil {
				_, _ = card.Price(pricing.Use{Item: d.ID, Quantity: q, At: now}, nil)
			}
		}
		c.Alone(q, now)
		_, _ = c.Cheapest(q, "USD", now, nil)
		for _, p := range c.Plans {
			_, _ = c.Estimate(p, []pricing.Use{{Item: "sms", Quantity: q, At: now}}, now, "")
			_, _ = p.Beyond.Bill(q, pricing.RoundHalfUp)
		}
	}
	c.Awards(pricing.Event{At: now, Package: "x", Credits: decimal.New(10, 0), Referred: true})
}

// FuzzPrice checks that a use of any quantity after any other neither panics nor has a working that
// does not add up.
func FuzzPrice(f *testing.F) {
	for _, s := range [][2]string{
		{"0", "0"},
		{"1", "0"},
		{"-1", "1"},
		{"1e2000000000", "0"},
		{"0.000000000001", "99999999999999999999999999"},
		{"1e-13", "0"},
		{"1000", "-1000"},
		{"999.999999999999", "0.000000000001"},
	} {
		f.Add(s[0], s[1], uint8(0))
	}
	f.Fuzz(func(t *testing.T, quantity, soFar string, which uint8) {
		if len(quantity) > 100 || len(soFar) > 100 {
			return
		}
		q, err := decimal.NewFromString(quantity)
		if err != nil {
			return
		}
		before, err := decimal.NewFromString(soFar)
		if err == nil {
			before, err = pricing.Check("so far", before)
		}
		if err != nil {
			return
		}
		formulas := []pricing.Formula{
			tenTiers(pricing.OverPeriod), tenTiers(pricing.OverUse),
			{Model: pricing.ModelPackage, Over: pricing.OverPeriod, Price: decimal.New(7, -1), Block: decimal.New(12, 0), FreeUnits: decimal.New(5, 0)},
			{Model: pricing.ModelPercentage, Over: pricing.OverPeriod, Price: decimal.New(13, -1), Fixed: decimal.New(2, 0), FreeUses: 3, Min: decimal.New(1, 0)},
			{Model: pricing.ModelVolume, Over: pricing.OverPeriod, Tiers: tenTiers("").Tiers, Max: decimal.New(100, 0)},
		}
		card := one(t, formulas[int(which)%len(formulas)])
		quote, err := card.Price(pricing.Use{Item: "x", Quantity: q}, func(pricing.Counter) decimal.Decimal { return before })
		if err != nil {
			if !errors.Is(err, pricing.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		sum := decimal.Zero
		for _, s := range quote.Working {
			sum = sum.Add(s.Amount)
		}
		if !sum.Equal(quote.Amount) {
			t.Fatalf("%v adds up to %v, not %v", quote.Working, sum, quote.Amount)
		}
	})
}
