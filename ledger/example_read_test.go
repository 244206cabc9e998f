package ledger_test

import (
	"errors"
	"fmt"
	"log"
	"slices"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

func ExampleLedger_Balance() {
	books, wallet, clock := shop()
	clock.wait(time.Hour)
	_, err := books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Amount: credits(30)})
	if err != nil {
		log.Fatal(err)
	}
	for _, at := range []time.Time{clock.Add(-time.Microsecond), clock.Time} {
		balance, err := books.Balance(ctx, wallet, at)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(at.Format("15:04:05.000000"), balance.Available)
	}
	// Output:
	// 09:59:59.999999 200
	// 10:00:00.000000 170
}

func ExampleBalance_By() {
	books, wallet, _ := shop()
	_, err := books.Grant(ctx, ledger.GrantRequest{Key: "gift", WalletID: wallet, Source: ledger.SourcePromotion, Amount: credits(15)})
	if err != nil {
		log.Fatal(err)
	}
	balance, err := books.Balance(ctx, wallet, time.Time{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(balance.By(func(g *ledger.Grant) string { return string(g.Source) }))
	// Output: map[promotion:15 purchase:200]
}

func ExampleLedger_Wallet() {
	books, id, _ := shop()
	wallet, err := books.Wallet(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(wallet.Owner, wallet.Unit.Name, wallet.Status, wallet.Balance)
	// Output: acme credits open 200
}

func ExampleLedger_Journal() {
	// Why does it have 170 credits?
	books, wallet, _ := shop()
	_, err := books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Item: "sms", Quantity: credits(15)})
	if err != nil {
		log.Fatal(err)
	}
	for entry, err := range books.Journal(ctx, ledger.JournalQuery{WalletID: wallet}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(entry.Seq, entry.Kind, entry.Key, entry.Change, entry.Balance)
	}
	// Output:
	// 1 open org-42 0 0
	// 2 grant payment-1 200 200
	// 3 charge request-1 -30 170
}

func ExampleLedger_Entry() {
	books, wallet, _ := shop()
	entry, err := books.Entry(ctx, wallet, "payment-1")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(entry.Kind, entry.Grants[0].Amount, entry.Grants[0].Paid)
	// Output: grant 200 20.00 USD
}

func ExampleLedger_Statement() {
	books, wallet, clock := shop()
	clock.wait(24 * time.Hour)
	_, err := books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Amount: credits(30)})
	if err != nil {
		log.Fatal(err)
	}
	monday := time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	s, err := books.Statement(ctx, wallet, monday, monday.AddDate(0, 0, 1))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("opening", s.Opening)
	for _, line := range s.Lines {
		fmt.Println(line.Kind, line.Change, line.Running)
	}
	fmt.Println("closing", s.Closing)
	// Output:
	// opening 200
	// charge -30 170
	// closing 170
}

func ExampleLedger_Settle() {
	// A sweep, now and then, books what fell due in wallets that nobody touched.
	books, wallet, clock := shop()
	_, err := books.Grant(ctx, ledger.GrantRequest{
		Key: "trial", WalletID: wallet, Source: ledger.SourcePromotion, Amount: credits(10),
		Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(7)},
	})
	if err != nil {
		log.Fatal(err)
	}
	clock.wait(8 * 24 * time.Hour)
	for range 2 {
		settled, err := books.Settle(ctx, 100)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("settled:", settled)
	}
	// Output:
	// settled: 1
	// settled: 0
}

func ExampleLedger_Verify() {
	books, wallet, _ := shop()
	fmt.Println(books.Verify(ctx, wallet))
	// Output: <nil>
}

func ExampleReplay() {
	books, wallet, _ := shop()
	var entries []ledger.Entry
	for entry, err := range books.Journal(ctx, ledger.JournalQuery{WalletID: wallet}) {
		if err != nil {
			log.Fatal(err)
		}
		entries = append(entries, entry)
	}
	replayed, err := ledger.Replay(slices.Values(entries))
	if err != nil {
		log.Fatal(err)
	}
	stored, err := books.Wallet(ctx, wallet)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(replayed.Balance, replayed.Hash == stored.Hash)

	entries[1].Grants[0].Amount = credits(2_000)
	_, err = ledger.Replay(slices.Values(entries))
	fmt.Println(errors.Is(err, ledger.ErrCorrupt))
	// Output:
	// 200 true
	// true
}
