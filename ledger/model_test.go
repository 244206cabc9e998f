package ledger_test

import (
	"math"
	"math/bits"
	"slices"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// The model is what a ledger must do, said as plainly as possible: credits are
// whole numbers, instants are microseconds since noon, grants stand in the order
// in which they were issued and never go away, and everything is found by looking
// through all of it. It shares no code with the ledger.

type instant = int64

const (
	never    instant = math.MaxInt64
	second   instant = 1_000_000
	hours    instant = 3600 * second
	lateness         = 72 * hours
)

// mGrant is a grant with its seven pots.
type mGrant struct {
	source   ledger.Source
	bucket   string
	scope    int // one of scopes
	priority int
	paid     int64 // in cents
	last     bool  // of carried credits: spent after the period's own

	amount                                                  int64
	pending, remaining, held, spent, expired, voided, moved int64

	issued, effective, expires instant
	lapsed                     instant // since when some of it has been expired
}

func (g *mGrant) liveAt(t instant) bool { return g.effective <= t && t < g.expires }

// lapse moves n of what is in a pot to expired.
func (g *mGrant) lapse(pot *int64, n int64, at instant) {
	if g.expired == 0 {
		g.lapsed = at
	}
	*pot -= n
	g.expired += n
}

// mDraw is what one grant, by its place, paid of or holds for one part.
type mDraw struct {
	grant, part int
	amount      int64
}

type mPart struct {
	item   int // one of items
	amount int64
}

// mCharge is a charge and who paid it, in the order in which they did.
type mCharge struct {
	parts []mPart
	paid  []mDraw
}

type mDebt struct {
	charge, part int
	amount       int64
}

type mHold struct {
	item    int
	draws   []mDraw
	expires instant
	ended   bool
}

type mBucket struct {
	name      string
	allowance int64
	scope     int
	priority  int

	roll          expiry.RolloverKind
	max, percent  int64
	carries       int // at most so often; 0: no bound
	life          instant
	rollSpendLast bool
}

type mOffer struct {
	buckets []mBucket
	cycle   instant // 0: as it is
}

type mSub struct {
	mOffer
	name       string
	since      instant
	anchor     instant
	start, end instant
	next       *mOffer
	endsAt     instant
}

// mWallet is one wallet of the model.
type mWallet struct {
	status     ledger.Status
	order      ledger.Order
	limit      int64   // of credit
	refundLife instant // 0: refunds into expired grants lapse
	own        []mBucket
	subs       []mSub
	grants     []mGrant
	holds      []mHold
	debts      []mDebt
	charges    []mCharge
}

// clone returns a copy that shares nothing that is ever changed in place.
func (w *mWallet) clone() mWallet {
	c := *w
	c.subs = slices.Clone(w.subs)
	c.grants = slices.Clone(w.grants)
	c.debts = slices.Clone(w.debts)
	c.holds = slices.Clone(w.holds)
	for i := range c.holds {
		c.holds[i].draws = slices.Clone(c.holds[i].draws)
	}
	c.charges = slices.Clone(w.charges)
	for i := range c.charges {
		c.charges[i].paid = slices.Clone(c.charges[i].paid)
	}
	return c
}

func (w *mWallet) debt() (total int64) {
	for _, d := range w.debts {
		total += d.amount
	}
	return total
}

func (w *mWallet) bucket(name string) (b mBucket, sub *mSub, ok bool) {
	for _, b := range w.own {
		if b.name == name {
			return b, nil, true
		}
	}
	for i := range w.subs {
		for _, b := range w.subs[i].buckets {
			if b.name == name {
				return b, &w.subs[i], true
			}
		}
	}
	return b, nil, false
}

func (w *mWallet) sub(name string) *mSub {
	for i := range w.subs {
		if w.subs[i].name == name {
			return &w.subs[i]
		}
	}
	return nil
}

// inOrder returns the places of all grants, first to be spent first.
func (w *mWallet) inOrder() []int {
	keys := make([][]int64, len(w.grants))
	places := make([]int, len(w.grants))
	for i := range w.grants {
		keys[i], places[i] = w.rank(&w.grants[i]), i
	}
	slices.SortStableFunc(places, func(a, b int) int { return slices.Compare(keys[a], keys[b]) })
	return places
}

// rank returns what the wallet's order compares of g, before the place.
func (w *mWallet) rank(g *mGrant) []int64 {
	ends, carried := g.expires, int64(0)
	if g.source == ledger.SourceRollover {
		_, sub, _ := w.bucket(g.bucket)
		switch {
		case g.last:
			carried = 1
			if sub != nil {
				ends = max(ends, sub.end)
			}
		default:
			carried = -1
			if sub != nil {
				ends = min(ends, sub.end)
			}
		}
	}
	priority, paid, wide := int64(g.priority), btoi(g.paid > 0), btoi(g.scope == 0)
	switch w.order {
	case ledger.OrderStripe:
		return []int64{priority, ends, carried, paid, g.effective, g.issued}
	case ledger.OrderOpenMeter:
		return []int64{priority, wide, ends, carried, g.issued}
	case ledger.OrderOrb:
		return []int64{ends, carried, g.paid * 1_000_000_000 / g.amount, g.issued}
	case ledger.OrderOldest:
		return []int64{priority, carried, paid, g.issued}
	}
	return []int64{priority, ends, carried, paid, wide, g.effective, g.issued}
}

func btoi(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// covers says what the scopes cover of the items.
func covers(scope, item int) bool {
	switch scope {
	case 1: // kind message
		return item == 1 || item == 3
	case 2: // item gpu
		return item == 2
	case 3: // all but item sms
		return item != 1
	}
	return true
}

// available returns what a use at an instant may draw of g.
func (g *mGrant) available(at instant) int64 {
	if !g.liveAt(at) {
		return 0
	}
	if g.expired > 0 && at < g.lapsed {
		return g.remaining + g.expired
	}
	return g.remaining
}

// draw takes n of g for a use.
func (g *mGrant) draw(n int64, to *int64) {
	if back := n - g.remaining; back > 0 { // the expiry is taken back
		g.expired -= back
		g.remaining += back
	}
	g.remaining -= n
	*to += n
}

// take draws what parts cost from the grants that may be drawn on, grant by grant.
func (w *mWallet) take(parts []mPart, at instant, may func(g *mGrant, item int) bool, to func(*mGrant) *int64) (draws []mDraw, unpaid []int64) {
	for _, p := range parts {
		unpaid = append(unpaid, p.amount)
	}
	for _, i := range w.inOrder() {
		g := &w.grants[i]
		for p := range parts {
			n := min(unpaid[p], g.available(at))
			if n == 0 || !may(g, parts[p].item) {
				continue
			}
			g.draw(n, to(g))
			unpaid[p] -= n
			draws = append(draws, mDraw{i, p, n})
		}
	}
	return draws, unpaid
}

func byScope(g *mGrant, item int) bool { return covers(g.scope, item) }

func inBucket(bucket string) func(*mGrant, int) bool {
	return func(g *mGrant, _ int) bool { return bucket == "" || g.bucket == bucket }
}

func spent(g *mGrant) *int64  { return &g.spent }
func held(g *mGrant) *int64   { return &g.held }
func voided(g *mGrant) *int64 { return &g.voided }
func moved(g *mGrant) *int64  { return &g.moved }

// payable returns the most that any way of paying parts could pay: by Hall's
// theorem, the least over all sets of parts of what the grants that may pay one of
// the set have, and what the parts beside it cost.
func (w *mWallet) payable(parts []mPart, at instant) int64 {
	least := int64(math.MaxInt64)
	for set := range uint(1) << len(parts) {
		var total int64
		for p := range parts {
			if set&(1<<p) == 0 {
				total += parts[p].amount
			}
		}
		for i := range w.grants {
			g := &w.grants[i]
			for rest := set; rest != 0; rest &= rest - 1 {
				if covers(g.scope, parts[bits.TrailingZeros(rest)].item) {
					total += g.available(at)
					break
				}
			}
		}
		least = min(least, total)
	}
	return least
}

// issue adds g, which takes effect at once or later.
func (w *mWallet) issue(g mGrant, now instant) int {
	g.issued = now
	if g.effective > now {
		g.pending = g.amount
	} else {
		g.remaining = g.amount
	}
	w.grants = append(w.grants, g)
	return len(w.grants) - 1
}

// repay lets fresh credits pay what is owed, the oldest debt first.
func (w *mWallet) repay(at instant, fresh ...int) {
	order := w.inOrder()
	for d := range w.debts {
		debt := &w.debts[d]
		charge := &w.charges[debt.charge]
		for _, i := range order {
			g := &w.grants[i]
			n := min(debt.amount, g.remaining)
			if n == 0 || !slices.Contains(fresh, i) || !g.liveAt(at) || !covers(g.scope, charge.parts[debt.part].item) {
				continue
			}
			g.draw(n, &g.spent)
			debt.amount -= n
			charge.paid = append(charge.paid, mDraw{i, debt.part, n})
		}
	}
	w.debts = slices.DeleteFunc(w.debts, func(d mDebt) bool { return d.amount == 0 })
}

// owed returns what is owed for one part of a charge.
func (w *mWallet) owed(charge, part int) *mDebt {
	for i := range w.debts {
		if w.debts[i].charge == charge && w.debts[i].part == part {
			return &w.debts[i]
		}
	}
	return new(mDebt)
}
