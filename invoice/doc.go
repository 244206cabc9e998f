// Package invoice says what a customer is to pay after credits, and makes the credits
// follow. The host keeps its invoices and takes the payments.
//
// An [Invoice] is lines, discounts, bounds and the wallets whose credits may pay.
// [Invoice.Bill] and [Invoice.Apply] compute what it comes to, purely. [Preview] asks
// the books what it would come to now, [Settle] makes it so, [CreditNote] gives the
// credits of a line or an amount back, [Void] all of them. A [Document] shows a bill as
// text, JSON or a page. [Overage], [TrueUp], [Purchase], [Package], [PlanFee] and
// [PlanChange] make lines of what a ledger and a catalog know, and [Sales] of all that
// a journal says was sold.
//
// # Steps
//
// A [Bill] is computed in this order, each step on what the one before left:
//
//  1. Each line's amount, rounded to the currency's minor unit.
//  2. Its discounts, one after the other, each rounded.
//  3. Lines below zero pay for others: of the same item and tax first, then of the
//     same tax, then any. What they leave is the Surplus, for the next invoice.
//  4. The invoice's discounts, one after the other, each rounded and split over the
//     lines in its scope.
//  5. The minimum, as a line of its own, or the maximum, as a discount.
//  6. Credits and tax, in the order that the [Stage] says. Each tax is rounded once and
//     split over its lines or, with TaxByLine, rounded line by line.
//
// Every split is by largest remainder, so that for the bill, and for each of its
// lines,
//
//	Due = Subtotal - Discount + Surplus + TaxAdded - Credit
//	Due = Amount - Discount + Netted + TaxAdded - Credit
//
// to the minor unit, and never below zero.
//
// # Credits
//
// A grant may pay for the lines that its scope covers, if it was live when they were
// used: Line.At, or the invoice's At. In order, the first wallet's first grant pays
// the first line that it may, then the next. Fullest finds, of all ways to pay, the one
// that leaves the least to pay: before tax is added, it serves the lines with the
// highest tax first, as a credit saves the tax on what it pays; of those ways, it is the
// one that draws on the first grants furthest. The least is to be had before tax is
// rounded, among wallets whose credits pay in the same steps.
//
// Credits that are not money have a price. They pay in steps that make whole minor
// units, so nothing is ever rounded: at 0.001 EUR a credit, in tens. Wallets whose steps
// differ pay one after the other. [Unused] says what stays, and why.
//
// # Once
//
// The invoice's ID is the idempotency key in each of its wallets. Settling the same
// invoice again answers what was settled, from the books; another one with the same ID
// is [ledger.ErrKeyReused]. Credit notes and voids have keys of their own and can be
// repeated alike. An operation on several wallets is one transaction.
//
// # Errors
//
// Errors are those of package ledger. What can never work wraps [ledger.ErrInvalid], as
// a [*ledger.InvalidError] that names the field by its path in JSON, such as
// "lines[2].tax.rate".
package invoice
