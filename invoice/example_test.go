package invoice_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// dollars opens books with one wallet that counts US dollars and holds a credit of 50
// for use that is metered.
func dollars() (*ledger.Ledger, ledger.WalletID) {
	ctx := context.Background()
	now := time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
	books := ledger.New(new(memory.Store), ledger.Config{Now: func() time.Time { return now }})
	w, _ := books.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: "john", Unit: ledger.Unit{Name: "USD", Scale: 2}, Terms: ledger.Terms{Owner: "John Wick"},
	})
	_, _ = books.Grant(ctx, ledger.GrantRequest{
		Key: "referral", WalletID: w.ID, Source: ledger.SourcePromotion, Name: "Referral",
		Amount: decimal.NewFromInt(50), Scope: ledger.Scope{Kinds: []string{invoice.KindMeter}},
	})
	return books, w.ID
}

// august returns an invoice of 100 dollars.
func august(w ledger.WalletID) invoice.Invoice {
	return invoice.Invoice{
		ID: "2026-08", Currency: "USD",
		Lines: []invoice.Line{
			{ID: "tokens", Item: ledger.Item{ID: "tokens", Kind: invoice.KindMeter}, Amount: decimal.NewFromInt(70)},
			{ID: "seats", Item: ledger.Item{ID: "seats", Kind: invoice.KindLicence}, Amount: decimal.NewFromInt(30)},
		},
		Wallets: []invoice.Wallet{{ID: w}},
	}
}

func ExampleSettle() {
	ctx := context.Background()
	books, wallet := dollars()

	bill, err := invoice.Settle(ctx, books, august(wallet))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("due", bill.Due)
	for _, c := range bill.Credits {
		fmt.Println(c.Name, "paid", c.Amount, "of", c.Line)
	}

	again, _ := invoice.Settle(ctx, books, august(wallet))
	fmt.Println("again: due", again.Due)

	other := august(wallet)
	other.Lines = other.Lines[:1]
	_, err = invoice.Settle(ctx, books, other)
	fmt.Println("another with its ID:", errors.Is(err, ledger.ErrKeyReused))
	// Output:
	// due 50
	// Referral paid 50 of tokens
	// again: due 50
	// another with its ID: true
}

func ExamplePreview() {
	books, wallet := dollars()
	v := august(wallet)
	v.Lines[0].Amount = decimal.NewFromInt(20)

	quote, _ := invoice.Preview(context.Background(), books, v)
	fmt.Println("would be due", quote.Due)
	for _, u := range quote.Unused {
		fmt.Println(u.Name, "would keep", u.Credits, "-", u.Reason)
	}
	// Output:
	// would be due 30
	// Referral would keep 30 - spare
}

func ExampleCreditNote() {
	ctx := context.Background()
	books, wallet := dollars()
	v := august(wallet)
	_, _ = invoice.Settle(ctx, books, v)

	note, _ := invoice.CreditNote(ctx, books, v, invoice.NoteRequest{
		Key: "CN-1", Line: "tokens", Amount: decimal.NewFromInt(60),
	})
	fmt.Println("credits back", note.Credit, "and money", note.Money)

	rest, _ := invoice.CreditNote(ctx, books, v, invoice.NoteRequest{
		Key: "CN-2", Earlier: []invoice.Note{note},
	})
	fmt.Println("the rest:", rest.Credit, "and", rest.Money)
	// Output:
	// credits back 50 and money 10
	// the rest: 0 and 40
}

func ExampleVoid() {
	ctx := context.Background()
	books, wallet := dollars()
	v := august(wallet)
	_, _ = invoice.Settle(ctx, books, v)

	for range 2 { // twice is once
		_, _ = invoice.Void(ctx, books, v)
	}
	balance, _ := books.Balance(ctx, wallet, time.Time{})
	fmt.Println(balance.Available)
	// Output: 50
}

// Discounts come first, then the maximum, then tax.
func ExampleInvoice_Bill() {
	v := invoice.Invoice{
		ID: "INV-7", Currency: "EUR",
		Lines: []invoice.Line{{
			ID: "sms", Quantity: decimal.NewFromInt(1001), UnitPrice: decimal.RequireFromString("0.0999"),
			Tax:       invoice.Tax{Name: "VAT", Rate: decimal.NewFromInt(19)},
			Discounts: []invoice.Discount{{Name: "Volume", Percent: decimal.NewFromInt(5)}},
		}},
		Maximum: decimal.NewFromInt(90),
	}
	bill, _ := v.Bill()
	fmt.Println(bill.Subtotal, "-", bill.Discount, "+", bill.TaxAdded, "=", bill.Due)
	// Output: 100 - 10 + 17.1 = 107.1
}

func ExampleInvoice_Validate() {
	v := invoice.Invoice{ID: "INV-8", Currency: "EUR", Lines: []invoice.Line{{ID: "a", Tax: invoice.Tax{Rate: decimal.NewFromInt(-7)}}}}
	fmt.Println(v.Validate())
	// Output: ledger: invalid request: lines[0].tax.rate is -7 and must be from 0 to 1000
}

// What if? Wallets are values, so an answer needs no books.
func ExampleInvoice_Apply() {
	ctx := context.Background()
	books, id := dollars()
	wallet, _ := books.Wallet(ctx, id)

	v := august(id)
	v.Stage = invoice.StageNetOnly
	v.Lines[0].Tax = invoice.Tax{Name: "VAT", Rate: decimal.NewFromInt(20)}
	bill, unused, _ := v.Apply([]ledger.Wallet{wallet}, wallet.SettledAt)
	fmt.Println("due", bill.Due, "with tax of", bill.TaxAdded, "and", len(unused), "grants unused")
	// Output: due 64 with tax of 14 and 0 grants unused
}

