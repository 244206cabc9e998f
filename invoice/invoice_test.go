package invoice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

func TestInvoiceRefuses(t *testing.T) {
	huge := decimal.New(1, 2_000_000_000)
	many := make([]invoice.Line, invoice.MaxLines+1)
	cases := map[string]struct {
		field  string
		change func(*invoice.Invoice)
	}{
		"no ID":                      {"id", func(v *invoice.Invoice) { v.ID = "" }},
		"an ID that is too long":     {"id", func(v *invoice.Invoice) { v.ID = strings.Repeat("x", invoice.MaxID+1) }},
		"an unknown currency":        {"currency", func(v *invoice.Invoice) { v.Currency = "usd" }},
		"no lines and no minimum":    {"lines", func(v *invoice.Invoice) { v.Lines = nil }},
		"too many lines":             {"lines", func(v *invoice.Invoice) { v.Lines = many }},
		"a line without an ID":       {"lines[0].id", func(v *invoice.Invoice) { v.Lines[0].ID = "" }},
		"a line ID with a zero byte": {"lines[0].id", func(v *invoice.Invoice) { v.Lines[0].ID = "a\x00" }},
		"two lines with one ID":      {"lines[1].id", func(v *invoice.Invoice) { v.Lines[1].ID = "a" }},
		"the minimum's line":         {"lines[0].id", func(v *invoice.Invoice) { v.Lines[0].ID, v.Minimum.Amount = "minimum", dec("1") }},
		"an amount out of bounds":    {"lines[0].amount", func(v *invoice.Invoice) { v.Lines[0].Amount = huge }},
		"a quantity out of bounds":   {"lines[0].quantity", func(v *invoice.Invoice) { v.Lines[0].Quantity = huge.Neg() }},
		"a price out of bounds":      {"lines[0].unit_price", func(v *invoice.Invoice) { v.Lines[0].UnitPrice = decimal.New(1, -13) }},
		"a product out of bounds": {"lines[0].amount", func(v *invoice.Invoice) {
			v.Lines[0] = invoice.Line{ID: "a", Quantity: decimal.New(1, 20), UnitPrice: decimal.New(1, 20)}
		}},
		"a period that ends early": {"lines[0].to", func(v *invoice.Invoice) { v.Lines[0].From, v.Lines[0].To = noon, noon }},
		"a discount of nothing":    {"lines[0].discounts[0].amount", func(v *invoice.Invoice) { v.Lines[0].Discounts = []invoice.Discount{{}} }},
		"a discount below zero":    {"discounts[0].amount", func(v *invoice.Invoice) { v.Discounts = []invoice.Discount{{Amount: dec("-1")}} }},
		"a discount above all":     {"discounts[0].percent", func(v *invoice.Invoice) { v.Discounts = []invoice.Discount{{Percent: dec("100.1")}} }},
		"a discount of two kinds":  {"discounts[0].amount", func(v *invoice.Invoice) { v.Discounts = []invoice.Discount{{Percent: dec("1"), Amount: dec("1")}} }},
		"a discount on a correction": {"lines[0].discounts", func(v *invoice.Invoice) {
			v.Lines[0].Amount, v.Lines[0].Discounts = dec("-1"), []invoice.Discount{{Percent: dec("1")}}
		}},
		"a tax below zero":            {"lines[0].tax.rate", func(v *invoice.Invoice) { v.Lines[0].Tax.Rate = dec("-1") }},
		"a maximum below zero":        {"maximum", func(v *invoice.Invoice) { v.Maximum = dec("-1") }},
		"a minimum below zero":        {"minimum.amount", func(v *invoice.Invoice) { v.Minimum.Amount = dec("-1") }},
		"a maximum below the minimum": {"maximum", func(v *invoice.Invoice) { v.Minimum.Amount, v.Maximum = dec("2"), dec("1") }},
		"a wallet without an ID":      {"wallets[0].id", func(v *invoice.Invoice) { v.Wallets = []invoice.Wallet{{}} }},
		"a price of nothing":          {"wallets[0].price.price", func(v *invoice.Invoice) { v.Wallets = []invoice.Wallet{inCredits(ledger.WalletIDOf("w"), "0")} }},
		"a price in another currency": {"wallets[0].price.currency", func(v *invoice.Invoice) {
			v.Currency, v.Wallets = "EUR", []invoice.Wallet{inCredits(ledger.WalletIDOf("w"), "1")}
		}},
		"an unknown strategy": {"strategy", func(v *invoice.Invoice) { v.Strategy = "best" }},
		"an unknown stage":    {"stage", func(v *invoice.Invoice) { v.Stage = "later" }},
		"an unknown rounding": {"rounding", func(v *invoice.Invoice) { v.Rounding = "odd" }},
	}
	require.NoError(t, bill(nil, line("a", "1"), line("b", "2")).Validate())
	for name, c := range cases {
		v := bill(nil, line("a", "1"), line("b", "2"))
		c.change(&v)
		err := v.Validate()
		require.ErrorIs(t, err, ledger.ErrInvalid, name)
		var invalid *ledger.InvalidError
		require.ErrorAs(t, err, &invalid)
		require.Equal(t, c.field, invalid.Field, name)
		_, err = v.Bill()
		require.ErrorIs(t, err, ledger.ErrInvalid, name)
	}
}

