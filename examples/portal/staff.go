package main

import (
	"net/http"

	"github.com/scrip-go/scrip/ledger"
)

// A clientRow is an organization in the staff's list.
type clientRow struct {
	organization
	Balance ledger.Balance
	Plan    string
	Stuck   int // orders that were paid and could not be granted
}

// showOrganizations shows the staff all organizations.
func (p *portal) showOrganizations(w http.ResponseWriter, r *http.Request, v visit) error {
	all, err := p.organizations(r.Context())
	if err != nil {
		return err
	}
	rows := make([]clientRow, len(all))
	for i, o := range all {
		wallet, err := p.books.Wallet(r.Context(), o.wallet())
		if err != nil {
			return err
		}
		rows[i] = clientRow{organization: o, Balance: wallet.BalanceNow()}
		if s, ok := wallet.Subscription(""); ok {
			plan, _ := p.catalog.Plan(s.Plan)
			rows[i].Plan = plan.Title
		}
		stuck, err := p.stuckOrders(r.Context(), o)
		if err != nil {
			return err
		}
		rows[i].Stuck = len(stuck)
	}
	return p.show(w, v, "Clients", "staff", rows)
}
