package ledger

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// A Kind says what an entry records.
type Kind string

// The kinds of entries. They are stored, so they never change.
const (
	KindOpen      Kind = "open"      // a wallet was opened
	KindAmend     Kind = "amend"     // its terms changed
	KindFreeze    Kind = "freeze"    // nothing may be taken from it
	KindThaw      Kind = "thaw"      // things may again
	KindClose     Kind = "close"     // it takes no part in anything any more
	KindGrant     Kind = "grant"     // credits were granted
	KindPurchase  Kind = "purchase"  // credits were bought, with what came on top
	KindActivate  Kind = "activate"  // a grant made for later took effect
	KindCharge    Kind = "charge"    // credits were spent
	KindInvoice   Kind = "invoice"   // credits were put against the lines of an invoice
	KindBill      Kind = "bill"      // what no credit paid was taken to be invoiced
	KindRepay     Kind = "repay"     // new credits paid a debt
	KindRefund    Kind = "refund"    // spent credits came back
	KindVoid      Kind = "void"      // what was left of a grant was cancelled
	KindDeduct    Kind = "deduct"    // credits were taken away by hand
	KindAdd       Kind = "add"       // credits were added by hand
	KindTakeBack  Kind = "take_back" // what was unspent of a purchase went back
	KindSend      Kind = "send"      // credits went to another wallet
	KindReceive   Kind = "receive"   // credits came from another wallet
	KindExpire    Kind = "expire"    // credits ended unused
	KindReinstate Kind = "reinstate" // an expiry was taken back for use reported late
	KindRollover  Kind = "rollover"  // what survived a period's end was carried on
	KindRenew     Kind = "renew"     // a period began and gave its allowance
	KindSubscribe Kind = "subscribe" // a subscription began
	KindChange    Kind = "change"    // a subscription's terms changed
	KindCancel    Kind = "cancel"    // a subscription was ended, or marked to end
	KindHold      Kind = "hold"      // credits were earmarked
	KindExtend    Kind = "extend"    // a hold grew or got more time
	KindCapture   Kind = "capture"   // held credits were spent
	KindRelease   Kind = "release"   // held credits were given back, by hand or in time
	KindNotice    Kind = "notice"    // something happened, or an instant passed, that someone should hear of
	KindRefuse    Kind = "refuse"    // a request was refused for good

	// KindTopUpFailed: what a notice asked to buy could not be bought.
	KindTopUpFailed Kind = "top_up_failed"

	// KindCheckpoint: the whole wallet, written by itself at every 1,024th place of
	// a journal, so that the past can be read without reading all of it.
	KindCheckpoint Kind = "checkpoint"
)

// A Part of a charge or invoice is one item with what it cost and who paid:
//
//	Amount = draws of the part + Debt + Overage
type Part struct {
	Item Item      `json:"item,omitzero"`
	Line string    `json:"line,omitempty"` // of an invoice: the line's ID
	At   time.Time `json:"at,omitzero"`    // when it was used, if not when the entry took effect

	Quantity   decimal.Decimal            `json:"quantity,omitzero"` // zero: only an amount was stated
	Quantities map[string]decimal.Decimal `json:"quantities,omitempty"`
	Attributes map[string]string          `json:"attributes,omitempty"`

	Amount  decimal.Decimal `json:"amount"`            // what it cost, in credits
	Debt    decimal.Decimal `json:"debt,omitzero"`     // paid by going below zero
	Overage decimal.Decimal `json:"overage,omitzero"`  // paid by no credit, to be invoiced
	Card    string          `json:"card,omitempty"`    // the rate card that priced it
	Version string          `json:"version,omitempty"` // and its version
	Working []pricing.Step  `json:"working,omitempty"` // how the price came about
	Counts  []Count         `json:"counts,omitempty"`  // what it added to the wallet's counters
}

// A Pot is one of the places where the credits of a grant can be. Every credit of
// a grant is in exactly one.
type Pot string

// The pots of a grant. They are stored, so they never change.
const (
	PotPending   Pot = "pending"   // issued, but not yet in effect
	PotRemaining Pot = "remaining" // can be spent
	PotHeld      Pot = "held"      // earmarked
	PotSpent     Pot = "spent"     // paid for something
	PotExpired   Pot = "expired"   // ended unused
	PotVoided    Pot = "voided"    // cancelled or taken away
	PotMoved     Pot = "moved"     // went to another grant, in this wallet or another
)

// A Move takes credits of one grant from one pot to another. Every change of a
// grant is a move, so no credit is created or lost without an entry.
type Move struct {
	Grant  GrantID         `json:"grant"`
	From   Pot             `json:"from"`
	To     Pot             `json:"to"`
	Amount decimal.Decimal `json:"amount"`         // positive
	Part   int             `json:"part,omitempty"` // what it paid: the index of one of the entry's Parts
}

// A Draw is the part of a charge that one grant paid.
type Draw struct {
	Grant  GrantID         `json:"grant"`
	Amount decimal.Decimal `json:"amount"`
	Part   int             `json:"part,omitempty"` // the index of one of the charge's Parts
}

