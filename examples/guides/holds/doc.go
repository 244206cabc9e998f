// Package holds is a guide: how to meter calls of a model, or any work whose price is
// known only when it is done. Everything it says is shown by an example of that name
// in example_test.go, on SQLite and with the prices of the catalog.json beside it.
//
// # Why hold
//
// A call that will cost something between 4 and 36 credits cannot be charged when it
// comes in, and must not be charged only when it is over: by then ten others may have
// spent the same credits. A hold earmarks the most that the call can cost. Nothing
// else can spend that, the balance shows it as held, and the capture afterwards cannot
// fail for want of credits (Example_call).
//
// # The unit and the price
//
// Tokens cost fractions of a credit, so the unit here has three decimals and the
// rates are exact. With whole credits and a rate that rounds up, every capture of a
// stream rounds up, and four pieces of half a block cost four blocks instead of two
// (Example_rounding). Either the unit is fine enough, or the rate counts over the
// period, where the pieces sum to the price of the whole.
//
// The rates of one item are told apart by attributes: the model, and whatever else
// makes the price. Input and output are parts of a sum.
//
// # The estimate
//
// Hold what the call can cost at most: the input is known, and the output has a limit
// that you pass to the model. Who cannot pay that is refused before any work is done,
// by an InsufficientCreditsError with both numbers in it (Example_refused). Lower
// maxOutput to what is there, if that is better than to refuse: Ledger.Check prices
// an estimate and holds nothing.
//
// # Keys
//
// Derive the keys from the ID of the call, one for each step: "req-1/hold",
// "req-1/done". A client that tries again, or a worker that does not know how far it
// came, then repeats both steps and gets the first answers (Example_again). Never put
// a time or an attempt's number into a key. A refusal leaves no trace, so the same
// key may succeed a minute later, when the customer has bought credits; set Final if
// it must not.
//
// # Streams
//
// A stream pays as it goes, with More in every capture but the last. Extend the hold
// before it runs dry or out of time; Extend takes credits, and Check of a HoldRequest
// says how many the next piece can cost. When Extend is refused, stop the stream:
// what is held still pays for what has been sent (Example_stream).
//
// # More than was held
//
// Work that was done should be on the books, whatever it took. State ShortfallPartial
// on the capture: the wallet pays what it can, and the rest is overage, for the next
// invoice or to be written off (Example_more). The default refuses the capture as a
// whole, and then not even what was held is spent. ShortfallOverdraft would let the
// wallet owe it, down to its credit limit.
//
// # Failure and crash
//
// A call that failed is released (Example_failed). A process that dies between hold
// and capture leaves the hold behind. Two things mend that, and you want both:
//
//   - The hold ends by itself when its life is over, and the credits are back at that
//     instant, with no sweep (Example_timeOut). So give a hold the call's time limit
//     and a bit more, not hours.
//   - The next process asks Ledger.Holds for what was under way, and captures or
//     releases it: the Reference is your ID of the call (Example_crash). The model's
//     own log says what it took.
//
// A capture that comes after the hold has ended is ErrClosed. With OrCharge it charges
// instead, as if there had been no hold; it then needs the Item, which it could
// otherwise take from the hold. Set OrCharge where the work has been done, and leave
// it off where a late capture means that somebody else has taken over.
//
// Credits that expire while they are held can still be captured: the customer began
// in time. What is not captured of them lapses when it is given back
// (Example_expires).
//
// # Limits
//
// Limits are part of the wallet's terms and are kept in the transaction of the hold,
// so there is no gap between asking and taking. MeasureHolds says how many calls run
// at once: of a burst exactly that many pass, and the LimitError says when the next
// hold ends at the latest (Example_atOnce). MeasureCredits per day is a budget. With
// PerActor each user or API key has its own, and what is held counts as used, so
// nobody begins what they could not pay (Example_budget). A capture within what was
// held is never refused by a limit.
//
// These are limits on money, not on requests a second: every one of them writes to
// the store. Keep a rate limiter in front.
//
// # Traps
//
//   - A hold is not a lock on the wallet: other calls go on with what is left.
//   - Do not hold a token's worth and hope. A hold that is too small moves the risk
//     into the capture, where it is yours.
//   - Do not keep the hold's ID only in memory. Repeating the hold with its key
//     returns it, and so does Holds.
//   - Do not skip the release on errors because holds time out: until then the
//     customer sees credits that cannot be spent.
package holds
