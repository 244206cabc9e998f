package main

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// printAgents prints what each agent costs.
func (a *agency) printAgents(context.Context) error {
	fmt.Fprintln(a.out, "What agents cost")
	for _, item := range a.catalog.Items {
		cost, err := a.cost(item.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "  %-15s %3v credits for each %s\n", item.Name, cost, item.Quantity)
	}
	return nil
}

// cost returns what a run of an agent costs.
func (a *agency) cost(agent string) (decimal.Decimal, error) {
	card, err := a.catalog.Card("", a.now)
	if err != nil {
		return decimal.Zero, err
	}
	quote, err := card.Price(pricing.Use{Item: agent, Quantity: number(1), At: a.now}, nil)
	return quote.Amount, err
}

// printAllocations prints the recommended monthly credits, and about how many block
// edits they are good for.
func (a *agency) printAllocations(context.Context) error {
	edit, err := a.cost("block_editor")
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, "\nRecommended allocations, for clients who")
	for _, p := range a.catalog.Plans {
		if p.Price.IsZero() {
			credits := p.Buckets[0].Allowance
			edits := pricing.Rounding{Mode: pricing.RoundDown}.Quo(credits, edit)
			fmt.Fprintf(a.out, "  %-15s %3v a month, about %2v edits   %s\n", p.Title, credits, edits, p.Description)
		}
	}
	return nil
}

// printPackages prints what the agency sells: packages, and credits on top.
func (a *agency) printPackages(context.Context) error {
	fmt.Fprintln(a.out, "\nPackages")
	row := "  %-20s %11s %10v"
	for _, p := range a.catalog.Plans {
		if !p.Price.IsZero() {
			fmt.Fprintf(a.out, row+" a month\n", p.Title, p.Buckets[0].Allowance.String()+" a month", p.Price)
		}
	}
	for _, p := range a.catalog.Offers(a.now) {
		fmt.Fprintf(a.out, row+"\n", p.Title, p.Total(a.catalog.Unit, a.now).String()+" once", p.Price)
	}
	return nil
}

// title returns an agent's name in the catalog.
func (a *agency) title(agent string) string {
	for _, i := range a.catalog.Items {
		if i.ID == agent {
			return i.Name
		}
	}
	return agent
}

// plan returns a plan of the catalog, or one that is free and has no name for a client
// with an amount of its own.
func (a *agency) plan(name string) pricing.Plan {
	p, _ := a.catalog.Plan(name)
	return p
}
