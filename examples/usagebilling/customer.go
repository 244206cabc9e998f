package main

import (
	"context"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// perToken is what a free token is worth on an invoice.
var perToken = pricing.CreditPrice{Price: dec("0.000002"), Currency: "USD"}

// An account is a customer's, with the credits in two units.
type account struct {
	*billing
	name   string
	money  ledger.WalletID // counts USD
	tokens ledger.WalletID // counts free tokens
}

// customer returns the account of an existing customer, or that of a new one.
func (b *billing) customer(ctx context.Context, name string) (*account, error) {
	if a, ok := b.customers[name]; ok {
		return a, nil
	}
	a := &account{billing: b, name: name}
	for _, w := range []struct {
		id   *ledger.WalletID
		unit ledger.Unit
	}{{&a.money, b.catalog.Unit}, {&a.tokens, ledger.Unit{Name: "tokens"}}} {
		opened, err := b.OpenWallet(ctx, ledger.OpenWalletRequest{
			Key: name + " " + w.unit.Name, Unit: w.unit, Terms: ledger.Terms{Owner: name},
		})
		if err != nil {
			return nil, err
		}
		*w.id = opened.ID
	}
	b.customers[name] = a
	return a, nil
}
