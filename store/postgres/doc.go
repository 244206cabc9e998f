// Package postgres keeps the books in PostgreSQL, version 14 or newer, and in
// databases that speak its protocol.
//
//	pool, err := pgxpool.NewWithConfig(ctx, postgres.Configure(config))
//	store := postgres.New(pool, postgres.Config{})
//	err = store.Migrate(ctx)
//	books := ledger.New(store, ledger.Config{})
//
// A host on database/sql with pgx's driver calls [NewSQL] instead.
//
// # The host's transaction
//
// [Within] and [WithinSQL] bind a store to a transaction that the host began, so
// that a charge is kept with the host's own rows or not at all:
//
//	_, err = books.In(postgres.Within(tx)).Charge(ctx, req)
//
// The host commits. After an error it must roll back: PostgreSQL refuses all
// further work in that transaction.
//
// # Tables
//
// scrip_wallets holds a row per wallet, the only kind of row that is ever updated
// and the one that is locked; scrip_entries the journal; scrip_notices the notices
// on their way to the host. A record is kept as the text that
// [ledger.EncodeWallet] and [ledger.EncodeEntry] make, so that every byte comes
// back, beside the few columns by which it is found. A column that contradicts its
// record is [ledger.ErrCorrupt] when it is read. [Config] gives the tables another
// prefix or schema.
//
// People read the views scrip_balances, scrip_grants and scrip_statement, whose
// amounts are of type numeric and exact.
//
// # Round trips
//
// What an operation writes is sent when it is complete, in one round trip. If it
// read nothing before, and opens no wallet and makes no notice, it is a single
// statement and a transaction of its own: the wallets' sequence numbers are
// compared as they are updated, and a lost comparison undoes it all. Otherwise
// BEGIN travels with the first read, and COMMIT with what is written. So a
// mismatch found by [ledger.Tx] Write is returned by Update.
//
// Transactions are READ COMMITTED and lock wallets in the order of their IDs.
// Losing by serialization failure or deadlock repeats the transaction up to seven
// times, after which it is [ledger.ErrConflict]. A connection lost while a commit
// is under way is [ledger.ErrUnknownOutcome].
//
// # What a charge takes
//
// A charge updates the row of its wallet and inserts one into the journal, in one
// transaction with the others of its batch; a wallet's row is written once for all of
// them. The journal grows by about 770 bytes, indexes included. None of this depends
// on how long it is: the test of examples/load that writes a million entries of one
// wallet finds 713 to 772 bytes in each tenth of them, and the same time.
//
// # Settings of the connections
//
// [Configure] makes the server plan every statement once per connection, and by
// index. The ledger should have a pool of its own, so that these settings touch
// nothing else. The pool may use any of pgx's query modes but the simple protocol.
//
// # More than one server
//
// All tables lead with the wallet, and nothing spans wallets: no sequence, foreign
// key, trigger, advisory lock or temporary table. On Citus, run citus.sql, which is
// beside this file, after Migrate: it distributes the tables by wallet, so that all
// there is about a wallet is on one node. Set [Config.Sharded] there, which sends a
// statement per wallet, each to one shard, in as many round trips as before.
//
// Three kinds of statement name no wallet and visit every shard: listing wallets,
// those of an owner or those due, and looking for notices to deliver. They belong
// to sweeps, which lock nothing there.
//
// # Servers that know nothing of each other
//
// Without such a database a host spreads its wallets by itself: a store and a
// [ledger.Ledger] for each server, and each wallet on one of them for good, by a hash
// of its ID. Each ledger settles, reports and delivers what is on its server. None can
// change wallets of two servers at once: for a Transfer, a wallet of another server is
// [ledger.ErrNotFound]. The host notes down what is to move, takes it away here with
// Adjust, gives it there with Grant and [ledger.SourceTransfer], each under a key of
// its own, and repeats both until both have answered.
//
// There is no store on two servers in this package. It would need prepared
// transactions, somebody who ends those that a crash has left behind, and a moment in
// which readers see one half. The tests have one, in routed_test.go, which keeps the
// contract of [ledger.Store] within one process and loses nothing in crashes.
package postgres
