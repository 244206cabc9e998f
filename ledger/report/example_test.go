package report_test

import (
	"context"
	"fmt"
	"os"
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
