package ledger_test

import (
	"cmp"
	"slices"

	"github.com/scrip-go/scrip/ledger"
)

// The operations of the model. Each returns the error that the ledger is to answer
// with, by the sentinel that it wraps. What they changed before they found that out
// is for the caller to undo.

// usable returns why nothing can be taken from w, if so.
func (w *mWallet) usable() error {
	switch w.status {
	case ledger.StatusClosed:
		return ledger.ErrClosed
	case ledger.StatusFrozen:
		return ledger.ErrFrozen
	}
	return nil
}

func (w *mWallet) open() error {
	if w.status == ledger.StatusClosed {
		return ledger.ErrClosed
	}
	return nil
}

func (w *mWallet) set(status ledger.Status) error {
	if err := w.open(); err != nil {
		return err
	}
	w.status = status
	return nil
}

func (w *mWallet) shut() error {
	if err := w.set(ledger.StatusClosed); err != nil {
		return err
	}
	for i := range w.grants {
		g := &w.grants[i]
		g.voided += g.pending + g.remaining + g.held
		g.pending, g.remaining, g.held = 0, 0, 0
	}
	for i := range w.holds {
		w.holds[i].draws, w.holds[i].ended = nil, true
	}
	w.subs = nil
	return nil
}

func (w *mWallet) grant(g mGrant, now instant) error {
	if err := w.open(); err != nil {
		return err
	}
	if g.bucket != "" {
		b, _, ok := w.bucket(g.bucket)
		if !ok {
			return ledger.ErrNotFound
		}
		g.priority, g.scope = cmp.Or(g.priority, b.priority), cmp.Or(g.scope, b.scope)
	}
	g.priority = cmp.Or(g.priority, ledger.DefaultPriority)
	if g.expires <= now || g.expires <= g.effective {
		return ledger.ErrInvalid
	}
	w.repay(now, w.issue(g, now))
	return nil
}

// purchase is of so many packages of 100 credits for 10.00, and on each a bonus of
// 10 that ends after a day.
func (w *mWallet) purchase(number int64, now instant) error {
	if err := w.open(); err != nil {
		return err
	}
	bought := w.issue(mGrant{
		source: ledger.SourcePurchase, priority: 50, paid: 1000 * number,
		amount: 100 * number, effective: now, expires: never,
	}, now)
	bonus := w.issue(mGrant{
		source: ledger.SourcePromotion, priority: 20, amount: 10 * number, effective: now, expires: now + 24*hours,
	}, now)
	w.repay(now, bought, bonus)
	return nil
}

// takeBack voids what is left of grants and returns the money for it, in cents.
func (w *mWallet) takeBack(grants []int) (money int64, err error) {
	if err := w.open(); err != nil {
		return 0, err
	}
	taken := false
	for _, i := range grants {
		g := &w.grants[i]
		left := g.pending + g.remaining
		money += g.part(left+g.held, left)
		g.voided += left
		g.pending, g.remaining = 0, 0
		taken = taken || left > 0
	}
	if !taken {
		return 0, ledger.ErrClosed
	}
	return money, nil
}

// part returns what n takes with it of the money that live credits of g stand for.
func (g *mGrant) part(live, n int64) int64 {
	worth := func(credits int64) int64 { return (2*g.paid*credits + g.amount) / (2 * g.amount) }
	return worth(live) - worth(live-n)
}

func (g *mGrant) live() int64 { return g.pending + g.remaining + g.held }

func (w *mWallet) void(grant int, amount int64) error {
	if err := w.open(); err != nil {
		return err
	}
	g := &w.grants[grant]
	left := g.pending + g.remaining
	switch amount = cmp.Or(amount, left); {
	case left == 0:
		return ledger.ErrClosed
	case amount > left:
		return ledger.ErrInvalid
	}
	if g.pending > 0 {
		g.pending -= amount
	} else {
		g.remaining -= amount
	}
	g.voided += amount
	return nil
}

func (w *mWallet) deduct(amount int64, bucket string, now instant) error {
	if err := w.open(); err != nil {
		return err
	}
	if _, _, ok := w.bucket(bucket); bucket != "" && !ok {
		return ledger.ErrNotFound
	}
	if err := w.usable(); err != nil {
		return err
	}
	_, unpaid := w.take([]mPart{{amount: amount}}, now, inBucket(bucket), voided)
	return shortIf(unpaid[0] > 0)
}

