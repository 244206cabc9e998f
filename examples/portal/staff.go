package main

import (
	"context"
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
		if rows[i].Stuck, err = p.stuck(r.Context(), o); err != nil {
			return err
		}
	}
	return p.show(w, v, "Clients", "staff", rows)
}

// stuck returns how many orders of o were paid and could not be granted.
func (p *portal) stuck(ctx context.Context, o organization) (number int, err error) {
	err = p.db.QueryRowContext(ctx, `SELECT count(*) FROM orders WHERE organization = ? AND status = ?`, o.ID, orderStuck).Scan(&number)
	return number, err
}