// A note on a bill without credits is money only.
func ExampleBill_Note() {
	bill, _ := invoice.Invoice{ID: "INV-9", Currency: "USD", Lines: []invoice.Line{
		{ID: "a", Amount: decimal.NewFromInt(10), Tax: invoice.Tax{Rate: decimal.NewFromInt(10)}},
	}}.Bill()
	note, _ := bill.Note(invoice.NoteRequest{Key: "CN-1", Amount: decimal.NewFromInt(4)})
	fmt.Println(note.Amount, "and tax of", note.TaxAdded, "make", note.Money)
	// Output: 4 and tax of 0.4 make 4.4
}

func ExampleBill_Line() {
	books, wallet := dollars()
	bill, _ := invoice.Settle(context.Background(), books, august(wallet))
	line, ok := bill.Line("tokens")
	fmt.Println(line.Credit, line.Due, ok)
	// Output: 50 20 true
}

// What a month's use went beyond the credits is billed once, at the plan's terms.
func ExampleOverage() {
	ctx := context.Background()
	books := ledger.New(new(memory.Store), ledger.Config{})
	w, _ := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "acme", Unit: ledger.Unit{Name: "credits"}})
	_, _ = books.Charge(ctx, ledger.ChargeRequest{
		Key: "use", WalletID: w.ID, Item: "sms", Amount: decimal.NewFromInt(1200), Shortfall: ledger.ShortfallPartial,
	})

	entry, _ := books.Bill(ctx, ledger.BillRequest{Key: "2026-08", WalletID: w.ID})
	lines, _ := invoice.Overage(entry, pricing.Beyond{
		Kind: pricing.BeyondOverage, Surcharge: decimal.NewFromInt(10),
		Price: pricing.CreditPrice{Price: decimal.RequireFromString("0.01"), Currency: "USD"},
	}, pricing.RoundHalfUp)
	for _, l := range lines {
		fmt.Println(l.ID, l.Amount)
	}
	// Output:
	// use/sms 12
	// surcharge 1.2
}

func ExampleTrueUp() {
	usd := func(amount int64) pricing.Money {
		return pricing.Money{Amount: decimal.NewFromInt(amount), Currency: "USD"}
	}
	line, ok, _ := invoice.TrueUp(usd(10_000), usd(9_000))
	fmt.Println(line.Name, line.Amount, ok)
	// Output: Minimum commitment 1000 true
}

func ExamplePackage() {
	starter := pricing.Package{
		Name: "starter", Title: "Starter pack", Credits: decimal.NewFromInt(500),
		Price: pricing.Money{Amount: decimal.NewFromInt(45), Currency: "USD"},
	}
	bill, _ := invoice.Invoice{ID: "INV-1", Currency: "USD", Lines: []invoice.Line{invoice.Package(starter, 2)}}.Bill()
	fmt.Println(bill.Lines[0].Name, bill.Due)
	// Output: Starter pack 90
}

func ExamplePurchase() {
	ctx := context.Background()
	catalog, _ := pricing.New(pricing.Catalog{
		Unit: pricing.Credits(),
		Packages: []pricing.Package{{
			Name: "starter", Title: "Starter pack", Credits: decimal.NewFromInt(500),
			Price: pricing.Money{Amount: decimal.NewFromInt(45), Currency: "USD"},
		}},
	})
	books := ledger.New(new(memory.Store), ledger.Config{Catalog: catalog})
	w, _ := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "acme", Unit: pricing.Credits()})
	entry, _ := books.Purchase(ctx, ledger.PurchaseRequest{Key: "pay-1", WalletID: w.ID, Package: "starter"})

	line, _ := invoice.Purchase(entry)
	fmt.Println(line.ID, line.Name, line.Amount)
	// Output: purchase/2.1 Starter pack 45
}

// Half a month of each plan: what is left of the old one is given back.
func ExamplePlanChange() {
	plan := func(name string, price int64) pricing.Plan {
		return pricing.Plan{Name: name, Price: pricing.Money{Amount: decimal.NewFromInt(price), Currency: "USD"}, Cycle: expiry.Months(1)}
	}
	small, large := plan("small", 10), plan("large", 30)
	june := expiry.Period{
		Start: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC),
	}
	middle := june.Start.AddDate(0, 0, 15)
	catalog, _ := pricing.New(pricing.Catalog{Unit: pricing.Credits()})

	change, _ := catalog.Change(small, large, june, middle, pricing.RoundHalfUp)
	for _, l := range invoice.PlanChange(small, large, change, june, middle) {
		fmt.Println(l.Name, l.Amount)
	}
	// Output:
	// small, unused -5
	// large 15
}

func ExamplePlanFee() {
	june := expiry.Period{
		Start: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC),
	}
	line := invoice.PlanFee(pricing.Plan{
		Name: "pro", Title: "Professional", Price: pricing.Money{Amount: decimal.NewFromInt(49), Currency: "USD"},
	}, june)
	fmt.Println(line.Name, line.Amount, line.From.Format(time.DateOnly))
	// Output: Professional 49 2026-06-01
}

func ExampleDocument_WriteText() {
	books, wallet := dollars()
	bill, _ := invoice.Settle(context.Background(), books, august(wallet))
	_ = invoice.Document{Bill: bill, Buyer: []string{"John Wick"}}.WriteText(os.Stdout)
	// Output:
	// INVOICE 2026-08
	// To    John Wick
	//
	// Description                                   Quantity    Unit price        Amount
	// ----------------------------------------------------------------------------------
	// tokens                                                                       70.00
	// seats                                                                        30.00
	// ----------------------------------------------------------------------------------
	// Subtotal                                                                    100.00
	// Referral                                                                    -50.00
	// ----------------------------------------------------------------------------------
	// Due                                                                      USD 50.00
}
