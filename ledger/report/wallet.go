package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// A Progress is how far a wallet is with one allowance of the current period:
//
//	Given + Carried = Used + Left + Held + Lost
type Progress struct {
	Subscription string          `json:"subscription,omitempty"` // its name; empty: the main one
	Bucket       string          `json:"bucket"`
	Given        decimal.Decimal `json:"given"`   // by the plan in this period
	Carried      decimal.Decimal `json:"carried"` // into it
	Used         decimal.Decimal `json:"used"`
	Left         decimal.Decimal `json:"left"`
	Held         decimal.Decimal `json:"held"`
	Lost         decimal.Decimal `json:"lost"`               // expired, cancelled or transferred before the period's end
	ResetsAt     time.Time       `json:"resets_at,omitzero"` // when the period ends; zero: never
}

// Progresses returns how far a wallet is with its allowances, as it is in the books,
// in the order of its subscriptions. It reads the journal of the current period.
func Progresses(ctx context.Context, books *ledger.Ledger, id ledger.WalletID) ([]Progress, error) {
	for w, err := range books.Wallets(ctx, ledger.WalletQuery{IDs: []ledger.WalletID{id}}) {
		if err != nil {
			return nil, err
		}
		var all []Progress
		for i := range w.Subscriptions {
			of, err := progresses(ctx, books, &w, &w.Subscriptions[i])
			if err != nil {
				return nil, err
			}
			all = append(all, of...)
		}
		return all, nil
	}
	return nil, ledger.ErrNotFound
}

// progresses reads what became of a subscription's allowances since its period began.
func progresses(ctx context.Context, books *ledger.Ledger, w *ledger.Wallet, s *ledger.Subscription) ([]Progress, error) {
	a := allowances{
		all:     make([]Progress, len(s.Buckets)),
		buckets: make(map[string]*Progress), grants: make(map[ledger.GrantID]*Progress),
	}
	for i, bucket := range s.Buckets {
		a.all[i] = Progress{Subscription: s.Name, Bucket: bucket.Name, ResetsAt: s.Period.End}
		a.buckets[bucket.Name] = &a.all[i]
	}
	for e, err := range books.Journal(ctx, ledger.JournalQuery{WalletID: w.ID, From: s.Period.Start}) {
		if err != nil {
			return nil, err
		}
		if e.Seq > w.Seq {
			break
		}
		a.add(&e)
	}
	a.end(w)
	return a.all, nil
}

// allowances are those of a subscription, and the grants that they consist of.
type allowances struct {
	all     []Progress
	buckets map[string]*Progress
	grants  map[ledger.GrantID]*Progress
}

// add counts what e gave and spent.
func (a *allowances) add(e *ledger.Entry) {
	for _, g := range e.Grants {
		if p := a.buckets[g.Bucket]; p != nil && p.gives(g) {
			a.grants[g.ID] = p
		}
	}
	for i := range e.Moves {
		if p := a.grants[e.Moves[i].Grant]; p != nil {
			p.use(&e.Moves[i])
		}
	}
}

// end counts what w still has. The rest is lost.
func (a *allowances) end(w *ledger.Wallet) {
	for i := range w.Grants {
		g := &w.Grants[i]
		if p := a.grants[g.ID]; p != nil {
			p.Left, p.Held = p.Left.Add(g.Remaining), p.Held.Add(g.Held)
		}
	}
	for i := range a.all {
		p := &a.all[i]
		p.Lost = p.Given.Add(p.Carried).Sub(p.Used).Sub(p.Left).Sub(p.Held)
	}
}

// gives reports whether g, a grant of the bucket, is of its allowance, and counts it.
func (p *Progress) gives(g *ledger.Grant) bool {
	switch g.Source { // the others are not
	case ledger.SourceAllowance:
		p.Given = p.Given.Add(g.Amount)
		return true
	case ledger.SourceRollover:
		p.Carried = p.Carried.Add(g.Amount)
		return true
	}
	return false
}

// use counts what m spends, or brings back.
func (p *Progress) use(m *ledger.Move) {
	if m.To == ledger.PotSpent {
		p.Used = p.Used.Add(m.Amount)
	} else if m.From == ledger.PotSpent {
		p.Used = p.Used.Sub(m.Amount)
	}
}

// An Expiration is credits that will end unless they are used.
type Expiration struct {
	At      time.Time       `json:"at"`
	Grant   ledger.GrantID  `json:"grant"`
	Name    string          `json:"name,omitempty"`
	Bucket  string          `json:"bucket,omitempty"`
	Credits decimal.Decimal `json:"credits"`
}

// Expirations returns what of a balance ends before an instant, soonest first.
func Expirations(b ledger.Balance, before time.Time) []Expiration {
	var all []Expiration
	for i := range b.Grants {
		g := &b.Grants[i]
		if !g.ExpiresAt.IsZero() && g.ExpiresAt.Before(before) && g.Remaining.IsPositive() {
			all = append(all, Expiration{g.ExpiresAt, g.ID, g.Name, g.Bucket, g.Remaining})
		}
	}
	slices.SortFunc(all, func(a, b Expiration) int { return cmp.Or(a.At.Compare(b.At), a.Grant.Compare(b.Grant)) })
	return all
}
