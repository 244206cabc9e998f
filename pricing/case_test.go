package pricing_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/pricing"
)

// A publishedCase is what another system says a price is.
type publishedCase struct {
	ID, Source, Title, Differs string
	Runs                       []struct {
		Formula       pricing.Formula
		Alone, Series []struct{ Quantity, Amount decimal.Decimal }
		Total         decimal.Decimal
	}
}

func TestPublishedPrices(t *testing.T) {
	var file struct{ Cases []publishedCase }
	read(t, "cases.json", &file)
	require.NotEmpty(t, file.Cases)
	for _, c := range file.Cases {
		t.Run(c.ID+" "+c.Title, func(t *testing.T) {
			t.Parallel()
			require.NotEmpty(t, c.Source)
			for _, run := range c.Runs {
				card := one(t, run.Formula)
				for _, u := range run.Alone {
					q := wallet{}.price(t, card, pricing.Use{Item: "x", Quantity: u.Quantity})
					equal(t, u.Amount.String(), q.Amount, u.Quantity)
				}
				w, total := wallet{}, decimal.Zero
				for _, u := range run.Series {
					q := w.price(t, card, pricing.Use{Item: "x", Quantity: u.Quantity})
					equal(t, u.Amount.String(), q.Amount, u.Quantity)
					total = total.Add(q.Amount)
				}
				if !run.Total.IsZero() {
					equal(t, run.Total.String(), total)
				}
			}
		})
	}
}
