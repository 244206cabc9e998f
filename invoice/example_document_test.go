package invoice_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

func ExampleDocument_WriteHTML() {
	v := invoice.Invoice{ID: "2026-08", Currency: "USD", Lines: []invoice.Line{
		{ID: "seats", Name: "Seats <5>", Quantity: decimal.NewFromInt(5), UnitPrice: decimal.NewFromInt(6)},
	}}
	bill, err := v.Bill()
	if err != nil {
		fmt.Println(err)
		return
	}
	var page bytes.Buffer // or an http.ResponseWriter
	err = invoice.Document{Bill: bill, Seller: []string{"Scrip Ltd"}, Buyer: []string{"John Wick"}}.WriteHTML(&page)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(http.DetectContentType(page.Bytes()))
	fmt.Println("what a name says is text:", strings.Contains(page.String(), "Seats &lt;5&gt;"))
	// Output:
	// text/html; charset=utf-8
	// what a name says is text: true
}

func ExampleDocument_WriteJSON() {
	v := invoice.Invoice{ID: "2026-08", Currency: "USD", Lines: []invoice.Line{{ID: "seats", Amount: decimal.NewFromInt(30)}}}
	bill, err := v.Bill()
	if err == nil {
		err = invoice.Document{Bill: bill, Buyer: []string{"John Wick"}}.WriteJSON(os.Stdout)
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "buyer": [
	//     "John Wick"
	//   ],
	//   "bill": {
	//     "id": "2026-08",
	//     "currency": "USD",
	//     "stage": "before_tax",
	//     "lines": [
	//       {
	//         "id": "seats",
	//         "amount": "30",
	//         "discount": "0",
	//         "net": "30",
	//         "credit": "0",
	//         "tax_added": "0",
	//         "due": "30"
	//       }
	//     ],
	//     "subtotal": "30",
	//     "discount": "0",
	//     "tax_added": "0",
	//     "credit": "0",
	//     "due": "30"
	//   }
	// }
}

// What a customer owes money for: a fee each month, and a pack in between.
func ExampleSales() {
	ctx, price := context.Background(), func(n int64) pricing.Money {
		return pricing.Money{Amount: decimal.NewFromInt(n), Currency: "USD"}
	}
	catalog, _ := pricing.New(pricing.Catalog{
		Unit:     pricing.Credits(),
		Packages: []pricing.Package{{Name: "small", Title: "Small pack", Credits: decimal.NewFromInt(100), Price: price(12)}},
		Plans: []pricing.Plan{{
			Name: "pro", Title: "Professional", Cycle: expiry.Months(1), Price: price(49),
			Buckets: []pricing.Bucket{{Name: "monthly", Allowance: decimal.NewFromInt(500)}},
		}},
	})
	books := ledger.New(new(memory.Store), ledger.Config{Catalog: catalog})
	w, _ := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "acme", Unit: pricing.Credits()})
	_, _ = books.Subscribe(ctx, ledger.SubscribeRequest{Key: "sign-up", WalletID: w.ID, Offer: ledger.Offer{Plan: "pro"}})
	_, _ = books.Purchase(ctx, ledger.PurchaseRequest{Key: "payment-7", WalletID: w.ID, Package: "small"})

	for sale, err := range invoice.Sales(catalog, books.Journal(ctx, ledger.JournalQuery{WalletID: w.ID})) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, line := range sale.Lines {
			fmt.Println(sale.Entry.Key, line.Name, line.Amount, sale.Currency)
		}
	}
	// Output:
	// sign-up Professional 49 USD
	// payment-7 Small pack 12 USD
}
