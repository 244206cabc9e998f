// Package production is a guide: what has to run, be watched and be kept where Scrip
// keeps the books of a business. Everything it says is shown by an example of that
// name in example_test.go, on SQLite; what needs a PostgreSQL server is proven by the
// tests of store/postgres.
//
// # Schema
//
// No store changes a schema by itself. Make Migrate a step of the deployment that runs
// before the new program starts, with the rights to create tables, which the program
// itself does not need. It may run twice or by two at once. A host with a migration
// tool gives it the files of Migrations instead, and never both (Example_schema).
// Migrations only go forward, so take a backup first.
//
// # The host's own rows
//
// If a charge belongs to a row of yours, commit both in one transaction, through
// In(store.Within(tx)). Then there is no order without its charge and no charge without
// its order, and no queue to reconcile them. Make your own statements repeatable, so
// that a lost commit of yours is mended by doing all of it again (Example_order). Keep
// such transactions short: the wallet is locked until they end, and they share no
// commits with others. With SQLite use In for all that you do within the transaction;
// the ledger itself would wait for the lock that you hold.
//
// # Unknown outcomes
//
// A connection that is lost during a commit leaves open whether it took place. The
// ledger asks the store again; only when that is gone, too, you get
// ErrUnknownOutcome. Repeat the request with the same key until there is an answer
// (Example_unknownOutcome). The same loop serves ErrConflict, after which nothing was
// stored. Other errors are answers.
//
// That works only if the key outlives the process: take it from what the request is
// about, and write that down before you send it.
//
// # Notices
//
// Notices are written in the transaction that caused them and delivered at least once.
// Ledger.Run in one or more processes settles what is due and hands each notice to
// your function, which acknowledges by returning nil. A process that dies in between
// has its notices delivered again, so put mail into an outbox under the notice's ID
// (Example_mail). Do not call a mail server from the function: a batch must be handled
// within RunConfig.Visibility.
//
// Ask only for the notices that somebody takes. They wait for ever.
//
// # Automatic top-ups
//
// A NoticeTopUp asks for a payment. Charge the card with the notice's ID as the
// provider's idempotency key; answer with Purchase when the money has arrived, or
// with TopUpFailed. There is no second notice before the first has been answered, so
// a burst buys once, and a declined card is tried again after a pause that doubles
// (Example_topUp). An answer that never comes stops the top-ups of that wallet: watch
// for it.
//
// # Backups
//
// SQLite: VACUUM INTO writes a consistent copy while the server works
// (Example_backup). Copying the file with cp does not. PostgreSQL: what your database
// administrators do for all others, that is pg_basebackup with archived WAL; pg_dump
// is consistent, too, and slower to restore. Leave synchronous_commit and fsync on:
// the ledger's word that a charge is durable is only as good as the database's.
//
// Rehearse the restore: stop every process, put the copy in place, verify all journals,
// start. What came after the backup is gone from the books, but not from your payment
// provider and your own logs. Repeat it: what the backup has is answered from it, and
// only the rest is done (Example_backup).
//
// # Verification
//
// Each night, VerifySince every wallet from where the last night ended, with the
// wallet that it answered kept elsewhere. It finds a byte that was changed, a line that
// is missing and a balance that does not follow from the journal (Example_verify).
// Someone who can write to the database and knows the format can make up a new chain
// from some entry on, but not one that agrees with what you have kept. After ErrCorrupt
// freeze that wallet and look; the error names the first wrong entry.
//
// # Clocks
//
// The time comes from the process that carries out a request. Keep NTP running. A
// clock that jumps back does no harm: a wallet goes on from its last instant
// (Example_clock). One that jumps ahead does: it lets credits expire and periods
// begin, and that stays in the books.
//
// # Starting and stopping
//
// One Ledger for each process, made once, for all goroutines. To stop, end your HTTP
// server and Ledger.Run, then Close the ledger with a time limit, then the database.
// Close answers all that was accepted (Example_close). A process that is killed loses
// nothing that was answered.
//
// # What to watch
//
//   - Notices that wait, and for how long: the outbox has stopped.
//   - Wallets whose DueAt lies minutes back: nobody sweeps. Balances are right all the
//     same, but reports and notices come late.
//   - The latency of charges, and errors by kind. ErrConflict that grows means that
//     several processes fight for one wallet; see the guide scale.
//   - Debts and liability, for the people who own the numbers (Example_monitor).
//   - The last backup that was restored, and the last verification that ended.
package production
