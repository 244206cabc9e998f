// Package ledger keeps wallets of credits: it grants them, holds them, charges them
// and lets them expire, and can say for every credit where it came from, why it was
// spent and where it went.
//
// A [Ledger] is what an application calls. It reads wallets from a [Store], lets the
// rules of this package decide, and writes what they decided in one transaction:
//
//	books := ledger.New(new(memory.Store), ledger.Config{})
//	wallet, err := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits()})
//	_, err = books.Grant(ctx, ledger.GrantRequest{Key: "payment-1", WalletID: wallet.ID, ...})
//	charge, err := books.Charge(ctx, ledger.ChargeRequest{Key: requestID, WalletID: wallet.ID, ...})
//
// # Wallets, grants and the journal
//
// A [Wallet] holds the credits of one owner in one unit. They enter it in blocks, each
// a [Grant] with terms of its own: what it may pay for, when it begins and ends, how
// soon it is spent, what was paid for it. A grant never changes; its credits are always
// in one of several pots, and every change is a [Move] from one to another. For every
// grant, at every instant,
//
//	Amount = Remaining + Held + Spent + Expired + Voided + Moved
//
// Each operation appends one [Entry] to the wallet's journal, after those for what fell
// due before it. An entry is never changed or removed. It says what moved, and so what
// it did to the balance:
//
//	Balance = sum of Change over the journal = Available + Held - Debt
//
// Entries are all there is: [Replay] makes the wallet of its journal, bit for bit, each
// entry carries the hash of the one before, and [Ledger.Verify] recomputes both. The
// journal also answers what was: [Ledger.Balance] at an instant, [Ledger.Statement]
// between two, [Ledger.Journal] by kind, time, item, grant, reference or actor.
//
// # Spending
//
// A charge draws on the grants that are live when the use happened and whose scope
// covers its item, in the wallet's [Order]. The default is: lower priority; sooner
// expiry, never last; free before paid; restricted before unrestricted; sooner
// effective, sooner issued, ID. Every order ends in the ID, so that it is total: the
// same wallet and the same charge always give the same draws. A charge of several items
// is paid as far as the scopes of the grants let it, by whichever of them can.
//
// What no grant pays is refused with an [*InsufficientCreditsError], or, if the request
// says so, returned as overage to be invoiced, or owed down to the wallet's credit
// limit: see [Shortfall]. New credits pay what is owed first, and only the rest of them
// can be spent.
//
// Nothing is decided twice: [Ledger.Check] asks the same rule as the request that it is
// about, and says what it would do. What is given back goes where it came from:
// [Ledger.Refund] unwinds the draws that the charge recorded, last first, whatever the
// order is today.
//
// For work whose price is known only afterwards, [Ledger.Hold] earmarks an estimate,
// and [Ledger.Capture] spends what it really took.
//
// # Time
//
// Intervals are half-open: a grant can be spent from EffectiveAt up to, not including,
// ExpiresAt, and a period contains its start and not its end. Instants are kept in UTC
// and whole microseconds. The time comes from [Config.Now], once for each operation.
//
// Before anything else, every operation settles what fell due in its wallets by then,
// in order of due time, each entry dated at its own instant: expiry, the end of a
// period with its rollover, the allowance of the next, the end of a hold, the beginning
// of a grant made for later. So a balance never depends on when somebody looked, nor on
// when [Ledger.Settle] swept the wallets that nobody touched.
//
// What a charge may draw on depends on when the use happened. Use that is reported late,
// within the wallet's Lateness, draws on what was live then, though it has lapsed
// since: the expiry of that amount is taken back, in the journal. An entry knows both
// times, EffectiveAt and RecordedAt.
//
// # Limits and notices
//
// A [Limit] is a hard stop, kept in the same transaction as the charge or hold that it
// refuses. What the host should act on or tell the owner, such as a low balance or a
// [TopUp] that is due, is a [Notice]: part of the entry that caused it, and delivered by
// [Ledger.TakeNotices] until it is acknowledged. [Ledger.Run] sweeps and delivers in one
// loop.
//
// # Doing things once
//
// Every request that changes something carries a key, unique in its wallet and at most
// [MaxKey] bytes long: the ID of the payment, the event, the job that it is about. The
// same key with the same request answers the first outcome, whatever has happened
// since, and changes nothing; with another request it is a [*KeyReusedError]. Keys never
// expire. So whoever does not know whether a request arrived sends it again.
//
// A refusal leaves no trace and may succeed when repeated, unless the request asked that
// a refusal be final.
//
// # Errors
//
// What the rules refuse wraps one of the sentinels of this package, such as [ErrInvalid]
// or [ErrNotFound]; [errors.Is] tells which, and those that carry more have a type of
// their own. The errors of the context and of the store's database come through as they
// are. On any error but [ErrUnknownOutcome] nothing was changed: an operation, on
// one wallet or two, takes effect whole or not at all. ErrUnknownOutcome means that the
// commit may have happened: the same request again tells.
//
// # Amounts
//
// Amounts are decimals, exact to the last digit. They have at most [MaxScale] decimals
// and [MaxDigits] digits before the point; what has more is refused before anything is
// read. What is finer than the wallet's unit is refused, too, once the wallet is known.
// Nothing in this package rounds a credit but prices and shares of time, which say how.
//
// # Concurrency
//
// A Ledger is safe for concurrent use. Requests that come while a transaction is being
// committed gather and share the next one, and each gets its own answer once its change
// is durable; a request that fails does not fail the others. Any number of ledgers, in
// any number of processes, can work on one store: a write names the Seq of the wallet
// that it was computed from, and the store refuses it if another came between.
//
// [Ledger.In] carries out requests within a transaction of the caller's own, so that a
// charge is committed with the caller's rows or not at all.
package ledger
