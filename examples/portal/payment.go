package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
)

// A paid event is what the payment provider tells of a payment that has arrived.
type paid struct {
	ID        string       `json:"id"`        // of the payment
	Reference string       `json:"reference"` // the order that it is for
	Money     ledger.Money `json:"money"`
}

// receivePayment is the webhook of the payment provider. An event that is not signed
// by it is refused; one that comes again finds everything done.
func (p *portal) receivePayment(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return unreadable(err)
	}
	if !signature(r.Header.Get(signatureHeader)).signs(body, p.secret, p.now()) {
		return &refusal{http.StatusUnauthorized, "The signature is not valid."}
	}
	var e paid
	if err := json.Unmarshal(body, &e); err != nil {
		return badRequest("The event could not be read.")
	}
	if err := e.Money.Validate(); err != nil {
		return badRequest("The event has no amount of money.")
	}
	if err := p.fulfil(r.Context(), e); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// fulfil gives an organization the credits that it has paid for, and an invoice, in
// one transaction with its order. Nothing in it asks whether it is the first time: the
// key of the purchase is the order's, and the entry has one invoice.
func (p *portal) fulfil(ctx context.Context, e paid) error {
	return p.inTx(ctx, func(tx *sql.Tx, books *ledger.Ledger) error {
		o, err := orderIn(ctx, tx, `id = ?`, e.Reference)
		if err != nil {
			return err
		}
		if e.Money.Currency != o.Price.Currency || !e.Money.Amount.Equal(o.Price.Amount) {
			return badRequest("This is not the price of the order.")
		}
		org, err := organizationIn(ctx, tx, o.organization)
		if err != nil {
			return err
		}
		bought, err := books.Purchase(ctx, ledger.PurchaseRequest{
			Key: o.key(), WalletID: org.wallet(), Package: o.Package,
			Info: ledger.Info{Reference: e.ID, Actor: o.Email},
		})
		if errors.Is(err, ledger.ErrInvalid) {
			p.log.ErrorContext(ctx, "paid, but it cannot be sold any more", "order", o.ID, "error", err)
			return p.mark(ctx, tx, o, orderStuck)
		}
		if err != nil {
			return err
		}
		line, err := invoice.Purchase(bought)
		if err != nil {
			return err
		}
		if err := p.issue(ctx, tx, org, bought, o.Price.Currency, line); err != nil {
			return err
		}
		return p.mark(ctx, tx, o, orderGranted)
	})
}

// mark says what has become of an order.
func (p *portal) mark(ctx context.Context, tx *sql.Tx, o order, status orderStatus) error {
	_, err := tx.ExecContext(ctx, `UPDATE orders SET status = ? WHERE id = ?`, status, o.ID)
	return err
}
