// Package scrip is the root of a library that a backend embeds to meter, spend and
// expire credits. It holds no code; the packages below it do.
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
//
// # Stores
//
//   - [github.com/scrip-go/scrip/store/memory] keeps the books in memory, and is
//     the reference for every other store.
//   - [github.com/scrip-go/scrip/store/storetest] is the contract of a store as a
//     test suite, for those who write one.
//
// Imports go one way: the rules know nothing of the ledger, and the ledger knows
// nothing of the stores.
package scrip
