package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// order makes an order, and returns where it is paid.
func (b *browser) order(o organization, name string) (checkout string) {
	b.t.Helper()
	page := "/o/" + o.ID + "/packages"
	a := b.post(page+"/"+name, url.Values{"key": {b.key(page)}})
	require.Equal(b.t, http.StatusOK, a.status, a.text)
	require.True(b.t, strings.HasPrefix(a.path, "/provider/"), a.path)
	return a.path
}

func TestAPurchaseIsGrantedAndInvoicedOnceThoughItIsReportedTwice(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("dan@fisher.example")
	purchases, invoices := s.count(legal, ledger.KindPurchase), s.rows("invoices")
	checkout := b.order(legal, "professional")
	require.Contains(t, b.get(checkout).text, "449.00")
	require.Equal(t, purchases, s.count(legal, ledger.KindPurchase), "nothing is granted before it is paid")

	a := b.post(checkout, url.Values{})
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.text, "Thank you")
	require.Contains(t, a.shown, "+525")
	b.post(checkout, url.Values{}) // and the button was clicked twice
	require.Contains(t, b.get(checkout).text, "Thank you")
	require.Equal(t, purchases+1, s.count(legal, ledger.KindPurchase))
	require.Equal(t, invoices+1, s.rows("invoices"))

	number := b.firstInvoice(legal)
	invoice := b.get("/o/fisher-legal/invoices/" + number)
	require.Equal(t, http.StatusOK, invoice.status)
	for _, want := range []string{number, "Professional", "USD 449.00", "Fisher &amp; Sons Legal"} {
		require.Contains(t, invoice.text, want)
	}
	require.Equal(t, "dan@fisher.example", s.last(legal, ledger.KindPurchase).Actor)
	require.Empty(t, s.log.String())
}

func TestADoubleClickOrdersOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("ann@acme.example")
	form := url.Values{"key": {b.key("/o/acme-bakery/packages")}}
	var clicks sync.WaitGroup
	paths := make([]string, 8)
	for i := range paths {
		clicks.Go(func() { paths[i] = b.post("/o/acme-bakery/packages/starter", form).path })
	}
	clicks.Wait()
	for _, path := range paths {
		require.Equal(t, paths[0], path, "there is one payment")
	}
	require.Equal(t, 1, s.rows("orders WHERE form LIKE ?", "%"+form.Get("key")))
	a := b.post("/o/acme-bakery/packages/enterprise", form)
	require.Equal(t, http.StatusConflict, a.status, "the form was sent with another package")
}

func TestAnOrderWaitsForItsPayment(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("ann@acme.example")
	back := regexp.MustCompile(`href="([^"]+)">Cancel`).FindStringSubmatch(b.get(b.order(acme, "starter")).text)
	require.Len(t, back, 2)
	a := b.get(strings.TrimPrefix(back[1], s.address))
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.text, "Waiting for the payment")
}

// webhook sends an event as if from the payment provider.
func (s *site) webhook(event any, signed func(body []byte) string) int {
	s.t.Helper()
	body, err := json.Marshal(event)
	require.NoError(s.t, err)
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.address+"/webhooks/payments", bytes.NewReader(body))
	require.NoError(s.t, err)
	r.Header.Set("Content-Type", "application/json")
	if header := signed(body); header != "" {
		r.Header.Set(signatureHeader, header)
	}
	answer, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	require.NoError(s.t, answer.Body.Close())
	return answer.StatusCode
}

// rightly signs as the payment provider does.
func (s *site) rightly(body []byte) string { return string(sign(body, s.secret, noon)) }

// openOrder returns an order that waits for its payment, and the event of the payment.
func (s *site) openOrder() (string, paid) {
	s.t.Helper()
	s.as("ann@acme.example").order(acme, "starter")
	o, err := orderIn(s.t.Context(), s.db, `status = ?`, orderOpen)
	require.NoError(s.t, err)
	return o.ID, paid{ID: "pay-1", Reference: o.ID, Money: o.Price}
}

