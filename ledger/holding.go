package ledger

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// MaxHoldLife bounds for how long credits can be held without a word from the
// host.
const MaxHoldLife = 366 * 24 * time.Hour

// HoldRequest is the input of [Ledger.Hold]. Key, WalletID, Life and an estimate
// are required: an Amount of credits, or a Quantity that the catalog prices. [Use]
// says what the fields of the estimate mean together: if both are stated, Amount is
// what is held, and Quantity is what limits on quantities count until it is captured.
type HoldRequest struct {
	Key      string
	WalletID WalletID

	Item       string
	Kind       string
	Amount     decimal.Decimal
	Quantity   decimal.Decimal
	Quantities map[string]decimal.Decimal
	Attributes map[string]string

	Life  time.Duration // how long it is open; up to MaxHoldLife
	Final bool          // a refusal stands: the same request is refused for good
	Info
}

// Hold earmarks credits, grant by grant in the wallet's order, so that nothing
// else can spend them. The entry's Hold has the ID to capture and release it by.
//
// It is an [*InsufficientCreditsError] if the wallet has less than the estimate, a
// [*LimitError] if a limit forbids it, ErrFrozen if the wallet is frozen.
func (l *Ledger) Hold(ctx context.Context, r HoldRequest) (Entry, error) { return l.Do(ctx, r) }

func (r HoldRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r HoldRequest) refuseForGood() bool { return r.Final }

func (r HoldRequest) use() Use {
	return Use{r.Item, r.Kind, r.Amount, r.Quantity, r.Quantities, r.Attributes}
}

func (r HoldRequest) check() (Request, error) {
	u := r.use()
	if err := u.check(""); err != nil {
		return nil, err
	}
	r.Amount, r.Quantity, r.Quantities = u.Amount, u.Quantity, u.Quantities
	return r, cmp.Or(checkLife(r.Life), r.Info.check())
}

func checkLife(life time.Duration) error {
	if life < time.Microsecond || life > MaxHoldLife {
		return invalid("Life", "is %v and must be above zero and at most %v", life, MaxHoldLife)
	}
	return nil
}

func (r HoldRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	if w.w.Status == StatusFrozen {
		return frozen(w.w.ID)
	}
	var priced Entry
	if err := w.price(&priced, []Use{r.use()}, w.now); err != nil {
		return err
	}
	estimate := priced.Parts[0]
	h := Hold{
		ID: HoldID(w.w.Seq + 1), Item: estimate.Item, Quantity: estimate.units(),
		OpenedAt: w.now, ExpiresAt: micros(w.now.Add(r.Life)), Reference: r.Reference, Actor: r.Actor,
	}
	e := &Entry{Kind: KindHold, Hold: &h, Info: r.Info}
	if err := w.earmark(e, estimate.Amount); err != nil {
		return err
	}
	d.answer(w, e)
	return nil
}

// earmark lets e's hold take amount more.
func (d *draft) earmark(e *Entry, amount decimal.Decimal) error {
	moves, short := d.w.allocator(d.now).take(e.Hold.Item, amount, PotHeld)
	e.Moves = append(e.Moves, moves...)
	e.Hold.Draws = slices.Clone(e.Hold.Draws)
	for _, m := range moves {
		e.Hold.Draws = append(e.Hold.Draws, Draw{Grant: m.Grant, Amount: m.Amount})
	}
	var refusal error
	if short.IsPositive() {
		refusal = &InsufficientCreditsError{WalletID: d.w.ID, Want: amount, Have: amount.Sub(short)}
		e.Hold.Draws = append(e.Hold.Draws, Draw{Amount: short}) // a limit that forbids it comes first
	}
	return cmp.Or(d.limit(e), refusal)
}

// Holds returns the open holds of a wallet that carry a reference, oldest first;
// the empty reference stands for all of them. Whoever crashed between the work and
// its capture finds so what to capture or release.
//
// It is ErrNotFound if there is no such wallet.
func (l *Ledger) Holds(ctx context.Context, id WalletID, reference string) ([]Hold, error) {
	w, err := l.Wallet(ctx, id)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(w.Holds), func(h Hold) bool {
		return reference != "" && h.Reference != reference
	}), nil
}