func shortIf(short bool) error {
	if short {
		return ledger.ErrInsufficientCredits
	}
	return nil
}

// send moves credits to another wallet, where they arrive on the terms they had.
func (w *mWallet) send(to *mWallet, amount int64, bucket string, now instant) error {
	if err := cmp.Or(w.open(), to.open(), w.usable()); err != nil {
		return err
	}
	draws, unpaid := w.take([]mPart{{amount: amount}}, now, inBucket(bucket), moved)
	if unpaid[0] > 0 {
		return ledger.ErrInsufficientCredits
	}
	var fresh []int
	for _, d := range draws {
		g := w.grants[d.grant]
		arrived := mGrant{
			source: g.source, bucket: g.bucket, scope: g.scope, priority: g.priority,
			paid: g.part(g.live()+d.amount, d.amount), amount: d.amount, effective: now, expires: g.expires,
		}
		if g.source == ledger.SourceRollover {
			arrived.source = ledger.SourceAllowance
		}
		if _, _, ok := to.bucket(g.bucket); !ok {
			arrived.bucket = ""
		}
		fresh = append(fresh, to.issue(arrived, now))
	}
	to.repay(now, fresh...)
	return nil
}

// charge pays parts by what was live at an instant. If grants in order cannot pay
// all that they could otherwise, the ledger's answer says who pays: it has to be
// right, and to pay as much as any.
func (w *mWallet) charge(parts []mPart, at, now instant, s ledger.Shortfall, drawn func() []mDraw) error {
	if err := w.usable(); err != nil {
		return err
	}
	if at < now-lateness || at > now {
		return ledger.ErrInvalid
	}
	most := w.payable(parts, at)
	before := w.clone()
	paid, unpaid := w.take(parts, at, byScope, spent)
	if short(unpaid) > 0 && len(parts) > 1 {
		if err := before.afford(total(parts)-most, s); err != nil {
			return err
		}
		*w = before
		paid, unpaid = drawn(), nil
		for p := range parts {
			unpaid = append(unpaid, parts[p].amount)
		}
		for _, d := range paid {
			g := &w.grants[d.grant]
			unpaid[d.part] -= d.amount
			if d.amount > g.available(at) || !covers(g.scope, parts[d.part].item) || unpaid[d.part] < 0 {
				return errWrongDraws
			}
			g.draw(d.amount, &g.spent)
		}
	}
	if total(parts)-short(unpaid) != most {
		return errWrongDraws
	}
	return w.cover(mCharge{parts: slices.Clone(parts), paid: paid}, unpaid, s)
}

func total(parts []mPart) (sum int64) {
	for _, p := range parts {
		sum += p.amount
	}
	return sum
}

func short(unpaid []int64) (sum int64) {
	for _, u := range unpaid {
		sum += u
	}
	return sum
}

// cover books c, of which some is unpaid.
func (w *mWallet) cover(c mCharge, unpaid []int64, s ledger.Shortfall) error {
	if err := w.afford(short(unpaid), s); err != nil {
		return err
	}
	for p, u := range unpaid {
		if u > 0 && s == ledger.ShortfallOverdraft {
			w.debts = append(w.debts, mDebt{len(w.charges), p, u})
		}
	}
	w.charges = append(w.charges, c)
	return nil
}

// afford returns why a charge cannot be short by so much.
func (w *mWallet) afford(short int64, s ledger.Shortfall) error {
	overdrawn := s == ledger.ShortfallOverdraft && w.debt()+short <= w.limit
	return shortIf(short > 0 && s != ledger.ShortfallPartial && !overdrawn)
}

// refund gives back some of a charge, the last to pay first; what is owed comes
// before what was paid. Of items, only one if it is not negative.
func (w *mWallet) refund(charge int, amount int64, item int, life, now instant) error {
	if err := w.open(); err != nil {
		return err
	}
	c := &w.charges[charge]
	chosen := func(part int) bool { return item < 0 || c.parts[part].item == item }
	var left int64
	for p := range c.parts {
		if chosen(p) {
			left += w.owed(charge, p).amount
		}
	}
	for _, d := range c.paid {
		if chosen(d.part) {
			left += d.amount
		}
	}
	switch amount = cmp.Or(amount, left); {
	case left == 0:
		return ledger.ErrClosed
	case amount > left:
		return ledger.ErrInvalid
	}
	for p := range slices.Backward(c.parts) {
		if d := w.owed(charge, p); chosen(p) {
			n := min(amount, d.amount)
			amount, d.amount = amount-n, d.amount-n
		}
	}
	w.debts = slices.DeleteFunc(w.debts, func(d mDebt) bool { return d.amount == 0 })
	var fresh []int
	for i := range slices.Backward(c.paid) {
		d := &c.paid[i]
		if n := min(amount, d.amount); n > 0 && chosen(d.part) {
			amount, d.amount = amount-n, d.amount-n
			fresh = append(fresh, w.restore(d.grant, n, life, now)...)
		}
	}
	w.repay(now, fresh...)
	return nil
}

