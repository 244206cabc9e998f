// Package migrate is a guide: how to bring balances in from another system, be it a
// column in your database or a billing service. Everything it says is shown by an
// example of that name in example_test.go; the import itself is import_test.go, and
// old.csv is what it reads.
//
// # What to bring
//
// Bring what is left, not the history. The old journal stays where it is, readable,
// for as long as the law wants it; here every lot of credits that somebody can still
// spend becomes a grant on its own terms (Example_balances):
//
//   - The amount is what remains of it.
//   - The source says whether it was bought or given away. A bought lot carries what
//     was paid for the part that remains, split to the cent, so that liability and
//     deferred revenue go on where the old books stop.
//   - The end is stated outright, also if it is never, so that no default of the new
//     system ends it. "Until 31 March" means up to, not including, 1 April, in the
//     customer's time zone.
//   - The reference is the old ID, which answers the first question of support.
//
// One balance without lots becomes one grant. Do not invent ends that were not
// promised.
//
// The order of spending is the wallet's. Where two lots tie, the one that was issued
// first goes first: import the lots of a customer one after the other, oldest first.
// ledger.OrderOldest goes by age and not by expiry, if that is what the old system
// promised.
//
// # Keys
//
// Derive each key from the old ID: "import/1001". Then the import can be cut off
// anywhere and run again from its start, by anybody, with no list of what has been
// done (Example_cutOff). Open the wallet and grant in one Together, so that no empty
// wallet stays behind, and open it under the customer's ID: WalletIDOf finds it again
// without a table of yours.
//
// A lot that changed in the old system between two runs is ErrKeyReused, for the
// request is another one now. Never append a counter to the key to get past that: it
// would grant twice. Correct the grant by the difference, with a reason
// (Example_changed).
//
// # Plans in mid-period
//
// Subscribe with the anchor of the old subscription and ProrateNone, so that the plan
// gives nothing for a period whose allowance the old system gave. What is left of that
// is a grant with source allowance, in the plan's bucket, to the period's end. The
// next period then gives the whole allowance, and rolls over what the plan says
// (Example_midPeriod).
//
// A customer who owes is opened with a credit limit, and owes by an overdraft of as
// much (Example_debt).
//
// # Many
//
// Nothing special: call the import from 32 goroutines, each with a customer of its own
// at a time. What comes at the same time shares a transaction, so there are far fewer
// of these than lots (Example_bulk). There is no bulk door that skips the rules.
//
// Open the wallets without alerts and amend them when all is there: credits that come
// in are news, and would be mailed to every customer (Example_silent).
//
// # The move
//
// Rehearse on a copy until a run has no differences. Then, for a short time:
//
//   - Stop the use in the old system, or keep it in a queue. Use from before the move
//     belongs to the old system; the new one had nothing live then and refuses it
//     (Example_before).
//   - Export, import, reconcile customer by customer: a grand total hides errors that
//     cancel out. Compare the liability by month of expiry as well
//     (Example_reconcile).
//   - Where customers move one by one, freeze each new wallet before its credits come
//     in, and thaw it when the sums agree. Credits come into a frozen wallet, and
//     nothing leaves it (Example_frozen).
//   - Let the queue run, now against the new books.
//
// # Side by side
//
// Those who cannot stop run both for a period. The old system decides, and the new one
// is charged for the same use with the use's own ID as key, and with ShortfallPartial
// so that it never refuses: overage then marks where it would have
// (Example_sideBySide). Compare the balances every night, and let Ledger.Explain tell
// about those that differ: rounding, the order of spending and the instant at which
// credits end are the usual suspects. When a period has passed without a difference
// that you cannot name, turn the roles around.
//
// # Afterwards
//
// Keep the import program. Keys never expire, so years later it still answers, for
// every lot, what it did and when: Ledger.Entry with the key.
package migrate
