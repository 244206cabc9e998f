package report

import (
	"cmp"
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// A Liability is what is outstanding of credits that end in one month.
type Liability struct {
	Unit     string          `json:"unit"`
	Currency string          `json:"currency"`          // that they were paid in; empty: free
	Month    time.Time       `json:"month,omitzero"`    // its start, in UTC; zero: they never end
	Credits  decimal.Decimal `json:"credits"`           // can be spent, are held or are yet to take effect
	Money    decimal.Decimal `json:"money"`             // what was paid for them, and has yet to be earned
	Wallets  int             `json:"wallets,omitempty"` // how many have some
}

// Liabilities returns what the wallets that q names have at an instant, by unit,
// currency and month of expiry; the zero time is now. It reads wallets rather than
// journals. Debts are not set against it.
func Liabilities(ctx context.Context, books *ledger.Ledger, q Query, when time.Time) ([]Liability, error) {
	months := Group{Cycle: expiry.Months(1)}
	rows := make(map[Liability]*Liability)
	for w, err := range q.wallets(ctx, books) {
		if err != nil {
			return nil, err
		}
		balance, err := books.Balance(ctx, w.ID, when)
		if err != nil {
			return nil, err
		}
		seen := make(map[Liability]bool)
		for i := range balance.Grants {
			g := &balance.Grants[i]
			k := Liability{Unit: w.Unit.Name, Currency: g.Paid.Currency}
			if !g.ExpiresAt.IsZero() {
				k.Month = months.period(g.ExpiresAt)
			}
			r := at(rows, k, func() Liability { return k })
			r.Credits = r.Credits.Add(g.Live())
			r.Money = r.Money.Add(g.Unearned().Amount)
			if !seen[k] {
				seen[k] = true
				r.Wallets++
			}
		}
	}
	return sorted(rows, func(a, b Liability) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Currency, b.Currency), a.Month.Compare(b.Month))
	}), nil
}