// ExtendRequest is the input of [Ledger.Extend]. Key, WalletID and Hold are
// required, and an Amount or a Life.
type ExtendRequest struct {
	Key      string
	WalletID WalletID
	Hold     HoldID
	Amount   decimal.Decimal // to earmark besides; zero: no more
	Life     time.Duration   // from now; it never ends sooner than it would have
	Info
}

// Extend lets a hold grow, or last longer, while work goes on.
//
// It is ErrNotFound if there was no such hold, ErrClosed if it has ended, an
// [*InsufficientCreditsError] if the wallet has less than Amount, a [*LimitError] if a
// limit forbids it, ErrFrozen if the wallet is frozen.
func (l *Ledger) Extend(ctx context.Context, r ExtendRequest) (Entry, error) { return l.Do(ctx, r) }

func (r ExtendRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r ExtendRequest) check() (_ Request, err error) {
	if r.Amount, err = checkNumber("Amount", r.Amount); err != nil {
		return nil, err
	}
	if r.Amount.IsNegative() || r.Amount.IsZero() && r.Life == 0 {
		return nil, invalid("Amount", "must be positive, or Life be set")
	}
	if r.Life != 0 {
		err = checkLife(r.Life)
	}
	return r, cmp.Or(err, r.Info.check())
}

func (r ExtendRequest) decide(d *desk) error {
	w, h, err := d.hold(r.WalletID, r.Hold)
	if err != nil {
		return err
	}
	if w.w.Status == StatusFrozen {
		return frozen(w.w.ID)
	}
	amount, err := checkAmount("Amount", r.Amount, w.w.Unit)
	if err != nil {
		return err
	}
	if ends := micros(w.now.Add(r.Life)); ends.After(h.ExpiresAt) {
		h.ExpiresAt = ends
	}
	e := &Entry{Kind: KindExtend, Of: int64(h.ID), Hold: &h, Info: r.Info}
	if err := w.earmark(e, amount); err != nil {
		return err
	}
	d.answer(w, e)
	return nil
}

// hold returns a wallet's draft and its open hold of that ID.
func (d *desk) hold(wallet WalletID, id HoldID) (*draft, Hold, error) {
	w, err := d.draft(wallet)
	if err != nil {
		return nil, Hold{}, err
	}
	h, ok := w.w.Hold(id)
	if ok {
		return w, h, nil
	}
	switch e, err := d.entry(EntryID{wallet, int64(id)}); {
	case errors.Is(err, ErrNotFound), err == nil && e.Kind != KindHold:
		return w, Hold{}, notFound("hold", id)
	case err != nil:
		return w, Hold{}, err
	}
	return w, Hold{}, closed("hold", id)
}

// CaptureRequest is the input of [Ledger.Capture]. Key, WalletID and Hold are
// required, and what it really took: an Amount of credits, or a Quantity of the
// hold's item that the catalog prices.
type CaptureRequest struct {
	Key      string
	WalletID WalletID
	Hold     HoldID

	Item       string // empty: the hold's
	Kind       string
	Amount     decimal.Decimal
	Quantity   decimal.Decimal
	Quantities map[string]decimal.Decimal
	Attributes map[string]string

	More      bool      // true: more captures will come; false: the rest is released
	OrCharge  bool      // true: if the hold has ended, charge like [Ledger.Charge]; false: ErrClosed
	Shortfall Shortfall // what happens if it took more than was held and the wallet cannot pay that
	Info
}

// Capture spends what a hold earmarks, in the order in which it was taken, and
// what it took beyond that like a charge. Credits that expired while they were
// held can still be captured. A capture of another item than the hold's spends only
// those that may pay for it.
//
// It is ErrNotFound if there was no such hold, ErrClosed if it has ended, and otherwise
// what Charge would be for the part beyond the hold: no limit and no freeze forbids to
// capture what is held.
func (l *Ledger) Capture(ctx context.Context, r CaptureRequest) (Entry, error) { return l.Do(ctx, r) }

