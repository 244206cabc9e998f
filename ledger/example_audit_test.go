package ledger_test

import (
	"fmt"
	"log"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

func ExampleLedger_EntryAt() {
	// A grant is named by the entry that issued it.
	books, wallet, _ := shop()
	charge, err := books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Amount: credits(30)})
	if err != nil {
		log.Fatal(err)
	}
	for _, draw := range charge.Draws() {
		entry, err := books.EntryAt(ctx, ledger.EntryID{WalletID: wallet, Seq: draw.Grant.Seq})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(draw.Amount, "from", entry.Key)
	}
	// Output: 30 from payment-1
}

func ExampleLedger_Grants() {
	// What kind of credits paid?
	books, wallet, _ := shop()
	charge, err := books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Amount: credits(30)})
	if err != nil {
		log.Fatal(err)
	}
	var ids []ledger.GrantID
	for _, draw := range charge.Draws() {
		ids = append(ids, draw.Grant)
	}
	grants, err := books.Grants(ctx, wallet, ids)
	if err != nil {
		log.Fatal(err)
	}
	for _, g := range grants {
		fmt.Println(g.Source, g.Amount, "for", g.Paid)
	}
	// Output: purchase 200 for 20.00 USD
}

func ExampleLedger_Wallets() {
	books, _, _ := shop()
	for wallet, err := range books.Wallets(ctx, ledger.WalletQuery{Owner: "acme"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(wallet.Unit.Name, wallet.Balance)
	}
	// Output: credits 200
}

func ExampleLedger_Lines() {
	books, wallet, clock := shop()
	clock.wait(time.Hour)
	for _, key := range []string{"request-1", "request-2"} {
		_, err := books.Charge(ctx, ledger.ChargeRequest{Key: key, WalletID: wallet, Amount: credits(10)})
		if err != nil {
			log.Fatal(err)
		}
	}
	page, err := books.Lines(ctx, ledger.LinesQuery{
		WalletID: wallet, From: clock.AddDate(0, 0, -1), To: clock.AddDate(0, 0, 1),
		Movements: []ledger.Movement{ledger.MovementUsage},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range page {
		fmt.Println(line.Key, line.Change, line.Running)
	}
	// Output:
	// request-1 -10 190
	// request-2 -10 180
}

func ExampleLedger_VerifyAll() {
	books, _, _ := shop()
	for verified, err := range books.VerifyAll(ctx, ledger.WalletID{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(verified.WalletID == ledger.WalletIDOf("org-42"), verified.Err)
	}
	// Output: true <nil>
}

func ExampleLedger_VerifySince() {
	// Verify a long journal bit by bit: each time what is new.
	books, id, _ := shop()
	verified, err := books.VerifySince(ctx, ledger.Wallet{ID: id})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("up to entry", verified.Seq)
	_, err = books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: id, Amount: credits(10)})
	if err != nil {
		log.Fatal(err)
	}
	verified, err = books.VerifySince(ctx, verified)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("up to entry", verified.Seq)
	// Output:
	// up to entry 2
	// up to entry 3
}

func ExampleLedger_Bill() {
	// What no credit paid goes on the next invoice, once.
	books, wallet, _ := shop()
	_, err := books.Charge(ctx, ledger.ChargeRequest{
		Key: "campaign-1", WalletID: wallet, Item: "sms", Quantity: credits(130), Shortfall: ledger.ShortfallPartial,
	})
	if err != nil {
		log.Fatal(err)
	}
	bill, err := books.Bill(ctx, ledger.BillRequest{Key: "2026-03", WalletID: wallet})
	if err != nil {
		log.Fatal(err)
	}
	for _, part := range bill.Parts {
		fmt.Println(part.Item.ID, part.Overage)
	}
	// Output: sms 60
}

func ExampleLedger_ExplainWallet() {
	// Why do I have 173 credits?
	books, wallet, _ := shop()
	_, err := books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Item: "sms", Quantity: credits(15)})
	if err != nil {
		log.Fatal(err)
	}
	_, err = books.Refund(ctx, ledger.RefundRequest{Key: "complaint-1", WalletID: wallet, Charge: "request-1", Amount: credits(3)})
	if err != nil {
		log.Fatal(err)
	}
	account, err := books.ExplainWallet(ctx, wallet)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(account)
	// Output:
	// 173 credits available on 1 Mar 2026 09:00 UTC
	// - 173 left of 200 from "purchase" (2.1), never expires
	// How the balance of 173 came about:
	// - purchase: +200
	// - refund: +3
	// - usage: -30
	// What was used, less refunds, is 27:
	// - 27 for sms
}

