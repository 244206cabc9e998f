package ledger_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

func ExampleLedger_OpenWallet() {
	books, _, _ := shop()
	request := ledger.OpenWalletRequest{
		Key:  "org-43",
		Unit: pricing.Credits(),
		Terms: ledger.Terms{
			Owner: "globex", Zone: "Europe/Berlin", CreditLimit: credits(50),
			Buckets: []ledger.Bucket{{Name: "sms only", Scope: ledger.Scope{Items: []string{"sms"}}}},
		},
	}
	wallet, err := books.OpenWallet(ctx, request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(wallet.Status, wallet.ID == ledger.WalletIDOf("org-43"))
	// Output: open true
}

func ExampleLedger_Amend() {
	books, id, _ := shop()
	wallet, err := books.Wallet(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	terms := wallet.Terms
	terms.CreditLimit = credits(100)
	if _, err := books.Amend(ctx, ledger.AmendRequest{Key: "limit-1", WalletID: id, Terms: terms}); err != nil {
		log.Fatal(err)
	}
	charge, err := books.Charge(ctx, ledger.ChargeRequest{
		Key: "request-1", WalletID: id, Amount: credits(250), Shortfall: ledger.ShortfallOverdraft,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("owed:", charge.Debt())
	// Output: owed: 50
}

func ExampleLedger_Freeze() {
	books, wallet, _ := shop()
	_, err := books.Freeze(ctx, ledger.StatusRequest{Key: "dispute-1", WalletID: wallet, Info: ledger.Info{Reason: "payment disputed"}})
	if err != nil {
		log.Fatal(err)
	}
	_, err = books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Amount: credits(1)})
	fmt.Println(errors.Is(err, ledger.ErrFrozen))
	// Output: true
}

func ExampleLedger_Thaw() {
	books, wallet, _ := shop()
	_, err := books.Freeze(ctx, ledger.StatusRequest{Key: "dispute-1", WalletID: wallet})
	if err != nil {
		log.Fatal(err)
	}
	_, err = books.Thaw(ctx, ledger.StatusRequest{Key: "dispute-1 won", WalletID: wallet})
	if err != nil {
		log.Fatal(err)
	}
	_, err = books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Amount: credits(1)})
	fmt.Println(err)
	// Output: <nil>
}

func ExampleLedger_CloseWallet() {
	books, wallet, _ := shop()
	closed, err := books.CloseWallet(ctx, ledger.StatusRequest{Key: "goodbye", WalletID: wallet})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("voided:", closed.Change.Neg())
	// Output: voided: 200
}

func ExampleLedger_Void() {
	books, wallet, _ := shop()
	gift, err := books.Grant(ctx, ledger.GrantRequest{Key: "gift", WalletID: wallet, Source: ledger.SourcePromotion, Amount: credits(50)})
	if err != nil {
		log.Fatal(err)
	}
	_, err = books.Void(ctx, ledger.VoidRequest{
		Key: "gift, undone", WalletID: wallet, Grant: gift.Grants[0].ID, Info: ledger.Info{Reason: "given by mistake"},
	})
	if err != nil {
		log.Fatal(err)
	}
	available(books, wallet)
	// Output: available: 200
}

