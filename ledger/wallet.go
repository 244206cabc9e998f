package ledger

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

type (
	// Unit is what a wallet counts.
	Unit = pricing.Unit

	// Item is what is charged or invoiced.
	Item = pricing.Item

	// Scope is what a grant may pay for.
	Scope = pricing.Scope

	// Money is an amount of a currency.
	Money = pricing.Money

	// Bucket is a named part of a wallet with terms.
	Bucket = pricing.Bucket

	// SpendOrder says whether carried credits are spent before or after the
	// period's own.
	SpendOrder = expiry.SpendOrder
)

// A Status says what may be done with a wallet.
type Status string

// The states of a wallet. They are stored, so they never change.
const (
	StatusOpen   Status = "open"
	StatusFrozen Status = "frozen" // gives nothing away: no charge, hold, transfer out or deduction
	StatusClosed Status = "closed" // takes no part in anything any more
)

// Terms are what can be changed about a wallet after it was opened.
type Terms struct {
	Owner       string            `json:"owner"`                 // whose credits they are, at most 255 bytes
	Zone        string            `json:"zone,omitempty"`        // the IANA time zone of its calendar; empty: UTC
	Order       Order             `json:"order,omitempty"`       // which grant is spent first; empty: OrderDefault
	CreditLimit decimal.Decimal   `json:"credit_limit,omitzero"` // how far an overdraft may go below zero
	Expiry      expiry.Policy     `json:"expiry,omitzero"`       // when credits end if neither grant, package nor bucket says
	Refunds     RefundPolicy      `json:"refunds,omitzero"`      // what becomes of refunds into grants that have ended
	Buckets     []Bucket          `json:"buckets,omitempty"`     // that belong to no subscription
	RateCard    string            `json:"rate_card,omitempty"`   // the catalog's rate card; empty: the subscription's, or the default
	Rates       []pricing.Rate    `json:"rates,omitempty"`       // its own, over the card's
	Limits      []Limit           `json:"limits,omitempty"`
	Alerts      Alerts            `json:"alerts,omitzero"`
	TopUp       TopUp             `json:"top_up,omitzero"`
	Metadata    map[string]string `json:"metadata,omitempty"`
}

// An Opening is what never changes about a wallet.
type Opening struct {
	Unit     Unit          `json:"unit"`
	Lateness time.Duration `json:"lateness"` // how late use may be reported and still draw on what was live then
}

// A Wallet is one owner's credits in one unit, shared by everyone in an
// organization: an aggregate of all that may still change. It is a value; what its
// slices hold must not be modified.
type Wallet struct {
	ID WalletID `json:"id"`
	Opening
	Terms

	Status Status `json:"status"`

	Subscriptions []Subscription `json:"subscriptions,omitempty"`
	Grants        []OpenGrant    `json:"grants,omitempty"` // in the wallet's order, first to be spent first
	Holds         []Hold         `json:"holds,omitempty"`  // open ones, oldest first
	Debts         []Debt         `json:"debts,omitempty"`  // oldest first
	Counters      []Counter      `json:"counters,omitempty"`

	Billed int64 `json:"billed,omitempty"` // the Seq up to which overage has been billed

	TopUpState TopUpState `json:"top_up_state,omitzero"`

	OpenedAt  time.Time `json:"opened_at"`
	SettledAt time.Time `json:"settled_at"`      // all that fell due up to here is in the books
	DueAt     time.Time `json:"due_at,omitzero"` // when something falls due next; zero: never

	Balance decimal.Decimal `json:"balance,omitzero"` // the sum of the journal
	Seq     int64           `json:"seq"`              // of its last entry
	Hash    Hash            `json:"hash"`             // of its last entry
}

// A Debt is what is still owed of one part of a charge that took the wallet below
// zero.
type Debt struct {
	Charge int64           `json:"charge"` // the Seq of the charge
	Part   int             `json:"part,omitempty"`
	Item   Item            `json:"item,omitzero"`
	Amount decimal.Decimal `json:"amount"`
}

// A Counter is how much of something was used between two instants.
type Counter struct {
	Name     string          `json:"name"`
	From     time.Time       `json:"from"`
	To       time.Time       `json:"to,omitzero"` // zero: without end
	Quantity decimal.Decimal `json:"quantity,omitzero"`
	Credits  decimal.Decimal `json:"credits,omitzero"`
}

// A Count is what a charge adds to a counter.
type Count = Counter

// A Subscription gives a wallet its buckets' allowances, period by period.
type Subscription struct {
	Name     string          `json:"name,omitempty"` // tells a wallet's subscriptions apart; empty: the main one
	Plan     string          `json:"plan,omitempty"` // the catalog's plan
	RateCard string          `json:"rate_card,omitempty"`
	Buckets  []Bucket        `json:"buckets"`
	Since    time.Time       `json:"since,omitzero"` // when it was subscribed
	Schedule expiry.Schedule `json:"schedule"`
	Period   expiry.Period   `json:"period"`           // the current one
	Next     *Offer          `json:"next,omitempty"`   // what it becomes at the period's end
	EndsAt   time.Time       `json:"ends_at,omitzero"` // no period begins at or after it; zero: none set
	Ended    bool            `json:"ended,omitempty"`  // only in the entry that ends it
}

