package report

import (
	"cmp"
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// A Sale is what was sold of one package in one period, unit and currency.
type Sale struct {
	Period   time.Time       `json:"period,omitzero"`   // its start; zero if time is not divided
	Package  string          `json:"package,omitempty"` // the catalog's; empty: grants that were sold without one
	Unit     string          `json:"unit"`
	Currency string          `json:"currency"`
	Number   int             `json:"number"`  // of purchases
	Credits  decimal.Decimal `json:"credits"` // sold; what came on top is not counted
	Money    decimal.Decimal `json:"money"`
	Average  decimal.Decimal `json:"average"`  // money a purchase, to the minor unit
	PerSale  decimal.Decimal `json:"per_sale"` // credits a purchase, to four decimals
	Returned decimal.Decimal `json:"returned"` // money given back in the period
}

// Sales returns the revenue from credit sales: what came in, whether or not it has
// been earned since.
func Sales(ctx context.Context, books *ledger.Ledger, q Query, by Group) ([]Sale, error) {
	rows := make(map[Sale]*Sale)
	for f, err := range Flows(ctx, books, q) {
		if err != nil {
			return nil, err
		}
		if f.Class != Sold && f.Class != Returned || f.Grant.Paid.Amount.IsZero() {
			continue
		}
		k := Sale{
			Period: by.period(f.Entry.EffectiveAt), Package: f.Grant.Package,
			Unit: f.Wallet.Unit.Name, Currency: f.Grant.Paid.Currency,
		}
		r := at(rows, k, func() Sale { return k })
		if f.Class == Returned {
			r.Returned = r.Returned.Add(f.Money.Amount)
			continue
		}
		r.Number++
		r.Credits, r.Money = r.Credits.Add(f.Credits), r.Money.Add(f.Money.Amount)
	}
	for _, r := range rows {
		r.average()
	}
	return sorted(rows, func(a, b Sale) int {
		return cmp.Or(a.Period.Compare(b.Period), cmp.Compare(a.Package, b.Package),
			cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Currency, b.Currency))
	}), nil
}

func (s *Sale) average() {
	if s.Number == 0 {
		return
	}
	n := decimal.NewFromInt(int64(s.Number))
	scale, _ := pricing.MinorUnits(s.Currency)
	s.Average = s.Money.DivRound(n, scale)
	s.PerSale = s.Credits.DivRound(n, 4)
}
