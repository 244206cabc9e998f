// Package pricing says what use costs in credits, and what credits cost in money.
//
// It is pure: no clock, no state, and no I/O but reading a catalog. It answers with a price and
// with the working that led to it, and leaves it to a ledger to spend the credits and to keep the
// counters.
//
// # Catalog
//
// A [Catalog] declares items and says what they cost and what is sold: rate cards, packages,
// plans and promotions. [Load] reads one from JSON and names position, field and reason of the
// first thing that is wrong; [Schema] describes the file; [New] takes one from Go values.
// [Catalog.Warnings] lists what works but is hardly meant, and [Diff] what changed between two
// catalogs and for whose subscribers.
//
// # Prices
//
// A [RateCard] is in force from an instant up to the next version of it. [RateCard.Price] prices a
// [Use] by the [Rate] of its item that matches its attributes best, and refuses an item without a
// rate: what costs nothing says so with [ModelFree].
//
// Every [Formula] counts over one of two spans:
//
//	each use alone     amount = round(F(q))
//	a period's use     amount = round(F(c+q)) - round(F(c)), where c was counted before
//
// Over a period, the amounts of the parts sum to the amount of the whole, however the use is cut
// and in whatever order it comes, and a correction takes back exactly the difference that it
// makes. Over uses, each use is rounded for itself: what costs less than half the least amount of
// the unit comes to nothing every time, however often it happens. So small uses belong over a
// period, or are rounded up. Below zero F is its own mirror image: F(-q) = -F(q).
//
//	model        F(q)                                                    never falls
//	free         0                                                       yes
//	per_use      price * q, whole uses                                   yes
//	per_unit     price * q / block                                       yes
//	package      price * started blocks                                  yes
//	graduated    the sum over tiers of price * what falls into the tier  yes
//	volume       price of the tier reached * q                           no
//	stairstep    flat amount of the tier reached                         no
//	percentage   price * q / 100 + fixed                                 yes
//	sum          the sum over parts of F of the part                     as its parts
//
// Free units come off q first, then blocks are rounded, then minimum and maximum bound the price;
// a quantity of zero costs nothing in any model. Volume and stairstep can make a larger quantity
// cheaper, so that a step within a period can have a negative price.
//
// A percentage is the exception to the second span: it is always priced use by use, as its fixed
// part and its bounds are for each use. Over a period it counts only what is free.
//
// # Exactness
//
// Numbers are decimals with at most [MaxScale] decimals and [MaxDigits] digits before the point,
// checked by [Check] before anything is computed with them. Sums and products are exact. Rounding
// happens in one place, the end, in a named [RoundingMode], and what it changed is a step of the
// working. What must be divided is divided by [Rounding.Quo], which rounds once, or by [Split],
// whose parts sum to the whole.
//
// # Money
//
// [Money] is an amount in a currency of ISO 4217. [CreditPrice] converts credits to money and back
// without keeping a balance of either. [Plan] and [Beyond] say what a period costs, [Package] what
// a purchase does, [Catalog.Change] what moving between plans does, and [Resale] what is left of
// it for who sells on. [Catalog.Estimate], [Catalog.Cheapest], [TopUp] and [Lasts] answer what
// would have been, what to buy, how much of it, and when.
//
// # Errors
//
// Every error wraps [ErrInvalid]: what was asked can never work as written. Only [Load] has others,
// those of its reader. Nothing is changed by a function that fails.
package pricing
