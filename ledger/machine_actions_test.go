package ledger_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// dice makes choices, of which the first are the lowest digits.
type dice uint64

func (d *dice) n(k int) int {
	n := uint64(*d) % uint64(k)
	*d /= dice(k)
	return int(n)
}

func (d *dice) amount() int64 { return int64(1 + d.n(40)) }

func pick[T any](d *dice, choices []T) T { return choices[d.n(len(choices))] }

// An action is a step that a machine can take on its i-th wallet.
type action struct {
	name   string
	weight int
	do     func(m *machine, d *dice, i int) error
}

var actions = []action{
	{"time passes", 14, (*machine).pass},
	{"grant", 12, (*machine).grant},
	{"charge", 16, (*machine).charge},
	{"refund", 9, (*machine).refund},
	{"hold", 8, (*machine).hold},
	{"extend", 3, (*machine).extend},
	{"capture", 7, (*machine).capture},
	{"release", 4, (*machine).release},
	{"subscribe", 6, (*machine).subscribe},
	{"change", 6, (*machine).change},
	{"cancel", 3, (*machine).cancel},
	{"purchase", 3, (*machine).purchase},
	{"take back", 3, (*machine).takeBack},
	{"transfer", 5, (*machine).transfer},
	{"void", 4, (*machine).void},
	{"adjust", 4, (*machine).adjust},
	{"amend", 3, (*machine).amend},
	{"freeze, thaw or close", 4, (*machine).status},
	{"repeat", 4, (*machine).repeat},
	{"sweep", 3, (*machine).settle},
	{"open", 2, func(m *machine, d *dice, _ int) error { return m.open(d) }},
}

var weights = func() (sum int) {
	for _, a := range actions {
		sum += a.weight
	}
	return sum
}()

// vary changes the terms of w that can change.
func (w *mWallet) vary(d *dice) {
	w.order, w.limit, w.refundLife = pick(d, orders), int64(d.n(3)*20), instant(d.n(3))*12*hours
}

func (m *machine) open(d *dice) error {
	if len(m.ids) >= 4 {
		return nil
	}
	w := mWallet{status: ledger.StatusOpen, own: []mBucket{ownBucket}}
	w.vary(d)
	opened, err := m.books.OpenWallet(m.ctx, ledger.OpenWalletRequest{Key: m.key(), Unit: pricing.Credits(), Terms: w.terms()})
	m.ids, m.wallets, m.known = append(m.ids, opened.ID), append(m.wallets, w), append(m.known, knowledge{})
	return err
}

// pass lets time pass: a while, or to just before or to the instant at which
// something falls due.
func (m *machine) pass(d *dice, i int) error {
	next := m.clock + instant(d.n(int(3*hours)))
	switch d.n(4) {
	case 1:
		next = m.clock + instant(d.n(60))*hours
	case 2, 3:
		if due := m.wallets[i].due(never - 1); due != never {
			next = due - instant(d.n(2))
		}
	}
	m.clock = max(m.clock, next)
	return nil
}

func (m *machine) settle(*dice, int) error {
	_, err := m.books.Settle(m.ctx, 100)
	return err
}

// repeat does again what was done before, and expects the first answer.
func (m *machine) repeat(d *dice, _ int) error {
	if len(m.deeds) == 0 {
		return nil
	}
	deed := pick(d, m.deeds)
	got, err := deed.do()
	if err != nil {
		return err
	}
	if again := ledger.EncodeEntry(&got); string(again) != string(deed.answer) {
		return fmt.Errorf("a repetition answered\n%s, first it was\n%s", again, deed.answer)
	}
	return nil
}

