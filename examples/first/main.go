// Command first is the program that the README shows.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

func main() {
	ctx, credits := context.Background(), decimal.NewFromInt
	books := ledger.New(new(memory.Store), ledger.Config{}) // or sqlite, or postgres

	w, err := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits()})
	check(err)
	_, err = books.Grant(ctx, ledger.GrantRequest{
		Key: "pay-1", WalletID: w.ID, Source: ledger.SourcePurchase,
		Name: "starter pack", Amount: credits(100), Paid: ledger.Money{Amount: credits(99), Currency: "USD"},
	})
	check(err)
	_, err = books.Grant(ctx, ledger.GrantRequest{
		Key: "trial", WalletID: w.ID, Source: ledger.SourcePromotion,
		Name: "trial", Amount: credits(20), Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(7)},
	})
	check(err)

	for range 2 { // the request is repeated: nobody is charged twice
		charge, err := books.Charge(ctx, ledger.ChargeRequest{Key: "req-7", WalletID: w.ID, Item: "logo", Amount: credits(25)})
		check(err)
		fmt.Println("draws:", charge.Draws(), "left:", charge.Balance)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
