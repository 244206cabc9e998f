package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/sqlite"
)

// requestTable is where the portal keeps the requests of its clients, beside the
// tables of the books.
const requestTable = `CREATE TABLE IF NOT EXISTS requests (
	id TEXT PRIMARY KEY, organization TEXT NOT NULL, client TEXT NOT NULL, service TEXT NOT NULL, quantity TEXT NOT NULL
)`

// A request is what a client asks a service for.
type request struct {
	*organization
	id       string
	client   string // the person who made it
	service  string
	quantity decimal.Decimal
}

// tooLong is how long a request is open at most; its place is free afterwards.
const tooLong = 90 * 24 * time.Hour

// newRequest returns a request that has not been made yet.
func (o *organization) newRequest(client, service string, quantity int64) request {
	o.later()
	o.requests++
	return request{o, fmt.Sprintf("request-%02d", o.requests), client, service, decimal.NewFromInt(quantity)}
}

func (r request) info() ledger.Info { return ledger.Info{Reference: r.id, Actor: r.client} }

func (r request) charge() ledger.ChargeRequest {
	return ledger.ChargeRequest{
		Key: r.id, WalletID: r.wallet, Item: r.service, Quantity: r.quantity, Final: true, Info: r.info(),
	}
}

// title says what r is for.
func (r request) title() string {
	if r.quantity.Equal(decimal.NewFromInt(1)) {
		return r.catalog.ItemName(r.service)
	}
	return fmt.Sprintf("%s, %v", r.catalog.ItemName(r.service), r.quantity)
}

// preview shows what r would cost, before the client confirms it.
func (r request) preview(ctx context.Context) error {
	now, err := r.Balance(ctx, r.wallet, r.now)
	if err != nil {
		return err
	}
	asked := r.charge()
	asked.Key = "" // it is not the request yet
	then, err := r.Check(ctx, asked)
	if err == nil {
		r.say(r.client+" looks at: "+r.title(),
			fmt.Sprintf("would cost %v of %v, leaving %v", then.Amount(), now.Available, then.Balance))
	}
	return err
}

// create makes r if the organization can pay for it, and shows what came of it. To
// one who lacks the credits it shows what can be bought.
func (r request) create(ctx context.Context) error {
	what := r.client + ": " + r.title()
	e, err := r.place(ctx)
	var short *ledger.InsufficientCreditsError
	var limit *ledger.LimitError
	switch {
	case errors.As(err, &limit):
		r.say(what, fmt.Sprintf("refused: only %d at once", openRequests[r.service]))
		return nil
	case errors.As(err, &short):
		r.say(what, fmt.Sprintf("refused: costs %v, and there are %v. To buy:", short.Want, short.Have))
		for _, k := range r.catalog.Alone(short.Want.Sub(short.Have), r.now) {
			fmt.Fprintf(r.out, "%66s%s, %v credits for %v\n", "", r.packageTitle(k.Package), k.Credits, k.Price)
		}
		return nil
	case err == nil:
		r.say(what, fmt.Sprintf("%s, %v left", signed(e.Change), e.Balance))
	}
	return err
}

func (p *portal) packageTitle(name string) string {
	k, _ := p.catalog.Package(name)
	return k.Title
}

// place keeps r and deducts its credits in one transaction of the portal's own
// database: both are done, or neither is. A refusal is kept, too, so that the same
// request again is refused alike.
func (r request) place(ctx context.Context) (e ledger.Entry, err error) {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return e, err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	e, refusal := r.deduct(ctx, r.In(sqlite.Within(tx)))
	switch {
	case errors.Is(refusal, ledger.ErrInsufficientCredits), errors.Is(refusal, ledger.ErrLimit):
		return e, errors.Join(refusal, tx.Commit())
	case refusal != nil:
		return e, refusal
	}
	if err := r.insert(ctx, tx); err != nil {
		return e, err
	}
	return e, tx.Commit()
}

// deduct takes what r costs at once. Where the number of open requests is limited, a
// hold stands for the request until it is delivered: it is captured, and stays open.
func (r request) deduct(ctx context.Context, books *ledger.Ledger) (ledger.Entry, error) {
	if _, limited := openRequests[r.service]; !limited {
		return books.Charge(ctx, r.charge())
	}
	e, err := books.Hold(ctx, ledger.HoldRequest{
		Key: r.id + " opened", WalletID: r.wallet, Item: r.service, Quantity: r.quantity,
		Life: tooLong, Final: true, Info: r.info(),
	})
	if err != nil {
		return e, err
	}
	return books.Capture(ctx, ledger.CaptureRequest{
		Key: r.id, WalletID: r.wallet, Hold: e.Hold.ID, Quantity: r.quantity, More: true, Info: r.info(),
	})
}

func (r request) insert(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO requests (id, organization, client, service, quantity)
		VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, r.id, r.name, r.client, r.service, r.quantity.String())
	return err
}

// deliver ends r, so that another request can take its place.
func (r request) deliver(ctx context.Context) error {
	open, err := r.Holds(ctx, r.wallet, r.id)
	if err != nil {
		return err
	}
	for _, h := range open {
		_, err := r.Release(ctx, ledger.ReleaseRequest{
			Key: r.id + " delivered", WalletID: r.wallet, Hold: h.ID, Info: ledger.Info{Reference: r.id},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
