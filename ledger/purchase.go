package ledger

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// PurchaseRequest is the input of [Ledger.Purchase]. Key, WalletID and Package are
// required.
type PurchaseRequest struct {
	Key      string
	WalletID WalletID
	Package  string // of the catalog
	Number   int    // how many of it; zero: one
	Code     string // a coupon that the buyer gave
	Referred bool   // the buyer brought another one
	TopUp    int64  // of an automatic top-up: the Seq of the ID of the notice that asked for it; zero: it is none
	Info
}

// Purchase grants what a package of the catalog holds and, as grants of their own
// beneath it, its bonus and what the catalog's promotions add. That it was paid for
// is the host's word: call it when the payment has arrived, with the payment's ID
// as key.
//
// It is ErrNotFound if there is no such package or coupon, ErrInvalid if the package
// is not for sale to this wallet now, or if the wallet counts another unit than the
// catalog.
func (l *Ledger) Purchase(ctx context.Context, r PurchaseRequest) (Entry, error) { return l.Do(ctx, r) }

func (r PurchaseRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r PurchaseRequest) check() (Request, error) {
	if r.Package == "" {
		return nil, invalid("Package", "is empty")
	}
	if r.Number == 0 {
		r.Number = 1
	}
	if r.Number < 1 || r.Number > MaxParts {
		return nil, invalid("Number", "is %d, not in 1 to %d", r.Number, MaxParts)
	}
	if r.TopUp < 0 {
		return nil, invalid("TopUp", "is negative")
	}
	return r, cmp.Or(checkText("Package", r.Package, MaxKey), checkText("Code", r.Code, MaxKey), r.Info.check())
}

func (r PurchaseRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	p, err := packageOf(d.catalog, r.Package)
	if err != nil {
		return err
	}
	if err := cmp.Or(w.sameUnit(), w.coupon(r.Code)); err != nil {
		return err
	}
	bought := w.times(packaged + p.Name)
	if err := p.Check(w.now, bought+r.Number-1); err != nil {
		return refused("Package", err)
	}
	e := &Entry{Kind: KindPurchase, Info: r.Info}
	number := decimal.NewFromInt(int64(r.Number))
	paid := Money{Amount: p.Price.Amount.Mul(number), Currency: p.Price.Currency}
	if err := w.award(e, SourcePurchase, pricing.Award{Name: cmp.Or(p.Title, p.Name), Amount: p.Credits.Mul(number), Terms: p.Terms}, paid); err != nil {
		return err
	}
	e.Grants[0].Package = p.Name
	if bonus, ok := p.Award(d.catalog.Unit, w.now); ok {
		bonus.Amount = bonus.Amount.Mul(number)
		if err := w.award(e, SourcePromotion, bonus, Money{}); err != nil {
			return err
		}
	}
	awards := d.catalog.Awards(pricing.Event{
		At: w.now, Package: p.Name, Credits: p.Credits.Mul(number), Bought: w.times(purchases),
		Code: r.Code, Referred: r.Referred, Had: w.had(),
	})
	if err := w.promote(e, awards); err != nil {
		return err
	}
	if err := w.toppedUp(e, r.TopUp, p, r.Number); err != nil {
		return err
	}
	w.tally(e, purchases, 1)
	w.tally(e, packaged+p.Name, r.Number)
	d.answer(w, e)
	w.payDebts()
	return nil
}

// RedeemRequest is the input of [Ledger.Redeem]. Key and WalletID are required,
// and what earns something: a Code or Referred.
type RedeemRequest struct {
	Key      string
	WalletID WalletID
	Code     string
	Referred bool
	Info
}

// Redeem grants what the catalog's promotions give for a coupon or a referral
// without a purchase.
//
// It is ErrNotFound if they give nothing for it to this wallet now.
func (l *Ledger) Redeem(ctx context.Context, r RedeemRequest) (Entry, error) { return l.Do(ctx, r) }

func (r RedeemRequest) header() (WalletID, string) { return r.WalletID, r.Key }

func (r RedeemRequest) check() (Request, error) {
	if r.Code == "" && !r.Referred {
		return nil, invalid("Code", "is empty, and Referred is not set")
	}
	return r, cmp.Or(checkText("Code", r.Code, MaxKey), r.Info.check())
}

func (r RedeemRequest) decide(d *desk) error {
	w, err := d.draft(r.WalletID)
	if err != nil {
		return err
	}
	if d.catalog == nil {
		return uncatalogued("promotion for", cmp.Or(r.Code, "a referral"))
	}
	if err := w.sameUnit(); err != nil {
		return err
	}
	awards := d.catalog.Awards(pricing.Event{
		At: w.now, Bought: w.times(purchases), Code: r.Code, Referred: r.Referred, Had: w.had(),
	})
	if len(awards) == 0 {
		return notFound("promotion for", cmp.Or(r.Code, "a referral"))
	}
	e := &Entry{Kind: KindGrant, Info: r.Info}
	if err := w.promote(e, awards); err != nil {
		return err
	}
	d.answer(w, e)
	w.payDebts()
	return nil
}

// coupon refuses a code that none of the catalog's promotions has.
func (d *draft) coupon(code string) error {
	has := func(p pricing.Promotion) bool { return p.Code == code }
	if code != "" && !slices.ContainsFunc(d.catalog.Promotions, has) {
		return notFound("promotion with code", code)
	}
	return nil
}

// promote puts what promotions give into e, and counts that the wallet had them.
func (d *draft) promote(e *Entry, awards []pricing.Award) error {
	for _, a := range awards {
		if err := d.award(e, SourcePromotion, a, Money{}); err != nil {
			return err
		}
		d.tally(e, promoted+a.Name, 1)
	}
	return nil
}

// award puts a grant of a's amount and terms into e, beneath what was bought by it.
func (d *draft) award(e *Entry, source Source, a pricing.Award, paid Money) error {
	g, err := d.grant(&GrantRequest{
		Source: source, Name: a.Name, Amount: a.Amount, Paid: paid,
		Bucket: a.Bucket, Scope: a.Scope, Priority: a.Priority, Expiry: a.Expiry, Info: e.Info,
	})
	if err != nil {
		return err
	}
	if len(e.Grants) > 0 && e.Kind == KindPurchase {
		g.Parent = e.Grants[0].ID
	}
	e.Grants = append(e.Grants, g)
	e.Moves = append(e.Moves, d.issue(g, len(e.Grants), d.now)...)
	return nil
}

// The counters of what a wallet has bought and been given have names that no item
// of a catalog has, and never end.
const (
	purchases = "#purchases"
	packaged  = "#package:"
	promoted  = "#promotion:"
)

// tally puts n more of what name counts into e.
func (d *draft) tally(e *Entry, name string, n int) {
	e.Counts = append(e.Counts, Count{Name: name, From: d.w.OpenedAt, Quantity: decimal.NewFromInt(int64(n))})
}

// times returns how often the wallet has had what name counts.
func (d *draft) times(name string) int {
	return int(counter(d.w.Counters, Counter{Name: name, From: d.w.OpenedAt}).IntPart())
}

// had returns how often the wallet has had each promotion.
func (d *draft) had() map[string]int {
	had := make(map[string]int)
	for _, c := range d.w.Counters {
		if name, ok := strings.CutPrefix(c.Name, promoted); ok {
			had[name] = int(c.Quantity.IntPart())
		}
	}
	return had
}