func TestStepsOfAnInvoice(t *testing.T) {
	tax := invoice.Tax{Name: "VAT", Rate: dec("20")}
	cases := map[string]struct {
		change func(*invoice.Invoice)
		want   string // subtotal, discount, tax, due
	}{
		"lines are added":                        {func(*invoice.Invoice) {}, "100 0 0 100"},
		"a percentage after an amount":           {func(v *invoice.Invoice) { v.Discounts = []invoice.Discount{{Amount: dec("50")}, {Percent: dec("10")}} }, "100 55 0 45"},
		"an amount after a percentage":           {func(v *invoice.Invoice) { v.Discounts = []invoice.Discount{{Percent: dec("10")}, {Amount: dec("50")}} }, "100 60 0 40"},
		"a discount takes no more than is there": {func(v *invoice.Invoice) { v.Discounts = []invoice.Discount{{Amount: dec("500")}} }, "100 100 0 0"},
		"a discount on some lines": {func(v *invoice.Invoice) {
			v.Discounts = []invoice.Discount{{Percent: dec("50"), Scope: ledger.Scope{Items: []string{"b"}}}}
		}, "100 30 0 70"},
		"a discount on no line": {func(v *invoice.Invoice) {
			v.Discounts = []invoice.Discount{{Percent: dec("50"), Scope: ledger.Scope{Items: []string{"c"}}}}
		}, "100 0 0 100"},
		"a minimum adds a line":                  {func(v *invoice.Invoice) { v.Minimum = invoice.Minimum{Amount: dec("120"), Tax: tax} }, "120 0 4 124"},
		"a minimum that is reached adds nothing": {func(v *invoice.Invoice) { v.Minimum.Amount = dec("100") }, "100 0 0 100"},
		"a minimum holds after discounts": {func(v *invoice.Invoice) {
			v.Minimum.Amount, v.Discounts = dec("100"), []invoice.Discount{{Amount: dec("5")}}
		}, "105 5 0 100"},
		"a maximum is a discount":        {func(v *invoice.Invoice) { v.Maximum = dec("80.01") }, "100 19.99 0 80.01"},
		"tax is added":                   {func(v *invoice.Invoice) { v.Lines[0].Tax = tax }, "100 0 8 108"},
		"tax is contained":               {func(v *invoice.Invoice) { v.Lines[0].Tax = invoice.Tax{Rate: dec("20"), Inclusive: true} }, "100 0 0 100"},
		"tax is on what discounts leave": {func(v *invoice.Invoice) { v.Lines[0].Tax, v.Discounts = tax, []invoice.Discount{{Percent: dec("50")}} }, "100 50 4 54"},
		"tax of one rate is rounded once": {func(v *invoice.Invoice) {
			v.Lines = []invoice.Line{line("a", "0.02"), line("b", "0.02")}
			v.Lines[0].Tax, v.Lines[1].Tax = tax, tax
		}, "0.04 0 0.01 0.05"},
		"or line by line": {func(v *invoice.Invoice) {
			v.Lines = []invoice.Line{line("a", "0.02"), line("b", "0.02")}
			v.Lines[0].Tax, v.Lines[1].Tax = tax, tax
			v.TaxByLine = true
		}, "0.04 0 0 0.04"},
		"a correction is netted within its tax": {func(v *invoice.Invoice) {
			v.Lines[1].Tax = tax
			fix := line("fix", "-10")
			fix.Tax = tax
			v.Lines = append(v.Lines, fix)
		}, "90 0 10 100"},
		"no lines, but a minimum":     {func(v *invoice.Invoice) { v.Lines = nil; v.Minimum.Amount = dec("7") }, "7 0 0 7"},
		"the rounding that is stated": {func(v *invoice.Invoice) { v.Lines[0].Amount, v.Rounding = dec("40.001"), pricing.RoundUp }, "100.01 0 0 100.01"},
	}
	for name, c := range cases {
		v := bill(nil, line("a", "40"), line("b", "60"))
		c.change(&v)
		b, err := v.Bill()
		require.NoError(t, err, name)
		requireSums(t, b)
		got := []string{b.Subtotal.String(), b.Discount.String(), b.TaxAdded.String(), b.Due.String()}
		require.Equal(t, c.want, strings.Join(got, " "), name)
	}
}

