package pricing_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/pricing"
)

func TestPublishedModelPrices(t *testing.T) {
	t.Parallel()
	c := load(t, "models.json")
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	card, err := c.Card("", now)
	require.NoError(t, err)
	var file struct {
		Uses []struct {
			Source, Seen, Item string
			Attributes         map[string]string
			Quantity, Amount   decimal.Decimal
			Parts              map[string]decimal.Decimal
		}
	}
	read(t, "models.uses.json", &file)
	require.NotEmpty(t, file.Uses)
	priced := map[string]bool{}
	for _, u := range file.Uses {
		require.NotEmpty(t, u.Source)
		require.NotEmpty(t, u.Seen)
		q := wallet{}.price(t, card, pricing.Use{
			Item: u.Item, Quantity: u.Quantity, Parts: u.Parts, Attributes: u.Attributes, At: now,
		})
		equal(t, u.Amount.String(), q.Amount, u)
		priced[u.Attributes["model"]] = true
	}
	for _, r := range card.Rates {
		require.True(t, priced[r.Match["model"]], "no published price checks the rate of %s", r.Match)
	}
	_, err = card.Price(pricing.Use{
		Item: "text", Quantity: dec("1"), At: now, Attributes: map[string]string{"model": "of someone else"},
	}, nil)
	refused(t, err, "attributes")
}