func (r CaptureRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r CaptureRequest) use(h Hold) Use {
	u := Use{r.Item, r.Kind, r.Amount, r.Quantity, r.Quantities, r.Attributes}
	if u.Item == "" {
		u.Item, u.Kind = h.Item.ID, h.Item.Kind
	}
	return u
}

func (r CaptureRequest) check() (Request, error) {
	if r.Amount.IsZero() && r.Quantity.IsZero() && len(r.Quantities) == 0 {
		return nil, invalid("Amount", "is zero; to capture nothing, release the hold")
	}
	u := r.use(Hold{Item: Item{ID: "the hold's"}})
	if err := u.check(""); err != nil {
		return nil, err
	}
	r.Amount, r.Quantity, r.Quantities = u.Amount, u.Quantity, u.Quantities
	return r, cmp.Or(r.Shortfall.check(), r.Info.check())
}

func (r CaptureRequest) decide(d *desk) error {
	w, h, err := d.hold(r.WalletID, r.Hold)
	if w != nil && r.OrCharge && errors.Is(err, ErrClosed) {
		return r.charge(d, w)
	}
	if err != nil {
		return err
	}
	e := &Entry{Kind: KindCapture, Of: int64(h.ID), Hold: &h, Info: r.Info}
	if err := w.price(e, []Use{r.use(h)}, w.now); err != nil {
		return err
	}
	left := w.capture(e, &e.Parts[0])
	if left.IsPositive() && w.w.Status == StatusFrozen {
		return frozen(w.w.ID)
	}
	moves, unpaid := w.w.allocator(w.now).take(e.Parts[0].Item, left, PotSpent)
	e.Moves = append(e.Moves, moves...)
	if !r.More {
		w.giveBack(e, w.now)
	}
	short := w.cover(e, []decimal.Decimal{unpaid}, w.shortfall(r.Shortfall))
	if err := cmp.Or(w.limit(e), short); err != nil {
		return err
	}
	e.owedBy(w.w.Seq + 1)
	d.answer(w, e)
	w.payDebts()
	return nil
}

// charge does without a hold that has ended.
func (r CaptureRequest) charge(d *desk, w *draft) error {
	if w.w.Status == StatusFrozen {
		return frozen(w.w.ID)
	}
	if r.Item == "" && r.Amount.IsZero() {
		return invalid("Item", "is empty, and the hold that had one has ended")
	}
	e := &Entry{Kind: KindCapture, EffectiveAt: w.now, Of: int64(r.Hold), Info: r.Info}
	if err := w.price(e, []Use{r.use(Hold{})}, w.now); err != nil {
		return err
	}
	return w.spend(d, e, w.shortfall(r.Shortfall))
}

// capture spends what e's hold earmarks on p, as far as it may pay for that, and
// returns what is left to pay.
func (d *draft) capture(e *Entry, p *Part) decimal.Decimal {
	h, left := e.Hold, p.Amount
	var still []Draw
	for _, draw := range h.Draws {
		if g := &d.w.Grants[d.w.grant(draw.Grant)]; g.Scope.Covers(p.Item) {
			spent := least(draw.Amount, left)
			e.Moves = appendMove(e.Moves, Move{Grant: draw.Grant, From: PotHeld, To: PotSpent, Amount: spent})
			draw.Amount, left = draw.Amount.Sub(spent), left.Sub(spent)
		}
		if draw.Amount.IsPositive() {
			still = append(still, draw)
		}
	}
	h.Draws = still
	h.Captured = h.Captured.Add(p.Amount)
	h.Quantity = decimal.Max(h.Quantity.Sub(p.units()), decimal.Zero)
	return left
}