func TestContainedTaxIsShown(t *testing.T) {
	v := bill(nil, line("a", "119"))
	v.Lines[0].Tax = invoice.Tax{Name: "VAT", Rate: dec("19"), Inclusive: true}
	got, err := v.Bill()
	require.NoError(t, err)
	require.Equal(t, "19", got.TaxIncluded.String())
	require.Equal(t, "119", got.Taxes[0].Base.String())
}

func TestFullestPaysTheHighestTaxFirst(t *testing.T) {
	b := open(t)
	w := b.wallet(usd)
	b.give(w, "50", nil)
	v := bill([]ledger.WalletID{w}, line("books", "50"), line("seats", "50"))
	v.Lines[0].Tax, v.Lines[1].Tax = invoice.Tax{Rate: dec("7")}, invoice.Tax{Rate: dec("19")}
	inOrder, err := invoice.Preview(b.ctx, b.Ledger, v)
	require.NoError(t, err)
	require.Equal(t, "59.5", inOrder.Due.String())
	v.Strategy = ledger.StrategyFullest
	require.Equal(t, "53.5", b.settle(v).Due.String())
}

func TestPlanChangeComesToItsDue(t *testing.T) {
	catalog, err := pricing.New(pricing.Catalog{Unit: credits})
	require.NoError(t, err)
	plan := func(name, price string) pricing.Plan {
		return pricing.Plan{Name: name, Price: pricing.Money{Amount: dec(price), Currency: "USD"}, Cycle: expiry.Months(1)}
	}
	small, large := plan("small", "10"), plan("large", "29")
	p := expiry.Period{Start: noon, End: noon.Add(30 * day)}
	for at, c := range map[int][2]pricing.Plan{7: {small, large}, 13: {large, small}, 0: {small, large}} {
		change, err := catalog.Change(c[0], c[1], p, noon.Add(day*time.Duration(at)), pricing.RoundHalfUp)
		require.NoError(t, err)
		v := bill(nil, invoice.PlanChange(c[0], c[1], change, p, noon.Add(day*time.Duration(at)))...)
		got, err := v.Bill()
		require.NoError(t, err)
		require.True(t, got.Due.Sub(got.Surplus).Equal(change.Due.Amount), "%v %v", got.Due, change.Due)
	}
	fee, err := bill(nil, invoice.PlanFee(large, p)).Bill()
	require.NoError(t, err)
	require.Equal(t, "29", fee.Due.String())
}

func TestApplyRefusesOtherWallets(t *testing.T) {
	one, two := ledger.Wallet{ID: ledger.WalletIDOf("one")}, ledger.Wallet{ID: ledger.WalletIDOf("two")}
	one.Unit, two.Unit = usd, usd
	v := bill([]ledger.WalletID{one.ID, two.ID}, line("a", "1"))
	for field, wallets := range map[string][]ledger.Wallet{"wallets": {one}, "wallets[1].id": {one, one}, "wallets[0].id": {two, one}} {
		_, _, err := v.Apply(wallets, noon)
		var refused *ledger.InvalidError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, field, refused.Field)
	}
}

func TestLinesOfWhatTheLedgerKnows(t *testing.T) {
	_, err := invoice.Overage(ledger.Entry{Kind: ledger.KindCharge}, pricing.Beyond{}, pricing.RoundHalfUp)
	require.ErrorIs(t, err, ledger.ErrInvalid)
	_, err = invoice.Purchase(ledger.Entry{Kind: ledger.KindGrant})
	require.ErrorIs(t, err, ledger.ErrInvalid)
	_, err = invoice.Overage(ledger.Entry{Kind: ledger.KindBill}, pricing.Beyond{}, pricing.RoundHalfUp)
	require.ErrorIs(t, err, ledger.ErrInvalid, "terms that invoice nothing")

	dollars := func(s string) pricing.Money { return pricing.Money{Amount: dec(s), Currency: "USD"} }
	l, ok, err := invoice.TrueUp(dollars("10000"), dollars("9000"))
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "1000", l.Amount.String())
	_, ok, err = invoice.TrueUp(dollars("10000"), dollars("10000"))
	require.NoError(t, err)
	require.False(t, ok)
	_, _, err = invoice.TrueUp(dollars("1"), pricing.Money{Amount: dec("1"), Currency: "EUR"})
	require.ErrorIs(t, err, ledger.ErrInvalid)
}

