package pricing

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// A Warning is something in a catalog that works, but is hardly meant.
type Warning struct {
	Field  string // the path in the file
	Reason string
}

// String returns the warning in words.
func (w Warning) String() string { return w.Field + " " + w.Reason }

// Warnings returns what in the catalog is hardly meant: a package that is dearer per credit than
// a smaller one in the same currency, a scope that names an item or a kind which the catalog does
// not have, an item that no card prices, a rate by which a single use costs something and is
// rounded to nothing, and a bonus without an end on credits that have one. Bonuses of packages
// count as if within their window.
func (c *Catalog) Warnings() []Warning {
	return slices.Concat(c.warnDear(), c.warnScopes(), c.warnUnpriced(), c.warnRounded(), c.warnEndless())
}

// warnDear compares each package with the cheapest per credit of those that are smaller.
func (c *Catalog) warnDear() []Warning {
	order := make([]int, 0, len(c.Packages))
	for i, p := range c.Packages {
		if !p.Inactive {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return c.Packages[a].Credits.Cmp(c.Packages[b].Credits)
	})
	var warnings []Warning
	cheapest := map[string]Package{} // by currency
	for _, i := range order {
		p := c.Packages[i]
		best, found := cheapest[p.Price.Currency]
		switch {
		case !found || c.dearness(p, best) < 0:
			cheapest[p.Price.Currency] = p
		case c.dearness(p, best) > 0 && p.Credits.Cmp(best.Credits) > 0:
			warnings = append(warnings, Warning{
				index("packages", i) + ".price",
				fmt.Sprintf("makes a credit of %q dearer than one of the smaller %q", p.Name, best.Name),
			})
		}
	}
	return warnings
}

// dearness compares what a credit of each costs, without dividing.
func (c *Catalog) dearness(a, b Package) int {
	total := func(p Package) decimal.Decimal { return p.Total(c.Unit, p.Bonus.Window.From) }
	return a.Price.Amount.Mul(total(b)).Cmp(b.Price.Amount.Mul(total(a)))
}

func (c *Catalog) warnScopes() []Warning {
	kinds := make(map[string]bool)
	for _, d := range c.Items {
		kinds[d.Kind] = true
	}
	var warnings []Warning
	unknown := func(path, what string, names []string, known func(string) bool) {
		for i, n := range names {
			if !known(n) {
				warnings = append(warnings, Warning{index(path, i), fmt.Sprintf("%q is no %s of the catalog", n, what)})
			}
		}
	}
	kind := func(n string) bool { return kinds[n] }
	item := func(n string) bool { _, ok := c.Item(n); return ok }
	c.eachScope(func(path string, s Scope) {
		unknown(path+".kinds", "kind", s.Kinds, kind)
		unknown(path+".items", "item", s.Items, item)
		unknown(path+".except_kinds", "kind", s.ExceptKinds, kind)
		unknown(path+".except_items", "item", s.ExceptItems, item)
	})
	return warnings
}

// eachScope calls visit with every scope of the catalog and its path.
func (c *Catalog) eachScope(visit func(path string, s Scope)) {
	for i, p := range c.Packages {
		visit(index("packages", i)+".scope", p.Scope)
		visit(index("packages", i)+".bonus.scope", p.Bonus.Scope)
	}
	for i, p := range c.Plans {
		for j, b := range p.Buckets {
			visit(index(index("plans", i)+".buckets", j)+".scope", b.Scope)
		}
	}
	for i, p := range c.Promotions {
		visit(index("promotions", i)+".bonus.scope", p.Bonus.Scope)
	}
}

func (c *Catalog) warnUnpriced() []Warning {
	priced := make(map[string]bool)
	for _, card := range c.RateCards {
		for _, r := range card.Rates {
			priced[r.Item] = true
		}
	}
	var warnings []Warning
	for i, d := range c.Items {
		if !priced[d.ID] {
			warnings = append(warnings, Warning{index("items", i), fmt.Sprintf("%q has no rate on any card", d.ID)})
		}
	}
	return warnings
}

// warnRounded prices the least use by each rate that prices uses as such, or in steps, and rounds
// them one by one. Of units that are priced in proportion, one may well come to nothing.
func (c *Catalog) warnRounded() []Warning {
	var warnings []Warning
	for i := range c.RateCards {
		card := &c.RateCards[i]
		for j, r := range card.Rates {
			stepped := r.Model == ModelPerUse || r.Model == ModelPackage || r.Model == ModelStairstep
			if !stepped || r.Over == OverPeriod {
				continue
			}
			one := Use{Item: r.Item, Quantity: decimal.NewFromInt(1), Attributes: r.Match, At: card.EffectiveAt}
			q, err := card.Price(one, nil)
			if err == nil && q.Amount.IsZero() && q.charged() {
				path := index(index("rate_cards", i)+".rates", j)
				warnings = append(warnings, Warning{path, fmt.Sprintf("rounds every single %q to nothing", r.Item)})
			}
		}
	}
	return warnings
}

// charged reports whether anything in the working of q costs something.
func (q *Quote) charged() bool {
	return slices.ContainsFunc(q.Working, func(s Step) bool { return s.Amount.IsPositive() })
}

// warnEndless looks for bonuses that outlive the credits they came with, unless the wallet or the
// ledger says when they end. Of one in a bucket, the bucket may; of one that never ends, it is
// meant.
func (c *Catalog) warnEndless() []Warning {
	var warnings []Warning
	for i, p := range c.Packages {
		ends := !p.Expiry.IsZero() && p.Expiry.Kind != expiry.PolicyNever
		given := p.Bonus.Credits.IsPositive() || p.Bonus.Percent.IsPositive()
		if ends && given && !p.Inactive && p.Bonus.Expiry.IsZero() && p.Bonus.Bucket == "" {
			warnings = append(warnings, Warning{
				index("packages", i) + ".bonus.expiry",
				fmt.Sprintf("is not set, and that of %q does not hold for its bonus", p.Name),
			})
		}
	}
	return warnings
}
