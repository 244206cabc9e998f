package main

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
)

func TestTheOverviewHasBalanceProgressAndReset(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.as("ann@acme.example").get("/o/acme-bakery")
	require.Contains(t, a.text, fmt.Sprintf(`<p class="hero">%s<span> credits`, s.available(acme)))
	require.Contains(t, a.text, "25 more held for work under way. Plan Studio, resets on 15 Apr 2026.")
	progress, err := report.Progresses(t.Context(), s.books, acme.wallet())
	require.NoError(t, err)
	require.Len(t, progress, 2)
	for _, p := range progress {
		of := p.Given.Add(p.Carried)
		require.Contains(t, a.text, fmt.Sprintf("%v left of %v", p.Left, of))
		share := p.Used.Mul(decimal.NewFromInt(100)).DivRound(of, 0)
		require.Contains(t, a.text, fmt.Sprintf(`aria-label="%v percent used"`, share))
	}
	require.NotEqual(t, progress[0].Used.String(), progress[0].Left.String())
	require.Contains(t, a.text, "A new month has begun and brings 240 credits.")
}

func TestWhatExpiresIsSaidInTime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	cleo := s.as("cleo@harbor.example")
	overview := cleo.get("/o/harbor-yoga").text
	require.Contains(t, overview, "of Starter, usable until 30 Mar 2026")
	require.Contains(t, overview, "in 7 days.")
	credits := cleo.get("/o/harbor-yoga/credits").text
	require.Contains(t, credits, `<span class="soon">`)
	require.Contains(t, credits, "usable until")
	require.NotContains(t, s.as("ann@acme.example").get("/o/acme-bakery/credits").text, "usable until")
	require.Contains(t, s.as("ann@acme.example").get("/o/acme-bakery/credits").text, "for Website support only")
}

func TestUsageIsAddedUpByServiceAndByPerson(t *testing.T) {
	t.Parallel()
	rows := usageRows([]report.Usage{
		{Item: "logo", Actor: "ann", Uses: 1, Credits: numberInt(25)},
		{Item: "graphic", Actor: "bob", Uses: 3, Credits: numberInt(24)},
		{Item: "graphic", Actor: "ann", Uses: 1, Credits: numberInt(1)},
	}, func(u report.Usage) string { return u.Actor })
	require.Equal(t, []usageRow{{"ann", 2, numberInt(26), 52}, {"bob", 3, numberInt(24), 48}}, rows)
	require.Empty(t, usageRows(nil, nil))
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0": "0", "1": "1", "999": "999", "1000": "1,000", "-1234567.5": "−1,234,567.5", "0.25": "0.25",
	} {
		require.Equal(t, want, number(decimal.RequireFromString(in)))
	}
	require.Equal(t, "+1", signed(numberInt(1)))
	require.Equal(t, "1 credit", credits(numberInt(1)))
	require.Equal(t, "1,599.00\u00a0USD", money(ledger.Money{Amount: numberInt(1599), Currency: "USD"}))
	require.Equal(t, "12,000\u00a0JPY", money(ledger.Money{Amount: numberInt(12000), Currency: "JPY"}))
}
