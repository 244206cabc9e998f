package pricing_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/pricing"
)

func decs(list ...string) []decimal.Decimal {
	out := make([]decimal.Decimal, len(list))
	for i, s := range list {
		out[i] = dec(s)
	}
	return out
}

func TestRoundingModes(t *testing.T) {
	t.Parallel()
	numbers := []string{"2.5", "1.1", "-1.1", "-2.5", "3.5", "2"}
	for mode, want := range map[pricing.RoundingMode][]string{
		pricing.RoundUp:       {"3", "2", "-2", "-3", "4", "2"},
		pricing.RoundDown:     {"2", "1", "-1", "-2", "3", "2"},
		pricing.RoundHalfUp:   {"3", "1", "-1", "-3", "4", "2"},
		pricing.RoundHalfEven: {"2", "1", "-1", "-2", "4", "2"},
		pricing.RoundCeiling:  {"3", "2", "-1", "-2", "4", "2"},
		pricing.RoundFloor:    {"2", "1", "-2", "-3", "3", "2"},
	} {
		r := pricing.Rounding{Mode: mode}
		for i, n := range numbers {
			equal(t, want[i], r.Apply(dec(n)), mode, n)
			equal(t, want[i], r.Quo(dec(n).Mul(dec("7")), dec("7")), mode, n)
			equal(t, want[i]+"0", pricing.Rounding{Mode: mode, Scale: -1}.Apply(dec(n).Shift(1)), mode, n)
		}
	}
	third := pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 2}
	equal(t, "0.33", third.Quo(dec("1"), dec("3")))
	equal(t, "-0.67", third.Quo(dec("2"), dec("-3")))
	refused(t, pricing.Rounding{}.Validate(), "mode")
	refused(t, pricing.Rounding{Mode: "nearest"}.Validate(), "mode")
	require.EqualError(t, pricing.RoundingMode("nearest").Validate(), `pricing: invalid: is "nearest", which is no rounding mode`)
	refused(t, pricing.Rounding{Mode: pricing.RoundUp, Scale: 13}.Validate(), "scale")
}

func TestSplitByLargestRemainder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, total   string
		scale         int32
		weights, want []string
	}{
		{"the largest loss is made good first", "10", 0, []string{"1.4", "1.4", "2.2"}, []string{"3", "3", "4"}},
		{"a loss beats a position", "1", 0, []string{"1", "2"}, []string{"0", "1"}},
		{"ties go to the earlier", "0.05", 2, []string{"1", "1", "1"}, []string{"0.02", "0.02", "0.01"}},
		{"below zero it is the mirror image", "-0.05", 2, []string{"1", "1", "1"}, []string{"-0.02", "-0.02", "-0.01"}},
		{"no weight takes nothing", "7", 0, []string{"0", "3", "0", "1"}, []string{"0", "5", "0", "2"}},
		{"no weights at all leave it to the first", "7", 0, []string{"0", "0"}, []string{"7", "0"}},
		{"digits finer than the scale stay with the first", "1.005", 2, []string{"0", "1", "1"}, []string{"0", "0.505", "0.5"}},
		{"nothing is nothing", "0", 2, []string{"1", "2"}, []string{"0", "0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, p := range pricing.Split(dec(c.total), decs(c.weights...), c.scale) {
				equal(t, c.want[i], p, i)
			}
		})
	}
	require.Empty(t, pricing.Split(decimal.Zero, nil, 0))
	require.Panics(t, func() { pricing.Split(dec("1"), nil, 0) })
	require.Panics(t, func() { pricing.Split(dec("1"), decs("-1"), 0) })
}

