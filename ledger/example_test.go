package ledger_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

var ctx = context.Background()

// watch is a clock that an example turns. A program that leaves Config.Now alone
// has the real one.
type watch struct{ time.Time }

func (w *watch) wait(d time.Duration) { w.Time = w.Add(d) }

// shop returns a ledger with a clock that stands at nine on a Sunday, and a wallet
// for which somebody has just paid 20 dollars: 200 credits.
func shop() (*ledger.Ledger, ledger.WalletID, *watch) {
	clock := &watch{time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)}
	books := ledger.New(new(memory.Store), ledger.Config{
		Catalog: assortment(),
		Now:     func() time.Time { return clock.Time },
	})
	wallet, err := books.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: "org-42", Unit: pricing.Credits(), Terms: ledger.Terms{Owner: "acme"},
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = books.Grant(ctx, ledger.GrantRequest{
		Key: "payment-1", WalletID: wallet.ID, Source: ledger.SourcePurchase, Amount: credits(200),
		Paid: ledger.Money{Amount: credits(20), Currency: "USD"},
	})
	if err != nil {
		log.Fatal(err)
	}
	return books, wallet.ID, clock
}

// assortment returns what the shop sells: sms at 2 credits, a package with a bonus,
// two plans and a coupon.
func assortment() *pricing.Catalog {
	monthly := func(amount int64) []pricing.Bucket {
		return []pricing.Bucket{{Name: "monthly", Allowance: credits(amount)}}
	}
	catalog, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Credits(),
		Items: []pricing.ItemDef{{ID: "sms", Kind: "meter"}},
		RateCards: []pricing.RateCard{{Name: "list", Rates: []pricing.Rate{
			{Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUnit, Price: credits(2)}},
		}}},
		Packages: []pricing.Package{{
			Name: "starter", Credits: credits(500), Price: ledger.Money{Amount: credits(45), Currency: "USD"},
			Bonus: pricing.Bonus{Percent: credits(10)},
		}},
		Plans: []pricing.Plan{
			{Name: "basic", Cycle: expiry.Months(1), Buckets: monthly(100)},
			{Name: "pro", Cycle: expiry.Months(1), Buckets: monthly(500)},
		},
		Promotions: []pricing.Promotion{{
			Name: "welcome", Trigger: pricing.TriggerCoupon, Code: "HELLO", Bonus: pricing.Bonus{Credits: credits(25)},
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	return catalog
}

// available prints what the wallet can spend now.
func available(books *ledger.Ledger, wallet ledger.WalletID) {
	b, err := books.Balance(ctx, wallet, time.Time{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("available:", b.Available)
}

func Example() {
	books := ledger.New(new(memory.Store), ledger.Config{})

	wallet, err := books.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: "org-42", Unit: pricing.Credits(), Terms: ledger.Terms{Owner: "acme"},
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = books.Grant(ctx, ledger.GrantRequest{
		Key: "payment-1", WalletID: wallet.ID, Source: ledger.SourcePurchase, Amount: credits(100),
	})
	if err != nil {
		log.Fatal(err)
	}
	charge, err := books.Charge(ctx, ledger.ChargeRequest{
		Key: "request-7f3a", WalletID: wallet.ID, Item: "translation", Amount: credits(30),
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, draw := range charge.Draws() {
		fmt.Println("grant", draw.Grant, "paid", draw.Amount)
	}
	fmt.Println("left:", charge.Balance)
	// Output:
	// grant 2.1 paid 30
	// left: 70
}

func ExampleNew() {
	books := ledger.New(new(memory.Store), ledger.Config{
		Lateness: 24 * time.Hour,                                                    // use is reported within a day
		Expiry:   expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Months(12)}, // unless a grant says otherwise
	})
	defer books.Close(ctx)

	wallet, err := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: ledger.Unit{Name: "USD", Scale: 2}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(wallet.Lateness, wallet.Expiry.After, wallet.Unit.Name)
	// Output: 24h0m0s 12 months USD
}

func ExampleLedger_Close() {
	books, wallet, _ := shop()
	if err := books.Close(ctx); err != nil {
		log.Fatal(err)
	}
	_, err := books.Charge(ctx, ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Amount: credits(1)})
	fmt.Println(err)
	// Output: ledger: shut down
}

func ExampleLedger_Do() {
	// Requests are values: they can be kept, sent and carried out later.
	books, wallet, _ := shop()
	pending := []ledger.Request{
		ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Amount: credits(30)},
		ledger.ChargeRequest{Key: "request-2", WalletID: wallet, Amount: credits(500)},
		ledger.ChargeRequest{Key: "request-1", WalletID: wallet, Amount: credits(30)}, // sent again
	}
	for _, request := range pending {
		entry, err := books.Do(ctx, request)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(entry.Kind, entry.Change)
	}
	// Output:
	// charge -30
	// ledger: insufficient credits: want 500, have 170
	// charge -30
}

func ExampleLedger_Check() {
	books, wallet, _ := shop()
	would, err := books.Check(ctx, ledger.ChargeRequest{WalletID: wallet, Item: "sms", Quantity: credits(15)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("would cost", would.Amount(), "and leave", would.Balance)
	available(books, wallet)
	// Output:
	// would cost 30 and leave 170
	// available: 200
}

func ExampleLedger_In() {
	store := new(memory.Store)
	books := ledger.New(store, ledger.Config{})
	wallet, err := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits()})
	if err != nil {
		log.Fatal(err)
	}
	// A SQL adapter binds its store to a transaction of the caller's own, as in
	// sqlite.Within(tx). What the ledger writes is then committed with the caller's
	// rows, or not at all.
	bound := store
	_, err = books.In(bound).Grant(ctx, ledger.GrantRequest{
		Key: "order-1", WalletID: wallet.ID, Source: ledger.SourcePurchase, Amount: credits(5),
	})
	if err != nil {
		log.Fatal(err)
	}
	available(books, wallet.ID)
	// Output: available: 5
}

func ExampleLedger_Together() {
	books, wallet, _ := shop()
	_, err := books.Together(ctx,
		ledger.ChargeRequest{Key: "setup", WalletID: wallet, Amount: credits(150)},
		ledger.ChargeRequest{Key: "first month", WalletID: wallet, Amount: credits(100)},
	)
	fmt.Println(err)
	available(books, wallet)
	// Output:
	// request 1: ledger: insufficient credits: want 100, have 50
	// available: 200
}