// restore gives n back to a grant, or what has become of it.
func (w *mWallet) restore(grant int, n int64, life, now instant) (fresh []int) {
	g := &w.grants[grant]
	switch {
	case !w.over(g, now):
		g.spent -= n
		g.remaining += n
		return []int{grant}
	case life == 0:
		g.lapse(&g.spent, n, now)
		return nil
	}
	g.spent -= n
	g.moved += n
	again := mGrant{
		source: ledger.SourceRefund, bucket: g.bucket, scope: g.scope, priority: g.priority, last: g.last,
		paid: g.part(g.live()+n, n), amount: n, effective: now, expires: now + life,
	}
	return []int{w.issue(again, now)}
}

func (w *mWallet) hold(item int, amount int64, expires, now instant) error {
	if err := w.usable(); err != nil {
		return err
	}
	w.holds = append(w.holds, mHold{item: item, expires: expires})
	return w.earmark(&w.holds[len(w.holds)-1], amount, now)
}

func (w *mWallet) earmark(h *mHold, amount int64, now instant) error {
	draws, unpaid := w.take([]mPart{{h.item, amount}}, now, byScope, held)
	h.draws = append(h.draws, draws...)
	return shortIf(unpaid[0] > 0)
}

func (w *mWallet) extend(hold int, amount int64, expires, now instant) error {
	h := &w.holds[hold]
	if err := w.open(); err != nil || h.ended {
		return ledger.ErrClosed
	}
	if err := w.usable(); err != nil {
		return err
	}
	h.expires = max(expires, h.expires)
	return w.earmark(h, amount, now)
}

func (w *mWallet) capture(hold int, amount int64, more, orCharge bool, s ledger.Shortfall, now instant) error {
	if err := w.open(); err != nil {
		return err
	}
	h := &w.holds[hold]
	c := mCharge{parts: []mPart{{h.item, amount}}}
	switch {
	case h.ended && !orCharge:
		return ledger.ErrClosed
	case h.ended:
		return w.charge(c.parts, now, now, s, nil)
	}
	for i := range h.draws {
		d := &h.draws[i]
		n := min(d.amount, amount)
		if n == 0 {
			continue
		}
		amount, d.amount = amount-n, d.amount-n
		w.grants[d.grant].held -= n
		w.grants[d.grant].spent += n
		c.paid = append(c.paid, mDraw{d.grant, 0, n})
	}
	h.draws = slices.DeleteFunc(h.draws, func(d mDraw) bool { return d.amount == 0 })
	if amount > 0 && w.usable() != nil {
		return w.usable()
	}
	draws, unpaid := w.take([]mPart{{h.item, amount}}, now, byScope, spent)
	c.paid = append(c.paid, draws...)
	var fresh []int
	if !more {
		fresh = w.letGo(h, now)
	}
	if err := w.cover(c, unpaid, s); err != nil {
		return err
	}
	w.repay(now, fresh...)
	return nil
}

func (w *mWallet) release(hold int, amount int64, now instant) error {
	h := &w.holds[hold]
	if err := w.open(); err != nil || h.ended {
		return ledger.ErrClosed
	}
	if amount == 0 {
		w.repay(now, w.letGo(h, now)...)
		return nil
	}
	var fresh []int
	for i := range slices.Backward(h.draws) {
		d := &h.draws[i]
		n := min(d.amount, amount)
		amount, d.amount = amount-n, d.amount-n
		if n > 0 && w.giveBack(mDraw{d.grant, 0, n}, now) {
			fresh = append(fresh, d.grant)
		}
	}
	h.draws = slices.DeleteFunc(h.draws, func(d mDraw) bool { return d.amount == 0 })
	if amount > 0 {
		return ledger.ErrInvalid
	}
	w.repay(now, fresh...)
	return nil
}
