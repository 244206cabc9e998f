package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/pricing"
)

// A creditsPage is what an organization has.
type creditsPage struct {
	Balance ledger.Balance
	Buckets []bucketProgress
	Grants  []block
}

// A bucketProgress is how far an allowance has been used.
type bucketProgress struct {
	report.Progress
	Of    decimal.Decimal // given and carried
	Share int             // of it that is used, in percent
}

// A block is some of an organization's credits, on terms of their own.
type block struct {
	ID        ledger.GrantID
	Name      string
	Source    string
	For       string // what it may pay for; empty: everything
	Amount    decimal.Decimal
	Left      decimal.Decimal
	Held      decimal.Decimal
	Begins    time.Time // zero: it has
	Ends      time.Time // its nominal end; zero: never
	UsableTil time.Time // when its grace ends; zero: it has none
	Soon      bool      // it ends within a week
}

func (p *portal) showCredits(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := p.creditsOf(r.Context(), v.Org)
	if err != nil {
		return err
	}
	return p.show(w, v, "Credits", "credits", page)
}

// creditsOf returns what o has now.
func (p *portal) creditsOf(ctx context.Context, o organization) (page creditsPage, err error) {
	wallet, err := p.books.Wallet(ctx, o.wallet())
	if err != nil {
		return page, err
	}
	page.Balance = wallet.BalanceNow()
	if page.Buckets, err = p.progress(ctx, o); err != nil {
		return page, err
	}
	for _, g := range page.Balance.Grants {
		page.Grants = append(page.Grants, p.block(g))
	}
	return page, nil
}

// progress returns how far o is with its allowances.
func (p *portal) progress(ctx context.Context, o organization) (all []bucketProgress, err error) {
	found, err := report.Progresses(ctx, p.books, o.wallet())
	for _, f := range found {
		b := bucketProgress{Progress: f, Of: f.Given.Add(f.Carried)}
		if b.Of.IsPositive() {
			hundred := decimal.NewFromInt(100)
			b.Share = int(f.Used.Mul(hundred).DivRound(b.Of, 0).IntPart())
		}
		all = append(all, b)
	}
	return all, err
}

func (p *portal) block(g ledger.OpenGrant) block {
	b := block{
		ID: g.ID, Name: grantName(g.Grant), Source: sources[g.Source], For: p.covers(g.Scope),
		Amount: g.Amount, Left: g.Remaining, Held: g.Held, Ends: g.ExpiresAt,
	}
	now := p.now()
	if g.EffectiveAt.After(now) {
		b.Begins = g.EffectiveAt
	}
	if !g.GraceAt.IsZero() {
		b.Ends, b.UsableTil = g.GraceAt, g.ExpiresAt
	}
	b.Soon = !b.Ends.IsZero() && b.Ends.Before(now.AddDate(0, 0, 7))
	return b
}

// covers returns the services that a scope covers; empty: all of them.
func (p *portal) covers(s pricing.Scope) string {
	if !s.Restricted() {
		return ""
	}
	var names []string
	for _, i := range p.catalog.Items {
		if item, _ := p.catalog.Item(i.ID); s.Covers(item) {
			names = append(names, i.Name)
		}
	}
	return strings.Join(names, ", ")
}
