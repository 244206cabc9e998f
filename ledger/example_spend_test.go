package ledger_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

func ExampleLedger_Grant() {
	books, wallet, clock := shop()
	_, err := books.Grant(ctx, ledger.GrantRequest{
		Key: "easter", WalletID: wallet, Source: ledger.SourcePromotion, Name: "Easter gift",
		Amount: credits(50), Scope: ledger.Scope{Items: []string{"sms"}},
		Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(14)},
		Info:   ledger.Info{Reference: "campaign-9"},
	})
	if err != nil {
		log.Fatal(err)
	}
	balance, err := books.Balance(ctx, wallet, time.Time{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("for anything:", balance.For(ledger.Item{}))
	fmt.Println("for sms:", balance.For(ledger.Item{Kind: "meter", ID: "sms"}))
	clock.wait(14 * 24 * time.Hour)
	available(books, wallet)
	// Output:
	// for anything: 200
	// for sms: 250
	// available: 200
}

func ExampleLedger_Charge() {
	books, wallet, _ := shop()
	charge, err := books.Charge(ctx, ledger.ChargeRequest{
		Key: "request-7f3a", WalletID: wallet, Item: "sms", Quantity: credits(40),
		Info: ledger.Info{Actor: "ada@acme.example"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("cost:", charge.Amount(), "left:", charge.Balance)

	_, err = books.Charge(ctx, ledger.ChargeRequest{Key: "request-7f3b", WalletID: wallet, Item: "sms", Quantity: credits(100)})
	if short, ok := errors.AsType[*ledger.InsufficientCreditsError](err); ok {
		fmt.Println("short by", short.Want.Sub(short.Have))
	}
	// Output:
	// cost: 80 left: 120
	// short by 80
}

func ExampleLedger_Charge_several() {
	books, wallet, _ := shop()
	charge, err := books.Charge(ctx, ledger.ChargeRequest{
		Key: "campaign-1", WalletID: wallet,
		Uses: []ledger.Use{
			{Item: "sms", Quantity: credits(50)},
			{Item: "design", Kind: "service", Amount: credits(130)},
		},
		Shortfall: ledger.ShortfallPartial,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, part := range charge.Parts {
		fmt.Println(part.Item.ID, part.Amount, "of which to invoice:", part.Overage)
	}
	// Output:
	// sms 100 of which to invoice: 0
	// design 130 of which to invoice: 30
}

func ExampleLedger_Charge_late() {
	// What was used before midnight is paid by credits that were there then.
	books, wallet, clock := shop()
	midnight := time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	_, err := books.Grant(ctx, ledger.GrantRequest{
		Key: "trial", WalletID: wallet, Source: ledger.SourcePromotion, Amount: credits(10),
		Expiry: expiry.Policy{Kind: expiry.PolicyAt, At: midnight},
	})
	if err != nil {
		log.Fatal(err)
	}
	clock.wait(24 * time.Hour)
	charge, err := books.Charge(ctx, ledger.ChargeRequest{
		Key: "event-1", WalletID: wallet, Amount: credits(4), At: midnight.Add(-time.Minute),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(charge.Draws()[0].Grant, charge.Late)
	// Output: 3.1 true
}

func ExampleLedger_Refund() {
	books, wallet, _ := shop()
	_, err := books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Item: "sms", Quantity: credits(40)})
	if err != nil {
		log.Fatal(err)
	}
	// Five of the messages were not delivered.
	refund, err := books.Refund(ctx, ledger.RefundRequest{
		Key: "ticket-17", WalletID: wallet, Charge: "request-1", Quantity: credits(5),
		Info: ledger.Info{Reason: "not delivered"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("back:", refund.Change)
	// Output: back: 10
}

func ExampleLedger_Hold() {
	// Earmark an estimate, do the work, and pay what it really took.
	books, wallet, _ := shop()
	held, err := books.Hold(ctx, ledger.HoldRequest{
		Key: "job-1", WalletID: wallet, Item: "model", Amount: credits(120), Life: 15 * time.Minute,
	})
	if err != nil {
		log.Fatal(err)
	}
	available(books, wallet)
	spent, err := books.Capture(ctx, ledger.CaptureRequest{Key: "job-1/done", WalletID: wallet, Hold: held.Hold.ID, Amount: credits(87)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("spent:", spent.Amount())
	available(books, wallet)
	// Output:
	// available: 80
	// spent: 87
	// available: 113
}

func ExampleLedger_Extend() {
	books, wallet, clock := shop()
	held, err := books.Hold(ctx, ledger.HoldRequest{Key: "job-1", WalletID: wallet, Amount: credits(20), Life: time.Minute})
	if err != nil {
		log.Fatal(err)
	}
	clock.wait(50 * time.Second)
	longer, err := books.Extend(ctx, ledger.ExtendRequest{
		Key: "job-1/2", WalletID: wallet, Hold: held.Hold.ID, Amount: credits(10), Life: time.Minute,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(longer.Hold.Amount(), "until", longer.Hold.ExpiresAt.Format(time.TimeOnly))
	// Output: 30 until 09:01:50
}

func ExampleLedger_Capture() {
	// A long job is paid as it goes.
	books, wallet, _ := shop()
	held, err := books.Hold(ctx, ledger.HoldRequest{Key: "job-1", WalletID: wallet, Amount: credits(50), Life: time.Hour})
	if err != nil {
		log.Fatal(err)
	}
	for step, took := range []int64{10, 15} {
		_, err = books.Capture(ctx, ledger.CaptureRequest{
			Key: fmt.Sprintf("job-1/%d", step), WalletID: wallet, Hold: held.Hold.ID, Amount: credits(took),
			More: step < 1,
		})
		if err != nil {
			log.Fatal(err)
		}
		available(books, wallet)
	}
	// Output:
	// available: 150
	// available: 175
}

func ExampleLedger_Release() {
	books, wallet, _ := shop()
	held, err := books.Hold(ctx, ledger.HoldRequest{Key: "job-1", WalletID: wallet, Amount: credits(50), Life: time.Hour})
	if err != nil {
		log.Fatal(err)
	}
	_, err = books.Release(ctx, ledger.ReleaseRequest{Key: "job-1/failed", WalletID: wallet, Hold: held.Hold.ID})
	if err != nil {
		log.Fatal(err)
	}
	available(books, wallet)
	// Output: available: 200
}

func ExampleLedger_Holds() {
	// After a crash: what was under way?
	books, wallet, _ := shop()
	for _, job := range []string{"job-1", "job-2"} {
		_, err := books.Hold(ctx, ledger.HoldRequest{
			Key: job, WalletID: wallet, Amount: credits(50), Life: time.Hour, Info: ledger.Info{Reference: "worker-3"},
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	open, err := books.Holds(ctx, wallet, "worker-3")
	if err != nil {
		log.Fatal(err)
	}
	for _, hold := range open {
		fmt.Println(hold.ID, hold.Amount())
	}
	// Output:
	// 3 50
	// 4 50
}
