package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// A line is one of an organization's history.
type line struct {
	Seq     int64
	At      time.Time
	Type    string
	What    string // the services or credits that it is about
	Reason  string
	By      string
	Change  decimal.Decimal
	Balance decimal.Decimal // after it
}

// A movementType is what the portal calls some movements of credits.
type movementType struct {
	Name      string // in addresses
	Title     string
	movements []ledger.Movement
}

// movementTypes are all that a history shows.
var movementTypes = []movementType{
	{"usage", "Usage", []ledger.Movement{ledger.MovementUsage}},
	{"purchase", "Purchase", []ledger.Movement{ledger.MovementPurchase}},
	{"plan", "Monthly credits", []ledger.Movement{ledger.MovementAllocation, ledger.MovementReset, ledger.MovementRollover}},
	{"bonus", "Bonus", []ledger.Movement{ledger.MovementGrant, ledger.MovementActivation}},
	{"refund", "Refund", []ledger.Movement{ledger.MovementRefund, ledger.MovementReturn}},
	{"addition", "Addition", []ledger.Movement{ledger.MovementAddition}},
	{"deduction", "Deduction", []ledger.Movement{ledger.MovementDeduction}},
	{"transfer", "Transfer", []ledger.Movement{ledger.MovementTransfer}},
	{"expiry", "Expiry", []ledger.Movement{ledger.MovementExpiration}},
	{"void", "Cancellation", []ledger.Movement{ledger.MovementVoid}},
}

// typeOf returns what the portal calls a movement, and whether it shows it.
func typeOf(m ledger.Movement) (movementType, bool) {
	i := slices.IndexFunc(movementTypes, func(t movementType) bool { return slices.Contains(t.movements, m) })
	if i < 0 {
		return movementType{}, false
	}
	return movementTypes[i], true
}

// allMovements are those of movementTypes.
var allMovements = func() (all []ledger.Movement) {
	for _, t := range movementTypes {
		all = append(all, t.movements...)
	}
	return all
}()

// lines returns what people read of a page of a statement.
func (p *portal) lines(ctx context.Context, page []ledger.Line) ([]line, error) {
	grants, err := p.grantsOf(ctx, page)
	if err != nil {
		return nil, err
	}
	all := make([]line, len(page))
	for i := range page {
		l := &page[i]
		t, _ := typeOf(l.Movement)
		about, err := p.about(ctx, l.Entry, grants)
		if err != nil {
			return nil, err
		}
		all[i] = line{
			Seq: l.Seq, At: l.EffectiveAt, Type: t.Title, What: about, Reason: l.Reason,
			By: cmp.Or(l.Actor, "automatic"), Change: l.Change, Balance: l.Running,
		}
	}
	return all, nil
}

// grantsOf returns the grants of which the lines of a page moved credits.
func (p *portal) grantsOf(ctx context.Context, page []ledger.Line) (map[ledger.GrantID]*ledger.Grant, error) {
	if len(page) == 0 {
		return nil, nil
	}
	found := make(map[ledger.GrantID]*ledger.Grant)
	var ids []ledger.GrantID
	for i := range page {
		for _, m := range page[i].Moves {
			if _, known := found[m.Grant]; !known {
				found[m.Grant] = nil
				ids = append(ids, m.Grant)
			}
		}
	}
	grants, err := p.books.Grants(ctx, page[0].WalletID, ids)
	for _, g := range grants {
		found[g.ID] = g
	}
	return found, err
}

// about returns the services that an entry is about, or that it refunds; if there are
// none, the names of the credits that it moved.
func (p *portal) about(ctx context.Context, e ledger.Entry, grants map[ledger.GrantID]*ledger.Grant) (string, error) {
	if e.Kind == ledger.KindRefund {
		charge, err := p.books.EntryAt(ctx, ledger.EntryID{WalletID: e.WalletID, Seq: e.Of})
		if err != nil {
			return "", err
		}
		e = charge
	}
	var names []string
	for _, part := range e.Parts {
		names = append(names, p.service(part))
	}
	for i := 0; len(e.Parts) == 0 && i < len(e.Moves); i++ {
		g := grants[e.Moves[i].Grant]
		name := grantName(g)
		if name == e.Reason { // which stands beside it
			name = sources[g.Source]
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", "), nil
}

// grantName returns what people call a grant.
func grantName(g *ledger.Grant) string {
	return cmp.Or(g.Name, g.Bucket, g.Reason, sources[g.Source])
}

// sources are the sources of grants, in words.
var sources = map[ledger.Source]string{
	ledger.SourcePurchase: "Purchase", ledger.SourcePromotion: "Bonus", ledger.SourceAllowance: "Monthly credits",
	ledger.SourceRollover: "Carried over", ledger.SourceRefund: "Refund", ledger.SourceTransfer: "Transfer",
	ledger.SourceAdjustment: "Added by " + agency,
}

// service returns what was used, such as "Article, 1,500 words".
func (p *portal) service(part ledger.Part) string {
	for _, i := range p.catalog.Items {
		if i.ID == part.Item.ID && !part.Quantity.IsZero() && !part.Quantity.Equal(decimal.NewFromInt(1)) {
			return fmt.Sprintf("%s, %s %ss", i.Name, number(part.Quantity), i.Quantity)
		}
	}
	return p.catalog.ItemName(part.Item.ID)
}