func ExampleLedger_Adjust() {
	books, wallet, _ := shop()
	_, err := books.Adjust(ctx, ledger.AdjustRequest{
		Key: "ticket-17", WalletID: wallet, Amount: credits(30),
		Info: ledger.Info{Reason: "goodwill", Actor: "support: eve"},
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = books.Adjust(ctx, ledger.AdjustRequest{
		Key: "ticket-17, too much", WalletID: wallet, Amount: credits(-5),
		Info: ledger.Info{Reason: "was to be 25", Actor: "support: eve"},
	})
	if err != nil {
		log.Fatal(err)
	}
	available(books, wallet)
	// Output: available: 225
}

func ExampleLedger_Transfer() {
	books, from, _ := shop()
	to, err := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-43", Unit: pricing.Credits()})
	if err != nil {
		log.Fatal(err)
	}
	sent, err := books.Transfer(ctx, ledger.TransferRequest{Key: "move-1", From: from, To: to.ID, Amount: credits(50)})
	if err != nil {
		log.Fatal(err)
	}
	balance, err := books.Balance(ctx, to.ID, time.Time{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("sent:", sent.Change.Neg())
	for _, g := range balance.Grants {
		fmt.Println("arrived:", g.Remaining, "paid with", g.Paid)
	}
	// Output:
	// sent: 50
	// arrived: 50 paid with 5.00 USD
}

func ExampleLedger_Purchase() {
	books, wallet, _ := shop()
	bought, err := books.Purchase(ctx, ledger.PurchaseRequest{Key: "pi_3Nv0", WalletID: wallet, Package: "starter"})
	if err != nil {
		log.Fatal(err)
	}
	for _, g := range bought.Grants {
		fmt.Println(g.Source, g.Amount, "for", g.Paid)
	}
	// Output:
	// purchase 500 for 45.00 USD
	// promotion 50 for 0
}

func ExampleLedger_TakeBack() {
	books, wallet, _ := shop()
	_, err := books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Amount: credits(33)})
	if err != nil {
		log.Fatal(err)
	}
	back, err := books.TakeBack(ctx, ledger.TakeBackRequest{Key: "refund-1", WalletID: wallet, Purchase: "payment-1"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("return", back.Returned, "for", back.Change.Neg(), "credits")
	// Output: return 16.70 USD for 167 credits
}

func ExampleLedger_Redeem() {
	books, wallet, _ := shop()
	_, err := books.Redeem(ctx, ledger.RedeemRequest{Key: "coupon-1", WalletID: wallet, Code: "HELLO"})
	if err != nil {
		log.Fatal(err)
	}
	available(books, wallet)
	// Output: available: 225
}

func ExampleLedger_Subscribe() {
	books, wallet, clock := shop()
	_, err := books.Subscribe(ctx, ledger.SubscribeRequest{
		Key: "sub-1", WalletID: wallet,
		Offer: ledger.Offer{
			Cycle: expiry.Months(1),
			Buckets: []ledger.Bucket{{
				Name: "monthly", Allowance: credits(100),
				Rollover: expiry.Rollover{Kind: expiry.RolloverAmount, Max: credits(30)},
			}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	clock.wait(31 * 24 * time.Hour) // to 1 April
	balance, err := books.Balance(ctx, wallet, time.Time{})
	if err != nil {
		log.Fatal(err)
	}
	for _, g := range balance.Grants {
		fmt.Println(g.Source, g.Remaining)
	}
	// Output:
	// rollover 30
	// allowance 100
	// purchase 200
}

func ExampleLedger_Change() {
	books, wallet, clock := shop()
	_, err := books.Subscribe(ctx, ledger.SubscribeRequest{Key: "sub-1", WalletID: wallet, Offer: ledger.Offer{Plan: "basic"}})
	if err != nil {
		log.Fatal(err)
	}
	clock.wait(15 * 24 * time.Hour) // a bit more than half of March is left
	upgrade, err := books.Change(ctx, ledger.ChangeRequest{Key: "upgrade-1", WalletID: wallet, Offer: ledger.Offer{Plan: "pro"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("at once:", upgrade.Change)
	// Output: at once: 204
}

func ExampleLedger_Cancel() {
	books, wallet, _ := shop()
	_, err := books.Subscribe(ctx, ledger.SubscribeRequest{Key: "sub-1", WalletID: wallet, Offer: ledger.Offer{Plan: "basic"}})
	if err != nil {
		log.Fatal(err)
	}
	end, err := books.Cancel(ctx, ledger.CancelRequest{Key: "cancel-1", WalletID: wallet, AtPeriodEnd: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ends", end.Subscription.EndsAt.Format(time.DateOnly))
	// Output: ends 2026-04-01
}
