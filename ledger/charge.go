package ledger

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// A Shortfall says what happens when a wallet cannot pay a charge in full.
type Shortfall string

// What can happen. The empty Shortfall is what the plan of the main subscription
// says, and ShortfallRefuse if it says nothing.
const (
	ShortfallRefuse    Shortfall = "refuse"    // nothing is charged: ErrInsufficientCredits
	ShortfallPartial   Shortfall = "partial"   // what is there is spent, the rest is overage, to be invoiced
	ShortfallOverdraft Shortfall = "overdraft" // the rest is owed, down to the wallet's credit limit
	ShortfallInvoice   Shortfall = "invoice"   // no credit is spent: all is overage, and credits are put against its invoice
)

// ChargeRequest is the input of [Ledger.Charge]. Key, WalletID and what was used
// are required: either one item, by an Amount of credits or by a Quantity that the
// catalog prices, or several Uses, all or nothing. [Use] says what the fields of the one
// item mean together: if both are stated, Amount is what is charged, and Quantity is for
// the record.
type ChargeRequest struct {
	Key      string
	WalletID WalletID

	Item       string
	Kind       string
	Amount     decimal.Decimal
	Quantity   decimal.Decimal
	Quantities map[string]decimal.Decimal
	Attributes map[string]string

	Uses []Use

	// At is when the use happened; zero: now. What was live then may be drawn on,
	// though it has expired since, if it is no further back than the wallet's
	// lateness window.
	At time.Time

	Shortfall Shortfall // if credits are too few; empty: as the main subscription's plan says, else refuse
	Final     bool      // a refusal stands: the same request is refused for good
	Info
}

// Charge spends credits for something that happened. The entry's Draws say which
// grants paid.
//
// It is an [*InsufficientCreditsError] if the wallet cannot pay as Shortfall
// demands, a [*LimitError] if a limit forbids it, ErrFrozen if the wallet is
// frozen. A refusal leaves no trace, and may succeed when repeated, unless Final
// is set.
func (l *Ledger) Charge(ctx context.Context, r ChargeRequest) (Entry, error) { return l.Do(ctx, r) }

func (r ChargeRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r ChargeRequest) refuseForGood() bool { return r.Final }

func (r ChargeRequest) check() (_ Request, err error) {
	one := Use{r.Item, r.Kind, r.Amount, r.Quantity, r.Quantities, r.Attributes}
	if r.Uses, err = checkUses(&one, r.Uses); err != nil {
		return nil, err
	}
	r.Amount, r.Quantity, r.Quantities = one.Amount, one.Quantity, one.Quantities
	if r.At, err = checkTime("At", r.At); err != nil {
		return nil, err
	}
	return r, cmp.Or(r.Shortfall.check(), r.Info.check())
}

func (s Shortfall) check() error {
	switch s {
	case "", ShortfallRefuse, ShortfallPartial, ShortfallOverdraft, ShortfallInvoice:
		return nil
	}
	return invalid("Shortfall", "is %.40q and must be refuse, partial, overdraft or invoice", s)
}

func (r ChargeRequest) uses() []Use {
	if len(r.Uses) > 0 {
		return r.Uses
	}
	return []Use{{r.Item, r.Kind, r.Amount, r.Quantity, r.Quantities, r.Attributes}}
}

func (r ChargeRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	if w.w.Status == StatusFrozen {
		return frozen(w.w.ID)
	}
	at, late, err := w.usedAt(r.At)
	if err != nil {
		return err
	}
	e := &Entry{Kind: KindCharge, EffectiveAt: at, Late: late, Info: r.Info}
	if err := w.price(e, r.uses(), at); err != nil {
		return err
	}
	return w.spend(d, e, w.shortfall(r.Shortfall))
}

// usedAt returns the instant of a use for which at is stated, and whether it lies
// before what is in the books already.
func (d *draft) usedAt(at time.Time) (_ time.Time, late bool, err error) {
	switch {
	case at.IsZero():
		return d.now, false, nil
	case at.After(d.now):
		return at, false, invalid("At", "is %v, in the future", at)
	case at.Before(d.now.Add(-d.w.Lateness)):
		return at, false, invalid("At", "is %v, more than %v ago, the wallet's Lateness", at, d.w.Lateness)
	}
	return at, at.Before(d.w.SettledAt), nil
}

// shortfall returns s or, if it is empty, what the main subscription's plan says.
func (d *draft) shortfall(s Shortfall) Shortfall {
	if s != "" {
		return s
	}
	if sub, ok := d.w.Subscription(""); ok && d.catalog != nil {
		if plan, ok := d.catalog.Plan(sub.Plan); ok {
			switch plan.Beyond.Kind {
			case pricing.BeyondOverage, pricing.BeyondPostpaid:
				return ShortfallPartial
			case pricing.BeyondRefuse, pricing.BeyondPackages:
			}
		}
	}
	return ShortfallRefuse
}

// spend draws what e's parts cost at e's instant and posts e as the answer.
func (d *draft) spend(desk *desk, e *Entry, s Shortfall) error {
	var moves []Move
	var unpaid []decimal.Decimal
	if s == ShortfallInvoice {
		unpaid = costs(e.Parts)
	} else {
		moves, unpaid = d.w.pay(e.Parts, e.EffectiveAt)
	}
	e.Moves = append(e.Moves, moves...)
	short := d.cover(e, unpaid, s)
	if err := cmp.Or(d.limit(e), short); err != nil {
		return err
	}
	d.reinstate(moves)
	e.owedBy(d.w.Seq + 1)
	desk.answer(d, e)
	return nil
}

// costs returns what each of parts costs.
func costs(parts []Part) []decimal.Decimal {
	amounts := make([]decimal.Decimal, len(parts))
	for i := range parts {
		amounts[i] = parts[i].Amount
	}
	return amounts
}

// cover books what no grant paid of e's parts as s says, or refuses.
func (d *draft) cover(e *Entry, unpaid []decimal.Decimal, s Shortfall) error {
	short := sum(unpaid, func(u decimal.Decimal) decimal.Decimal { return u })
	if short.IsZero() {
		return nil
	}
	e.Parts = slices.Clone(e.Parts)
	switch room := d.w.CreditLimit.Sub(d.w.debt()); {
	case s == ShortfallPartial || s == ShortfallInvoice:
		for i := range unpaid {
			e.Parts[i].Overage = unpaid[i]
		}
	case s == ShortfallOverdraft && short.LessThanOrEqual(room):
		for i := range unpaid {
			e.Parts[i].Debt = unpaid[i]
		}
	default:
		want := e.Amount()
		have := want.Sub(short)
		if s == ShortfallOverdraft && room.IsPositive() {
			have = have.Add(room)
		}
		return &InsufficientCreditsError{WalletID: d.w.ID, Want: want, Have: have}
	}
	return nil
}

// owedBy makes the debts of e's parts those of the charge that seq names.
func (e *Entry) owedBy(seq int64) {
	for i, p := range e.Parts {
		if p.Debt.IsPositive() {
			e.Debts = append(e.Debts, DebtChange{Charge: seq, Part: i, Item: p.Item, Amount: p.Debt})
		}
	}
}

// reinstate takes back the expiry of what moves drew beyond what remains, each at
// the instant at which it had lapsed.
func (d *draft) reinstate(moves []Move) {
	for _, m := range d.w.reinstated(moves) {
		g := d.w.Grants[d.w.grant(m.Grant)]
		d.post(&Entry{Kind: KindReinstate, EffectiveAt: g.LapsedAt, Late: true, Moves: []Move{m}})
	}
}
