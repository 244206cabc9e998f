package main

import (
	"context"
	"fmt"

	"github.com/scrip-go/scrip/pricing"
)

// offer shows what the clients can buy, past a package that must not be sold.
func (r *reseller) offer(context.Context) error {
	fmt.Fprintf(r.out, "\nOn offer: any number of credits at %v each, or a package\n", pricing.Money{
		Amount: r.terms.Retail, Currency: r.terms.Currency,
	})
	smallest, _ := r.catalog.Smallest(r.now)
	for _, p := range r.catalog.Offers(r.now) {
		if err := r.sellable(p); err != nil {
			return fmt.Errorf("package %s: %w", p.Name, err)
		}
		off, err := p.Discount(smallest, r.catalog.Unit, r.now, pricing.Rounding{Mode: pricing.RoundHalfUp})
		if err != nil {
			return err
		}
		fmt.Fprintf(r.out, "  %-8s %5v credits  %10v  %5v each  %2v %% off\n",
			p.Title, p.Total(r.catalog.Unit, r.now), p.Price, r.perCredit(p).Price.StringFixed(2), off)
	}
	dumping := pricing.Package{
		Name: "dumping", Credits: credits(1_000), Price: pricing.Money{Amount: credits(100), Currency: "USD"},
	}
	r.say("1,000 credits for 100.00 USD", r.sellable(dumping))
	return nil
}

// sellable refuses a package that sells credits under the wholesale price.
func (r *reseller) sellable(p pricing.Package) error {
	terms := r.terms
	terms.Retail = r.perCredit(p).Price
	return terms.Validate()
}

// perCredit returns what a credit of p costs.
func (r *reseller) perCredit(p pricing.Package) pricing.CreditPrice {
	return p.PerCredit(r.catalog.Unit, r.now, pricing.Rounding{Mode: pricing.RoundDown, Scale: 4})
}
