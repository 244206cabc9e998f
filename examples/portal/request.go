package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// A requestPage is where a client asks for a service: first for its price, then for
// the service itself.
type requestPage struct {
	Items     []pricing.ItemDef
	Item      string
	Quantity  string
	Available decimal.Decimal

	Quote  *quote
	Alert  string
	Offers []offer // to one who lacks the credits
}

// A quote is what a service would cost.
type quote struct {
	Service string
	Price   decimal.Decimal
	Leaves  decimal.Decimal
}

// showRequest shows what a service would cost, if one is named.
func (p *portal) showRequest(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.requestPage(r, v)
	if err != nil {
		return err
	}
	if page.Item == "" {
		return p.show(w, v, "Request a service", "request", page)
	}
	asked, err := p.asked(r, v)
	if err == nil {
		page.Quote, err = p.quote(r.Context(), asked)
	}
	return p.answerRequest(w, r, v, page, err)
}

// makeRequest charges for a service, and shows the receipt.
func (p *portal) makeRequest(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.requestPage(r, v)
	if err != nil {
		return err
	}
	asked, err := p.asked(r, v)
	if err == nil {
		asked.Key, err = keyOf(r, "request")
	}
	var e ledger.Entry
	if err == nil {
		e, err = p.charge(r.Context(), asked, v)
	}
	if err != nil {
		return p.answerRequest(w, r, v, page, err)
	}
	http.Redirect(w, r, fmt.Sprintf("/o/%s/history/%d", v.Org.ID, e.Seq), http.StatusSeeOther)
	return nil
}

// asked returns the charge that a form asks for, without its key.
func (p *portal) asked(r *http.Request, v visit) (ledger.ChargeRequest, error) {
	item := r.FormValue("item")
	if _, ok := p.catalog.Item(item); !ok {
		return ledger.ChargeRequest{}, badRequest("Please choose one of the services.")
	}
	quantity, err := p.numberOf(r, "quantity")
	return ledger.ChargeRequest{
		WalletID: v.Org.wallet(), Item: item, Quantity: quantity, Info: ledger.Info{Actor: v.User.email},
	}, err
}

// quote returns what a charge would do, by the rule that will do it.
func (p *portal) quote(ctx context.Context, asked ledger.ChargeRequest) (*quote, error) {
	e, err := p.books.Check(ctx, asked)
	if err != nil {
		return nil, err
	}
	w, err := p.books.Wallet(ctx, asked.WalletID)
	if err != nil {
		return nil, err
	}
	left := w.BalanceNow().Available.Sub(e.Amount())
	return &quote{p.service(e.Parts[0]), e.Amount(), left}, nil
}

// charge keeps a request and takes the credits for it, both or neither.
func (p *portal) charge(ctx context.Context, asked ledger.ChargeRequest, v visit) (e ledger.Entry, err error) {
	err = p.inTx(ctx, func(tx *sql.Tx, books *ledger.Ledger) error {
		if e, err = books.Charge(ctx, asked); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO requests (organization, id, email, item, quantity, made_at)
			VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			v.Org.ID, asked.Key, v.User.email, asked.Item, asked.Quantity.String(), p.now().UnixMicro())
		return err
	})
	return e, err
}

func (p *portal) requestPage(r *http.Request, v visit) (requestPage, error) {
	w, err := p.books.Wallet(r.Context(), v.Org.wallet())
	return requestPage{
		Items: p.catalog.Items, Item: r.FormValue("item"), Quantity: r.FormValue("quantity"),
		Available: w.BalanceNow().Available,
	}, err
}

// answerRequest shows the page again, with what is wrong. To one who lacks the credits
// it offers packages.
func (p *portal) answerRequest(w http.ResponseWriter, r *http.Request, v visit, page requestPage, err error) error {
	status := http.StatusOK
	if err != nil {
		told, ok := tell(err)
		if !ok {
			return err
		}
		page.Alert, status = told.text, told.status
	}
	if errors.Is(err, ledger.ErrInsufficientCredits) {
		if page.Offers, err = p.offers(r.Context(), v.Org); err != nil {
			return err
		}
	}
	return p.render(w, status, frame{visit: v, Title: "Request a service", Page: page}, "request")
}
