package report_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// sold returns books in which 100 credits were sold for 9.90 USD, 20 were given away
// for a week, and 45 were used.
func sold() *ledger.Ledger {
	ctx, credits := context.Background(), decimal.NewFromInt
	books := ledger.New(new(memory.Store), ledger.Config{Now: func() time.Time { return noon }})
	w, _ := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits(), Terms: ledger.Terms{Owner: "acme"}})
	_, _ = books.Grant(ctx, ledger.GrantRequest{
		Key: "pay-1", WalletID: w.ID, Source: ledger.SourcePurchase,
		Amount: credits(100), Paid: ledger.Money{Amount: decimal.New(990, -2), Currency: "USD"},
	})
	_, _ = books.Grant(ctx, ledger.GrantRequest{
		Key: "trial", WalletID: w.ID, Source: ledger.SourcePromotion,
		Amount: credits(20), Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(7)},
	})
	_, _ = books.Charge(ctx, ledger.ChargeRequest{Key: "req-1", WalletID: w.ID, Item: "logo", Amount: credits(45)})
	return books
}

// What was sold is deferred until it is used: 25 of the 100 credits were, the other
// 20 that were used had been free.
func ExampleRollForwards() {
	books := sold()
	rows, err := report.RollForwards(context.Background(), books, report.Query{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rows {
		fmt.Printf("%q sold %v, used %v, deferred %v for %v credits\n", r.Currency, r.Sold.Money, r.Used.Money, r.Closing.Money, r.Closing.Credits)
	}

	// Output:
	// "" sold 0, used 0, deferred 0 for 0 credits
	// "USD" sold 9.9, used 2.47, deferred 7.43 for 75 credits
}

func ExampleCSV() {
	books := sold()
	rows, err := report.Usages(context.Background(), books, report.Query{}, report.UsageGroup{})
	if err == nil {
		err = report.CSV(os.Stdout, report.Rows(rows))
	}
	if err != nil {
		fmt.Println(err)
	}

	// Output:
	// period,owner,actor,kind,item,unit,uses,quantity,price,overage,credits,earned
	// ,,,,logo,credits,1,0,45,0,45,2.47 USD
}

func ExampleFlows() {
	for f, err := range report.Flows(context.Background(), sold(), report.Query{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(f.Class, f.Credits, "for", f.Money)
	}

	// Output:
	// sold 100 for 9.90 USD
	// granted 20 for 0
	// used 20 for 0
	// used 25 for 2.47 USD
}

func ExampleSales() {
	rows, err := report.Sales(context.Background(), sold(), report.Query{}, report.Group{Cycle: expiry.Months(1)})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rows {
		fmt.Println(r.Period.Format("January 2006"), r.Number, "sold,", r.Credits, "credits for", r.Money, r.Currency)
	}

	// Output:
	// March 2026 1 sold, 100 credits for 9.9 USD
}

// Who uses what, and what did that earn?
func ExampleUsages() {
	rows, err := report.Usages(context.Background(), sold(), report.Query{}, report.UsageGroup{Owner: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rows {
		fmt.Println(r.Owner, r.Item, r.Uses, "use,", r.Credits, "credits, earned", r.Earned)
	}

	// Output:
	// acme logo 1 use, 45 credits, earned 2.47 USD
}

// How does each client do? A logo costs its seller 2 USD.
func ExampleClients() {
	cost := func(p ledger.Part) ledger.Money { return ledger.Money{Amount: decimal.NewFromInt(2), Currency: "USD"} }
	for c, err := range report.Clients(context.Background(), sold(), report.Query{}, cost) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(c.Owner, "paid", c.Sold, "earned", c.Earned, "cost", c.Cost, "margin", c.Margin)
	}

	// Output:
	// acme paid 9.90 USD earned 2.47 USD cost 2.00 USD margin 0.47 USD
}

// What is outstanding, and when does it end?
func ExampleLiabilities() {
	rows, err := report.Liabilities(context.Background(), sold(), report.Query{}, time.Time{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rows {
		fmt.Println(r.Credits, r.Unit, "of", r.Wallets, "wallet, worth", r.Money, r.Currency)
	}

	// Output:
	// 75 credits of 1 wallet, worth 7.43 USD
}

// The bank has a payment that nobody got credits for.
func ExamplePayments() {
	dollars := func(s string) ledger.Money {
		return ledger.Money{Amount: decimal.RequireFromString(s), Currency: "USD"}
	}
	faults, err := report.Payments(context.Background(), sold(), report.Query{}, slices.Values([]report.Payment{
		{Reference: "pay-1", Money: dollars("9.90")}, {Reference: "pay-2", Money: dollars("5")},
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range faults {
		fmt.Println(f.Reference, f.Fault, f.Paid)
	}

	// Output:
	// pay-2 not_granted 5.00 USD
}

// How far is a subscriber with this month's credits?
func ExampleProgresses() {
	ctx, books := context.Background(), ledger.New(new(memory.Store), ledger.Config{Now: func() time.Time { return noon }})
	w, _ := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits()})
	_, _ = books.Subscribe(ctx, ledger.SubscribeRequest{Key: "sign-up", WalletID: w.ID, Offer: ledger.Offer{
		Cycle: expiry.Months(1), Buckets: []ledger.Bucket{{Name: "monthly", Allowance: decimal.NewFromInt(500)}},
	}})
	_, _ = books.Charge(ctx, ledger.ChargeRequest{Key: "req-1", WalletID: w.ID, Item: "logo", Amount: decimal.NewFromInt(45)})
	rows, err := report.Progresses(ctx, books, w.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range rows {
		fmt.Println(p.Used, "of", p.Given, p.Bucket, "credits, until", p.ResetsAt.Format(time.DateOnly))
	}

	// Output:
	// 45 of 500 monthly credits, until 2026-04-01
}

// What will end within two weeks?
func ExampleExpirations() {
	ctx, books := context.Background(), ledger.New(new(memory.Store), ledger.Config{Now: func() time.Time { return noon }})
	w, _ := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits()})
	_, _ = books.Grant(ctx, ledger.GrantRequest{
		Key: "trial", WalletID: w.ID, Source: ledger.SourcePromotion, Name: "Trial",
		Amount: decimal.NewFromInt(20), Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(7)},
	})
	balance, err := books.Balance(ctx, w.ID, time.Time{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range report.Expirations(balance, noon.AddDate(0, 0, 14)) {
		fmt.Println(e.Credits, "of", e.Name, "end on", e.At.Format(time.DateOnly))
	}

	// Output:
	// 20 of Trial end on 2026-03-08
}

// A roll-forward adds up, and so do two.
func ExampleMovements() {
	rows, err := report.RollForwards(context.Background(), sold(), report.Query{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var all report.Movements
	for _, r := range rows {
		all = all.Add(&r.Movements)
	}
	fmt.Println("left:", all.Net().Credits, "ended unused:", all.Breakage().Credits, "used:", all.Redemption())

	// Output:
	// left: 75 ended unused: 0 used: 0.375
}

func ExampleJSONLines() {
	rows, err := report.Usages(context.Background(), sold(), report.Query{}, report.UsageGroup{})
	if err == nil {
		err = report.JSONLines(os.Stdout, report.Rows(rows))
	}
	if err != nil {
		fmt.Println(err)
	}

	// Output:
	// {"item":"logo","unit":"credits","uses":1,"quantity":"0","price":"45","overage":"0","credits":"45","earned":[{"amount":"2.47","currency":"USD"}]}
}

// The journal for an auditor: the bytes of which each hash was made.
func ExampleJournal() {
	var file bytes.Buffer
	err := report.Journal(context.Background(), sold(), report.Query{}, &file)
	fmt.Println(strings.Count(file.String(), "\n"), "entries", err)

	// Output:
	// 4 entries <nil>
}

// The same books for another program to check.
func ExampleHledger() {
	var file bytes.Buffer
	err := report.Hledger(context.Background(), sold(), report.Query{}, &file)
	for line := range strings.Lines(file.String()) {
		if strings.Contains(line, "revenue:") {
			fmt.Print(strings.Join(strings.Fields(line), " "), "\n")
		}
	}
	fmt.Println(err)

	// Output:
	// revenue:usage -2.47 "USD"
	// <nil>
}
