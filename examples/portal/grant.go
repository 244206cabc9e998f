package main

import (
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// A grantPage says where every credit of a grant is, and lets what is left be voided.
type grantPage struct {
	ledger.GrantExplanation
	Name   string
	Source string
	Places []place
	Form   form // that could not be carried out
}

// A place is where some credits of a grant are.
type place struct {
	Name   string
	Amount decimal.Decimal
}

// places are where credits can be, in words.
var places = []struct {
	pot  ledger.Pot
	name string
}{
	{ledger.PotPending, "yet to take effect"},
	{ledger.PotRemaining, "can be spent"},
	{ledger.PotHeld, "held"},
	{ledger.PotSpent, "spent"},
	{ledger.PotExpired, "expired"},
	{ledger.PotVoided, "cancelled or deducted"},
	{ledger.PotMoved, "carried on or transferred"},
}

// Left returns what can be voided.
func (g grantPage) Left() decimal.Decimal {
	return g.Pots[ledger.PotRemaining].Add(g.Pots[ledger.PotPending])
}

// explainGrant shows where every credit of a grant went.
func (p *portal) explainGrant(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.showGrant(w, r, v, http.StatusOK, form{})
}

func (p *portal) showGrant(w http.ResponseWriter, r *http.Request, v visit, status int, failed form) error {
	id, err := grantID(r)
	if err != nil {
		return err
	}
	page := grantPage{Form: failed}
	if page.GrantExplanation, err = p.books.ExplainGrant(r.Context(), v.Org.wallet(), id); err != nil {
		return err
	}
	page.Name, page.Source = grantName(page.Grant), sources[page.Grant.Source]
	for _, at := range places {
		if amount := page.Pots[at.pot]; !amount.IsZero() {
			page.Places = append(page.Places, place{at.name, amount})
		}
	}
	return p.render(w, status, frame{visit: v, Title: page.Name, Page: page}, "grant")
}

// void cancels what is left of a grant, for good.
func (p *portal) void(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.carryOut(w, r, v, "void", voiding, p.showGrant)
}

// grantID returns the grant in the address of a page.
func grantID(r *http.Request) (ledger.GrantID, error) {
	id, err := ledger.ParseGrantID(r.PathValue("grant"))
	if err != nil {
		return id, errNoPage
	}
	return id, nil
}