func ExampleLedger_ExplainGrant() {
	// Where did the credits go that were bought?
	books, wallet, _ := shop()
	charge, err := books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Item: "sms", Quantity: credits(15)})
	if err != nil {
		log.Fatal(err)
	}
	account, err := books.ExplainGrant(ctx, wallet, charge.Draws()[0].Grant)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(account)
	// Output:
	// "purchase" (2.1): 200 credits, issued 1 Mar 2026 09:00 UTC for 20.00 USD, never expires
	// 170 can be spent
	// 30 were spent
	// - 1 Mar 2026 09:00 UTC: grant 2 took 200 from pending to remaining
	// - 1 Mar 2026 09:00 UTC: charge 3 took 30 from remaining to spent for sms
}

func ExampleLedger_Explain() {
	// Why did it draw on these credits?
	books, wallet, _ := shop()
	charge, err := books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Item: "sms", Quantity: credits(15)})
	if err != nil {
		log.Fatal(err)
	}
	account, err := books.Explain(ctx, charge.ID())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(account)
	// Output:
	// charge 3 of 1 Mar 2026 09:00 UTC
	// 30 credits for sms, priced by "list"; units: 15 at 2 = 30
	// - 30 credits of "purchase" (2.1), which never expires
}

func ExampleLedger_Invoice() {
	// Package invoice makes such requests. This one pays what it can of a line.
	books, wallet, _ := shop()
	line := ledger.Part{Line: "seats", Item: ledger.Item{ID: "seats", Kind: "licence"}, Amount: credits(250)}
	request := ledger.InvoiceRequest{
		Key: "2026-03", Wallets: []ledger.WalletID{wallet}, Content: ledger.HashOf(line),
		Allocate: func(wallets []ledger.Wallet, at time.Time) ([]ledger.Application, error) {
			draws, unpaid := wallets[0].Allocate([]ledger.Part{line}, at, ledger.StrategyInOrder)
			paid := line
			paid.Amount = line.Amount.Sub(unpaid[0])
			return []ledger.Application{{Parts: []ledger.Part{paid}, Draws: draws}}, nil
		},
	}
	for range 2 { // again, it answers the same
		e, err := books.Invoice(ctx, request)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("paid", e.Amount(), "left", e.Balance)
	}
	// Output:
	// paid 200 left 0
	// paid 200 left 0
}

func ExampleLedger_AckNotices() {
	// A notice that is not acknowledged comes again after the lease.
	books, wallet, clock := shop()
	_, err := books.Amend(ctx, ledger.AmendRequest{Key: "alerts", WalletID: wallet, Terms: ledger.Terms{
		Alerts: ledger.Alerts{Low: []ledger.Level{{Amount: credits(50)}}},
	}})
	if err != nil {
		log.Fatal(err)
	}
	_, err = books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Amount: credits(160)})
	if err != nil {
		log.Fatal(err)
	}
	for _, handled := range []bool{false, true, true} {
		deliveries, err := books.TakeNotices(ctx, 10, time.Minute)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("delivered:", len(deliveries))
		for _, d := range deliveries {
			if !handled {
				continue // the mail server is down
			}
			if err := books.AckNotices(ctx, d.ID); err != nil {
				log.Fatal(err)
			}
		}
		clock.wait(2 * time.Minute)
	}
	// Output:
	// delivered: 1
	// delivered: 1
	// delivered: 0
}