func TestOverageLinesOfFewCreditsComeToTheTermsBill(t *testing.T) {
	var e ledger.Entry
	e.Kind = ledger.KindBill
	for _, item := range []ledger.Item{{ID: "sms"}, {ID: "mms"}, {}, {ID: "sms", Kind: "meter"}} {
		e.Parts = append(e.Parts, ledger.Part{Item: item, Amount: dec("6")})
	}
	terms := pricing.Beyond{Kind: pricing.BeyondOverage, Price: pricing.CreditPrice{Price: dec("0.001"), Currency: "USD"}}
	lines, err := invoice.Overage(e, terms, pricing.RoundHalfUp)
	require.NoError(t, err)
	got, err := bill(nil, lines...).Bill()
	require.NoError(t, err)
	require.Equal(t, "0.02", got.Due.String(), "24 credits at 0.001 USD: two of the lines come to nothing")
	var shown []string
	for _, l := range got.Lines {
		shown = append(shown, strings.Join([]string{l.ID, l.Name, l.Quantity.String(), l.UnitPrice.String(), l.Amount.String()}, "|"))
	}
	require.Equal(t, []string{
		"use/sms||6|0.001|0.01", "use/mms||6|0.001|0.01", "use|Other use|6|0|0", "use/sms/meter||6|0|0",
	}, shown)
}

func TestOverageOfAWalletInMoneyHasNoUnitPrice(t *testing.T) {
	e := ledger.Entry{Kind: ledger.KindBill, Parts: []ledger.Part{{Item: ledger.Item{ID: "sms"}, Quantity: dec("3"), Amount: dec("1.20")}}}
	lines, err := invoice.Overage(e, pricing.Beyond{
		Kind: pricing.BeyondOverage, Price: pricing.CreditPrice{Price: dec("1.0"), Currency: "USD"},
	}, pricing.RoundHalfUp)
	require.NoError(t, err)
	require.Len(t, lines, 1)
	require.Equal(t, "1.2", lines[0].Amount.String())
	require.True(t, lines[0].UnitPrice.IsZero() && lines[0].Quantity.IsZero(), "1.20 times 1.00 USD says nothing")
}

func TestOverageLinesComeToTheTermsBill(t *testing.T) {
	e := ledger.Entry{Kind: ledger.KindBill, Parts: []ledger.Part{
		{Item: ledger.Item{ID: "a"}, Amount: dec("7")},
		{Item: ledger.Item{ID: "b"}, Amount: dec("7")},
		{Item: ledger.Item{ID: "c"}, Amount: dec("7")},
		{Item: ledger.Item{ID: "d"}, Amount: dec("-2")},
		{Item: ledger.Item{ID: "e"}},
	}}
	terms := pricing.Beyond{Kind: pricing.BeyondOverage, Price: pricing.CreditPrice{Price: dec("0.0333"), Currency: "USD"}, Surcharge: dec("10")}
	lines, err := invoice.Overage(e, terms, pricing.RoundHalfUp)
	require.NoError(t, err)
	want, err := terms.Bill(dec("19"), pricing.RoundHalfUp)
	require.NoError(t, err)
	got, err := bill(nil, lines...).Bill()
	require.NoError(t, err)
	require.Len(t, lines, 5, "an item that came to nothing is left out, the surcharge is one")
	require.True(t, want.Total.Amount.Equal(got.Due), "%v %v", want.Total, got.Due)
}

func TestLinesOfLongNamesCanBeInvoiced(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", ledger.MaxKey/2)
	e := ledger.Entry{Kind: ledger.KindBill}
	for _, item := range []ledger.Item{
		{ID: long},
		{ID: long + "1"},
		{ID: long, Kind: "meter"},
		{ID: long, Kind: "fee"},
		{ID: "sms", Kind: long},
		{ID: "sms"},
		{ID: strings.Repeat("x", invoice.MaxID-len("use/"))},
		{ID: strings.Repeat("x", invoice.MaxID-len("use/")+1)},
	} {
		e.Parts = append(e.Parts, ledger.Part{Item: item, Amount: dec("6")})
	}
	terms := pricing.Beyond{Kind: pricing.BeyondOverage, Price: pricing.CreditPrice{Price: dec("2"), Currency: "USD"}}
	lines, err := invoice.Overage(e, terms, pricing.RoundHalfUp)
	require.NoError(t, err)
	again, err := invoice.Overage(e, terms, pricing.RoundHalfUp)
	require.NoError(t, err)
	require.Equal(t, lines, again)

	pack, plan := pricing.Package{Name: long, Price: pricing.Money{Amount: dec("5"), Currency: "USD"}}, pricing.Plan{Name: long}
	lines = append(lines, invoice.Package(pack, 1))
	lines = append(lines, invoice.PlanChange(plan, plan, pricing.PlanChange{
		Unused: pricing.Money{Amount: dec("3"), Currency: "USD"}, Charge: pricing.Money{Amount: dec("4"), Currency: "USD"},
	}, expiry.Period{Start: noon, End: noon.Add(48 * time.Hour)}, noon)...)
	require.Len(t, lines, 8+3)
	require.NoError(t, bill(nil, lines...).Validate())
	require.Equal(t, "use/"+strings.Repeat("x", invoice.MaxID-len("use/")), lines[6].ID, "what fits stays as it is")
}
