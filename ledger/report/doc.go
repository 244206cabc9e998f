// Package report tells finance, support and auditors what is in the books. All of it
// is derived from the journal, entry by entry, in memory that grows with what a
// report says, not with what it read.
//
// # One truth
//
// [Flows] turns a journal into flows: credits of one grant that came in or went out,
// with the share of the money that was paid for them. Every report adds flows up, so
// they all tie out: with each other, with the balances, and with the books that
// [Hledger] writes for another program to check.
//
//	opening + sold + granted + received + carried
//	        - used - expired - voided - returned - sent = closing
//
// # Money
//
// What was paid for a grant is earned as its credits are used, expire or are voided.
// What its live credits stand for, rounded once, is deferred, see
// [ledger.Grant.Worth]; what is earned by a flow is the difference that it makes. So
// the parts of a price always sum to it, to the cent.
//
// # Time
//
// Flows are dated when they took effect, like balances and statements. Use that is
// reported late changes the past by so much, up to the wallets' lateness: close a
// month's books after that.
//
// A report of some time reads, of each wallet's journal, that time and at most two
// thousand entries before it, however long the journal is. [RollForwards] and
// [Hledger] begin at the beginning.
//
// Reports tell what is in the books. What has fallen due in wallets that nobody
// touches gets there by [ledger.Ledger.Settle]; only [Liabilities] works it out.
package report
