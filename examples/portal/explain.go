package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

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

// refund gives credits of a charge back.
func (p *portal) refund(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.carryOut(w, r, v, "refund", refunding, p.showExplanation)
}

// skips are the reasons why a grant paid nothing, in words.
var skips = map[ledger.Skip]string{
	"": "paid", ledger.SkipNotNeeded: "was not needed", ledger.SkipScope: "may not pay for this",
	ledger.SkipPending: "had yet to take effect", ledger.SkipExpired: "had expired", ledger.SkipEmpty: "was used up",
	ledger.SkipHeld: "was held for something else", ledger.SkipVoided: "had been cancelled or deducted",
	ledger.SkipMoved: "had been carried on or transferred",
}
