package main

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// The prices of a credit and the discounts are rounded as the portal shows them.
var (
	thousandths = pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: 3}
	tens        = pricing.Rounding{Mode: pricing.RoundHalfUp, Scale: -1}
)

// printCatalogue shows what clients can buy, and what it pays for.
func (p *portal) printCatalogue(context.Context) error {
	p.head("Credit packages")
	smallest, _ := p.catalog.Smallest(p.now)
	rows := [][]string{{"package", "credits", "price", "a credit", "discount", "expire after", "grace", "set by", ""}}
	for _, k := range p.catalog.Offers(p.now) {
		discount, err := k.Discount(smallest, p.catalog.Unit, p.now, tens)
		if err != nil {
			return err
		}
		ends := expiry.First(k.Expiry, byDefault)
		by, grace := "package", ""
		if k.Expiry.IsZero() {
			by = "workspace"
		}
		if !ends.Grace.IsZero() {
			grace = ends.Grace.String()
		}
		about := k.Description
		if k.Featured {
			about += " (recommended)"
		}
		rows = append(rows, []string{
			k.Title, k.Total(p.catalog.Unit, p.now).String(), k.Price.String(),
			k.PerCredit(p.catalog.Unit, p.now, thousandths).Price.String(), percent(discount),
			ends.After.String(), grace, by, about,
		})
	}
	p.table(rows, 1, 2, 3, 4, 5, 6)
	fmt.Fprintf(p.out, "  Credits of packages last so long from their purchase.\n")
	p.head("Credit-based services")
	return p.printServices()
}

// announce tells the organizations of packages that are sold for some time only.
func (p *portal) announce(context.Context) error {
	for _, k := range p.catalog.Offers(p.now) {
		if k.Window.Until.IsZero() {
			continue
		}
		for _, o := range p.organizations {
			p.mail(o, fmt.Sprintf("%s until %s. %s!", k.Title, day(k.Window.Until.Add(-time.Microsecond)), k.Description))
		}
	}
	return nil
}

// printServices shows what services cost, and how many requests may be open at once.
func (p *portal) printServices() error {
	card, err := p.catalog.Card("", p.now)
	if err != nil {
		return err
	}
	rows := [][]string{{"service", "credits", "for", "requests at once"}}
	for _, i := range p.catalog.Items {
		number := decimal.NewFromInt(1)
		if i.ID == "blog_post" {
			number = decimal.NewFromInt(1000)
		}
		quote, err := card.Price(pricing.Use{Item: i.ID, Quantity: number, At: p.now}, nil)
		if err != nil {
			return err
		}
		atOnce := "unlimited"
		if most, ok := openRequests[i.ID]; ok {
			atOnce = fmt.Sprint(most)
		}
		rows = append(rows, []string{i.Name, quote.Amount.String(), counted(number, i.Quantity), atOnce})
	}
	p.table(rows, 1)
	return nil
}

// counted returns a number of something, in words.
func counted(number decimal.Decimal, of string) string {
	if number.Equal(decimal.NewFromInt(1)) {
		return "1 " + of
	}
	return fmt.Sprintf("%v %ss", number, of)
}
