package expiry_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
)

func upTo(amount string) expiry.Rollover {
	return expiry.Rollover{Kind: expiry.RolloverAmount, Max: dec(amount)}
}

func percent(p string) expiry.Rollover {
	return expiry.Rollover{Kind: expiry.RolloverPercent, Percent: dec(p)}
}

func TestRolloverCap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		rollover  expiry.Rollover
		allowance string
		scale     int32
		want      string // "" is no bound
	}{
		{"nothing stated carries nothing", expiry.Rollover{}, "400", 0, "0"},
		{"none carries nothing", expiry.Rollover{Kind: expiry.RolloverNone}, "400", 0, "0"},
		{"an unknown kind carries nothing", expiry.Rollover{Kind: "some"}, "400", 0, "0"},
		{"all has no bound", expiry.Rollover{Kind: expiry.RolloverAll}, "400", 0, ""},
		{"an amount is itself", upTo("500"), "400", 0, "500"},
		{"an amount too fine for the unit is rounded down", upTo("0.999"), "400", 2, "0.99"},
		{"a percentage of the allowance", percent("25"), "400", 0, "100"},
		{"is rounded down", percent("50"), "25", 0, "12"},
		{"to the decimals of the unit", percent("50"), "25", 1, "12.5"},
		{"a third is never rounded up", percent("66.666666666667"), "100", 2, "66.66"},
		{"more than an allowance may pile up", percent("200"), "400", 0, "800"},
		{"an allowance of nothing carries nothing", percent("50"), "0", 0, "0"},
		{"an allowance below zero carries nothing", percent("50"), "-10", 0, "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			limit, bounded := c.rollover.Cap(dec(c.allowance), c.scale)
			require.Equal(t, c.want != "", bounded)
			if bounded {
				require.Equal(t, c.want, limit.String())
			}
		})
	}
}

func TestRolloverCarry(t *testing.T) {
	t.Parallel()
	all := expiry.Rollover{Kind: expiry.RolloverAll}
	for _, c := range []struct {
		name     string
		rollover expiry.Rollover
		blocks   []expiry.Block // oldest first
		want     []string
	}{
		{"no blocks", all, nil, []string{}},
		{"none lets everything lapse", expiry.Rollover{}, []expiry.Block{{Left: dec("300")}}, []string{"0"}},
		{"all keeps everything", all, []expiry.Block{{Left: dec("300"), Carried: 7}, {Left: dec("400")}}, []string{"300", "400"}},
		{"below the cap everything stays", upTo("500"), []expiry.Block{{Left: dec("300")}}, []string{"300"}},
		{"at the cap everything stays", upTo("500"), []expiry.Block{{Left: dec("100"), Carried: 1}, {Left: dec("400")}}, []string{"100", "400"}},
		{"above the cap the oldest loses first", upTo("500"), []expiry.Block{{Left: dec("300"), Carried: 1}, {Left: dec("400")}}, []string{"100", "400"}},
		{"the newest alone may fill the cap", upTo("500"), []expiry.Block{{Left: dec("300"), Carried: 1}, {Left: dec("700")}}, []string{"0", "500"}},
		{"a part of the smallest unit is kept exactly", upTo("0.3"), []expiry.Block{{Left: dec("0.1"), Carried: 1}, {Left: dec("0.1")}, {Left: dec("0.15")}}, []string{"0.05", "0.1", "0.15"}},
		{"the percentage is one of the allowance, not of what is left", percent("50"), []expiry.Block{{Left: dec("1000")}}, []string{"200"}},
		{
			"what was carried often enough lapses and leaves its room to the others",
			expiry.Rollover{Kind: expiry.RolloverAmount, Max: dec("500"), Periods: 2},
			[]expiry.Block{{Left: dec("200"), Carried: 2}, {Left: dec("300"), Carried: 1}, {Left: dec("200")}},
			[]string{"0", "300", "200"},
		},
		{
			"once means once",
			expiry.Rollover{Kind: expiry.RolloverAll, Periods: 1},
			[]expiry.Block{{Left: dec("200"), Carried: 1}, {Left: dec("300")}},
			[]string{"0", "300"},
		},
		{"what is empty or owed carries nothing and takes no room", upTo("500"), []expiry.Block{{Left: dec("500")}, {Left: dec("0")}, {Left: dec("-100")}}, []string{"500", "0", "0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, texts(c.rollover.Carry(c.blocks, dec("400"), 2)))
		})
	}
}

