package main

import (
	"context"
	"net/http"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// A deskPage is where the staff works on an organization's credits.
type deskPage struct {
	creditsPage
	Stuck  []order        // that were paid and could not be granted
	Others []organization // to which credits can be transferred
	Lines  []line
	Older  string // the address of the next page; empty: this is the last
	Form   form   // that could not be carried out
}

// showOrganization shows the staff an organization.
func (p *portal) showOrganization(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.showDesk(w, r, v, http.StatusOK, form{})
}

func (p *portal) showDesk(w http.ResponseWriter, r *http.Request, v visit, status int, failed form) error {
	after, err := cursorOf(r.FormValue("after"))
	if err != nil {
		return err
	}
	page := deskPage{Form: failed}
	if page.creditsPage, err = p.creditsOf(r.Context(), v.Org); err != nil {
		return err
	}
	if page.Stuck, err = p.stuckOrders(r.Context(), v.Org); err != nil {
		return err
	}
	if page.Others, err = p.others(r.Context(), v.Org); err != nil {
		return err
	}
	found, err := p.books.Lines(r.Context(), ledger.LinesQuery{
		WalletID: v.Org.wallet(), To: p.now().Add(time.Microsecond), Descending: true,
		After: after, Limit: pageSize + 1, Movements: allMovements,
	})
	if err != nil {
		return err
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		page.Older = "/staff/" + v.Org.ID + "?after=" + cursorText(found[pageSize-1].Cursor())
	}
	if page.Lines, err = p.lines(r.Context(), found); err != nil {
		return err
	}
	return p.render(w, status, frame{visit: v, Title: v.Org.Name, Page: page}, "desk")
}

// others returns all organizations but one.
func (p *portal) others(ctx context.Context, but organization) (others []organization, err error) {
	all, err := p.organizations(ctx)
	for _, o := range all {
		if o.ID != but.ID {
			others = append(others, o)
		}
	}
	return others, err
}
