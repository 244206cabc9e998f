// Package scrip is the root of a library that a backend embeds to sell, meter,
// spend, expire and invoice credits. It is for products that charge in credits: an AI
// app that meters tokens, an agency that sells packs, a CRM with a monthly allowance, a
// reseller that re-bills, a usage-billed API with promotional credits. It holds no
// code; the packages below it do.
//
// # Rules
//
// Pure functions and values: no input or output, no clock, no goroutines.
//
//   - [github.com/scrip-go/scrip/expiry] says when credits start, end, renew and
//     roll over.
//   - [github.com/scrip-go/scrip/pricing] turns usage into credits, and credits
//     into money.
//
// # Books
//
//   - [github.com/scrip-go/scrip/ledger] keeps wallets of credits and the journal
//     of everything that happened to them. Its Ledger is what an application
//     calls, and its Store is what keeps the books.
//   - [github.com/scrip-go/scrip/ledger/report] tells from the journals what was
//     sold, spent and owed, and exports them.
//   - [github.com/scrip-go/scrip/invoice] puts credits against the lines of an
//     invoice.
//
// # Stores
//
//   - [github.com/scrip-go/scrip/store] tells how to write one.
//   - [github.com/scrip-go/scrip/store/memory] keeps the books in memory, and is
//     the reference for every other store.
//   - [github.com/scrip-go/scrip/store/storetest] is the contract of a store as a
//     test suite.
//   - The modules store/sqlite and store/postgres keep the books in databases.
//
// Imports go one way: the rules know nothing of the ledger, and the ledger knows
// nothing of the stores.
//
// # Guides
//
// The module examples has programs to run, and guides to read: packages under
// examples/guides that tell how to model a plan, meter a model API with holds, put
// credits on invoices, migrate balances in, run in production and scale out, each
// with the examples that prove it.
//
// # A short program
//
// Nobody is charged twice: of two requests with one key, the second answers what
// the first did.
//
//	books := ledger.New(new(memory.Store), ledger.Config{})
//	w, err := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits()})
//	_, err = books.Grant(ctx, ledger.GrantRequest{
//		Key: "welcome", WalletID: w.ID, Source: ledger.SourcePromotion, Amount: hundred,
//	})
//	charge, err := books.Charge(ctx, ledger.ChargeRequest{
//		Key: "request-7", WalletID: w.ID, Item: "logo", Amount: twentyFive,
//	})
//	for _, draw := range charge.Draws() { // which grants paid
//		fmt.Println(draw.Grant, draw.Amount)
//	}
package scrip
