package report

import (
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// A Class says how credits came in or where they went.
type Class string

// The classes. The first four add to what a wallet has, the others take from it.
const (
	Sold     Class = "sold"     // granted for money
	Granted  Class = "granted"  // granted free of charge
	Received Class = "received" // from another wallet
	Carried  Class = "carried"  // to another grant of the same wallet, and from it: sums to zero

	Used     Class = "used"     // spent, less refunds
	Expired  Class = "expired"  // ended unused, less what late use took back
	Voided   Class = "voided"   // cancelled or taken away
	Returned Class = "returned" // taken back with the money for them
	Sent     Class = "sent"     // to another wallet
)

// A Flow is credits of one grant that came in, or went out, by one entry. What it
// points to must not be changed.
type Flow struct {
	Wallet *ledger.Wallet // as it is now
	Entry  *ledger.Entry
	Grant  *ledger.Grant
	Class  Class

	Credits decimal.Decimal // in the direction of Class; negative: the other way, as by a refund
	Money   ledger.Money    // what was paid for them; zero: free

	Use  *ledger.Entry // of class Used: the charge that was paid or refunded
	Part int           // and the index of its part
}

// in reports whether flows of class c add to what a wallet has.
func (c Class) in() bool {
	switch c {
	case Sold, Granted, Received, Carried:
		return true
	case Used, Expired, Voided, Returned, Sent:
	}
	return false
}

// Live returns what f adds to the live credits of its grant, below zero if it takes
// from them, and to the money that they stand for.
func (f *Flow) Live() (decimal.Decimal, ledger.Money) {
	if f.Class.in() {
		return f.Credits, f.Money
	}
	return f.Credits.Neg(), f.Money.Neg()
}

// A walker follows the grants of one wallet along its journal.
type walker struct {
	wallet *ledger.Wallet
	grants map[ledger.GrantID]*grant
	charge func(ledger.EntryID) (*ledger.Entry, error) // finds what a refund or a repayment is of
	emit   func(Flow) bool
	over   bool // emit wants no more
}

// A grant is one that may still change, with what is live of it.
type grant struct {
	*ledger.Grant
	live decimal.Decimal
}

// entry emits the flows of e, the next of the journal, and returns the charge that it
// gives back or pays, or e itself.
func (w *walker) entry(e *ledger.Entry) (use *ledger.Entry, err error) {
	if e.Checkpoint != nil {
		w.resume(e.Checkpoint)
	}
	for _, g := range e.Grants {
		w.grants[g.ID] = &grant{g, g.Amount}
		w.flow(Flow{Entry: e, Grant: g, Class: issued(e, g), Credits: g.Amount, Money: g.Paid})
	}
	for _, g := range e.Reopened {
		if w.grants[g.ID] == nil {
			w.grants[g.ID] = &grant{Grant: g}
		}
	}
	use = e
	if e.Kind == ledger.KindRefund || e.Kind == ledger.KindRepay {
		if use, err = w.charge(ledger.EntryID{WalletID: e.WalletID, Seq: e.Of}); err != nil {
			return nil, err
		}
	}
	for i := range e.Moves {
		w.move(e, use, &e.Moves[i])
	}
	return use, nil
}

// resume goes on with the grants that are open at a checkpoint.
func (w *walker) resume(at *ledger.Wallet) {
	w.grants = make(map[ledger.GrantID]*grant, len(at.Grants))
	for i := range at.Grants {
		g := &at.Grants[i]
		w.grants[g.ID] = &grant{g.Grant, g.Live()}
	}
}

// issued returns the class of a grant's credits when e issues it.
func issued(e *ledger.Entry, g *ledger.Grant) Class {
	switch {
	case e.Kind == ledger.KindReceive:
		return Received
	case e.Kind == ledger.KindRollover || e.Kind == ledger.KindRefund:
		return Carried
	case g.Paid.Amount.IsPositive():
		return Sold
	}
	return Granted
}

// move emits what m does to the live credits of its grant: what goes from one dead
// pot to another does so as if by way of those.
func (w *walker) move(e, use *ledger.Entry, m *ledger.Move) {
	g := w.grants[m.Grant]
	from, to := live(m.From), live(m.To)
	if from && to {
		return
	}
	f := Flow{Entry: e, Grant: g.Grant, Use: use, Part: m.Part}
	if !from {
		f.Class = left(e, m.From)
		w.shift(f, g, m.Amount)
	}
	if !to {
		f.Class = left(e, m.To)
		w.shift(f, g, m.Amount.Neg())
	}
}

// shift adds credits to what is live of g, or takes them, and emits that as f.
func (w *walker) shift(f Flow, g *grant, credits decimal.Decimal) {
	f.Credits, f.Money = credits, g.put(credits)
	if !f.Class.in() {
		f.Credits, f.Money = f.Credits.Neg(), f.Money.Neg()
	}
	w.flow(f)
}

// put adds credits to what is live of g, or takes them, and returns the difference
// that makes to the money that it stands for.
func (g *grant) put(credits decimal.Decimal) ledger.Money {
	before := g.Worth(g.live)
	g.live = g.live.Add(credits)
	after := g.Worth(g.live)
	after.Amount = after.Amount.Sub(before.Amount)
	return after
}

// live reports whether credits in p are yet to be spent or lost.
func live(p ledger.Pot) bool {
	return p == ledger.PotPending || p == ledger.PotRemaining || p == ledger.PotHeld
}

// left returns the class of what e moves to a pot that is not live, or back from it.
func left(e *ledger.Entry, p ledger.Pot) Class {
	switch {
	case p == ledger.PotExpired:
		return Expired
	case p == ledger.PotVoided && e.Kind == ledger.KindTakeBack:
		return Returned
	case p == ledger.PotVoided:
		return Voided
	case p == ledger.PotMoved && e.Kind == ledger.KindSend:
		return Sent
	case p == ledger.PotMoved:
		return Carried
	}
	return Used
}

func (w *walker) flow(f Flow) {
	if f.Class != Used {
		f.Use, f.Part = nil, 0
	}
	f.Wallet = w.wallet
	w.over = w.over || !w.emit(f)
}
