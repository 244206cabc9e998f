package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/scrip-go/scrip/ledger"
)

// The buckets of a client's wallet.
const (
	monthly = "monthly"  // resets each month
	oneTime = "one-time" // added by hand or bought; never ends
)

// A client has a wallet that all its editors share.
type client struct {
	*agency
	name   string
	code   string // in the numbers of its invoices
	wallet ledger.WalletID
}

// addClient opens a client's wallet, with the monthly credits of a plan.
func (a *agency) addClient(ctx context.Context, name, code, plan string) error {
	w, err := a.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: code, Unit: a.catalog.Unit,
		Terms: ledger.Terms{Owner: name, Buckets: []ledger.Bucket{{Name: oneTime}}},
	})
	if err != nil {
		return err
	}
	e, err := a.Subscribe(ctx, ledger.SubscribeRequest{
		Key: "sign-up", WalletID: w.ID, Offer: ledger.Offer{Plan: plan},
	})
	if err != nil {
		return err
	}
	c := &client{agency: a, name: name, code: code, wallet: w.ID}
	a.clients = append(a.clients, c)
	c.note("is added, "+a.plan(plan).Title, fmt.Sprintf("%v credits a month", e.Change))
	return nil
}

// client returns the client of that name, which has been added.
func (a *agency) client(name string) *client {
	return a.clients[slices.IndexFunc(a.clients, func(c *client) bool { return c.name == name })]
}

// runs is how often an agent runs in a session.
type runs struct {
	agent string
	times int64
}

// session is the charge for edits that are made together.
func (c *client) session(edits []runs) ledger.ChargeRequest {
	r := ledger.ChargeRequest{Key: "session on " + day(c.now), WalletID: c.wallet, Final: true}
	for _, e := range edits {
		r.Uses = append(r.Uses, ledger.Use{Item: e.agent, Quantity: number(e.times)})
	}
	return r
}

// preview says what a session would cost.
func (c *client) preview(ctx context.Context, edits ...runs) error {
	e, err := c.Check(ctx, c.session(edits))
	if err == nil {
		c.note("previews "+c.words(edits), fmt.Sprintf("would cost %v, leave %v", e.Amount(), e.Balance))
	}
	return err
}

// edit charges the client for a session, all of it or nothing.
func (c *client) edit(ctx context.Context, edits ...runs) error {
	e, err := c.Charge(ctx, c.session(edits))
	var short *ledger.InsufficientCreditsError
	switch {
	case errors.As(err, &short):
		c.note(c.words(edits), fmt.Sprintf("refused: costs %v, and there are %v", short.Want, short.Have))
		return nil
	case err == nil:
		c.note(c.words(edits), fmt.Sprintf("costs %v, %v left", e.Amount(), e.Balance))
	}
	return err
}

// words names the agents of a session.
func (a *agency) words(edits []runs) string {
	var words []string
	for _, e := range edits {
		words = append(words, fmt.Sprintf("%d × %s", e.times, a.title(e.agent)))
	}
	return strings.Join(words, ", ")
}

// note prints something that a client did, and what came of it.
func (c *client) note(what, outcome string) {
	fmt.Fprintf(c.out, "  %s  %-13s  %-43s %s\n", c.now.Format("02 Jan"), c.name, what, outcome)
}
