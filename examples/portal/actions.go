package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// An action is something that the staff does by hand: it makes a request of a form.
type action func(p *portal, r *http.Request, v visit, key string, why ledger.Info) (ledger.Request, error)

// A showing shows the page that a form is on, with what is wrong with it.
type showing func(w http.ResponseWriter, r *http.Request, v visit, status int, failed form) error

// carryOut does what a form asks for, and goes to the page that explains what was done.
// What could not be done is told where the form is.
func (p *portal) carryOut(w http.ResponseWriter, r *http.Request, v visit, name string, act action, again showing) error {
	request, err := p.staffRequest(r, v, name, act)
	var e ledger.Entry
	if err == nil {
		e, err = p.books.Do(r.Context(), request)
	}
	if err == nil {
		http.Redirect(w, r, fmt.Sprintf("/staff/%s/entries/%d", v.Org.ID, e.Seq), http.StatusSeeOther)
		return nil
	}
	told, known := tell(err)
	if !known {
		return err
	}
	return again(w, r, v, told.status, form{name, r.PostForm, told.text})
}

func (p *portal) staffRequest(r *http.Request, v visit, name string, act action) (ledger.Request, error) {
	key, err := keyOf(r, name)
	if err != nil {
		return nil, err
	}
	why := ledger.Info{Actor: v.User.email, Reason: strings.TrimSpace(r.PostFormValue("reason"))}
	if why.Reason == "" {
		return nil, badRequest("Please say why.")
	}
	return act(p, r, v, key, why)
}

// actions are what the staff can do at the desk.
var actions = map[string]action{"add": addition, "deduct": deduction, "transfer": transfer}

// adjust does what one of the forms of the desk asks for.
func (p *portal) adjust(w http.ResponseWriter, r *http.Request, v visit) error {
	name := r.PathValue("action")
	act, ok := actions[name]
	if !ok {
		return errNoPage
	}
	return p.carryOut(w, r, v, name, act, p.showDesk)
}

// maxDays is for how long credits can be added.
const maxDays = 3_650

// addition adds credits, which end after some days; none are named: as usual.
func addition(p *portal, r *http.Request, v visit, key string, why ledger.Info) (ledger.Request, error) {
	amount, err := p.numberOf(r, "amount")
	if err != nil {
		return nil, err
	}
	days, err := p.optionalNumber(r, "days")
	if err != nil || days.GreaterThan(decimal.NewFromInt(maxDays)) {
		return nil, badRequest("The days must be a number from 1 to 3,650.")
	}
	request := ledger.AdjustRequest{Key: key, WalletID: v.Org.wallet(), Amount: amount, Info: why}
	if days.IsPositive() {
		request.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(int(days.IntPart()))}
	}
	return request, nil
}

// deduction takes credits away.
func deduction(p *portal, r *http.Request, v visit, key string, why ledger.Info) (ledger.Request, error) {
	amount, err := p.numberOf(r, "amount")
	return ledger.AdjustRequest{Key: key, WalletID: v.Org.wallet(), Amount: amount.Neg(), Info: why}, err
}

// transfer moves credits to another organization, with the terms that they have.
func transfer(p *portal, r *http.Request, v visit, key string, why ledger.Info) (ledger.Request, error) {
	amount, err := p.numberOf(r, "amount")
	if err != nil {
		return nil, err
	}
	to, err := p.organization(r.Context(), r.PostFormValue("to"))
	if errors.Is(err, errNoPage) || to.ID == v.Org.ID {
		return nil, badRequest("Please choose who gets the credits.")
	}
	return ledger.TransferRequest{Key: key, From: v.Org.wallet(), To: to.wallet(), Amount: amount, Info: why}, err
}

// refunding gives credits of a charge back to the grants that they came from: all that
// is left of it, if no amount is named.
func refunding(p *portal, r *http.Request, v visit, key string, why ledger.Info) (ledger.Request, error) {
	seq, err := seqOf(r)
	if err != nil {
		return nil, err
	}
	amount, err := p.optionalNumber(r, "amount")
	if err != nil {
		return nil, err
	}
	charge, err := p.books.EntryAt(r.Context(), ledger.EntryID{WalletID: v.Org.wallet(), Seq: seq})
	if err == nil && charge.Movement() != ledger.MovementUsage {
		err = badRequest("Only what was used can be refunded.")
	}
	return ledger.RefundRequest{Key: key, WalletID: v.Org.wallet(), Charge: charge.Key, Amount: amount, Info: why}, err
}

// voiding cancels what is left of a grant or, if an amount is named, part of it.
func voiding(p *portal, r *http.Request, v visit, key string, why ledger.Info) (ledger.Request, error) {
	grant, err := grantID(r)
	if err != nil {
		return nil, err
	}
	amount, err := p.optionalNumber(r, "amount")
	return ledger.VoidRequest{Key: key, WalletID: v.Org.wallet(), Grant: grant, Amount: amount, Info: why}, err
}
