package pricing_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// figures are the inputs or outputs of a published case, as decimals or words.
type figures map[string]string

// dec returns a figure, or zero if there is none.
func (f figures) dec(name string) decimal.Decimal {
	if f[name] == "" {
		return decimal.Zero
	}
	return dec(f[name])
}

func (f figures) money(name string) pricing.Money {
	return pricing.Money{Amount: f.dec(name), Currency: "USD"}
}

func (f figures) time(name string) time.Time {
	t, err := time.Parse(time.RFC3339, f[name])
	if err != nil {
		panic(err)
	}
	return t
}

func TestPublishedCommerce(t *testing.T) {
	var file struct {
		Cases []struct {
			ID, Source, Title, Kind string
			Given, Want             figures
		}
	}
	read(t, "commerce.json", &file)
	require.NotEmpty(t, file.Cases)
	run := map[string]func(t *testing.T, given figures) figures{
		"convert": runConvert, "topup": runTopUp, "percredit": runPerCredit, "bill": runBill, "change": runChange,
	}
	for _, c := range file.Cases {
		t.Run(c.ID+" "+c.Title, func(t *testing.T) {
			require.NotEmpty(t, c.Source)
			require.Contains(t, run, c.Kind)
			require.Equal(t, c.Want, run[c.Kind](t, c.Given))
		})
	}
}

func runConvert(t *testing.T, given figures) figures {
	p := pricing.CreditPrice{Price: given.dec("price"), Currency: given["currency"]}
	require.NoError(t, p.Validate())
	m := p.Money(given.dec("credits"), pricing.RoundingMode(given["mode"]))
	credits, err := p.Credits(m, pricing.Rounding{Mode: pricing.RoundDown})
	require.NoError(t, err)
	return figures{"money": m.Amount.StringFixed(2), "credits": credits.String()}
}

func runTopUp(t *testing.T, given figures) figures {
	top := pricing.TopUp{
		Threshold: given.dec("threshold"), Amount: given.dec("amount"), Bonus: given.dec("bonus"),
		Target: given.dec("target"), Minimum: given.dec("minimum"),
	}
	require.NoError(t, top.Validate())
	return figures{"size": top.Size(given.dec("balance")).String()}
}

func runPerCredit(t *testing.T, given figures) figures {
	unit := pricing.Credits()
	p := pricing.Package{
		Name: "p", Credits: given.dec("credits"), Price: given.money("price"), Bonus: pricing.Bonus{Credits: given.dec("bonus")},
	}
	require.NoError(t, p.Validate(unit))
	each := p.PerCredit(unit, at(1, 0), pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 4})
	return figures{"total": p.Total(unit, at(1, 0)).String(), "each": each.Price.String()}
}

func runBill(t *testing.T, given figures) figures {
	b := pricing.Beyond{
		Kind:      pricing.BeyondKind(given["kind"]),
		Price:     pricing.CreditPrice{Price: given.dec("price"), Currency: "USD"},
		Surcharge: given.dec("surcharge"),
	}
	if given["commitment"] != "" {
		b.Commitment = given.money("commitment")
	}
	require.NoError(t, b.Validate())
	bill, err := b.Bill(given.dec("credits"), pricing.RoundHalfUp)
	require.NoError(t, err)
	return figures{
		"use": bill.Use.Amount.StringFixed(2), "surcharge": bill.Surcharge.Amount.StringFixed(2),
		"true_up": bill.TrueUp.Amount.StringFixed(2), "total": bill.Total.Amount.StringFixed(2),
	}
}

func runChange(t *testing.T, given figures) figures {
	plan := func(price string) pricing.Plan {
		return pricing.Plan{Cycle: expiry.Months(1), Price: given.money(price)}
	}
	c, err := pricing.New(pricing.Catalog{Unit: pricing.Credits()})
	require.NoError(t, err)
	period := expiry.Period{Start: given.time("from"), End: given.time("until")}
	change, err := c.Change(plan("paid"), plan("to"), period, given.time("at"), pricing.RoundHalfUp)
	require.NoError(t, err)
	require.False(t, change.Restart)
	return figures{
		"unused": change.Unused.Amount.StringFixed(2), "charge": change.Charge.Amount.StringFixed(2),
		"due": change.Due.Amount.StringFixed(2),
	}
}
