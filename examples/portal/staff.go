package main

import (
	"context"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
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

// A deskPage is where the staff works on an organization's credits.
type deskPage struct {
	creditsPage
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

// An action is something that the staff does by hand: it makes a request of a form.
type action func(p *portal, r *http.Request, v visit, key string, amount decimal.Decimal) (ledger.Request, error)

// actions are what the staff can do with an organization's credits.
var actions = map[string]action{"add": addition, "deduct": deduction, "transfer": transfer}

// adjust does what one of the forms of the desk asks for, and explains what was done.
func (p *portal) adjust(w http.ResponseWriter, r *http.Request, v visit) error {
	name := r.PathValue("action")
	act, ok := actions[name]
	if !ok {
		return errNoPage
	}
	request, err := p.staffRequest(r, v, name, act)
	var e ledger.Entry
	if err == nil {
		e, err = p.books.Do(r.Context(), request)
	}
	if err == nil {
		http.Redirect(w, r, entryAddress(v, e), http.StatusSeeOther)
		return nil
	}
	told, known := tell(err)
	if !known {
		return err
	}
	return p.showDesk(w, r, v, told.status, form{name, r.PostForm, told.text})
}

func (p *portal) staffRequest(r *http.Request, v visit, name string, act action) (ledger.Request, error) {
	key, err := keyOf(r, name)
	if err != nil {
		return nil, err
	}
	amount, err := p.numberOf(r, "amount")
	if err != nil {
		return nil, err
	}
	if by(r, v).Reason == "" {
		return nil, badRequest("Please say why.")
	}
	return act(p, r, v, key, amount)
}

// addition adds credits, which end after some days; none are named: as usual.
func addition(p *portal, r *http.Request, v visit, key string, amount decimal.Decimal) (ledger.Request, error) {
	days, err := p.optionalNumber(r, "days")
	if err != nil || days.GreaterThan(decimal.NewFromInt(maxDays)) {
		return nil, badRequest("The days must be a number from 1 to 3,650.")
	}
	request := ledger.AdjustRequest{Key: key, WalletID: v.Org.wallet(), Amount: amount, Info: by(r, v)}
	if days.IsPositive() {
		request.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(int(days.IntPart()))}
	}
	return request, nil
}

// maxDays is for how long credits can be added.
const maxDays = 3_650

func deduction(_ *portal, r *http.Request, v visit, key string, amount decimal.Decimal) (ledger.Request, error) {
	return ledger.AdjustRequest{Key: key, WalletID: v.Org.wallet(), Amount: amount.Neg(), Info: by(r, v)}, nil
}

func transfer(p *portal, r *http.Request, v visit, key string, amount decimal.Decimal) (ledger.Request, error) {
	to, err := p.organization(r.Context(), r.PostFormValue("to"))
	if err != nil || to.ID == v.Org.ID {
		return nil, badRequest("Please choose who gets the credits.")
	}
	return ledger.TransferRequest{Key: key, From: v.Org.wallet(), To: to.wallet(), Amount: amount, Info: by(r, v)}, nil
}
