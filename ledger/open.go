package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// OpenWalletRequest is the input of [Ledger.OpenWallet]. Key and Unit are
// required.
type OpenWalletRequest struct {
	Key   string // names the wallet for ever: its ID is [WalletIDOf] of it
	Unit  Unit   // what the wallet counts
	Terms `json:"terms"`
	Info  `json:"info"`

	defaults Config // of the ledger; no part of the request
}

// OpenWallet opens a wallet and returns it. The same request again returns the
// wallet as it was opened.
//
// It is ErrKeyReused if a wallet was opened with that key and other terms.
func (l *Ledger) OpenWallet(ctx context.Context, r OpenWalletRequest) (Wallet, error) {
	e, err := l.Do(ctx, r)
	if err != nil {
		return Wallet{}, err
	}
	return Replay(slices.Values([]Entry{e}))
}

func (r OpenWalletRequest) header() (WalletID, string) { return WalletIDOf(r.Key), r.Key }

func (r OpenWalletRequest) check() (Request, error) {
	if err := r.Unit.Validate(); err != nil {
		return nil, refused("Unit", err)
	}
	return r, cmp.Or(r.Terms.check(r.Unit), r.Info.check())
}

func (r OpenWalletRequest) decide(d *desk) error {
	id, _ := r.header()
	if d.wallets[id] != nil {
		return &KeyReusedError{Key: r.Key, Entry: EntryID{id, 1}}
	}
	w := &draft{w: &Wallet{ID: id}, opening: true, now: d.now, catalog: d.catalog}
	d.drafts = append(d.drafts, w)
	opening := Opening{Unit: r.Unit, Lateness: max(r.defaults.Lateness, 0)}
	terms := r.Terms
	if terms.Expiry.IsZero() {
		terms.Expiry = r.defaults.Expiry
	}
	if terms.Alerts.none() {
		terms.Alerts = r.defaults.Alerts
	}
	if err := cmp.Or(terms.Alerts.check(), terms.TopUp.offered(d.catalog)); err != nil {
		return err
	}
	d.answer(w, &Entry{Kind: KindOpen, Opening: &opening, Terms: &terms, Info: r.Info})
	return nil
}

// AmendRequest is the input of [Ledger.Amend]. Key and WalletID are required.
type AmendRequest struct {
	Key      string
	WalletID WalletID
	Terms    Terms // all of them: what is left out is empty from now on
	Info     `json:"info"`
}

// Amend replaces the terms of a wallet. Grants that were issued keep theirs.
func (l *Ledger) Amend(ctx context.Context, r AmendRequest) (Entry, error) { return l.Do(ctx, r) }

func (r AmendRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r AmendRequest) check() (Request, error) {
	widest := Unit{Name: "any", Scale: MaxScale} // the wallet's own is known later
	return r, cmp.Or(r.Terms.check(widest), r.Info.check())
}

func (r AmendRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	if err := cmp.Or(r.Terms.check(w.w.Unit), r.Terms.TopUp.offered(d.catalog)); err != nil {
		return err
	}
	for _, b := range r.Terms.Buckets {
		if _, s, ok := w.w.bucket(b.Name); ok && s != nil {
			return invalid("Terms.Buckets", "names %q, which a subscription has", b.Name)
		}
	}
	d.answer(w, &Entry{Kind: KindAmend, Terms: &r.Terms, Info: r.Info})
	return nil
}

// StatusRequest is the input of [Ledger.Freeze], [Ledger.Thaw] and
// [Ledger.CloseWallet]. Key and WalletID are required. It does not say which of them is
// meant, and so is no [Request]: Do, Check and Together do not take it.
type StatusRequest struct {
	Key      string
	WalletID WalletID
	Info
}

// Freeze keeps anything from being taken from a wallet: charges, holds, deductions
// and transfers to others are ErrFrozen. Credits still come, expire and renew, and
// holds that are open can be captured and released.
func (l *Ledger) Freeze(ctx context.Context, r StatusRequest) (Entry, error) {
	return l.Do(ctx, freeze{r})
}

// Thaw ends a freeze.
func (l *Ledger) Thaw(ctx context.Context, r StatusRequest) (Entry, error) { return l.Do(ctx, thaw{r}) }

