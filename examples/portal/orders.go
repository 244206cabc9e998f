package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// An order is a package that somebody wants to buy.
type order struct {
	ID           string
	organization string
	Email        string // of whoever ordered it
	Package      string
	Price        ledger.Money // when it was ordered
	Status       orderStatus
}

// An orderStatus says what has become of an order.
type orderStatus string

const (
	orderOpen    orderStatus = "open"    // its payment has not arrived
	orderGranted orderStatus = "granted" // its credits are there
	orderStuck   orderStatus = "stuck"   // it was paid, and the package is not sold any more: somebody must look at it
)

// key is the idempotency key of its purchase.
func (o order) key() string { return "order " + o.ID }

// buyPackage orders a package, and sends the browser to the payment provider.
func (p *portal) buyPackage(w http.ResponseWriter, r *http.Request, v visit) error {
	key, err := keyOf(r, "order")
	if err != nil {
		return err
	}
	name := r.PathValue("package")
	k, ok := p.catalog.Package(name)
	if !ok {
		return errNoPage
	}
	if _, err := p.books.Check(r.Context(), ledger.PurchaseRequest{WalletID: v.Org.wallet(), Package: name}); err != nil {
		return err
	}
	o, err := p.order(r.Context(), key, order{
		ID: rand.Text(), organization: v.Org.ID, Email: v.User.email, Package: name, Price: k.Price,
	})
	if err != nil {
		return err
	}
	back := "/o/" + v.Org.ID + "/orders/" + o.ID
	checkout := p.provider.checkout(checkout{
		reference: o.ID, Title: k.Title + " at " + agency, Price: o.Price,
		Back: p.address + back, webhook: p.address + "/webhooks/payments",
	})
	http.Redirect(w, r, checkout, http.StatusSeeOther)
	return nil
}

// order keeps an order. The same form again is the same order.
func (p *portal) order(ctx context.Context, form string, o order) (order, error) {
	_, err := p.db.ExecContext(ctx, `INSERT INTO orders
		(id, organization, form, email, package, amount, currency, status, ordered_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (organization, form) DO NOTHING`,
		o.ID, o.organization, form, o.Email, o.Package, o.Price.Amount.String(), o.Price.Currency, orderOpen, p.now().UnixMicro())
	if err != nil {
		return o, err
	}
	kept, err := orderIn(ctx, p.db, `organization = ? AND form = ?`, o.organization, form)
	if err == nil && kept.Package != o.Package {
		err = errSentBefore
	}
	return kept, err
}

// orderFields are what scan reads.
const orderFields = `SELECT id, organization, email, package, amount, currency, status FROM orders WHERE `

// orderIn returns the order of which something holds.
func orderIn(ctx context.Context, db queryer, where string, args ...any) (o order, err error) {
	err = o.scan(db.QueryRowContext(ctx, orderFields+where, args...))
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoPage
	}
	return o, err
}

// stuckOrders returns the orders of an organization that were paid and could not be
// granted.
func (p *portal) stuckOrders(ctx context.Context, of organization) (all []order, err error) {
	rows, err := p.db.QueryContext(ctx, orderFields+`organization = ? AND status = ? ORDER BY ordered_at`, of.ID, orderStuck)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o order
		if err := o.scan(rows); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, rows.Err()
}

// scan reads an order from a row.
func (o *order) scan(row interface{ Scan(dest ...any) error }) error {
	var amount string
	err := row.Scan(&o.ID, &o.organization, &o.Email, &o.Package, &amount, &o.Price.Currency, &o.Status)
	if err == nil {
		o.Price.Amount, err = decimal.NewFromString(amount)
	}
	return err
}

// An orderPage says how far an order is.
type orderPage struct {
	order
	Title     string
	Granted   decimal.Decimal // the credits that it brought, once it is granted
	Available decimal.Decimal // now
}

// showOrder is where the payment provider sends the browser back to.
func (p *portal) showOrder(w http.ResponseWriter, r *http.Request, v visit) error {
	o, err := orderIn(r.Context(), p.db, `organization = ? AND id = ?`, v.Org.ID, r.PathValue("id"))
	if err != nil {
		return err
	}
	k, _ := p.catalog.Package(o.Package)
	page := orderPage{order: o, Title: k.Title}
	if o.Status == orderGranted {
		bought, err := p.books.Entry(r.Context(), v.Org.wallet(), o.key())
		if err != nil {
			return err
		}
		wallet, err := p.books.Wallet(r.Context(), v.Org.wallet())
		if err != nil {
			return err
		}
		page.Granted, page.Available = bought.Change, wallet.BalanceNow().Available
	}
	return p.show(w, v, "Your order", "order", page)
}
