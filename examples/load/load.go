package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

//go:embed catalog.json
var catalogFile []byte

// A load is what is to be done: operations that are numbered through, each of which
// follows from its number, whoever does it.
type load struct {
	settings
	catalog *pricing.Catalog
	uses    []use
	ids     []ledger.WalletID
}

func newLoad(s settings) (*load, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	catalog, err := pricing.Load(bytes.NewReader(catalogFile))
	if err != nil {
		return nil, err
	}
	l := &load{settings: s, catalog: catalog}
	if s.Usage != "" {
		if l.uses, err = readUsage(s.Usage); err != nil {
			return nil, err
		}
		if l.Operations == 0 {
			l.Operations = len(l.uses)
		}
		l.Operations = min(l.Operations, len(l.uses))
	}
	if l.Operations == 0 {
		l.Operations = 100_000
	}
	for i := range s.Wallets {
		l.ids = append(l.ids, ledger.WalletIDOf(l.walletKey(i)))
	}
	return l, nil
}

func (l *load) walletKey(i int) string { return fmt.Sprintf("load %s %d", l.Run, i) }

// newBooks returns a ledger on a store, with the prices of the load.
func (l *load) newBooks(store ledger.Store) *ledger.Ledger {
	books := ledger.New(store, ledger.Config{Catalog: l.catalog, Lanes: l.Lanes})
	if l.Alone {
		return books.In(store)
	}
	return books
}

// open opens the i-th wallet and grants it its credits.
func (l *load) open(ctx context.Context, books *ledger.Ledger, i int) error {
	w, err := books.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: l.walletKey(i), Unit: l.catalog.Unit, Terms: ledger.Terms{Owner: fmt.Sprint("owner ", i)},
	})
	if err != nil {
		return err
	}
	_, err = books.Grant(ctx, ledger.GrantRequest{
		Key: "grant", WalletID: w.ID, Source: ledger.SourcePurchase, Amount: decimal.NewFromInt(l.Credits),
	})
	return err
}

// wallet returns the wallet that the i-th operation is about.
func (l *load) wallet(i int) ledger.WalletID {
	if l.uses != nil {
		return l.ids[i%len(l.ids)]
	}
	var random rand.PCG
	random.Seed(l.Seed, uint64(i))
	choice := random.Uint64()
	if l.Hot > 0 && choice%2 == 0 {
		return l.ids[choice/2%uint64(l.Hot)]
	}
	return l.ids[choice/2%uint64(len(l.ids))]
}

// do does the i-th operation and returns what it spent. A wallet that could not pay
// is no error: then refused is set.
func (l *load) do(ctx context.Context, books *ledger.Ledger, i int) (spent decimal.Decimal, refused bool, err error) {
	var e ledger.Entry
	switch {
	case l.uses != nil:
		u := l.uses[i]
		e, err = books.Charge(ctx, ledger.ChargeRequest{
			Key: l.key(i), WalletID: l.wallet(i), Item: "model_call",
			Quantities: map[string]decimal.Decimal{"input": u.input, "output": u.output},
		})
	case l.Mix && i%10 == 3:
		e, err = l.holdAndCapture(ctx, books, i)
	case l.Mix && i%10 == 6:
		e, err = l.chargeAndRefund(ctx, books, i)
	case l.Mix && i%10 == 9:
		e, err = books.Transfer(ctx, ledger.TransferRequest{Key: l.key(i), From: l.wallet(i), To: l.ids[i%len(l.ids)], Amount: one})
		if l.wallet(i) == l.ids[i%len(l.ids)] {
			return decimal.Zero, true, nil // to itself: refused for sure
		}
	default:
		e, err = books.Charge(ctx, ledger.ChargeRequest{Key: l.key(i), WalletID: l.wallet(i), Item: "sms", Amount: one})
	}
	if errors.Is(err, ledger.ErrInsufficientCredits) {
		return decimal.Zero, true, nil
	}
	return e.Amount(), false, err
}

var one = decimal.NewFromInt(1)

func (l *load) key(i int) string { return fmt.Sprintf("operation %d", i) }

func (l *load) holdAndCapture(ctx context.Context, books *ledger.Ledger, i int) (ledger.Entry, error) {
	h, err := books.Hold(ctx, ledger.HoldRequest{
		Key: l.key(i), WalletID: l.wallet(i), Item: "model_call", Amount: one.Add(one), Life: time.Hour,
	})
	if err != nil {
		return h, err
	}
	return books.Capture(ctx, ledger.CaptureRequest{Key: l.key(i) + " done", WalletID: l.wallet(i), Hold: h.Hold.ID, Amount: one})
}

func (l *load) chargeAndRefund(ctx context.Context, books *ledger.Ledger, i int) (ledger.Entry, error) {
	e, err := books.Charge(ctx, ledger.ChargeRequest{Key: l.key(i), WalletID: l.wallet(i), Item: "sms", Amount: one})
	if err != nil {
		return e, err
	}
	_, err = books.Refund(ctx, ledger.RefundRequest{Key: l.key(i) + " back", WalletID: l.wallet(i), Charge: l.key(i)})
	return ledger.Entry{}, err
}