func TestMoney(t *testing.T) {
	t.Parallel()
	usd := func(s string) pricing.Money { return pricing.Money{Amount: dec(s), Currency: "USD"} }
	for currency, scale := range map[string]int32{"USD": 2, "JPY": 0, "KWD": 3, "CLF": 4, "EUR": 2} {
		got, ok := pricing.MinorUnits(currency)
		require.True(t, ok)
		require.Equal(t, scale, got)
	}
	require.Equal(t, "12.00 USD", usd("12").String())
	require.Equal(t, "0", pricing.Money{}.String())
	require.Equal(t, "12 JPY", pricing.Money{Amount: dec("12"), Currency: "JPY"}.String())
	require.Equal(t, "0.0001 USD", usd("0.0001").String())
	require.Equal(t, "1.01 USD", usd("1.005").Round(pricing.RoundHalfUp).String())
	sum, err := usd("1.10").Add(usd("-2"))
	require.NoError(t, err)
	require.Equal(t, "-0.90 USD", sum.String())
	sum, err = pricing.Money{}.Add(usd("3"))
	require.NoError(t, err)
	require.Equal(t, "3.00 USD", sum.String())
	_, err = usd("1").Sub(pricing.Money{Amount: dec("1"), Currency: "EUR"})
	refused(t, err, "currency")
	parts := usd("100").Split(decs("1", "1", "1"))
	require.Equal(t, "33.34 USD", parts[0].String())
	require.Equal(t, "33.33 USD", parts[2].String())
	refused(t, usd("0.001").Validate(), "amount")
	refused(t, usd("1e30").Validate(), "amount")
	refused(t, pricing.Money{}.Validate(), "currency")
	refused(t, pricing.Money{Currency: "XXX"}.Validate(), "currency")
	_, err = pricing.CreditPrice{Price: dec("1"), Currency: "EUR"}.Credits(usd("1"), pricing.Rounding{Mode: pricing.RoundDown})
	refused(t, err, "currency")
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1.0": "1", "0.000": "0", "100": "100", "-1e25": "-10000000000000000000000000",
		"99999999999999999999999999.999999999999": "99999999999999999999999999.999999999999",
		"0.000000000001": "0.000000000001", "1.0000000000000000000": "1",
	} {
		got, err := pricing.Check("amount", dec(in))
		require.NoError(t, err, in)
		require.Equal(t, want, got.String())
		require.Equal(t, got, got.Normalize())
	}
	for _, d := range []decimal.Decimal{
		dec("1e26"), dec("-1e26"), dec("1e-13"), decimal.New(1, 2_000_000_000), decimal.New(1, -2_000_000_000),
		dec("100000000000000000000000000.5"),
	} {
		_, err := pricing.Check("amount", d)
		refused(t, err, "amount")
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	sms, fee := pricing.Item{Kind: "meter", ID: "sms"}, pricing.Item{Kind: "fee", ID: "setup"}
	for _, c := range []struct {
		words          string
		scope          pricing.Scope
		sms, fee, none bool
	}{
		{"everything", pricing.Scope{}, true, true, true},
		{"kind meter", pricing.Scope{Kinds: []string{"meter"}}, true, false, false},
		{"kind meter, item setup", pricing.Scope{Kinds: []string{"meter"}, Items: []string{"setup"}}, true, true, false},
		{"everything, except item sms", pricing.Scope{ExceptItems: []string{"sms"}}, false, true, true},
		{"everything, except kind fee", pricing.Scope{ExceptKinds: []string{"fee"}}, true, false, true},
		{"kind meter, except item sms", pricing.Scope{Kinds: []string{"meter"}, ExceptItems: []string{"sms"}}, false, false, false},
		{"item SMS", pricing.Scope{Items: []string{"SMS"}}, false, false, false},
	} {
		require.NoError(t, c.scope.Validate())
		require.Equal(t, c.words, c.scope.String())
		require.Equal(t, []bool{c.sms, c.fee, c.none},
			[]bool{c.scope.Covers(sms), c.scope.Covers(fee), c.scope.Covers(pricing.Item{})}, c.words)
		require.Equal(t, c.words != "everything", c.scope.Restricted())
	}
	refused(t, pricing.Scope{Items: []string{"a", ""}}.Validate(), "items[1]")
	refused(t, pricing.Scope{Kinds: []string{"a", "a"}}.Validate(), "kinds[1]")
	refused(t, pricing.Scope{Items: []string{" a"}}.Validate(), "items[0]")
	refused(t, pricing.Scope{Items: []string{"a"}, ExceptItems: []string{"a", "b"}}.Validate(), "")
	refused(t, pricing.Bucket{Name: "b", Priority: 101}.Validate(), "priority")
	refused(t, pricing.Bucket{Name: "b", Allowance: dec("-1")}.Validate(), "allowance")
	refused(t, pricing.Unit{Name: "credits", Scale: 13}.Validate(), "scale")
}
