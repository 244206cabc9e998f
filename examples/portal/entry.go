package main

import (
	"cmp"
	"context"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// An entryPage is one line of a history in full: a receipt.
type entryPage struct {
	ledger.Entry
	Type  string
	About string
	By    string
	Paid  []paidBy
}

// A paidBy is what one block of credits paid.
type paidBy struct {
	Name   string
	Amount decimal.Decimal
}

// showEntry shows a line of the history. What is no movement of credits is not for
// clients.
func (p *portal) showEntry(w http.ResponseWriter, r *http.Request, v visit) error {
	seq, err := seqOf(r)
	if err != nil {
		return err
	}
	e, err := p.books.EntryAt(r.Context(), ledger.EntryID{WalletID: v.Org.wallet(), Seq: seq})
	if err != nil {
		return err
	}
	t, shown := typeOf(e.Movement())
	if !shown {
		return errNoPage
	}
	page := entryPage{Entry: e, Type: t.Title, By: cmp.Or(e.Actor, "automatic")}
	if page.About, page.Paid, err = p.receipt(r.Context(), e); err != nil {
		return err
	}
	return p.show(w, v, t.Title, "entry", page)
}

// receipt returns what an entry is about, and which credits paid for it.
func (p *portal) receipt(ctx context.Context, e ledger.Entry) (about string, all []paidBy, err error) {
	grants, err := p.grantsOf(ctx, []ledger.Line{{Entry: e}})
	if err != nil {
		return "", nil, err
	}
	for _, d := range e.Draws() {
		all = append(all, paidBy{grantName(grants[d.Grant]), d.Amount})
	}
	about, err = p.about(ctx, e, grants)
	return about, all, err
}
