package main

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// An organization is a customer of the agency, with one wallet that all its people
// share.
type organization struct {
	*portal
	name   string
	owner  string // the person who manages its credits
	wallet ledger.WalletID
}

// A payment is one that the payment provider has told the agency of.
type payment struct {
	id    string
	money ledger.Money
}

// openRequests is how many requests for a service an organization may have open at
// once. The others are not limited.
var openRequests = map[string]int64{"logo_design": 1, "social_graphic": 5}

// limits returns openRequests as limits of a wallet.
func (p *portal) limits() (limits []ledger.Limit) {
	for _, i := range p.catalog.Items {
		if most, ok := openRequests[i.ID]; ok {
			limits = append(limits, ledger.Limit{
				Name: i.Name, Measure: ledger.MeasureHolds, Scope: ledger.Scope{Items: []string{i.ID}},
				Max: decimal.NewFromInt(most),
			})
		}
	}
	return limits
}

// join opens the wallet of an organization.
func (p *portal) join(ctx context.Context, name, owner string) (*organization, error) {
	if err := p.ready(); err != nil {
		return nil, err
	}
	w, err := p.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: name, Unit: p.catalog.Unit,
		Terms: ledger.Terms{Owner: name, Limits: p.limits(), Metadata: map[string]string{"managed_by": owner}},
	})
	if err != nil {
		return nil, err
	}
	o := &organization{portal: p, name: name, owner: owner, wallet: w.ID}
	p.organizations = append(p.organizations, o)
	return o, nil
}

// buy sells o a package once its payment has arrived.
func (o *organization) buy(ctx context.Context, payment, name string) error {
	o.later()
	o.receive(payment, name)
	return o.apply(ctx, payment, name)
}

// receive keeps a payment, as the provider reports it.
func (o *organization) receive(id, name string) {
	k, _ := o.catalog.Package(name)
	o.payments = append(o.payments, payment{id, k.Price})
}

// apply gives o the credits of a package that was paid for, however often it is told.
func (o *organization) apply(ctx context.Context, payment, name string) error {
	e, err := o.Purchase(ctx, ledger.PurchaseRequest{
		Key: payment, WalletID: o.wallet, Package: name, Info: ledger.Info{Reference: payment, Actor: o.owner},
	})
	if err == nil {
		g := e.Grants[0]
		o.say("buys "+g.Name, fmt.Sprintf("%s, %v left, pays %v (entry %d)", signed(e.Change), e.Balance, g.Paid, e.Seq))
	}
	return err
}

// redeem gives o what a coupon brings or, with an empty code, having referred
// somebody.
func (o *organization) redeem(ctx context.Context, key, code string) error {
	o.later()
	e, err := o.Redeem(ctx, ledger.RedeemRequest{
		Key: key, WalletID: o.wallet, Code: code, Referred: code == "", Info: ledger.Info{Actor: o.owner},
	})
	if err == nil {
		o.say("redeems: "+e.Grants[0].Name, fmt.Sprintf("%s, %v left", signed(e.Change), e.Balance))
	}
	return err
}

// subscribe lets o have a recurring service, whose credits come every month. Its
// price is on an invoice.
func (o *organization) subscribe(ctx context.Context, plan string) error {
	o.later()
	e, err := o.Subscribe(ctx, ledger.SubscribeRequest{
		Key: "subscribe to " + plan, WalletID: o.wallet, Offer: ledger.Offer{Plan: plan},
		Info: ledger.Info{Actor: o.owner},
	})
	if err == nil {
		k, _ := o.catalog.Plan(plan)
		o.say("subscribes to "+k.Title, fmt.Sprintf("%s, %v left, pays %v a month", signed(e.Change), e.Balance, k.Price))
	}
	return err
}

// say prints something that o did, and what came of it.
func (o *organization) say(what, outcome string) {
	fmt.Fprintf(o.out, "  %s  %-14s  %-38s  %s\n", o.now.Format("02 Jan"), o.name, what, outcome)
}
