package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// A provider pretends to be a payment provider: another company, with pages of its
// own and memory of its own. It knows of the portal only what a checkout says. As real
// ones do, it reports what happened to a webhook, and reports it more than once.
type provider struct {
	config
	secret    []byte // shared with the portal
	client    http.Client
	mu        sync.Mutex
	checkouts map[string]checkout // by ID
}

// A checkout is a payment that a customer is to make.
type checkout struct {
	reference string // the seller's own ID for it
	Title     string
	Price     ledger.Money
	Back      string // where the customer goes afterwards
	webhook   string // where it is reported

	ID   string
	Paid bool
}

func newProvider(secret []byte, cfg config) *provider {
	return &provider{
		config: cfg, secret: secret, checkouts: make(map[string]checkout),
		client: http.Client{Timeout: 10 * time.Second},
	}
}

// checkout returns the address of the page at which c is paid. There is one for each
// reference.
func (p *provider) checkout(c checkout) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, known := range p.checkouts {
		if known.reference == c.reference {
			return "/provider/" + known.ID
		}
	}
	c.ID = rand.Text()
	p.checkouts[c.ID] = c
	return "/provider/" + c.ID
}

// routes returns the provider's pages by their addresses.
func (p *provider) routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /provider/{id}", p.showCheckout)
	m.HandleFunc("POST /provider/{id}", p.takePayment)
	return m
}

func (p *provider) find(id string) (checkout, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.checkouts[id]
	return c, ok
}

// showCheckout asks for a payment.
func (p *provider) showCheckout(w http.ResponseWriter, r *http.Request) {
	c, ok := p.find(r.PathValue("id"))
	if !ok {
		http.Error(w, "There is no such payment.", http.StatusNotFound)
		return
	}
	if c.Paid {
		http.Redirect(w, r, c.Back, http.StatusSeeOther)
		return
	}
	var page bytes.Buffer
	if err := pages["checkout"].ExecuteTemplate(&page, "checkout.html", c); err != nil {
		http.Error(w, "The page could not be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = page.WriteTo(w) // the browser has gone
}

// takePayment takes the money, tells the seller, and sends the customer back.
func (p *provider) takePayment(w http.ResponseWriter, r *http.Request) {
	c, ok := p.find(r.PathValue("id"))
	if !ok {
		http.Error(w, "There is no such payment.", http.StatusNotFound)
		return
	}
	if err := p.pay(r.Context(), c); err != nil {
		p.log.ErrorContext(r.Context(), "the seller was not told of a payment", "error", err)
	}
	http.Redirect(w, r, c.Back, http.StatusSeeOther)
}

// pay takes the money, and reports it twice.
func (p *provider) pay(ctx context.Context, c checkout) error {
	p.mu.Lock()
	c.Paid = true
	p.checkouts[c.ID] = c
	p.mu.Unlock()
	event, err := json.Marshal(paid{ID: "payment " + c.ID, Reference: c.reference, Money: c.Price})
	if err != nil {
		return err
	}
	for range 2 {
		if err := p.report(ctx, c.webhook, event); err != nil {
			return err // a real one tries again for days
		}
	}
	return nil
}

// report sends an event, signed, to a webhook.
func (p *provider) report(ctx context.Context, webhook string, event []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, webhook, bytes.NewReader(event))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(signatureHeader, string(sign(event, p.secret, p.now())))
	answer, err := p.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		return fmt.Errorf("the webhook answered %s", answer.Status)
	}
	return nil
}
