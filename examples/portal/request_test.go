package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestADoubleClickRequestsOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("ann@acme.example")
	before := s.entries(acme)
	form := url.Values{"key": {b.key("/o/acme-bakery/request?item=logo&quantity=1")}, "item": {"logo"}, "quantity": {"1"}}
	receipts := make([]answer, 8)
	var clicks sync.WaitGroup
	for i := range receipts {
		clicks.Go(func() { receipts[i] = b.post("/o/acme-bakery/request", form) })
	}
	clicks.Wait()
	for _, a := range receipts {
		require.Equal(t, http.StatusOK, a.status)
		require.Equal(t, fmt.Sprintf("/o/acme-bakery/history/%d", before+1), a.path)
	}
	require.Equal(t, before+1, s.entries(acme))
	require.Equal(t, 1, s.rows("requests WHERE id LIKE ?", "%"+form.Get("key")))

	form.Set("quantity", "2")
	a := b.post("/o/acme-bakery/request", form)
	require.Equal(t, http.StatusConflict, a.status)
	require.Contains(t, a.text, "sent before with other contents")
	require.Equal(t, before+1, s.entries(acme))
}

func TestTooFewCreditsAreASentenceWithPackagesToBuy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("dan@fisher.example")
	before := s.entries(legal)
	ask := "/o/fisher-legal/request?item=article&quantity=90000"
	form := url.Values{"key": {b.key("/o/fisher-legal/packages")}, "item": {"article"}, "quantity": {"90000"}}
	for _, a := range []answer{b.get(ask), b.post("/o/fisher-legal/request", form)} {
		require.Equal(t, http.StatusPaymentRequired, a.status)
		require.Contains(t, a.text, "That takes 1,350 credits, and there are only "+s.available(legal)+" for it.")
		require.Contains(t, a.text, "Buy Professional")
		require.Contains(t, a.text, `value="90000"`, "what was filled in stays")
	}
	require.Equal(t, before, s.entries(legal))
	require.Zero(t, s.rows("requests WHERE id LIKE ?", "%"+form.Get("key")), "what is not paid is not kept")
}

func TestNonsenseIsToldAndDoesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, maria := s.as("ann@acme.example"), s.as("maria@northlight.example")
	before := s.entries(acme)
	key := b.key("/o/acme-bakery/packages")
	for _, amount := range []string{
		"", " ", "0", "-1", "-0", "1e999", "1e2000000000", "1e-2000000000", "1.5", "NaN", "Inf", "0x10", "１２", "abc", "9999999999999999999999999999999",
		"1000001", strings.Repeat("9", 26), strings.Repeat("1", 5000), "1;2", "\x00",
	} {
		ask := b.get("/o/acme-bakery/request?item=logo&quantity=" + url.QueryEscape(amount))
		requireRefused(t, ask, "quantity %q", amount)
		form := url.Values{"key": {key}, "item": {"logo"}, "quantity": {amount}}
		requireRefused(t, b.post("/o/acme-bakery/request", form), "quantity %q", amount)
		form = url.Values{"key": {key}, "amount": {amount}, "reason": {"x"}, "to": {harbor.ID}}
		for _, action := range []string{"add", "deduct", "transfer"} {
			requireRefused(t, maria.post("/staff/acme-bakery/"+action, form), "%s %q", action, amount)
		}
	}
	require.Equal(t, before, s.entries(acme))
	for _, path := range []string{
		"/o/acme-bakery/request?item=nothing&quantity=1", "/o/acme-bakery/usage?days=1e9", "/o/acme-bakery/usage?days=-1",
		"/o/acme-bakery/history?type=nothing", "/o/acme-bakery/history?item=nothing", "/o/acme-bakery/history?from=yesterday",
		"/o/acme-bakery/history?from=9999-01-01", "/o/acme-bakery/history?to=0001-01-01", "/o/acme-bakery/history?from=2026-03-02&to=2026-03-01",
		"/o/acme-bakery/history?after=x", "/o/acme-bakery/history?after=1", "/o/acme-bakery/history?after=99999999999999999999.1",
		"/o/acme-bakery/history?after=9223372036854775807.1", "/o/acme-bakery/history.csv?type=nothing", "/o/acme-bakery/history?%zz",
		"/o/acme-bakery/history/0", "/o/acme-bakery/history/1", "/o/acme-bakery/history/-1", "/o/acme-bakery/history/99999999999999999999",
		"/o/acme-bakery/history/9223372036854775807", "/o/acme-bakery/invoices/2026-9999", "/o/acme-bakery/invoices/..%2f..",
		"/o/acme-bakery/orders/x", "/o/acme-bakery/nothing", "/o/" + strings.Repeat("x", 5000), "/provider/x",
	} {
		requireRefused(t, b.get(path), path)
	}
	for _, path := range []string{
		"/staff/nobody", "/staff/acme-bakery/entries/9223372036854775807", "/staff/acme-bakery/entries/x", "/staff/acme-bakery/grants/x",
		"/staff/acme-bakery/grants/0.0", "/staff/acme-bakery/grants/1.1", "/staff/acme-bakery/grants/99999999999999.1", "/staff/acme-bakery?after=-9223372036854775808.1",
	} {
		requireRefused(t, maria.get(path), path)
	}
	for path, form := range map[string]url.Values{
		"/o/acme-bakery/packages/nothing":      {"key": {key}},
		"/o/acme-bakery/packages/starter":      {"key": {"x"}},
		"/o/acme-bakery/request":               {"item": {"logo"}, "quantity": {"1"}},
		"/o/acme-bakery/credits":               {"key": {key}},
		"/sign-in":                             {"email": {strings.Repeat("x", maxForm)}},
		"/webhooks/payments":                   {"key": {key}},
		"/provider/" + strings.Repeat("A", 26): {},
	} {
		requireRefused(t, b.post(path, form), path)
	}
	for _, reason := range []string{"\xff", "a\x00b", strings.Repeat("x", 1001)} {
		form := url.Values{"key": {key}, "amount": {"1"}, "reason": {reason}}
		requireRefused(t, maria.post("/staff/acme-bakery/deduct", form), "%q", reason)
	}
	require.Equal(t, before, s.entries(acme))
	require.Empty(t, s.log.String())
}

// requireRefused requires that an answer tells that the request was at fault.
func requireRefused(t *testing.T, a answer, about string, args ...any) {
	t.Helper()
	about = fmt.Sprintf(about, args...)
	require.GreaterOrEqual(t, a.status, 400, about)
	require.Less(t, a.status, 500, about)
	require.NotEmpty(t, a.text, about)
}
