package main

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// An organization is a client of the agency, with one wallet that its people share.
type organization struct {
	ID   string
	Name string
	Zone string // the IANA time zone of its pages
}

// wallet returns the ID of o's wallet, which is opened with the ID of o as its key.
func (o organization) wallet() ledger.WalletID { return ledger.WalletIDOf(o.ID) }

// location returns the time zone of o. One that is not known is UTC.
func (o organization) location() *time.Location {
	zone, err := expiry.Zone(o.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// A queryer is a database, or a transaction of it.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// organizationIn returns the organization with that ID.
func organizationIn(ctx context.Context, db queryer, id string) (o organization, err error) {
	err = db.QueryRowContext(ctx, `SELECT id, name, zone FROM organizations WHERE id = ?`, id).Scan(&o.ID, &o.Name, &o.Zone)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoPage
	}
	return o, err
}

// organizations returns all organizations, by name.
func (p *portal) organizations(ctx context.Context) (all []organization, err error) {
	rows, err := p.db.QueryContext(ctx, `SELECT id, name, zone FROM organizations ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o organization
		if err := rows.Scan(&o.ID, &o.Name, &o.Zone); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, rows.Err()
}

// refundLife is for how long credits come back that are refunded after they ended.
var refundLife = expiry.Days(30)

// join makes an organization a client, with a wallet of its own.
func (p *portal) join(ctx context.Context, o organization) error {
	return p.inTx(ctx, func(tx *sql.Tx, books *ledger.Ledger) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO organizations (id, name, zone) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
			o.ID, o.Name, o.Zone)
		if err != nil {
			return err
		}
		_, err = books.OpenWallet(ctx, ledger.OpenWalletRequest{
			Key: o.ID, Unit: p.catalog.Unit,
			Terms: ledger.Terms{Owner: o.ID, Zone: o.Zone, Refunds: ledger.RefundPolicy{Life: refundLife}},
		})
		return err
	})
}

// subscribe gives an organization a plan, and the invoice for its first period.
func (p *portal) subscribe(ctx context.Context, o organization, plan string) error {
	return p.inTx(ctx, func(tx *sql.Tx, books *ledger.Ledger) error {
		e, err := books.Subscribe(ctx, ledger.SubscribeRequest{
			Key: "subscribe", WalletID: o.wallet(), Offer: ledger.Offer{Plan: plan},
		})
		if err != nil {
			return err
		}
		return p.invoicePlan(ctx, tx, books, o, e.ID())
	})
}