// CloseWallet ends a wallet for good: what is left in it is voided, holds and
// subscriptions end, and later requests for it are ErrClosed. A debt stays in the
// books.
func (l *Ledger) CloseWallet(ctx context.Context, r StatusRequest) (Entry, error) {
	return l.Do(ctx, shut{r})
}

type (
	freeze struct{ StatusRequest }
	thaw   struct{ StatusRequest }
	shut   struct{ StatusRequest }
)

func (r StatusRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r freeze) check() (Request, error) { return r, r.Info.check() }
func (r thaw) check() (Request, error)   { return r, r.Info.check() }
func (r shut) check() (Request, error)   { return r, r.Info.check() }

func (r freeze) decide(d *desk) error {
	return r.post(d, &Entry{Kind: KindFreeze, Info: r.Info})
}

func (r thaw) decide(d *desk) error {
	return r.post(d, &Entry{Kind: KindThaw, Info: r.Info})
}

func (r StatusRequest) post(d *desk, e *Entry) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	d.answer(w, e)
	return nil
}

func (r shut) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	e := &Entry{Kind: KindClose, Info: r.Info}
	for i := range w.w.Grants {
		g := &w.w.Grants[i]
		e.Moves = appendMove(e.Moves, Move{Grant: g.ID, From: w.potOf(g), To: PotVoided, Amount: g.Remaining})
		e.Moves = appendMove(e.Moves, Move{Grant: g.ID, From: PotHeld, To: PotVoided, Amount: g.Held})
	}
	d.answer(w, e)
	return nil
}

// appendMove appends m unless it moves nothing.
func appendMove(moves []Move, m Move) []Move {
	if m.Amount.IsZero() {
		return moves
	}
	return append(moves, m)
}

// check refuses terms that can never work, and puts the rest into normal form.
func (t *Terms) check(unit Unit) (err error) {
	t.Buckets, t.Limits = slices.Clone(t.Buckets), slices.Clone(t.Limits)
	if t.CreditLimit, err = checkAmount("CreditLimit", t.CreditLimit, unit); err != nil {
		return err
	}
	if err := checkNotNegative("CreditLimit", t.CreditLimit); err != nil {
		return err
	}
	if t.Rates, err = pricing.CheckRates(t.Rates, unit); err != nil {
		return refused("", err)
	}
	if t.Order.chain() == nil {
		return invalid("Order", "is %.40q and must be default, stripe, openmeter, orb or oldest", t.Order)
	}
	if _, err := expiry.Zone(t.Zone); err != nil {
		return refused("Zone", err)
	}
	if err := t.Expiry.Validate(); err != nil {
		return refused("Expiry", err)
	}
	return cmp.Or(
		checkText("Owner", t.Owner, MaxKey),
		checkText("RateCard", t.RateCard, MaxKey),
		t.Refunds.check(),
		checkBuckets("Buckets", t.Buckets, unit),
		checkUnrenewed(t.Buckets),
		checkLimits(t.Limits),
		t.Alerts.check(),
		t.TopUp.check(),
		checkPairs("Metadata", t.Metadata),
	)
}

// checkUnrenewed refuses allowances of buckets that belong to no subscription.
func checkUnrenewed(buckets []Bucket) error {
	for i, b := range buckets {
		if !b.Allowance.IsZero() {
			return invalid(fmt.Sprintf("Buckets[%d].Allowance", i), "needs a subscription, see Subscribe")
		}
	}
	return nil
}

// checkBuckets refuses buckets that can never work or that share a name.
func checkBuckets(field string, buckets []Bucket, unit Unit) error {
	names := make(map[string]bool)
	for i, b := range buckets {
		at := fmt.Sprintf("%s[%d]", field, i)
		if err := b.Validate(); err != nil {
			return refused(at, err)
		}
		if names[b.Name] {
			return invalid(at+".Name", "%q stands twice", b.Name)
		}
		names[b.Name] = true
		allowance, err := checkAmount(at+".Allowance", b.Allowance, unit)
		if err != nil {
			return err
		}
		buckets[i].Allowance = allowance
	}
	return nil
}
