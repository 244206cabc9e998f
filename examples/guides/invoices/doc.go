// Package invoices is a guide: how credits get onto invoices, and what is left to pay
// in money. Everything it says is shown by an example of that name in
// example_test.go; its function draft makes the invoices that the examples settle.
//
// # Two kinds of wallet
//
// Credits meet invoices in two ways, and it pays to keep them apart:
//
//   - A wallet of credits pays for use when it happens. What it cannot pay is overage,
//     if the plan says so, and becomes a line of the next invoice.
//   - A wallet that counts a currency pays lines of invoices: promotional credits, a
//     referral's 20 dollars, a prepaid amount. Nothing is charged to it but invoices.
//
// The customer here has one of each, with the same owner. The invoice at the end of
// March has the plan's fee for April and what March went beyond the plan, less the
// dollars of credit (Example_month).
//
// # From use to lines
//
// Ledger.Bill takes the overage that has not been billed yet, once, and records that
// in the journal; invoice.Overage makes lines of it at the plan's price. Use that is
// reported after its month was billed is on the next bill. PlanFee, Package, Purchase
// and PlanChange make the other usual lines; any line of your own can stand beside
// them. An item's kind and ID are what scopes look at. On a plan with a commitment,
// what use leaves of it is a line, too (Example_commitment).
//
// # Once
//
// Make the invoice's ID of what it is about, such as the period and the customer, and
// not of a counter: it is the idempotency key in every wallet that pays. A job that
// was cut off runs again from the start. The bill with its key answers the same lines,
// Settle with the same invoice answers what was settled, and nothing is taken twice
// (Example_again). The same ID with other lines is ErrKeyReused, so nobody changes an
// invoice under its number. Store the invoice itself: it is what Settle, CreditNote
// and Void are called with, and the document that the law wants kept.
//
// # Preview
//
// Preview runs the rule of Settle and changes nothing. It names the credits that would
// stay unused and why: out of scope, not live then, too small to make a cent, or
// nothing left to pay (Example_preview). Show it to whoever asks why a credit did not
// count.
//
// # Which credit pays what
//
// A credit pays the lines that its scope covers: the whole invoice, all meters, one
// add-on. The wallet's order decides who goes first, and a restricted credit goes
// before one without a scope that ends with it, which is kept for what nothing else
// pays (Example_scope). The default goes grant by grant and line by line. With
// overlapping scopes that can leave credit unused which another order would have
// spent; StrategyFullest finds the way to pay most.
//
// State At, the date of the invoice. It says which credits were live, so a job that
// runs two days late comes to the same sum (Example_late), as far back as the wallet's
// Lateness lets it.
//
// # Tax
//
// You say which rate applies to a line, and at which stage credits come in. Before tax
// they are a discount and reduce what is taxed, after tax they are a means of payment
// and pay tax as well, and net-only pays all but the tax, which stays as if there were
// no credit (Example_tax). Ask your accountant which a promotion is, and which a
// prepaid amount. The stage is that of the invoice, so two kinds of credit that differ
// need two invoices, or one of them a discount.
//
// # Credits as a means of payment
//
// A wallet of credits can pay an invoice at a price. It pays in steps that make whole
// cents, so nothing is rounded: at 0.003 dollars, in tens. What is less than a step
// stays (Example_price).
//
// # Corrections
//
// A credit note takes a line, or an amount, off a settled invoice. Credits come back
// as credits, to the grants that paid, and before money; what money paid is yours to
// return (Example_creditNote). Keep the notes: the next one on the same invoice must
// be told of them, in Earlier.
//
// Void gives back all credits of an invoice that was wrong. The ID is used up, so the
// new invoice has another (Example_void). It does not take the bill of the overage
// back: build the new invoice from the lines of the old one, or repeat the bill with
// its key, which answers them.
//
// What goes back to a grant that has expired meanwhile lapses at once, unless the
// wallet's RefundPolicy gives it a new life.
//
// A line below zero corrects others of the same invoice. Nothing is ever due below
// zero: what is left is the surplus, to be carried to the next invoice by you, as a
// line (Example_surplus).
//
// # What stays with you
//
// Numbers without gaps, addresses, tax rates, sending and dunning, and the payment
// itself. Document writes a bill as text, JSON or a page to print; take it as it is,
// or as the model for your own.
package invoices