func (m *machine) grant(d *dice, i int) error {
	g := mGrant{
		source: pick(d, []ledger.Source{ledger.SourcePromotion, ledger.SourcePurchase, ledger.SourceAdjustment, ledger.SourceAllowance}),
		amount: d.amount(), scope: d.n(len(scopes)), priority: pick(d, []int{0, 0, 10, 90}),
		bucket: pick(d, []string{"", "", "", "own", "m1", "x1"}), effective: m.clock, expires: never,
	}
	r := ledger.GrantRequest{
		Key: m.key(), WalletID: m.ids[i], Source: g.source, Amount: credits(g.amount),
		Bucket: g.bucket, Scope: scopes[g.scope], Priority: g.priority,
	}
	if g.source == ledger.SourcePurchase {
		g.paid = int64(d.n(500))
		r.Paid = ledger.Money{Amount: decimal.New(g.paid, -2), Currency: "USD"}
	}
	switch d.n(4) {
	case 1:
		g.effective += instant(d.n(48)) * hours
		r.EffectiveAt = when(g.effective)
	case 2:
		g.effective -= instant(d.n(48)) * hours
		r.EffectiveAt = when(g.effective)
	}
	if life := d.n(5) * 10; life > 0 {
		g.expires = g.effective + instant(life)*hours
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAt, At: when(g.expires)}
		if d.n(2) == 0 {
			r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Hours(life)}
		}
	}
	_, err := m.try(r, func(*ledger.Entry) error { return m.wallets[i].grant(g, m.clock) })
	return err
}

// use returns what is used of an item, by amount or by quantity.
func (d *dice) use() (mPart, ledger.Use) {
	item := d.n(len(items))
	if item > 0 && d.n(3) == 0 {
		quantity := int64(1 + d.n(9))
		return mPart{item, quantity * prices[item]}, ledger.Use{Item: items[item], Quantity: credits(quantity)}
	}
	amount := d.amount()
	return mPart{item, amount}, ledger.Use{Item: items[item], Amount: credits(amount)}
}

// past returns an instant up to now: near where something began or ended, or any.
func (m *machine) past(d *dice, i int) instant {
	if grants := m.wallets[i].grants; len(grants) > 0 && d.n(2) == 0 {
		g := pick(d, grants)
		at := pick(d, []instant{g.effective, g.expires, g.lapsed}) - instant(d.n(2))
		if at <= m.clock {
			return at
		}
	}
	return m.clock - instant(d.n(80))*hours
}

func (m *machine) charge(d *dice, i int) error {
	r := ledger.ChargeRequest{Key: m.key(), WalletID: m.ids[i], Shortfall: pick(d, shortfalls)}
	at, parts := m.clock, []mPart(nil)
	if d.n(3) == 0 {
		at = m.past(d, i)
		r.At = when(at)
	}
	for range pick(d, []int{1, 1, 1, 2, 3}) {
		part, use := d.use()
		parts, r.Uses = append(parts, part), append(r.Uses, use)
	}
	if len(parts) == 1 {
		u := r.Uses[0]
		r.Uses, r.Item, r.Amount, r.Quantity = nil, u.Item, u.Amount, u.Quantity
	}
	got, err := m.try(r, func(got *ledger.Entry) error {
		return m.wallets[i].charge(parts, at, m.clock, r.Shortfall, func() []mDraw { return m.drawn(i, got) })
	})
	m.charged(i, r.Key, got)
	return err
}

func (m *machine) charged(i int, key string, got *ledger.Entry) {
	if got != nil {
		m.known[i].charges = append(m.known[i].charges, key)
	}
}

// drawn returns the draws of e in the model's numbers.
func (m *machine) drawn(i int, e *ledger.Entry) (draws []mDraw) {
	entries, _ := m.journal(i)
	a, err := audit(entries)
	if err != nil {
		return nil
	}
	for _, d := range e.Draws() {
		draws = append(draws, mDraw{slices.Index(a.grants, d.Grant), d.Part, d.Amount.IntPart()})
	}
	return draws
}

