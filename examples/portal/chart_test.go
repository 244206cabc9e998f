package main

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

func TestAChartHasTheBalanceAndTheUseOfEachDay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, o := range []organization{acme, harbor, legal} {
		for _, days := range usageDays {
			c, err := s.chart(t.Context(), o, days)
			require.NoError(t, err)
			require.Len(t, c.Days, days)
			used := decimal.Zero
			for i, d := range c.Days {
				used = used.Add(d.Used)
				if i%9 != 0 {
					continue // the past takes a while to work out
				}
				end := d.Day.AddDate(0, 0, 1).Add(-time.Microsecond)
				if end.After(noon) {
					end = noon
				}
				b, err := s.books.Balance(t.Context(), o.wallet(), end)
				require.NoError(t, err)
				require.Equal(t, b.Total.String(), d.Balance.String(), "%s on %s", o.Name, d.Day)
			}
			require.Equal(t, used.String(), c.Used.String())
			charged := decimal.Zero
			for e, err := range s.books.Journal(t.Context(), ledger.JournalQuery{
				WalletID: o.wallet(), From: c.First(), Kinds: []ledger.Kind{ledger.KindCharge},
			}) {
				require.NoError(t, err)
				charged = charged.Add(e.Amount())
			}
			require.Equal(t, charged.String(), used.String())
		}
	}
}

func TestADrawingStaysInItsPanel(t *testing.T) {
	t.Parallel()
	c := chart{}
	for _, balance := range []int64{0, 3, -5, 10} {
		c.add(chartDay{Balance: numberInt(balance), Used: numberInt(max(balance, 0))})
	}
	require.Equal(t, "0,100 10,100 10,70 20,70 20,100 30,100 30,0 40,0", c.Line())
	require.Equal(t, "0,100 "+c.Line()+" 40,100", c.Area())
	require.Equal(t, []int{0, 30, 0, 100}, []int{c.Bars()[0].Height, c.Bars()[1].Height, c.Bars()[2].Height, c.Bars()[3].Height})
}
