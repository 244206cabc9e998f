package main

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
)

// A transaction is a line of an organization's history.
type transaction struct {
	At          time.Time       `json:"date"`
	Type        string          `json:"type"`
	Amount      decimal.Decimal `json:"credits"`
	Balance     decimal.Decimal `json:"balance"`
	Description string          `json:"description"`
	Related     string          `json:"related"` // the service or package that it is about
	By          string          `json:"by"`
}

// types are what the portal calls movements of credits. It shows no others.
var types = map[ledger.Movement]string{
	ledger.MovementPurchase: "Purchase", ledger.MovementUsage: "Usage", ledger.MovementGrant: "Bonus",
	ledger.MovementAddition: "Manual addition", ledger.MovementDeduction: "Manual deduction",
	ledger.MovementExpiration: "Expiration", ledger.MovementRefund: "Refund", ledger.MovementReturn: "Refund",
	ledger.MovementTransfer: "Transfer", ledger.MovementAllocation: "Allocation",
	ledger.MovementReset: "Monthly credits", ledger.MovementRollover: "Rollover",
}

// movements returns the movements of some types; of all, if none is named.
func movements(named ...string) (all []ledger.Movement) {
	for m, name := range types {
		if len(named) == 0 || slices.Contains(named, name) {
			all = append(all, m)
		}
	}
	return all
}

// pageSize is how many transactions a page of the history has.
const pageSize = 20

// history returns the transactions of o that q asks for, page by page.
func (o *organization) history(ctx context.Context, q ledger.LinesQuery) iter.Seq2[transaction, error] {
	q.WalletID, q.Limit, q.To = o.wallet, pageSize, o.now.Add(time.Microsecond)
	return func(yield func(transaction, error) bool) {
		for {
			page, err := o.Lines(ctx, q)
			if err != nil {
				yield(transaction{}, err)
				return
			}
			for _, line := range page {
				if t, err := o.transaction(ctx, line); !yield(t, err) || err != nil {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			q.After = page[len(page)-1].Cursor()
		}
	}
}

func (o *organization) transaction(ctx context.Context, line ledger.Line) (transaction, error) {
	related, err := o.related(ctx, line.Entry)
	return transaction{
		At: line.EffectiveAt, Type: types[line.Movement], Amount: line.Change, Balance: line.Running,
		Description: cmp.Or(line.Reason, line.Reference), Related: related, By: cmp.Or(line.Actor, "system"),
	}, err
}

// related returns the services that an entry is about or, if there are none, the
// names of the credits that it moved.
func (p *portal) related(ctx context.Context, e ledger.Entry) (string, error) {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, part := range e.Parts {
		add(p.catalog.ItemName(part.Item.ID))
	}
	if len(names) == 0 {
		grants, err := p.Grants(ctx, e.WalletID, moved(e))
		if err != nil {
			return "", err
		}
		for _, g := range grants {
			add(title(g))
		}
	}
	return strings.Join(names, ", "), nil
}

// moved returns the grants of which e moved credits.
func moved(e ledger.Entry) (ids []ledger.GrantID) {
	for _, m := range e.Moves {
		if !slices.Contains(ids, m.Grant) {
			ids = append(ids, m.Grant)
		}
	}
	return ids
}

// showHistory shows the whole of one history, a part of it, and an export.
func (p *portal) showHistory(ctx context.Context) error {
	acme, lakeside := p.organizations[0], p.organizations[2]
	p.head("Transactions of " + lakeside.name)
	if err := lakeside.printHistory(ctx, ledger.LinesQuery{Movements: movements()}); err != nil {
		return err
	}
	p.head("Transactions of " + acme.name + ": by the team, and refunds")
	byHand := movements("Manual addition", "Manual deduction", "Transfer", "Refund")
	if err := acme.printHistory(ctx, ledger.LinesQuery{Movements: byHand}); err != nil {
		return err
	}
	p.head("Blog posts of " + acme.name + ", exported")
	return report.CSV(p.out, acme.history(ctx, ledger.LinesQuery{Item: "blog_post"}))
}

func (o *organization) printHistory(ctx context.Context, q ledger.LinesQuery) error {
	rows := [][]string{{"date", "type", "credits", "balance", "description", "related", "by"}}
	for t, err := range o.history(ctx, q) {
		if err != nil {
			return err
		}
		rows = append(rows, []string{
			t.At.Format("02 Jan 15:04"), t.Type, signed(t.Amount), t.Balance.String(), t.Description, t.Related, t.By,
		})
	}
	o.table(rows, 2, 3)
	return nil
}

// showDashboard shows a client what its portal begins with.
func (p *portal) showDashboard(ctx context.Context) error {
	o := p.organizations[1]
	b, err := o.Balance(ctx, o.wallet, o.now)
	if err != nil {
		return err
	}
	p.head("Dashboard of " + o.name + " on " + day(p.now))
	fmt.Fprintf(p.out, "  %v credits available, for everybody at %s\n\nCredits by what is spent first\n", b.Available, o.name)
	rows := [][]string{{"credits", "left", "expire", "with grace until"}}
	for _, g := range b.Grants {
		ends, grace := "never", ""
		if !g.ExpiresAt.IsZero() {
			ends = date(g.ExpiresAt)
		}
		if !g.GraceAt.IsZero() {
			ends, grace = date(g.GraceAt), date(g.ExpiresAt)
		}
		rows = append(rows, []string{title(g.Grant), g.Remaining.String(), ends, grace})
	}
	p.table(rows, 1)
	p.head("Recent transactions")
	err = o.printHistory(ctx, ledger.LinesQuery{From: p.now.AddDate(0, 0, -30), Movements: movements()})
	if err != nil {
		return err
	}
	return o.printQuickLinks(ctx)
}

// printQuickLinks shows how much was used, and what can be bought.
func (o *organization) printQuickLinks(ctx context.Context) error {
	o.head("Used so far")
	usages, err := report.Usages(ctx, o.Ledger, report.Query{Wallets: []ledger.WalletID{o.wallet}}, report.UsageGroup{})
	if err != nil {
		return err
	}
	rows := [][]string{{"service", "requests", "credits"}}
	for _, u := range usages {
		rows = append(rows, []string{o.catalog.ItemName(u.Item), fmt.Sprint(u.Uses), u.Credits.String()})
	}
	o.table(rows, 1, 2)
	o.head("Top up")
	for _, k := range o.catalog.Offers(o.now) {
		fmt.Fprintf(o.out, "  %-20s  %5v credits  %12v\n", k.Title, k.Credits, k.Price)
	}
	return nil
}

func date(t time.Time) string { return t.Format("2 Jan 2006") }