func (m *machine) refund(d *dice, i int) error {
	if len(m.known[i].charges) == 0 {
		_, err := m.try(ledger.RefundRequest{Key: m.key(), WalletID: m.ids[i], Charge: "none"}, func(*ledger.Entry) error {
			return cmp.Or(m.wallets[i].open(), ledger.ErrNotFound)
		})
		return err
	}
	c, amount, item, life := d.n(len(m.known[i].charges)), int64(d.n(30)), -1, m.wallets[i].refundLife
	r := ledger.RefundRequest{Key: m.key(), WalletID: m.ids[i], Charge: m.known[i].charges[c], Amount: credits(amount)}
	if d.n(4) == 0 {
		item = 1 + d.n(3)
		r.Part = items[item]
	}
	if d.n(4) == 0 {
		life = 6 * hours
		r.Policy = &ledger.RefundPolicy{Life: expiry.Hours(6)}
	}
	_, err := m.try(r, func(*ledger.Entry) error { return m.wallets[i].refund(c, amount, item, life, m.clock) })
	return err
}

func (m *machine) hold(d *dice, i int) error {
	part, use := d.use()
	life := 1 + d.n(40)
	got, err := m.try(ledger.HoldRequest{
		Key: m.key(), WalletID: m.ids[i], Item: use.Item, Amount: use.Amount, Quantity: use.Quantity,
		Life: time.Duration(life) * time.Hour,
	}, func(*ledger.Entry) error {
		return m.wallets[i].hold(part.item, part.amount, m.clock+instant(life)*hours, m.clock)
	})
	if got != nil {
		m.known[i].holds = append(m.known[i].holds, got.Hold.ID)
	}
	return err
}

func (m *machine) extend(d *dice, i int) error {
	if len(m.known[i].holds) == 0 {
		return nil
	}
	h, amount, life := d.n(len(m.known[i].holds)), int64(d.n(20)), d.n(40)
	if amount == 0 && life == 0 {
		return nil
	}
	expires := instant(0)
	if life > 0 {
		expires = m.clock + instant(life)*hours
	}
	_, err := m.try(ledger.ExtendRequest{
		Key: m.key(), WalletID: m.ids[i], Hold: m.known[i].holds[h], Amount: credits(amount), Life: time.Duration(life) * time.Hour,
	}, func(*ledger.Entry) error { return m.wallets[i].extend(h, amount, expires, m.clock) })
	return err
}

func (m *machine) capture(d *dice, i int) error {
	if len(m.known[i].holds) == 0 {
		return nil
	}
	h, amount := d.n(len(m.known[i].holds)), d.amount()
	r := ledger.CaptureRequest{
		Key: m.key(), WalletID: m.ids[i], Hold: m.known[i].holds[h], Amount: credits(amount),
		More: d.n(2) == 0, OrCharge: d.n(2) == 0, Shortfall: pick(d, shortfalls),
	}
	r.Item = items[m.wallets[i].holds[h].item]
	got, err := m.try(r, func(*ledger.Entry) error {
		return m.wallets[i].capture(h, amount, r.More, r.OrCharge, r.Shortfall, m.clock)
	})
	m.charged(i, r.Key, got)
	return err
}

func (m *machine) release(d *dice, i int) error {
	if len(m.known[i].holds) == 0 {
		return nil
	}
	h, amount := d.n(len(m.known[i].holds)), int64(d.n(20))
	_, err := m.try(ledger.ReleaseRequest{
		Key: m.key(), WalletID: m.ids[i], Hold: m.known[i].holds[h], Amount: credits(amount),
	}, func(*ledger.Entry) error { return m.wallets[i].release(h, amount, m.clock) })
	return err
}

