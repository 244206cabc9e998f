package main

import (
	"net/http"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// An overviewPage is what an organization's people see first.
type overviewPage struct {
	creditsPage
	Plan     string // empty: none
	ResetsAt time.Time
	Expiring []block // within 30 days, but for what ends with the period
	Messages []message
	Chart    chart
	Lines    []line // the latest
}

func (p *portal) showOverview(w http.ResponseWriter, r *http.Request, v visit) (err error) {
	ctx, o, now := r.Context(), v.Org, p.now()
	var page overviewPage
	if page.creditsPage, err = p.creditsOf(ctx, o); err != nil {
		return err
	}
	wallet, err := p.books.Wallet(ctx, o.wallet())
	if err != nil {
		return err
	}
	if s, ok := wallet.Subscription(""); ok {
		plan, _ := p.catalog.Plan(s.Plan)
		page.Plan, page.ResetsAt = plan.Title, s.Period.End
	}
	for _, b := range page.Grants {
		if !b.Ends.IsZero() && b.Ends.Before(now.AddDate(0, 0, 30)) && !b.Ends.Equal(page.ResetsAt) {
			page.Expiring = append(page.Expiring, b)
		}
	}
	if page.Messages, err = p.messages(ctx, o, 4); err != nil {
		return err
	}
	if page.Chart, err = p.chart(ctx, o, 30); err != nil {
		return err
	}
	recent, err := p.books.Lines(ctx, ledger.LinesQuery{
		WalletID: o.wallet(), To: now.Add(time.Microsecond), Descending: true, Limit: 6, Movements: allMovements,
	})
	if err != nil {
		return err
	}
	if page.Lines, err = p.lines(ctx, recent); err != nil {
		return err
	}
	return p.show(w, v, "Overview", "overview", page)
}
