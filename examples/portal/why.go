package main

import (
	"maps"
	"net/http"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// A walletPage says why an organization has what it has.
type walletPage struct {
	ledger.WalletExplanation
	Movements []movementSum
	Services  []paidBy
}

// A movementSum is what one kind of movement did to a balance.
type movementSum struct {
	Name   string
	Change decimal.Decimal
}

// explainWallet answers "why do we have 37 credits?".
func (p *portal) explainWallet(w http.ResponseWriter, r *http.Request, v visit) error {
	x, err := p.books.ExplainWallet(r.Context(), v.Org.wallet())
	if err != nil {
		return err
	}
	page := walletPage{WalletExplanation: x}
	for _, t := range movementTypes {
		sum := decimal.Zero
		for _, m := range t.movements {
			sum = sum.Add(x.By[m])
		}
		if !sum.IsZero() {
			page.Movements = append(page.Movements, movementSum{t.Title, sum})
		}
	}
	for _, item := range slices.Sorted(maps.Keys(x.Items)) {
		page.Services = append(page.Services, paidBy{p.catalog.ItemName(item), x.Items[item]})
	}
	return p.show(w, v, "Why "+number(x.Balance.Total)+"?", "wallet", page)
}
