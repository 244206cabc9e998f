package main

import (
	"fmt"

	"github.com/scrip-go/scrip/pricing"
)

// printPrices prints what actions cost, and what plans and packages bring.
func (c *crm) printPrices() error {
	card, err := c.catalog.Card("", c.now)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, "What actions cost")
	for _, item := range c.catalog.Items {
		quote, err := card.Price(pricing.Use{Item: item.ID, Quantity: number(1), At: c.now}, nil)
		if err != nil {
			return err
		}
		cost := "free"
		if quote.Amount.IsPositive() {
			cost = quote.Amount.String()
		}
		fmt.Fprintf(c.out, "  %-24s %9s\n", item.Name, cost)
	}
	fmt.Fprintln(c.out, "\nPlans, and credits to buy")
	for _, p := range c.catalog.Plans {
		fmt.Fprintf(c.out, "  %-24s %9v a month, with %v credits\n", p.Title, p.Price, p.Buckets[0].Allowance)
	}
	for _, p := range c.catalog.Offers(c.now) {
		fmt.Fprintf(c.out, "  %-24s %9v\n", p.Title, p.Price)
	}
	return nil
}
