// Package store tells how to write an adapter: a [ledger.Store] on a database of
// yours. It has no code; the port and the records are in package ledger. Ready to use
// are store/memory, store/sqlite and store/postgres.
//
// An adapter is small, because it decides nothing. It keeps wallets, the entries of
// their journals and the notices that wait to be delivered, each as bytes that package
// ledger encodes and decodes. It does no arithmetic on amounts and knows no rule of
// money.
//
// # What to keep
//
// Three tables, whose keys all lead with the wallet, so that they can be spread over
// servers by it:
//
//	wallets  id, seq, owner, due_at, body       key: id
//	entries  wallet_id, seq, key, of, late, body    key: wallet_id, seq
//	notices  wallet_id, seq, n, visible_at, body    key: wallet_id, seq, n
//
// body is what [ledger.EncodeWallet] and [ledger.Entry.Body] return. An entry's hash
// is that of these bytes, so every one of them must come back: a column type that
// parses and prints JSON again, as jsonb does, breaks the chain of hashes. The other
// columns repeat what the database has to find, and are written from the record beside
// the body. Where one contradicts its body on reading, somebody has changed it:
// [ledger.ErrCorrupt].
//
// Four indexes are enough beside the primary keys. (wallet_id, key) is unique where an
// entry has a key. (wallet_id, of, seq) serves pages that follow one entry, and
// (due_at, id) and (owner, id) serve lists of wallets. Late entries are few: a partial
// index on (wallet_id, seq). Each index on the journal is paid with every charge.
//
// # In what order to write it
//
//   - Write, Wallets and Journal, with Update around them: a charge needs no more.
//   - Keyed, so that a repeated request is answered with its first outcome.
//   - List, for the sweep and for reports.
//   - TakeNotices and AckNotices.
//   - View, and Within for a host's own transaction.
//   - Migrations, which hosts run: no adapter changes a schema by being opened.
//
// Run storetest.Run from the first hour on. Each of its cases is a sentence of the
// port. When all of them pass, storetest.Compare runs whole ledgers on the adapter and
// on the store in memory and looks for the first difference.
//
// # Transactions
//
// A function passed to Update reads first and writes once, last. So Write can wait
// until the function has returned nil, and go to the database together with the
// COMMIT: two round trips for a transaction, and one if it reads nothing. A refusal is
// then an error of Update. It is [ledger.ErrConflict] in any case, also where the
// function passed over an error of Write.
//
// Wallets locks rows, in the order of their IDs and in one statement, and reads what
// it has locked. To read first and lock afterwards is to decide by what is no longer
// true. To sort the slice of the caller is to change it: copy it.
//
// READ COMMITTED with these locks is enough, since whatever decides is in the locked
// rows or behind them. The last line of defence is the sequence number: the update of
// a wallet says "where seq = from", the insert of a new one has no "on conflict", and
// as many rows must have changed as there are wallets. One less, and nothing is kept.
//
// A View reads one consistent state: a snapshot, not a statement at a time.
//
// Try again, a bounded number of times, only what the database says it has undone: a
// serialization failure, a deadlock, a busy file. Begin a new transaction for it and
// call the function again. Never try again inside a transaction that has failed, or
// one that is the host's. A Seq or a key that is taken is not tried again: it goes to
// the ledger at once, which reads and decides anew.
//
// Look at the context before the commit. A transaction whose context has ended by then
// keeps nothing. Once the commit is under way, an error says nothing about whether it
// happened, unless it comes from the database itself: wrap [ledger.ErrUnknownOutcome],
// never ErrConflict, and never try again.
//
// A store bound to a host's transaction does not commit, roll back or try again. Each
// Update sees what earlier ones of the same transaction wrote.
//
// # What has gone wrong elsewhere
//
//   - An amount in a floating point column, or a column that converts: 37 becomes
//     36.99999999999999. Amounts stay in the body, as text; views cast for people.
//   - Keys that compare by a collation: "Key", "key" and "key " become one. Compare
//     bytes, in columns, in indexes and in parameters.
//   - Times cut to milliseconds, or moved by the session's time zone. Keep UTC with
//     microseconds.
//   - A sequence number as text, where 10 comes before 9, or in 32 bits.
//   - Order without a last word: pages over wallets that are due at the same instant
//     skip and repeat rows unless the ID decides.
//   - OFFSET, which reads what it skips. Compare with the last row of the page before.
//   - Errors told by their text, which changes with version and language. Use codes.
//   - One parameter for each row: the limit is reached in production. Pass arrays, or
//     split the list.
//   - A plan made while the table was empty, and kept.
//   - Global sequences, advisory locks, triggers and temporary tables, which
//     distributed databases do not have or make slow.
//
// # What to test beside the suite
//
// What only the adapter can show: a kill while it commits, a connection lost between
// COMMIT and its answer, a full disk, upgrades from every earlier version of the
// schema, query plans on full tables, and bodies and columns that were tampered with.
package store

import "github.com/scrip-go/scrip/ledger"

var _ ledger.Store // the port that all of this is about
