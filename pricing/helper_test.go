package pricing_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/pricing"
)

// dec returns the decimal that s states.
func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// at returns an instant in March 2026.
func at(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }

// equal fails the test unless got is the decimal want states.
func equal(t testing.TB, want string, got decimal.Decimal, msg ...any) {
	t.Helper()
	require.Truef(t, dec(want).Equal(got), "want %s, got %s %v", want, got, msg)
}

// load returns the catalog in a file of testdata.
func load(t testing.TB, name string) *pricing.Catalog {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	require.NoError(t, err)
	defer f.Close()
	c, err := pricing.Load(f)
	require.NoError(t, err)
	return c
}

// read decodes a file of testdata that is not a catalog.
func read(t testing.TB, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, v))
}

// cardOf returns a card that prices items of the same names as the formulas, in a unit with 12
// decimals.
func cardOf(t testing.TB, rates ...pricing.Rate) *pricing.RateCard {
	t.Helper()
	card, err := tryCard(rates...)
	require.NoError(t, err)
	return card
}

func tryCard(rates ...pricing.Rate) (*pricing.RateCard, error) {
	c := pricing.Catalog{Unit: pricing.Unit{Name: "credits", Scale: pricing.MaxScale}}
	seen := map[string]bool{}
	for _, r := range rates {
		if !seen[r.Item] {
			c.Items = append(c.Items, pricing.ItemDef{ID: r.Item, Kind: "meter"})
		}
		seen[r.Item] = true
	}
	c.RateCards = []pricing.RateCard{{Name: "standard", Rates: rates}}
	complete, err := pricing.New(c)
	if err != nil {
		return nil, err
	}
	return complete.Card("", time.Time{})
}

// one returns a card on which the item "x" has formula f.
func one(t testing.TB, f pricing.Formula) *pricing.RateCard {
	t.Helper()
	return cardOf(t, pricing.Rate{Item: "x", Formula: f})
}

// A wallet counts use as a ledger does, in one period.
type wallet map[pricing.Counter]decimal.Decimal

func (w wallet) soFar(c pricing.Counter) decimal.Decimal { return w[c] }

// price prices u and counts it. It fails the test unless the working adds up.
func (w wallet) price(t testing.TB, card *pricing.RateCard, u pricing.Use) pricing.Quote {
	t.Helper()
	q, err := card.Price(u, w.soFar)
	require.NoError(t, err)
	sum := decimal.Zero
	for _, s := range q.Working {
		sum = sum.Add(s.Amount)
	}
	require.Truef(t, sum.Equal(q.Amount), "the working %v adds up to %v, not %v", q.Working, sum, q.Amount)
	for _, n := range q.Counts {
		w[n.Counter] = w[n.Counter].Add(n.Quantity)
	}
	return q
}
