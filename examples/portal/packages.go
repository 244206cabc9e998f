package main

import (
	"context"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// An offer is a package as it is shown.
type offer struct {
	pricing.Package
	Bonus  decimal.Decimal // credits on top
	Each   pricing.CreditPrice
	Saving decimal.Decimal // percent, against the smallest package
	Lasts  string          // how long its credits last
	Sold   bool            // to this organization, as often as it may be
}

var (
	cents   = pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 2}
	percent = pricing.Rounding{Mode: pricing.RoundDown, Scale: 0}
)

// offers returns what o can buy now.
func (p *portal) offers(ctx context.Context, o organization) (all []offer, err error) {
	now, unit := p.now(), p.catalog.Unit
	for _, k := range p.catalog.Offers(now) {
		x := offer{Package: k, Each: k.PerCredit(unit, now, cents), Bonus: k.Total(unit, now).Sub(k.Credits)}
		if base, ok := p.catalog.Package("starter"); ok {
			if x.Saving, err = k.Discount(base, unit, now, percent); err != nil {
				return nil, err
			}
		}
		if ends := expiry.First(k.Expiry, byDefault); ends.Kind == expiry.PolicyAfter {
			x.Lasts = ends.After.String()
		}
		_, err := p.books.Check(ctx, ledger.PurchaseRequest{WalletID: o.wallet(), Package: k.Name})
		x.Sold = err != nil
		all = append(all, x)
	}
	return all, nil
}

func (p *portal) showPackages(w http.ResponseWriter, r *http.Request, v visit) error {
	all, err := p.offers(r.Context(), v.Org)
	if err != nil {
		return err
	}
	return p.show(w, v, "Buy credits", "packages", all)
}
