// Package sqlite keeps the books in an SQLite database: one file, durable, in the
// host's process, without a server.
//
//	db, err := sqlite.Open("books.db")
//	store := sqlite.New(db, sqlite.Config{})
//	err = store.Migrate(ctx)
//	books := ledger.New(store, ledger.Config{})
//
// [Open] uses the driver modernc.org/sqlite, which is written in Go. A handle with
// another driver works too, if it brings SQLite 3.38 or newer and its errors tell
// SQLite's result code in a method Code() int; without that, losing to another
// writer is an error of the driver instead of [ledger.ErrConflict].
//
// # The host's transaction
//
// [Within] binds a store to a transaction that the host began, so that a charge is
// kept with the host's own rows or not at all:
//
//	_, err = books.In(sqlite.Within(tx)).Charge(ctx, req)
//
// # Tables
//
// scrip_wallets holds a row per wallet, the only kind of row that is ever updated;
// scrip_entries the journal; scrip_notices the notices on their way to the host. A
// record is kept as the text that [ledger.EncodeWallet] and [ledger.EncodeEntry]
// make, byte by byte, beside the few columns by which it is found. A column that
// contradicts its record is [ledger.ErrCorrupt] when it is read. [Config] gives the
// tables another prefix.
//
// People read the views scrip_balances, scrip_grants and scrip_statement. Their
// amounts are decimal text, exact as it stands: SUM would make floating point of it.
//
// # Writers
//
// SQLite lets one transaction write at a time. An Update takes that lock before it
// reads anything, so what it has read cannot change under it. The Updates of one
// store queue for it in the order in which they came; against other processes and
// other stores SQLite asks for it again and again for as long as busy_timeout says,
// and the store repeats that once before it gives up with
// [ledger.ErrConflict]. Reading waits for nobody in WAL mode.
//
// # What a charge takes
//
// A charge updates the row of its wallet and inserts one into the journal, in one
// transaction with the others of its batch; a wallet's row is written once for all of
// them. It adds about 700 bytes to the file, indexes included. None of this depends on
// how long the journal is: the test of examples/load that writes a million entries of
// one wallet finds 709 to 712 bytes in each tenth of them, and the same time.
//
// # Crashes
//
// Once Update has returned nil, the change is on the disk. A COMMIT that fails for
// another reason than a lock, the context or a full disk, such as a broken disk, is
// [ledger.ErrUnknownOutcome].
package sqlite