// An Offer is what a subscription gives: a plan of the catalog, or buckets and
// rate card of its own.
type Offer struct {
	Plan     string       `json:"plan,omitempty"`
	RateCard string       `json:"rate_card,omitempty"`
	Buckets  []Bucket     `json:"buckets,omitempty"`
	Cycle    expiry.Cycle `json:"cycle,omitzero"`
}

// A Balance is what a wallet has at an instant. Total is the sum of the journal:
//
//	Total = Available + Held - Debt
type Balance struct {
	At        time.Time       `json:"at"`
	Available decimal.Decimal `json:"available"` // can be spent, each grant within its scope
	Held      decimal.Decimal `json:"held"`      // earmarked by holds
	Debt      decimal.Decimal `json:"debt"`      // owed
	Total     decimal.Decimal `json:"total"`
	Pending   decimal.Decimal `json:"pending"` // granted, not yet in effect, and in none of the above
	Grants    []OpenGrant     `json:"grants"`  // in the wallet's order; none of which nothing remains and nothing is held
}

// By adds up what is available, grouped by what of returns: a bucket, a source.
func (b Balance) By(of func(*Grant) string) map[string]decimal.Decimal {
	groups := make(map[string]decimal.Decimal)
	for _, g := range b.Grants {
		if g.LiveAt(b.At) {
			groups[of(g.Grant)] = groups[of(g.Grant)].Add(g.Remaining)
		}
	}
	return groups
}

// For returns what is available for item: of the grants whose scope covers it.
func (b Balance) For(item Item) decimal.Decimal {
	total := decimal.Zero
	for _, g := range b.Grants {
		if g.LiveAt(b.At) && g.Scope.Covers(item) {
			total = total.Add(g.Remaining)
		}
	}
	return total
}

// BalanceNow returns what w has at the instant up to which it is settled.
func (w *Wallet) BalanceNow() Balance {
	b := Balance{At: w.SettledAt, Debt: w.debt(), Total: w.Balance}
	for _, g := range w.Grants {
		if g.Remaining.IsZero() && g.Held.IsZero() {
			continue
		}
		b.Grants = append(b.Grants, g)
		b.Held = b.Held.Add(g.Held)
		if w.pending(&g) {
			b.Pending = b.Pending.Add(g.Remaining)
		} else {
			b.Available = b.Available.Add(g.Remaining)
		}
	}
	return b
}

// Bucket returns the wallet's bucket of that name, its own or a subscription's.
func (w *Wallet) Bucket(name string) (Bucket, bool) {
	b, _, ok := w.bucket(name)
	return b, ok
}

// bucket returns the bucket of that name and the subscription that renews it.
func (w *Wallet) bucket(name string) (Bucket, *Subscription, bool) {
	if b, ok := bucketOf(w.Buckets, name); ok {
		return b, nil, true
	}
	for i := range w.Subscriptions {
		if b, ok := bucketOf(w.Subscriptions[i].Buckets, name); ok {
			return b, &w.Subscriptions[i], true
		}
	}
	return Bucket{}, nil, false
}

func bucketOf(buckets []Bucket, name string) (Bucket, bool) {
	i := slices.IndexFunc(buckets, func(b Bucket) bool { return b.Name == name })
	if i < 0 {
		return Bucket{}, false
	}
	return buckets[i], true
}

// Subscription returns the wallet's subscription of that name.
func (w *Wallet) Subscription(name string) (Subscription, bool) {
	i := w.subscription(name)
	if i < 0 {
		return Subscription{}, false
	}
	return w.Subscriptions[i], true
}

func (w *Wallet) subscription(name string) int {
	return slices.IndexFunc(w.Subscriptions, func(s Subscription) bool { return s.Name == name })
}

// Hold returns the open hold of that ID.
func (w *Wallet) Hold(id HoldID) (Hold, bool) {
	i := slices.IndexFunc(w.Holds, func(h Hold) bool { return h.ID == id })
	if i < 0 {
		return Hold{}, false
	}
	return w.Holds[i], true
}

// grant returns the place of a grant in w.Grants, or -1 if nothing is left of it.
func (w *Wallet) grant(id GrantID) int {
	for i := range w.Grants {
		if w.Grants[i].ID == id {
			return i
		}
	}
	return -1
}

// places returns what finds the places of n grants, see [Wallet.grant]: by an index
// if they are many. It holds as long as the order of w.Grants does.
func (w *Wallet) places(n int) func(GrantID) int {
	if n <= 8 {
		return w.grant
	}
	index := make(map[GrantID]int, len(w.Grants))
	for i := range w.Grants {
		index[w.Grants[i].ID] = i
	}
	return func(id GrantID) int {
		if i, ok := index[id]; ok {
			return i
		}
		return -1
	}
}

// pending reports whether g has been issued but has yet to take effect.
func (w *Wallet) pending(g *OpenGrant) bool { return g.EffectiveAt.After(w.SettledAt) }

func (w *Wallet) debt() decimal.Decimal {
	return sum(w.Debts, func(d Debt) decimal.Decimal { return d.Amount })
}

// late returns the last instant whose use is no longer taken.
func (w *Wallet) late() time.Time { return w.SettledAt.Add(-w.Lateness) }