// giveBack ends e's hold: what it still earmarks goes back, in reverse order.
func (d *draft) giveBack(e *Entry, at time.Time) {
	for _, draw := range slices.Backward(e.Hold.Draws) {
		e.Moves = append(e.Moves, d.release(draw.Grant, draw.Amount, at))
	}
	e.Hold.Draws, e.Hold.Ended = nil, true
}

// release returns the move by which held credits go back at the instant at: to a
// grant that has ended since, only to lapse at once.
func (d *draft) release(id GrantID, amount decimal.Decimal, at time.Time) Move {
	m := Move{Grant: id, From: PotHeld, To: PotRemaining, Amount: amount}
	if d.w.ended(d.w.Grants[d.w.grant(id)].Grant, at) {
		m.To = PotExpired
	}
	return m
}

// ended reports whether nothing of g can remain at t: because it has expired or, of
// what a plan gave, because the plan or its period was cut short.
func (w *Wallet) ended(g *Grant, t time.Time) bool {
	if g.EndedAt(t) {
		return true
	}
	if g.Source != SourceAllowance && g.Source != SourceRollover || g.Bucket == "" {
		return false
	}
	_, s, ok := w.bucket(g.Bucket)
	if s == nil {
		return !ok
	}
	return g.IssuedAt.Before(s.Since) || g.Source == SourceAllowance && g.EffectiveAt.Before(s.Period.Start)
}

// ReleaseRequest is the input of [Ledger.Release]. Key, WalletID and Hold are
// required.
type ReleaseRequest struct {
	Key      string
	WalletID WalletID
	Hold     HoldID
	Amount   decimal.Decimal // zero: all that it still earmarks, which ends it
	Info
}

// Release gives held credits back, those that were taken last first.
//
// It is ErrNotFound if there was no such hold, ErrClosed if it has ended, ErrInvalid if
// it earmarks less than Amount.
func (l *Ledger) Release(ctx context.Context, r ReleaseRequest) (Entry, error) { return l.Do(ctx, r) }

func (r ReleaseRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r ReleaseRequest) check() (_ Request, err error) {
	r.Amount, err = checkNumber("Amount", r.Amount)
	return r, cmp.Or(err, checkNotNegative("Amount", r.Amount), r.Info.check())
}

func (r ReleaseRequest) decide(d *desk) error {
	w, h, err := d.hold(r.WalletID, r.Hold)
	if err != nil {
		return err
	}
	amount, err := checkAmount("Amount", r.Amount, w.w.Unit)
	if err != nil {
		return err
	}
	if held := h.Amount(); amount.GreaterThan(held) {
		return invalid("Amount", "is %v, more than the %v that the hold earmarks", amount, held)
	}
	e := &Entry{Kind: KindRelease, Of: int64(h.ID), Hold: &h, Info: r.Info}
	if amount.IsZero() {
		w.giveBack(e, w.now)
	} else {
		w.loosen(e, amount)
	}
	d.answer(w, e)
	w.payDebts()
	return nil
}

// loosen gives amount of what e's hold earmarks back, the last taken first.
func (d *draft) loosen(e *Entry, amount decimal.Decimal) {
	draws := slices.Clone(e.Hold.Draws)
	for amount.IsPositive() {
		last := &draws[len(draws)-1]
		back := least(last.Amount, amount)
		e.Moves = append(e.Moves, d.release(last.Grant, back, d.now))
		amount, last.Amount = amount.Sub(back), last.Amount.Sub(back)
		if last.Amount.IsZero() {
			draws = draws[:len(draws)-1]
		}
	}
	e.Hold.Draws = draws
}

// timeOut releases the holds that end at that instant. What goes back does so just
// before, in time to roll over with what remains.
func (d *draft) timeOut(at time.Time) {
	for _, h := range slices.Clone(d.w.Holds) {
		if h.ExpiresAt.After(at) {
			continue
		}
		e := &Entry{Kind: KindRelease, EffectiveAt: at, Of: int64(h.ID), Hold: &h}
		d.giveBack(e, at.Add(-time.Microsecond))
		d.post(e)
		d.payDebts()
	}
}
