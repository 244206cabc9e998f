package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// An explainPage says why something happened, and lets it be undone.
type explainPage struct {
	ledger.Explanation
	About string
	Asked []ledger.Considered // the grants that had something to give, if it took something of them
	Empty int                 // how many others there were
	Left  decimal.Decimal     // what can be refunded of it
	Form  form                // that could not be carried out
}

// entryAddress returns the address of the page that explains an entry.
func entryAddress(v visit, e ledger.Entry) string {
	return fmt.Sprintf("/staff/%s/entries/%d", v.Org.ID, e.Seq)
}

// explainEntry shows how an entry came about: its price, and grant by grant who paid.
func (p *portal) explainEntry(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.showExplanation(w, r, v, http.StatusOK, form{})
}

func (p *portal) showExplanation(w http.ResponseWriter, r *http.Request, v visit, status int, failed form) error {
	seq, err := seqOf(r)
	if err != nil {
		return err
	}
	page := explainPage{Form: failed}
	if page.Explanation, err = p.books.Explain(r.Context(), ledger.EntryID{WalletID: v.Org.wallet(), Seq: seq}); err != nil {
		return err
	}
	e := page.Entry
	if page.About, _, err = p.receipt(r.Context(), e); err != nil {
		return err
	}
	page.Asked, page.Empty = asked(page.Considered)
	if page.Left, err = p.refundable(r.Context(), e); err != nil {
		return err
	}
	return p.render(w, status, frame{visit: v, Title: fmt.Sprintf("Entry %d", seq), Page: page}, "explain")
}

// asked returns those grants that had something to give, and how many had not; none at
// all if nothing was taken.
func asked(all []ledger.Considered) (some []ledger.Considered, empty int) {
	drawn := false
	for _, c := range all {
		drawn = drawn || c.Drawn.IsPositive()
		if c.Had.IsPositive() {
			some = append(some, c)
		}
	}
	if !drawn {
		return nil, 0
	}
	return some, len(all) - len(some)
}

// refundable returns what a refund of an entry would give back now, by the rule that
// would do it: nothing, if there is nothing left of it or it is no charge.
func (p *portal) refundable(ctx context.Context, e ledger.Entry) (decimal.Decimal, error) {
	if e.Movement() != ledger.MovementUsage || e.Key == "" {
		return decimal.Zero, nil
	}
	would, err := p.books.Check(ctx, ledger.RefundRequest{WalletID: e.WalletID, Charge: e.Key})
	if errors.Is(err, ledger.ErrClosed) || errors.Is(err, ledger.ErrNotFound) {
		return decimal.Zero, nil
	}
	return would.Change, err
}

// refund gives credits of a charge back to the grants that they came from.
func (p *portal) refund(w http.ResponseWriter, r *http.Request, v visit) error {
	seq, err := seqOf(r)
	if err != nil {
		return err
	}
	charge, err := p.books.EntryAt(r.Context(), ledger.EntryID{WalletID: v.Org.wallet(), Seq: seq})
	if err != nil {
		return err
	}
	key, err1 := keyOf(r, "refund")
	amount, err2 := p.optionalNumber(r, "amount")
	err = cmp.Or(err1, err2)
	var e ledger.Entry
	if err == nil {
		e, err = p.books.Refund(r.Context(), ledger.RefundRequest{
			Key: key, WalletID: v.Org.wallet(), Charge: charge.Key, Amount: amount, Info: by(r, v),
		})
	}
	if err == nil {
		http.Redirect(w, r, entryAddress(v, e), http.StatusSeeOther)
		return nil
	}
	told, known := tell(err)
	if !known {
		return err
	}
	if errors.Is(err, ledger.ErrInsufficientCredits) {
		told.text = "That is more than is left of it."
	}
	return p.showExplanation(w, r, v, told.status, form{"refund", r.PostForm, told.text})
}

// skips are the reasons why a grant paid nothing, in words.
var skips = map[ledger.Skip]string{
	"": "paid", ledger.SkipNotNeeded: "was not needed", ledger.SkipScope: "may not pay for this",
	ledger.SkipPending: "had yet to take effect", ledger.SkipExpired: "had expired", ledger.SkipEmpty: "was used up",
	ledger.SkipHeld: "was held for something else", ledger.SkipVoided: "had been cancelled or deducted",
	ledger.SkipMoved: "had been carried on or transferred",
}

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
