package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// controlled opens a wallet of 100 credits on 1 March 2026, a ledger that sells
// packs of 100, and turns every error into a panic to keep the examples short.
func controlled(terms ledger.Terms) (context.Context, *ledger.Ledger, ledger.WalletID) {
	ctx := context.Background()
	catalog := must(pricing.New(pricing.Catalog{Unit: pricing.Credits(), Packages: []pricing.Package{
		{Name: "pack", Credits: decimal.NewFromInt(100), Price: pricing.Money{Amount: decimal.NewFromInt(10), Currency: "USD"}},
	}}))
	books := ledger.New(new(memory.Store), ledger.Config{
		Catalog: catalog,
		Now:     func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
	})
	w := must(books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits(), Terms: terms}))
	must(books.Purchase(ctx, ledger.PurchaseRequest{Key: "payment-1", WalletID: w.ID, Package: "pack"}))
	return ctx, books, w.ID
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func ExampleLimit() {
	ctx, books, wallet := controlled(ledger.Terms{Limits: []ledger.Limit{
		{Name: "daily, each", Measure: ledger.MeasureCredits, Max: decimal.NewFromInt(20), Per: expiry.Days(1), PerActor: true},
		{Name: "at once", Measure: ledger.MeasureHolds, Max: decimal.NewFromInt(5)},
	}})
	for i, user := range []string{"ann", "ann", "bob"} {
		_, err := books.Charge(ctx, ledger.ChargeRequest{
			Key: fmt.Sprint("sms-", i), WalletID: wallet, Item: "sms",
			Amount: decimal.NewFromInt(15), Info: ledger.Info{Actor: user},
		})
		var limit *ledger.LimitError
		if errors.As(err, &limit) {
			fmt.Printf("%s: %v of %q left until %s\n", limit.Actor, limit.Left, limit.Limit, limit.FreesAt.Format(time.DateOnly))
			continue
		}
		fmt.Println(user+":", "sent")
	}
	// Output:
	// ann: sent
	// ann: 5 of "daily, each" left until 2026-03-02
	// bob: sent
}

func ExampleLedger_TakeNotices() {
	ctx, books, wallet := controlled(ledger.Terms{Alerts: ledger.Alerts{
		Low: []ledger.Level{{Amount: decimal.NewFromInt(20)}},
	}})
	must(books.Charge(ctx, ledger.ChargeRequest{Key: "call-1", WalletID: wallet, Item: "call", Amount: decimal.NewFromInt(85)}))

	for _, d := range must(books.TakeNotices(ctx, 10, time.Minute)) {
		fmt.Println(d.Notice.Kind, d.Notice.Level, d.Notice.Amount)
		if err := books.AckNotices(ctx, d.ID); err != nil {
			panic(err)
		}
	}
	// Output:
	// recovered 20 100
	// low 20 15
}

func ExampleLedger_Run() {
	ctx, books, wallet := controlled(ledger.Terms{TopUp: ledger.TopUp{
		Package: "pack", Threshold: decimal.NewFromInt(20), MaxNumber: 3,
	}})
	ctx, stop := context.WithCancel(ctx)
	must(books.Charge(ctx, ledger.ChargeRequest{Key: "call-1", WalletID: wallet, Item: "call", Amount: decimal.NewFromInt(85)}))

	err := books.Run(ctx, ledger.RunConfig{Handle: func(ctx context.Context, d ledger.Delivery) error {
		if d.Notice.Kind != ledger.NoticeTopUp {
			return nil
		}
		defer stop()
		// Charge the card, with the notice's ID as key, then:
		e, err := books.Purchase(ctx, ledger.PurchaseRequest{
			Key: fmt.Sprint("top-up-", d.ID.Seq), WalletID: d.ID.WalletID,
			Package: d.Notice.Name, Number: d.Notice.Number, TopUp: d.ID.Seq,
		})
		fmt.Println("bought", d.Notice.Number, d.Notice.Name+",", "now", e.Balance)
		return err
	}})
	fmt.Println(err)
	// Output:
	// bought 1 pack, now 115
	// context canceled
}

func ExampleLedger_TopUpFailed() {
	ctx, books, wallet := controlled(ledger.Terms{TopUp: ledger.TopUp{
		Package: "pack", Threshold: decimal.NewFromInt(20), Backoff: 6 * time.Hour,
	}})
	must(books.Charge(ctx, ledger.ChargeRequest{Key: "call-1", WalletID: wallet, Item: "call", Amount: decimal.NewFromInt(85)}))
	due := must(books.TakeNotices(ctx, 1, time.Minute))[0]

	must(books.TopUpFailed(ctx, ledger.TopUpFailedRequest{
		Key: "declined-1", WalletID: wallet, TopUp: due.ID.Seq, Info: ledger.Info{Reason: "the card was declined"},
	}))
	w := must(books.Wallet(ctx, wallet))
	fmt.Println("asked again at", w.TopUpState.NotBefore.Format(time.DateTime))
	// Output: asked again at 2026-03-01 18:00:00
}