// A DebtChange is what an entry added to, or took from, the debt of a charge.
type DebtChange struct {
	Charge int64           `json:"charge"` // the Seq of the charge that is owed
	Part   int             `json:"part,omitempty"`
	Item   Item            `json:"item,omitzero"`
	Amount decimal.Decimal `json:"amount"` // positive: owed; negative: paid or forgiven
}

// An Entry is one immutable line of a wallet's journal. An operation appends one,
// after those for what fell due before it.
//
// The sum of Change over the journal is the wallet's balance: what remains and
// what is held of the grants in effect, less what is owed.
type Entry struct {
	WalletID WalletID `json:"wallet_id"`
	Seq      int64    `json:"seq"` // 1, 2, 3, ... without a gap
	Kind     Kind     `json:"kind"`

	Key         string `json:"key,omitempty"`        // the request's idempotency key; empty for what fell due by itself
	Fingerprint Hash   `json:"fingerprint,omitzero"` // of the request, to tell a repetition from another use of its key

	EffectiveAt time.Time `json:"effective_at"`   // when it took effect
	RecordedAt  time.Time `json:"recorded_at"`    // when it was written
	Late        bool      `json:"late,omitempty"` // of use reported late: its effect lies before that of entries that precede it

	Change  decimal.Decimal `json:"change,omitzero"`  // to the balance
	Balance decimal.Decimal `json:"balance,omitzero"` // after it

	Of     int64        `json:"of,omitempty"`  // the Seq of the entry that it unwinds or carries on
	Peer   EntryID      `json:"peer,omitzero"` // of a transfer: the entry in the other wallet
	Parts  []Part       `json:"parts,omitempty"`
	Moves  []Move       `json:"moves,omitempty"`
	Debts  []DebtChange `json:"debts,omitempty"`
	Counts []Count      `json:"counts,omitempty"` // added to the wallet's counters

	Opening  *Opening `json:"opening,omitempty"`  // what never changes about the wallet that it opened
	Grants   []*Grant `json:"grants,omitempty"`   // issued by it, all of each pending
	Reopened []*Grant `json:"reopened,omitempty"` // of which nothing was left before it

	Terms        *Terms        `json:"terms,omitempty"`        // the wallet's terms from now on
	Subscription *Subscription `json:"subscription,omitempty"` // one subscription as it is from now on
	Hold         *Hold         `json:"hold,omitempty"`         // a hold as it is from now on
	Refusal      *Refusal      `json:"refusal,omitempty"`
	Billed       int64         `json:"billed,omitempty"`     // of a bill: the Seq up to which overage has been billed
	Checkpoint   *Wallet       `json:"checkpoint,omitempty"` // the wallet before it
	Returned     Money         `json:"returned,omitzero"`    // of a take-back: the money to return

	Notices []Notice `json:"notices,omitempty"`

	Info

	Previous Hash `json:"previous"` // the Hash of the entry before
	Hash     Hash `json:"-"`        // of this entry's encoding, see [Entry.Seal]

	body string // the encoding, while the entry is on its way to the store
}

// ID returns the entry's ID.
func (e *Entry) ID() EntryID { return EntryID{e.WalletID, e.Seq} }

// Draws returns which grants paid for what the entry spent, in the order in which
// they were drawn on.
func (e *Entry) Draws() []Draw {
	var draws []Draw
	for _, m := range e.Moves {
		if m.To == PotSpent {
			draws = append(draws, Draw{Grant: m.Grant, Amount: m.Amount, Part: m.Part})
		}
	}
	return draws
}

// Amount returns what the entry's parts cost together.
func (e *Entry) Amount() decimal.Decimal {
	return sum(e.Parts, func(p Part) decimal.Decimal { return p.Amount })
}

// Overage returns the part of a charge that no credit paid, to be invoiced.
func (e *Entry) Overage() decimal.Decimal {
	return sum(e.Parts, func(p Part) decimal.Decimal { return p.Overage })
}

// Debt returns the part of a charge that was paid by going below zero.
func (e *Entry) Debt() decimal.Decimal {
	return sum(e.Parts, func(p Part) decimal.Decimal { return p.Debt })
}

// bookedAt returns the instant at which the wallet's clock stood when e was
// written: its effective instant or, of late use, the time of recording. It never
// falls from one entry of a wallet to the next.
func (e *Entry) bookedAt() time.Time {
	if e.Late {
		return e.RecordedAt
	}
	return e.EffectiveAt
}

func sum[T any](items []T, amount func(T) decimal.Decimal) decimal.Decimal {
	var total decimal.Decimal
	for _, item := range items {
		total = plus(total, amount(item))
	}
	return total
}

// plus returns a + b. Where one of them is zero, as most are that a charge adds up,
// it makes no new number.
func plus(a, b decimal.Decimal) decimal.Decimal {
	switch {
	case a.IsZero():
		return b
	case b.IsZero():
		return a
	}
	return a.Add(b)
}

// minus returns a - b, which is often nothing: one of two is drawn in full.
func minus(a, b decimal.Decimal) decimal.Decimal {
	if a.Equal(b) {
		return decimal.Zero
	}
	return a.Sub(b)
}
