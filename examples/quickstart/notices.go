package main

import (
	"context"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// deliver does what the ledger asks for. A server lets Ledger.Run do this beside
// everything else.
func (b *books) deliver(ctx context.Context) error {
	for {
		notices, err := b.TakeNotices(ctx, 100, time.Minute)
		if err != nil || len(notices) == 0 {
			return err
		}
		for _, n := range notices {
			if err := b.handle(ctx, n); err != nil {
				return err
			}
			if err := b.AckNotices(ctx, n.ID); err != nil {
				return err
			}
		}
	}
}

// handle buys the packs that a notice asks for; these wallets make no others. It is
// called at least once for each notice, and the notice's ID as key makes that once. A
// server takes the payment first.
func (b *books) handle(ctx context.Context, n ledger.Delivery) error {
	_, err := b.Purchase(ctx, ledger.PurchaseRequest{
		Key: n.ID.String(), WalletID: n.ID.WalletID,
		Package: n.Notice.Name, Number: n.Notice.Number, TopUp: n.ID.Seq,
	})
	return err
}