// offer returns terms of a subscription of that name, for the model and for the
// ledger: now and then those of the catalog's plan.
func (d *dice) offer(sub string) (mOffer, ledger.Offer) {
	if sub == "" && d.n(4) == 0 {
		return mOffer{[]mBucket{proBucket}, 24 * hours}, ledger.Offer{Plan: "pro"}
	}
	names := []string{"m1", "m2"}[:1+d.n(2)]
	if sub != "" {
		names = []string{"x1"}
	}
	model := mOffer{cycle: pick(d, []instant{6, 12, 24, 48}) * hours}
	offer := ledger.Offer{Cycle: expiry.Hours(int(model.cycle / hours))}
	for _, name := range names {
		b := mBucket{name: name, allowance: int64(d.n(40)), scope: pick(d, []int{0, 0, 1, 3}), priority: pick(d, []int{0, 0, 40})}
		b.rollover(d)
		model.buckets, offer.Buckets = append(model.buckets, b), append(offer.Buckets, b.ledger())
	}
	return model, offer
}

func (b *mBucket) rollover(d *dice) {
	switch d.n(4) {
	case 0:
		return
	case 1:
		b.roll = expiry.RolloverAll
	case 2:
		b.roll, b.max = expiry.RolloverAmount, d.amount()
	case 3:
		b.roll, b.percent = expiry.RolloverPercent, pick(d, []int64{25, 50, 150})
	}
	b.carries, b.life, b.rollSpendLast = d.n(3), pick(d, []instant{0, 0, 5, 30})*hours, d.n(2) == 0
}

var (
	subs       = []string{"", "", "extra"}
	prorations = []ledger.Proration{"", ledger.ProrateFull, ledger.ProrateTime, ledger.ProrateNone}
)

func (m *machine) subscribe(d *dice, i int) error {
	name := pick(d, subs)
	model, offer := d.offer(name)
	r := ledger.SubscribeRequest{Key: m.key(), WalletID: m.ids[i], Name: name, Offer: offer, Prorate: pick(d, prorations)}
	anchor := m.clock
	if d.n(2) == 0 {
		anchor -= instant(d.n(100)) * hours / 2
		r.Anchor = when(anchor)
	}
	_, err := m.try(r, func(*ledger.Entry) error {
		return m.wallets[i].subscribe(name, model, anchor, m.clock, r.Prorate)
	})
	return err
}

func (m *machine) change(d *dice, i int) error {
	name := pick(d, subs)
	model, offer := d.offer(name)
	if s := m.wallets[i].sub(name); s != nil && offer.Plan == "" && d.n(2) == 0 {
		model.cycle, offer.Cycle = 0, expiry.Cycle{}
	}
	r := ledger.ChangeRequest{
		Key: m.key(), WalletID: m.ids[i], Name: name, Offer: offer, AtPeriodEnd: d.n(3) == 0, Prorate: pick(d, prorations),
	}
	_, err := m.try(r, func(*ledger.Entry) error {
		return m.wallets[i].change(name, model, r.AtPeriodEnd, m.clock, r.Prorate)
	})
	return err
}

func (m *machine) cancel(d *dice, i int) error {
	r := ledger.CancelRequest{Key: m.key(), WalletID: m.ids[i], Name: pick(d, subs)}
	at := instant(0)
	switch d.n(3) {
	case 1:
		at = m.clock + instant(d.n(50)-2)*hours
		r.At = when(at)
	case 2:
		r.AtPeriodEnd = true
		if s := m.wallets[i].sub(r.Name); s != nil {
			at = s.end
		}
	}
	_, err := m.try(r, func(*ledger.Entry) error { return m.wallets[i].cancel(r.Name, at, m.clock) })
	return err
}

func (m *machine) purchase(d *dice, i int) error {
	r := ledger.PurchaseRequest{Key: m.key(), WalletID: m.ids[i], Package: "starter", Number: 1 + d.n(2)}
	got, err := m.try(r, func(*ledger.Entry) error { return m.wallets[i].purchase(int64(r.Number), m.clock) })
	if got != nil {
		n := len(m.wallets[i].grants)
		m.known[i].purchases = append(m.known[i].purchases, purchase{r.Key, []int{n - 2, n - 1}})
	}
	return err
}

