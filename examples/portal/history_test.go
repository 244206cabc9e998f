package main

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

func numberInt(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

var (
	lineLink  = regexp.MustCompile(`/history/(\d+)"`)
	olderLink = regexp.MustCompile(`<a href="([^"]+)" rel="next">Older</a>`)
)

// pages returns the numbers of the lines of a history, page by page.
func (b *browser) pages(path string) (all [][]string) {
	for path != "" {
		a := b.get(path)
		require.Equal(b.t, http.StatusOK, a.status, path)
		var page []string
		for _, found := range lineLink.FindAllStringSubmatch(a.text, -1) {
			page = append(page, found[1])
		}
		all, path = append(all, page), ""
		if older := olderLink.FindStringSubmatch(a.text); older != nil {
			path = strings.ReplaceAll(older[1], "&amp;", "&")
		}
	}
	return all
}

// export returns the rows of a file, without the names of its columns.
func (b *browser) export(path string) [][]string {
	a := b.get(path)
	require.Equal(b.t, http.StatusOK, a.status)
	require.Equal(b.t, "text/csv; charset=utf-8", a.header.Get("Content-Type"))
	rows, err := csv.NewReader(strings.NewReader(a.text)).ReadAll()
	require.NoError(b.t, err)
	require.Equal(b.t, []string{"date", "type", "about", "reason", "by", "credits", "balance"}, rows[0])
	return rows[1:]
}

func TestAHistoryHasEveryLineOnceTheLatestFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("ann@acme.example")
	pages := b.pages("/o/acme-bakery/history")
	require.Greater(t, len(pages), 2)
	seen := map[string]bool{}
	for i, page := range pages {
		if i < len(pages)-1 {
			require.Len(t, page, pageSize)
		}
		for _, seq := range page {
			require.False(t, seen[seq], seq)
			seen[seq] = true
		}
	}
	rows := b.export("/o/acme-bakery/history.csv")
	require.Len(t, rows, len(seen), "the file has what all pages have")
	w, err := s.books.Wallet(t.Context(), acme.wallet())
	require.NoError(t, err)
	require.Equal(t, w.Balance.String(), rows[0][6], "it begins with the balance of now")
	sum := decimal.Zero
	for _, row := range rows {
		sum = sum.Add(decimal.RequireFromString(row[5]))
	}
	require.Equal(t, w.Balance.String(), sum.String(), "and its credits add up to it")
}

func TestAHistoryIsFiltered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("ann@acme.example")
	for query, want := range map[string]func(row []string) bool{
		"type=usage":   func(row []string) bool { return row[1] == "Usage" },
		"type=refund":  func(row []string) bool { return row[1] == "Refund" && row[2] == "Logo design" },
		"item=article": func(row []string) bool { return strings.HasPrefix(row[2], "Article, ") },
		"type=usage&item=logo&from=2026-01-01&to=2026-03-01": func(row []string) bool {
			return row[2] == "Logo design" && row[0] >= "2026-01-01" && row[0] < "2026-03-02"
		},
		"from=2026-03-10&to=2026-03-10": func(row []string) bool { return strings.HasPrefix(row[0], "2026-03-10") },
	} {
		rows := b.export("/o/acme-bakery/history.csv?" + query)
		require.NotEmpty(t, rows, query)
		for _, row := range rows {
			require.True(t, want(row), "%s: %v", query, row)
		}
		lines := 0
		for _, page := range b.pages("/o/acme-bakery/history?" + query) {
			lines += len(page)
		}
		require.Equal(t, len(rows), lines, "the page has what the file has: %s", query)
	}
	require.Equal(t, []string{"Added by " + agency, "We delivered late"}, b.export("/o/acme-bakery/history.csv?type=addition")[0][2:4])
	require.Contains(t, b.get("/o/acme-bakery/history?after=9223372036854775807.1").text, "There is no such page.")
	require.Contains(t, b.get("/o/acme-bakery/history?type=transfer").text, "Nothing like this happened")
}

func TestNoCellOfAFileIsAFormula(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for i, evil := range []string{"=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"} {
		_, err := s.books.Adjust(t.Context(), ledger.AdjustRequest{
			Key: "evil " + string(rune('a'+i)), WalletID: legal.wallet(), Amount: numberInt(1), Info: ledger.Info{Reason: "'" + evil, Actor: evil},
		})
		require.NoError(t, err)
	}
	for _, row := range s.as("dan@fisher.example").export("/o/fisher-legal/history.csv") {
		for i, cell := range row[:5] {
			require.False(t, strings.HasPrefix(strings.TrimLeft(cell, "\t\r "), "=") || strings.IndexAny(cell, "+-@\t\r") == 0, "column %d: %q", i, cell)
		}
	}
}

func TestAReceiptSaysWhatPaid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("ann@acme.example")
	a := b.post("/o/acme-bakery/request", url.Values{
		"key": {b.key("/o/acme-bakery/request?item=article&quantity=1500")}, "item": {"article"}, "quantity": {"1500"},
	})
	require.Equal(t, http.StatusOK, a.status)
	for _, want := range []string{"−30", "Article, 1,500 words", "ann@acme.example", "The price", "Paid with", "Monthly credits"} {
		require.Contains(t, a.text, want)
	}
}
