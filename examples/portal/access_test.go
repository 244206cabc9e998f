package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// clientPages are the pages of an organization, each with a word that is on it.
var clientPages = map[string]string{
	"": "News", "/credits": "All credits", "/usage": "By service", "/usage?days=90": "The last 90 days",
	"/history": "Export CSV", "/history.csv": "balance", "/request": "What do you need?",
	"/request?item=graphic&quantity=1": "Request it for 8 credits", "/packages": "Recommended", "/invoices": "2026-",
}

func TestPeopleSeeThePagesOfTheirOrganization(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for email, org := range map[string]organization{"ann@acme.example": acme, "cleo@harbor.example": harbor, "dan@fisher.example": legal} {
		b := s.as(email)
		for path, word := range clientPages {
			a := b.get("/o/" + org.ID + path)
			require.Equal(t, http.StatusOK, a.status, path)
			require.Contains(t, a.text, word, path)
		}
	}
	require.Empty(t, s.log.String())
}

func TestNobodySeesAnotherOrganization(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("cleo@harbor.example")
	number, _, _ := strings.Cut(b.firstInvoice(harbor), "?")
	require.Equal(t, http.StatusOK, b.get("/o/harbor-yoga/invoices/"+number).status)
	others := s.as("ann@acme.example").firstInvoice(acme)
	for path := range clientPages {
		require.Equal(t, http.StatusNotFound, b.get("/o/acme-bakery"+path).status, path)
	}
	for _, path := range []string{
		"/o/acme-bakery/invoices/" + others, "/o/harbor-yoga/invoices/" + others, "/o/acme-bakery/history/5",
		"/o/acme-bakery/orders/sample-acme-bakery", "/o/harbor-yoga/orders/sample-acme-bakery", "/o/nobody",
	} {
		require.Equal(t, http.StatusNotFound, b.get(path).status, path)
	}
	form := url.Values{"key": {b.key("/o/harbor-yoga/packages")}, "item": {"logo"}, "quantity": {"1"}}
	for _, path := range []string{"/o/acme-bakery/request", "/o/acme-bakery/packages/starter"} {
		require.Equal(t, http.StatusNotFound, b.post(path, form).status, path)
	}
	require.Zero(t, s.rows("orders WHERE form LIKE ?", "%"+form.Get("key")))
}

// firstInvoice returns the number of the invoice that stands first in the list.
func (b *browser) firstInvoice(o organization) string {
	list := b.get("/o/" + o.ID + "/invoices").text
	_, after, _ := strings.Cut(list, "/invoices/")
	number, _, _ := strings.Cut(after, `"`)
	require.NotEmpty(b.t, number)
	return number
}

func TestStaffPagesAreForStaffOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	charge := s.last(acme, ledger.KindCharge)
	pages := map[string]string{
		"/staff": "Fisher &amp; Sons Legal", "/staff/acme-bakery": "Deduct", "/staff/acme-bakery/explain": "What made the balance",
		fmt.Sprintf("/staff/acme-bakery/entries/%d", charge.Seq):           "Refund",
		fmt.Sprintf("/staff/acme-bakery/grants/%v", charge.Moves[0].Grant): "Where they are",
	}
	maria, ann, nobody := s.as("maria@northlight.example"), s.as("ann@acme.example"), s.visitor()
	for path, word := range pages {
		a := maria.get(path)
		require.Equal(t, http.StatusOK, a.status, path)
		require.Contains(t, a.text, word, path)
		require.Equal(t, http.StatusForbidden, ann.get(path).status, path)
		require.Equal(t, "/sign-in", nobody.get(path).path, path)
	}
	before := s.entries(acme)
	form := url.Values{"key": {ann.key("/o/acme-bakery/packages")}, "amount": {"5"}, "reason": {"why not"}, "to": {"harbor-yoga"}}
	for _, path := range []string{"add", "deduct", "transfer", fmt.Sprintf("entries/%d", charge.Seq), fmt.Sprintf("grants/%v", charge.Moves[0].Grant)} {
		require.Equal(t, http.StatusForbidden, ann.post("/staff/acme-bakery/"+path, form).status, path)
	}
	require.Equal(t, before, s.entries(acme), "nothing was done")
}

