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
			s := &w.Subscriptions[i]
			for _, bucket := range s.Buckets {
				p := Progress{Subscription: s.Name, Bucket: bucket.Name, ResetsAt: s.Period.End}
				if err := p.read(ctx, books, &w, s.Period.Start); err != nil {
					return nil, err
				}
				all = append(all, p)
			}
		}
		return all, nil
	}
	return nil, ledger.ErrNotFound
}

// read adds up what became of the bucket's credits since the period began.
func (p *Progress) read(ctx context.Context, books *ledger.Ledger, w *ledger.Wallet, start time.Time) error {
	given := make(map[ledger.GrantID]bool)
	for e, err := range books.Journal(ctx, ledger.JournalQuery{WalletID: w.ID, From: start}) {
		if err != nil {
			return err
		}
		if e.Seq > w.Seq {
			break
		}
		for _, g := range e.Grants {
			if p.gives(g) {
				given[g.ID] = true
			}
		}
		for i := range e.Moves {
			if m := &e.Moves[i]; given[m.Grant] && m.To == ledger.PotSpent {
				p.Used = p.Used.Add(m.Amount)
			} else if given[m.Grant] && m.From == ledger.PotSpent {
				p.Used = p.Used.Sub(m.Amount)
			}
		}
	}
	for i := range w.Grants {
		if g := &w.Grants[i]; given[g.ID] {
			p.Left, p.Held = p.Left.Add(g.Remaining), p.Held.Add(g.Held)
		}
	}
	p.Lost = p.Given.Add(p.Carried).Sub(p.Used).Sub(p.Left).Sub(p.Held)
	return nil
}

// gives reports whether g is of the bucket's allowance, and counts it.
func (p *Progress) gives(g *ledger.Grant) bool {
	switch {
	case g.Bucket != p.Bucket:
		return false
	case g.Source == ledger.SourceAllowance:
		p.Given = p.Given.Add(g.Amount)
		return true
	case g.Source == ledger.SourceRollover:
		p.Carried = p.Carried.Add(g.Amount)
		return true
	}
	return false
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
