// Package expiry knows the calendar of credits: when they start and end, in which periods an
// allowance renews, and what survives the end of a period.
//
// Everything here is a pure function of its arguments. Nothing reads the clock, and nothing holds
// a balance; package ledger applies these rules to wallets.
//
// # Periods
//
// A [Schedule] cuts time into periods from an anchor, every so many minutes, hours, days, weeks,
// months, quarters or years, in one time zone. Each [Period] is computed from the anchor, so that a
// subscription that began on 31 January renews on 28 February and on 31 March. Periods tile time:
// every instant from the anchor onward lies in exactly one, found by [Schedule.Containing] at the
// same cost however long ago the anchor was. [Period.Share] is the exact fraction for proration.
//
// # Clock changes
//
// A wall-clock reading becomes an instant by one rule: the first instant at which a clock in the
// zone shows that reading or a later one. So a midnight that is skipped becomes the first instant
// after the gap, and of a midnight that occurs twice it is the first. Hours are absolute and meet
// no clock change.
//
// # Ends
//
// A [Policy] says when credits end, and may add a grace period in which they can still be spent.
// [First] picks the policy that counts from a chain of overrides, and [Policy.Ends] turns it into
// the instants of an [Ending].
//
// # Rollover
//
// A [Rollover] says what survives a period's end: [Rollover.Carry] splits what is left, the newest
// credits kept first, and [Rollover.EndsAt] gives carried credits an end of their own, counted from
// the boundary and not from when somebody looked.
//
// # Time and range
//
// Intervals are half-open: from a start up to, not including, an end. Instants are handled in UTC
// and in whole microseconds; what is finer is cut off. Only the years 1 to 9999 exist; a result
// beyond them is an error where a function returns one, and the zero time where it does not. No
// argument makes a function of this package panic.
//
// Time zones come from the database of the host, see [Zone]. Two machines with different editions
// of it may disagree about the future of a zone whose rules changed.
//
// # Errors
//
// Every error wraps [ErrInvalid] and is an [*InvalidError] that names the field and the reason.
package expiry