func TestStaffSeesWhatClientsSeeButDoesNotSpendForThem(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	maria := s.as("maria@northlight.example")
	for path := range clientPages {
		require.Equal(t, http.StatusOK, maria.get("/o/acme-bakery"+path).status, path)
	}
	form := url.Values{"key": {maria.key("/o/acme-bakery/packages")}, "item": {"logo"}, "quantity": {"1"}}
	require.Equal(t, http.StatusForbidden, maria.post("/o/acme-bakery/request", form).status)
}

func TestStrangersAreSentToSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor()
	for _, path := range []string{"/", "/staff", "/o/acme-bakery", "/o/acme-bakery/history.csv", "/nowhere"} {
		require.Equal(t, "/sign-in", b.get(path).path, path)
	}
	require.Equal(t, http.StatusOK, b.get("/static/style.css").status)
}

func TestOtherSitesCannotMakeABrowserDoAnything(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("ann@acme.example")
	form := url.Values{"key": {b.key("/o/acme-bakery/packages")}, "item": {"logo"}, "quantity": {"1"}}
	before := s.entries(acme)
	for name, header := range map[string]http.Header{
		"by the browser's word":  {"Sec-Fetch-Site": {"cross-site"}},
		"by a page below":        {"Sec-Fetch-Site": {"same-site"}},
		"by where it comes from": {"Origin": {"https://evil.example"}},
	} {
		a := b.do(http.MethodPost, "/o/acme-bakery/request", form, header)
		require.Equal(t, http.StatusForbidden, a.status, name)
		require.Contains(t, a.text, "another website", name)
	}
	require.Equal(t, before, s.entries(acme))
	a := b.do(http.MethodPost, "/o/acme-bakery/request", form, http.Header{"Sec-Fetch-Site": {"same-origin"}})
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, before+1, s.entries(acme))
}

func TestPagesRunNoScriptAndAreNotKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("ann@acme.example")
	for path := range clientPages {
		a := b.get("/o/acme-bakery" + path)
		require.Equal(t, policy, a.header.Get("Content-Security-Policy"), path)
		require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"), path)
		require.Equal(t, "no-store", a.header.Get("Cache-Control"), path)
		require.NotContains(t, a.text, "<script", path)
		require.NotContains(t, a.text, " style=", path)
	}
	invoice := b.get("/o/acme-bakery/invoices/" + b.firstInvoice(acme))
	require.Equal(t, documentPolicy, invoice.header.Get("Content-Security-Policy"))
	require.NotContains(t, documentPolicy, "script-src")
}

func TestWhatPeopleWriteIsTextEverywhere(t *testing.T) {
	t.Parallel()
	const evil = `<script>alert("x")</script>`
	s := newSite(t)
	_, err := s.db.ExecContext(t.Context(), `UPDATE organizations SET name = ?`, evil)
	require.NoError(t, err)
	_, err = s.db.ExecContext(t.Context(), `UPDATE users SET name = ?`, evil)
	require.NoError(t, err)
	_, err = s.books.Adjust(t.Context(), ledger.AdjustRequest{
		Key: evil, WalletID: acme.wallet(), Amount: numberInt(1), Info: ledger.Info{Reason: evil, Actor: evil, Reference: evil},
	})
	require.NoError(t, err)
	seq := s.entries(acme)
	ann, maria := s.as("ann@acme.example"), s.as("maria@northlight.example")
	var all []answer
	for path := range clientPages {
		if path != "/history.csv" {
			all = append(all, ann.get("/o/acme-bakery"+path))
		}
	}
	all = append(all, ann.get(fmt.Sprintf("/o/acme-bakery/history/%d", seq)), maria.get("/staff"), maria.get("/staff/acme-bakery"),
		maria.get(fmt.Sprintf("/staff/acme-bakery/entries/%d", seq)), maria.get(fmt.Sprintf("/staff/acme-bakery/grants/%d.1", seq)),
		ann.get("/o/acme-bakery/history?type="+url.QueryEscape(evil)), ann.get("/o/acme-bakery/request?item=logo&quantity="+url.QueryEscape(evil)),
		s.visitor().post("/sign-in", signInAs(evil, evil)))
	for _, a := range all {
		require.NotContains(t, a.text, "<script", a.path)
		require.NotContains(t, a.text, `"x"`, a.path)
	}
}