func (m *machine) takeBack(d *dice, i int) error {
	if len(m.known[i].purchases) == 0 {
		return nil
	}
	p, money := pick(d, m.known[i].purchases), int64(0)
	got, err := m.try(ledger.TakeBackRequest{Key: m.key(), WalletID: m.ids[i], Purchase: p.key}, func(*ledger.Entry) (err error) {
		money, err = m.wallets[i].takeBack(p.grants)
		return err
	})
	if got != nil && !got.Returned.Amount.Equal(decimal.New(money, -2)) {
		return fmt.Errorf("returned %v, the model %d cents", got.Returned, money)
	}
	return err
}

func (m *machine) transfer(d *dice, i int) error {
	j := d.n(len(m.ids))
	if i == j {
		return nil
	}
	r := ledger.TransferRequest{
		Key: m.key(), From: m.ids[i], To: m.ids[j], Amount: credits(d.amount()), Bucket: pick(d, []string{"", "", "m1"}),
	}
	_, err := m.try(r, func(*ledger.Entry) error {
		return m.wallets[i].send(&m.wallets[j], r.Amount.IntPart(), r.Bucket, m.clock)
	})
	return err
}

func (m *machine) void(d *dice, i int) error {
	// A grant can be named when the journal has it.
	if err := errors.Join(m.settleAll(), m.compareWallet(i)); err != nil || len(m.known[i].grants) == 0 {
		return err
	}
	g, amount := d.n(len(m.known[i].grants)), int64(d.n(20))
	_, err := m.try(ledger.VoidRequest{
		Key: m.key(), WalletID: m.ids[i], Grant: m.known[i].grants[g], Amount: credits(amount),
	}, func(*ledger.Entry) error { return m.wallets[i].void(g, amount) })
	return err
}

func (m *machine) adjust(d *dice, i int) error {
	amount, bucket := d.amount(), pick(d, []string{"", "", "own", "m2"})
	r := ledger.AdjustRequest{
		Key: m.key(), WalletID: m.ids[i], Bucket: bucket, Amount: credits(amount),
		Info: ledger.Info{Reason: "a slip", Actor: "clerk"},
	}
	if d.n(2) == 0 {
		r.Amount = r.Amount.Neg()
		_, err := m.try(r, func(*ledger.Entry) error { return m.wallets[i].deduct(amount, bucket, m.clock) })
		return err
	}
	added := mGrant{source: ledger.SourceAdjustment, bucket: bucket, amount: amount, effective: m.clock, expires: never}
	_, err := m.try(r, func(*ledger.Entry) error { return m.wallets[i].grant(added, m.clock) })
	return err
}

func (m *machine) amend(d *dice, i int) error {
	w := m.wallets[i]
	w.vary(d)
	_, err := m.try(ledger.AmendRequest{Key: m.key(), WalletID: m.ids[i], Terms: w.terms()}, func(*ledger.Entry) error {
		if err := m.wallets[i].open(); err != nil {
			return err
		}
		m.wallets[i].order, m.wallets[i].limit, m.wallets[i].refundLife = w.order, w.limit, w.refundLife
		return nil
	})
	return err
}

func (m *machine) status(d *dice, i int) error {
	r := ledger.StatusRequest{Key: m.key(), WalletID: m.ids[i]}
	do, rule := m.books.Thaw, func(*ledger.Entry) error { return m.wallets[i].set(ledger.StatusOpen) }
	switch d.n(8) {
	case 0, 1, 2:
		do, rule = m.books.Freeze, func(*ledger.Entry) error { return m.wallets[i].set(ledger.StatusFrozen) }
	case 3:
		do, rule = m.books.CloseWallet, func(*ledger.Entry) error { return m.wallets[i].shut() }
	}
	_, err := m.do(func() (ledger.Entry, error) { return do(m.ctx, r) }, rule)
	return err
}