func TestAnEventThatIsNotSignedByTheProviderIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, event := s.openOrder()
	before := s.entries(acme)
	for name, signed := range map[string]func([]byte) string{
		"not signed":                func([]byte) string { return "" },
		"signed by another":         func(body []byte) string { return string(sign(body, []byte("guess"), noon)) },
		"signed for something else": func([]byte) string { return s.rightly([]byte("{}")) },
		"signed too long ago": func(body []byte) string {
			return string(sign(body, s.secret, noon.Add(-signatureLife-time.Second)))
		},
		"signed in the future": func(body []byte) string {
			return string(sign(body, s.secret, noon.Add(signatureLife+time.Second)))
		},
		"with another time": func(body []byte) string {
			return fmt.Sprint(noon.Unix()-1) + s.rightly(body)[strings.Index(s.rightly(body), "."):]
		},
		"cut off":   func(body []byte) string { return s.rightly(body)[:20] },
		"no number": func([]byte) string { return "x.00" },
		"no HMAC":   func([]byte) string { return fmt.Sprint(noon.Unix()) },
	} {
		require.Equal(t, http.StatusUnauthorized, s.webhook(event, signed), name)
	}
	require.Equal(t, before, s.entries(acme))
	require.Equal(t, http.StatusNoContent, s.webhook(event, s.rightly))
	require.Equal(t, before+1, s.entries(acme))
}

func TestAnEventIsCompletedOnceHoweverOftenItComesAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, event := s.openOrder()
	before, invoices := s.entries(acme), s.rows("invoices")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if status := s.webhook(event, s.rightly); status != http.StatusNoContent {
				t.Errorf("the webhook answered %d", status)
			}
		})
	}
	all.Wait()
	require.Equal(t, before+1, s.entries(acme))
	require.Equal(t, invoices+1, s.rows("invoices"))
}

func TestAnEventThatDoesNotFitItsOrderIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id, event := s.openOrder()
	before := s.entries(acme)
	cheap, foreign, unknown := event, event, event
	cheap.Money.Amount = numberInt(1)
	foreign.Money.Currency = "JPY"
	unknown.Reference = "x"
	huge := map[string]any{"id": "x", "reference": id, "money": map[string]string{"amount": "1e2000000000", "currency": "USD"}}
	for name, c := range map[string]struct {
		event any
		want  int
	}{
		"another price":    {cheap, http.StatusBadRequest},
		"another currency": {foreign, http.StatusBadRequest},
		"no such order":    {unknown, http.StatusNotFound},
		"no event":         {"x", http.StatusBadRequest},
		"a huge number":    {huge, http.StatusBadRequest},
		"too long":         {strings.Repeat("x", maxForm), http.StatusRequestEntityTooLarge},
	} {
		require.Equal(t, c.want, s.webhook(c.event, s.rightly), name)
	}
	require.Equal(t, before, s.entries(acme))
}

func TestAPaymentForWhatIsNotSoldAnyMoreIsPutBeforeTheStaff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as("ann@acme.example")
	first, second := b.order(acme, "taster"), b.order(acme, "taster") // which is sold once
	require.Contains(t, b.post(first, url.Values{}).text, "Thank you")
	require.Contains(t, b.post(second, url.Values{}).text, "We look after it")
	maria := s.as("maria@northlight.example")
	require.Contains(t, maria.get("/staff").text, "1 paid, but not granted")
	require.Contains(t, maria.get("/staff/acme-bakery").text, "return the money")
	require.NotContains(t, maria.get("/staff/harbor-yoga").text, "return the money")
	require.Contains(t, b.get("/o/acme-bakery/packages").text, "Bought before")
	a := b.post("/o/acme-bakery/packages/taster", url.Values{"key": {b.key("/o/acme-bakery/packages")}})
	require.Equal(t, http.StatusBadRequest, a.status)
}

func TestAnInvoiceThatCannotBeKeptUndoesThePurchase(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, event := s.openOrder()
	before := s.entries(acme)
	_, err := s.db.ExecContext(t.Context(), `ALTER TABLE invoices RENAME TO elsewhere`)
	require.NoError(t, err)
	require.Equal(t, http.StatusInternalServerError, s.webhook(event, s.rightly))
	require.Equal(t, before, s.entries(acme))
	_, err = s.db.ExecContext(t.Context(), `ALTER TABLE elsewhere RENAME TO invoices`)
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, s.webhook(event, s.rightly), "the provider tries again")
	require.Equal(t, before+1, s.entries(acme))
}
