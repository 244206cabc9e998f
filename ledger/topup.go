package ledger

import (
	"cmp"
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// DefaultBackoff is how long an automatic top-up waits after it failed, unless its
// rule says otherwise.
const DefaultBackoff = time.Hour

// MaxBackoff bounds how long a rule can let an automatic top-up wait at first.
const MaxBackoff = 30 * 24 * time.Hour

// A TopUp is the rule for buying credits automatically. The zero TopUp buys none.
//
// When what is available, less what is owed, is no longer above Threshold, one
// notice says which package to buy and how many of it, so that the wallet ends
// strictly above. There is no other until that one is answered, by a
// [Ledger.Purchase] that names it or by [Ledger.TopUpFailed]: so what is in flight
// counts, and a burst of charges buys one. What is bought by then may not be
// enough any more, and then the next notice follows at once.
//
// After a failure the rule waits for Backoff, twice as long after each further one
// in a row, up to 32 times. A month's bounds count what was asked for and did not
// fail; a NoticeStopped says when they keep it from asking, or when the catalog
// does not sell the package, and until when. Amending the wallet ends the waiting.
type TopUp struct {
	Package   string          `json:"package,omitempty"`    // of the catalog; empty: no automatic top-ups
	Threshold decimal.Decimal `json:"threshold,omitzero"`   // what the wallet must stay above
	Target    decimal.Decimal `json:"target,omitzero"`      // what it is filled up to at least, above Threshold; zero: just above that
	Exclude   []Source        `json:"exclude,omitempty"`    // whose credits do not count as available
	MaxNumber int             `json:"max_number,omitempty"` // top-ups a month, from the day the wallet was opened; zero: any number
	MaxPaid   Money           `json:"max_paid,omitzero"`    // money a month; zero: any amount
	Backoff   time.Duration   `json:"backoff,omitempty"`    // zero: DefaultBackoff
}

// TopUpState is where an automatic top-up stands.
type TopUpState struct {
	Notice    int64     `json:"notice,omitempty"`    // the Seq of the entry whose notice has not been answered; zero: none
	Failures  int       `json:"failures,omitempty"`  // in a row
	NotBefore time.Time `json:"not_before,omitzero"` // when the next notice can be made; zero: any time
}

// check refuses a rule that can never work, and puts it into normal form.
func (t *TopUp) check() (err error) {
	if t.Threshold, err = checkNumber("TopUp.Threshold", t.Threshold); err != nil {
		return err
	}
	if t.Target, err = checkNumber("TopUp.Target", t.Target); err != nil {
		return err
	}
	switch {
	case t.Package == "" && (!t.Threshold.IsZero() || !t.Target.IsZero() || t.MaxNumber != 0 || !t.MaxPaid.IsZero()):
		return invalid("TopUp.Package", "is empty, but there is a rule for it")
	case !t.Target.IsZero() && !t.Target.GreaterThan(t.Threshold):
		return invalid("TopUp.Target", "is %v, not above the threshold of %v", t.Target, t.Threshold)
	case t.MaxNumber < 0:
		return invalid("TopUp.MaxNumber", "is negative")
	case t.Backoff < 0 || t.Backoff > MaxBackoff:
		return invalid("TopUp.Backoff", "is %v, not in 0 to %v", t.Backoff, MaxBackoff)
	}
	return cmp.Or(
		checkText("TopUp.Package", t.Package, MaxKey),
		within("TopUp.MaxPaid", checkPaid(t.MaxPaid)),
		checkSources("TopUp.Exclude", t.Exclude),
	)
}

// offered refuses a rule whose package is not in the catalog, or is sold for other
// money than the rule bounds.
func (t *TopUp) offered(catalog *pricing.Catalog) error {
	if t.Package == "" {
		return nil
	}
	p, err := packageOf(catalog, t.Package)
	if err != nil {
		return err
	}
	if !t.MaxPaid.IsZero() && t.MaxPaid.Currency != p.Price.Currency {
		return invalid("TopUp.MaxPaid", "is in %s, but the package is sold for %s", t.MaxPaid.Currency, p.Price.Currency)
	}
	return nil
}

// packageOf returns a package of the catalog, if there is one.
func packageOf(catalog *pricing.Catalog, name string) (pricing.Package, error) {
	if catalog == nil {
		return pricing.Package{}, uncatalogued("package", name)
	}
	p, ok := catalog.Package(name)
	if !ok {
		return p, notFound("package", name)
	}
	return p, nil
}

// number returns how many of p lift the wallet from have to where t says.
func (t *TopUp) number(p pricing.Package, unit Unit, have decimal.Decimal, at time.Time) int {
	total := p.Total(unit, at)
	var n decimal.Decimal
	if t.Target.IsZero() {
		rule := pricing.TopUp{Threshold: t.Threshold, Amount: p.Credits, Bonus: total.Sub(p.Credits)}
		n, _ = rule.Size(have).QuoRem(p.Credits, 0)
	} else {
		whole, rest := t.Target.Sub(have).QuoRem(total, 0)
		if n = whole; rest.IsPositive() {
			n = whole.Add(decimal.New(1, 0))
		}
	}
	return int(least(n, decimal.New(MaxParts, 0)).IntPart())
}

// short reports whether a top-up is due at an instant.
func (w *Wallet) short(at time.Time) bool {
	return w.TopUp.Package != "" && w.Status == StatusOpen &&
		w.TopUpState.Notice == 0 && !w.TopUpState.NotBefore.After(at) &&
		w.covered().LessThanOrEqual(w.TopUp.Threshold)
}

// covered returns what the rule for top-ups compares with its threshold.
func (w *Wallet) covered() decimal.Decimal { return w.available(w.TopUp.Exclude).Sub(w.debt()) }

// nextTopUp returns when a top-up that has to wait will be due, or the zero time.
func (w *Wallet) nextTopUp() time.Time {
	at := w.TopUpState.NotBefore
	if !at.After(w.SettledAt) || !w.short(at) {
		return time.Time{}
	}
	return at
}

// topUp posts the notice of a top-up that is due at the instant at.
func (d *draft) topUp(at time.Time) {
	if !d.w.short(at) {
		return
	}
	rule := &d.w.TopUp
	n := Notice{Kind: NoticeTopUp, Name: rule.Package, Level: rule.Threshold, Amount: d.w.covered()}
	e := &Entry{Kind: KindNotice, EffectiveAt: at}
	p, err := packageOf(d.catalog, rule.Package)
	if err == nil {
		n.Number = rule.number(p, d.catalog.Unit, n.Amount, at)
		err = p.Check(at, d.times(packaged+p.Name)+n.Number-1)
	}
	counts, until := d.w.month(p.Price, n.Number, at)
	switch {
	case err != nil:
		n.Kind, n.Number, n.At = NoticeStopped, 0, at.Add(24*time.Hour)
	case d.w.beyond(counts):
		n.Kind, n.Number, n.At = NoticeStopped, 0, until
	default:
		e.Counts = counts
	}
	e.Notices = []Notice{n}
	d.post(e)
}

// The counters of automatic top-ups, by the month.
const (
	topUps     = "#top_ups"
	topUpsPaid = "#top_ups_paid"
)

// month returns what a top-up of so many packages counts in the month of an
// instant, and the end of that month.
func (w *Wallet) month(price Money, number int, at time.Time) (counts []Count, end time.Time) {
	m := w.periodOf(expiry.Months(1), at)
	paid := price.Amount.Mul(decimal.NewFromInt(int64(number)))
	return []Count{
		{Name: topUps, From: m.Start, To: m.End, Quantity: decimal.New(1, 0)},
		{Name: topUpsPaid, From: m.Start, To: m.End, Quantity: paid},
	}, m.End
}

// beyond reports whether counts are more than a month allows.
func (w *Wallet) beyond(counts []Count) bool {
	with := func(c Count) decimal.Decimal { return counter(w.Counters, c).Add(c.Quantity) }
	number, paid := with(counts[0]), with(counts[1])
	return w.TopUp.MaxNumber > 0 && number.GreaterThan(decimal.NewFromInt(int64(w.TopUp.MaxNumber))) ||
		!w.TopUp.MaxPaid.IsZero() && paid.GreaterThan(w.TopUp.MaxPaid.Amount)
}

// applyTopUp makes w's top-up stand where it does after e.
func (w *Wallet) applyTopUp(e *Entry) {
	t := &w.TopUpState
	switch {
	case e.Terms != nil:
		t.Failures, t.NotBefore = 0, time.Time{}
	case e.Kind == KindPurchase && e.Of != 0 && e.Of == t.Notice:
		*t = TopUpState{}
	case e.Kind == KindTopUpFailed:
		t.Notice, t.NotBefore = 0, e.EffectiveAt.Add(w.TopUp.wait(t.Failures))
		t.Failures++
	}
	for i := range e.Notices {
		switch n := &e.Notices[i]; n.Kind { // about other things
		case NoticeTopUp:
			t.Notice, t.NotBefore = e.Seq, time.Time{}
		case NoticeStopped:
			t.NotBefore = n.At
		}
	}
}

// wait returns for how long a top-up waits after a failure that others preceded.
func (t *TopUp) wait(failures int) time.Duration {
	return cmp.Or(t.Backoff, DefaultBackoff) << min(failures, 5)
}

// TopUpFailedRequest is the input of [Ledger.TopUpFailed]. Key, WalletID and TopUp
// are required.
type TopUpFailedRequest struct {
	Key      string
	WalletID WalletID
	TopUp    int64 // the Seq of the notice's ID
	Info
}

// TopUpFailed reports that what a NoticeTopUp asked for could not be bought: the
// payment was declined. After a while another notice asks again, if it is still
// needed then. What is bought later all the same, counts in its month.
//
// It is ErrClosed if that notice is not the one that is waited for.
func (l *Ledger) TopUpFailed(ctx context.Context, r TopUpFailedRequest) (Entry, error) {
	return l.Do(ctx, r)
}

func (r TopUpFailedRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r TopUpFailedRequest) reads() []EntryKey { return nil }

func (r TopUpFailedRequest) check() (Request, error) {
	if r.TopUp < 1 {
		return nil, invalid("TopUp", "is %d, not the Seq of an entry", r.TopUp)
	}
	return r, r.Info.check()
}

func (r TopUpFailedRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	if w.w.TopUpState.Notice != r.TopUp {
		return closed("top-up", r.TopUp)
	}
	asked, err := d.entry(EntryID{r.WalletID, r.TopUp})
	if err != nil {
		return err
	}
	e := &Entry{Kind: KindTopUpFailed, Of: r.TopUp, Info: r.Info}
	for _, c := range asked.Counts {
		if counter(w.w.Counters, c).GreaterThanOrEqual(c.Quantity) {
			c.Quantity = c.Quantity.Neg()
			e.Counts = append(e.Counts, c)
		}
	}
	d.answer(w, e)
	return nil
}

// toppedUp makes e, a purchase of number packages of p, the answer to the notice of
// a top-up. One that had been reported failed counts in its month again.
func (d *draft) toppedUp(e *Entry, notice int64, p pricing.Package, number int) error {
	switch {
	case notice == 0:
		return nil
	case notice > d.w.Seq:
		return notFound("top-up", notice)
	case notice != d.w.TopUpState.Notice:
		counts, _ := d.w.month(p.Price, number, d.now)
		e.Counts = append(e.Counts, counts...)
	}
	e.Of = notice
	return nil
}
