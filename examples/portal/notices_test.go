package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

func TestANewMonthIsInvoicedAndToldOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w, err := s.books.Wallet(t.Context(), acme.wallet())
	require.NoError(t, err)
	subscription, _ := w.Subscription("")
	later := testConfig(s.log)
	later.now = func() time.Time { return subscription.Period.End.Add(12 * time.Hour) }
	p := newPortal(s.db, s.catalog, later)
	invoices, messages := s.rows("invoices"), s.rows("messages")
	_, err = p.books.Settle(t.Context(), 100)
	require.NoError(t, err)
	notices, err := p.books.TakeNotices(t.Context(), 100, time.Minute)
	require.NoError(t, err)
	require.NotEmpty(t, notices)
	for range 2 { // they are delivered at least once
		for _, n := range notices {
			require.NoError(t, p.deliver(t.Context(), n))
		}
	}
	require.Equal(t, invoices+2, s.rows("invoices"), "those of Acme and Harbor Yoga")
	require.Equal(t, messages+len(notices), s.rows("messages"))
}

func TestInvoicesAreNumberedWithoutAGap(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rows, err := s.db.QueryContext(t.Context(), `SELECT number FROM invoices ORDER BY number`)
	require.NoError(t, err)
	defer rows.Close()
	next := map[string]int{}
	for rows.Next() {
		var number string
		require.NoError(t, rows.Scan(&number))
		year := number[:4]
		next[year]++
		require.Equal(t, invoiceNumber(year, next[year]), number)
	}
	require.NoError(t, rows.Err())
	require.Len(t, next, 2, "the sample spans two years")
}

func TestEveryAlertHasWords(t *testing.T) {
	t.Parallel()
	kinds := append([]ledger.NoticeKind{ledger.NoticeLow, ledger.NoticeExpiring}, alerts.Events...)
	for _, kind := range kinds {
		require.NotEmpty(t, words(ledger.Notice{Kind: kind, At: noon}, acme), kind)
	}
}