func TestRolloverEndsAt(t *testing.T) {
	t.Parallel()
	boundary := at(t, "2026-02-28T23:00:00Z")
	berlin := zone(t, "Europe/Berlin")
	require.Zero(t, expiry.Rollover{Kind: expiry.RolloverAll}.EndsAt(boundary, berlin))

	monthLong := expiry.Rollover{Kind: expiry.RolloverAll, Life: expiry.Months(1)}
	require.Equal(t, at(t, "2026-03-31T22:00:00Z"), monthLong.EndsAt(boundary, berlin), "1 March and a month in Berlin")
	require.Equal(t, at(t, "2026-03-28T23:00:00Z"), monthLong.EndsAt(boundary, nil), "28 February and a month in UTC")
}

func TestRolloverValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		rollover expiry.Rollover
		field    string
	}{
		{"an unknown kind", expiry.Rollover{Kind: "some"}, "kind"},
		{"an amount without a number", expiry.Rollover{Kind: expiry.RolloverAmount}, "max"},
		{"an amount for another kind", expiry.Rollover{Kind: expiry.RolloverAll, Max: dec("1")}, "max"},
		{"a negative amount", upTo("-1"), "max"},
		{"thirteen decimals", upTo("0.0000000000001"), "max"},
		{"twenty-seven digits", upTo("100000000000000000000000000"), "max"},
		{"two billion digits", expiry.Rollover{Kind: expiry.RolloverAmount, Max: decimal.New(1, 2_000_000_000)}, "max"},
		{"two billion decimals", expiry.Rollover{Kind: expiry.RolloverPercent, Percent: decimal.New(1, -2_000_000_000)}, "percent"},
		{"a percentage without a number", expiry.Rollover{Kind: expiry.RolloverPercent}, "percent"},
		{"a percentage for another kind", expiry.Rollover{Kind: expiry.RolloverAmount, Max: dec("1"), Percent: dec("1")}, "percent"},
		{"a negative percentage", percent("-1"), "percent"},
		{"more than a hundred allowances", percent("10000.01"), "percent"},
		{"a negative number of periods", expiry.Rollover{Kind: expiry.RolloverAll, Periods: -1}, "periods"},
		{"too many periods", expiry.Rollover{Kind: expiry.RolloverAll, Periods: expiry.MaxPeriods + 1}, "periods"},
		{"a life out of range", expiry.Rollover{Kind: expiry.RolloverAll, Life: expiry.Days(-1)}, "life.every"},
		{"an unknown order", expiry.Rollover{Kind: expiry.RolloverAll, Spend: "never"}, "spend"},
		{"a life of what is not carried", expiry.Rollover{Life: expiry.Days(1)}, "kind"},
		{"periods of what is not carried", expiry.Rollover{Kind: expiry.RolloverNone, Periods: 1}, "kind"},
		{"an order of what is not carried", expiry.Rollover{Spend: expiry.SpendLast}, "kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			requireInvalid(t, c.rollover.Validate(), c.field)
		})
	}
	for _, good := range []expiry.Rollover{
		{},
		{Kind: expiry.RolloverNone},
		{Kind: expiry.RolloverAll, Periods: expiry.MaxPeriods, Life: expiry.Months(1), Spend: expiry.SpendLast},
		upTo("99999999999999999999999999.999999999999"),
		upTo("0.000000000001"),
		upTo("1.00000000000000000000"), // zeros at the end are no decimals
		percent("10000"),
	} {
		require.NoError(t, good.Validate())
	}
}

func TestRolloverInJSON(t *testing.T) {
	t.Parallel()
	full := expiry.Rollover{
		Kind: expiry.RolloverAmount, Max: dec("500"), Periods: 2, Life: expiry.Months(1), Spend: expiry.SpendLast,
	}
	text, err := json.Marshal(full)
	require.NoError(t, err)
	require.JSONEq(t, `{"kind":"amount","max":"500","periods":2,"life":{"every":1,"unit":"month"},"spend":"last"}`, string(text))
	var back expiry.Rollover
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, full, back)

	text, err = json.Marshal(expiry.Rollover{})
	require.NoError(t, err)
	require.Equal(t, `{}`, string(text))
	require.True(t, expiry.Rollover{}.IsZero())
	require.False(t, full.IsZero())
}
