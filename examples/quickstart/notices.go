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

// handle is called at least once for each notice; its ID as key makes that once.
func (b *books) handle(ctx context.Context, n ledger.Delivery) (err error) {
	switch n.Notice.Kind {
	case ledger.NoticeTopUp: // a server takes the payment first
		_, err = b.Purchase(ctx, ledger.PurchaseRequest{
			Key: n.ID.String(), WalletID: n.ID.WalletID,
			Package: n.Notice.Name, Number: n.Notice.Number, TopUp: n.ID.Seq,
		})
	case ledger.NoticeRenewed:
		//err = b.invoice(ctx, n.ID.WalletID, n.Notice.At)
	}
	return err
}

func (b *books) endMonth(ctx context.Context) error { return nil }
func (b *books) account(ctx context.Context, out any, name string) error {
  for _, c := range customers { w, _ := b.Wallet(ctx, c.wallet()); println(w.Seq, w.Balance.String(), b.Verify(ctx, c.wallet())==nil)
	  n := map[ledger.Kind]int{}
	  for e := range b.Journal(ctx, ledger.JournalQuery{WalletID: w.ID}) { n[e.Kind]++; for _, nn := range e.Notices { _ = nn } }
	  for k, v := range n { print(k," ", v, ", ") } ; println()
  }
return nil }
