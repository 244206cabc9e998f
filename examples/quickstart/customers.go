package main

import (
	"context"
	"time"
	_ "time/tzdata" // for machines without a time zone database

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// zone is where the customers are, and where their months begin at midnight.
const zone = "Asia/Kolkata"

// A customer has a wallet that everyone in the company shares.
type customer struct {
	name string // also the wallet's key
	plan string // of the catalog
	pack string // bought whenever credits run low; empty: none
}

var customers = []customer{
	{name: "Aster", plan: "team", pack: "boost"},
	{name: "Banyan", plan: "team", pack: "boost"},
	{name: "Cedar", plan: "business"},
	{name: "Deodar", plan: "business"},
}

// wallet returns the ID of the customer's wallet, which follows from its key.
func (c customer) wallet() ledger.WalletID { return ledger.WalletIDOf(c.name) }

// signUp opens the customers' wallets and subscribes them, a month before the
// midnight that comes after the first call.
func (b *books) signUp(ctx context.Context, first time.Time) error {
	local, err := expiry.Zone(zone)
	if err != nil {
		return err
	}
	day := first.In(local)
	b.now = time.Date(day.Year(), day.Month()-1, day.Day()+1, 0, 0, 0, 0, local)
	for _, c := range customers {
		if err := b.add(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (b *books) add(ctx context.Context, c customer) error {
	terms := ledger.Terms{Owner: c.name, Zone: zone}
	if c.pack != "" {
		terms.TopUp = ledger.TopUp{Package: c.pack, Threshold: decimal.NewFromInt(50)}
	}
	w, err := b.OpenWallet(ctx, ledger.OpenWalletRequest{Key: c.name, Unit: b.catalog.Unit, Terms: terms})
	if err != nil {
		return err
	}
	_, err = b.Subscribe(ctx, ledger.SubscribeRequest{
		Key: "sign-up", WalletID: w.ID, Offer: ledger.Offer{Plan: c.plan},
	})
	return err
}
