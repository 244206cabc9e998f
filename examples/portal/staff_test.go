package main

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// send sends a form of the desk of Acme twice, as a double click does, and returns
// what is shown in the end.
func (b *browser) send(page, to string, form url.Values) answer {
	b.t.Helper()
	form.Set("key", b.key("/staff/acme-bakery"+page))
	before := b.entries(acme)
	first := b.post("/staff/acme-bakery"+to, form)
	second := b.post("/staff/acme-bakery"+to, form)
	require.Equal(b.t, http.StatusOK, first.status, first.text)
	require.Equal(b.t, http.StatusOK, second.status, second.text)
	require.Equal(b.t, first.path, second.path, "the second answers what the first did")
	require.Equal(b.t, before+1, b.entries(acme), "it is done once")
	return first
}

func TestStaffAddsDeductsAndTransfers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	maria := s.as("maria@northlight.example")
	was := s.available(harbor)
	added := maria.send("", "/add", url.Values{"amount": {"50"}, "days": {"10"}, "reason": {"We delivered late"}})
	require.Contains(t, added.shown, "+50")
	require.Contains(t, added.text, "We delivered late")
	e := s.last(acme, ledger.KindAdd)
	require.Equal(t, "maria@northlight.example", e.Actor)
	require.Equal(t, noon.In(acme.location()).AddDate(0, 0, 10).UTC(), e.Grants[0].ExpiresAt)

	require.Contains(t, maria.send("", "/deduct", url.Values{"amount": {"7"}, "reason": {"a penalty"}}).text, "−7")
	sent := maria.send("", "/transfer", url.Values{"amount": {"20"}, "to": {harbor.ID}, "reason": {"sister company"}})
	require.Contains(t, sent.text, "−20")
	require.NotEqual(t, was, s.available(harbor))
	require.Equal(t, "20", s.last(harbor, ledger.KindReceive).Change.String())
}

func TestStaffIsToldWhyAFormWasNotCarriedOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	maria := s.as("maria@northlight.example")
	before := s.entries(acme)
	key := func() string { return maria.key("/staff/acme-bakery") }
	for _, c := range []struct {
		name, action string
		form         url.Values
		status       int
		text         string
	}{
		{"more than is there", "deduct", url.Values{"amount": {"5000"}, "reason": {"all of it"}}, http.StatusPaymentRequired, "That takes 5,000 credits"},
		{"more than can be sent", "transfer", url.Values{"amount": {"5000"}, "reason": {"x"}, "to": {harbor.ID}}, http.StatusPaymentRequired, "there are only"},
		{"to nobody", "transfer", url.Values{"amount": {"5"}, "reason": {"x"}, "to": {"nobody"}}, http.StatusBadRequest, "who gets the credits"},
		{"to itself", "transfer", url.Values{"amount": {"5"}, "reason": {"x"}, "to": {acme.ID}}, http.StatusBadRequest, "who gets the credits"},
		{"without a reason", "add", url.Values{"amount": {"5"}, "reason": {"  "}}, http.StatusBadRequest, "Please say why."},
		{"for too long", "add", url.Values{"amount": {"5"}, "reason": {"x"}, "days": {"4000"}}, http.StatusBadRequest, "from 1 to 3,650"},
		{"with a reason without end", "add", url.Values{"amount": {"5"}, "reason": {fmt.Sprintf("%02000d", 1)}}, http.StatusBadRequest, "The reason"},
	} {
		c.form.Set("key", key())
		a := maria.post("/staff/acme-bakery/"+c.action, c.form)
		require.Equal(t, c.status, a.status, c.name)
		require.Contains(t, a.text, c.text, c.name)
		require.Contains(t, a.text, `value="`+c.form.Get("amount")+`"`, "%s: what was filled in stays", c.name)
	}
	require.Equal(t, before, s.entries(acme))
	require.Equal(t, http.StatusNotFound, maria.post("/staff/acme-bakery/steal", url.Values{"key": {key()}}).status)
}

func TestStaffRefundsInPartsUntilNothingIsLeft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	maria := s.as("maria@northlight.example")
	charge := s.last(acme, ledger.KindCharge)
	page := fmt.Sprintf("/entries/%d", charge.Seq)
	require.Contains(t, maria.send(page, page, url.Values{"amount": {"3"}, "reason": {"a part"}}).shown, "+3")
	left := credits(charge.Amount().Sub(numberInt(3)))
	require.Contains(t, maria.get("/staff/acme-bakery"+page).text, "Up to "+left)

	form := url.Values{"key": {maria.key("/staff/acme-bakery" + page)}, "amount": {"500"}, "reason": {"too much"}}
	a := maria.post("/staff/acme-bakery"+page, form)
	require.Equal(t, http.StatusBadRequest, a.status)
	require.Contains(t, a.text, "left of the charge")

	maria.send(page, page, url.Values{"reason": {"the rest"}})
	require.NotContains(t, maria.get("/staff/acme-bakery"+page).text, "Refund credits", "all of it has been given back")
	form.Set("amount", "")
	a = maria.post("/staff/acme-bakery"+page, form)
	require.Equal(t, http.StatusConflict, a.status)
	require.Contains(t, a.text, "Nothing is left of it.")
	require.NoError(t, s.books.Verify(t.Context(), acme.wallet()))
}

func TestWhatIsNoChargeCannotBeRefunded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	maria := s.as("maria@northlight.example")
	page := fmt.Sprintf("/staff/acme-bakery/entries/%d", s.last(acme, ledger.KindPurchase).Seq)
	require.NotContains(t, maria.get(page).text, "Refund credits")
	a := maria.post(page, url.Values{"key": {maria.key("/staff/acme-bakery")}, "reason": {"again"}})
	require.Equal(t, http.StatusBadRequest, a.status)
	require.Contains(t, a.text, "Only what was used can be refunded.")
}

func TestStaffVoidsAGrant(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	maria := s.as("maria@northlight.example")
	grant := s.last(acme, ledger.KindPurchase).Grants[0]
	page := "/grants/" + grant.ID.String()
	require.Contains(t, maria.send(page, page, url.Values{"amount": {"10"}, "reason": {"by agreement"}}).text, "−10")
	require.Contains(t, maria.get("/staff/acme-bakery"+page).text, "cancelled or deducted")
	maria.send(page, page, url.Values{"reason": {"all of it"}})
	require.NotContains(t, maria.get("/staff/acme-bakery"+page).text, "Void credits", "nothing is left")
	a := maria.post("/staff/acme-bakery"+page, url.Values{"key": {maria.key("/staff/acme-bakery")}, "reason": {"again"}})
	require.Equal(t, http.StatusConflict, a.status)
	require.Contains(t, a.text, "Nothing is left of it.")
}

func TestStaffIsToldWhyABalanceIsWhatItIs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	maria := s.as("maria@northlight.example")
	w, err := s.books.Wallet(t.Context(), acme.wallet())
	require.NoError(t, err)
	a := maria.get("/staff/acme-bakery/explain")
	require.Contains(t, a.text, "Why "+number(w.Balance)+"?")
	charge := s.last(acme, ledger.KindCharge)
	x := maria.get(fmt.Sprintf("/staff/acme-bakery/entries/%d", charge.Seq))
	require.Contains(t, x.text, "Credit by credit")
	require.Contains(t, x.text, "was not needed")
}
