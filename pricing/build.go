package pricing

import "time"

// names maps the name of each of n elements to its position, or returns an *InvalidError for the
// first that is no name or is there twice.
func names(list, field string, n int, name func(int) string) (map[string]int, error) {
	byName := make(map[string]int, n)
	for i := range n {
		if err := checkName(field, name(i)); err != nil {
			return nil, within(index(list, i), err)
		}
		if first, twice := byName[name(i)]; twice {
			err := invalid(field, "repeats %q of %s", name(i), index(list, first))
			return nil, within(index(list, i), err)
		}
		byName[name(i)] = i
	}
	return byName, nil
}

func (x *catalogIndex) indexItems(c *Catalog) error {
	var err error
	x.itemDefs, err = names("items", "id", len(c.Items), func(i int) string { return c.Items[i].ID })
	if err != nil {
		return err
	}
	x.items = make(map[string]Item, len(c.Items))
	for i, d := range c.Items {
		if err := checkName("kind", d.Kind); err != nil {
			return within(index("items", i), err)
		}
		x.items[d.ID] = Item{Kind: d.Kind, ID: d.ID}
	}
	return nil
}

func (x *catalogIndex) indexCards(c *Catalog) error {
	for i := range c.RateCards {
		if err := within(index("rate_cards", i), x.indexCard(c.Unit, &c.RateCards[i])); err != nil {
			return err
		}
	}
	return x.checkVersions(c)
}

// indexCard checks a version of a card by itself and makes it ready for pricing.
func (x *catalogIndex) indexCard(unit Unit, card *RateCard) error {
	if err := checkName("name", card.Name); err != nil {
		return err
	}
	if !card.EndsAt.IsZero() && !card.EffectiveAt.Before(card.EndsAt) {
		return invalid("ends_at", "is not after effective_at")
	}
	if !card.Rounding.IsZero() {
		if err := within("rounding", checkRoundingIn(card.Rounding, unit)); err != nil {
			return err
		}
	}
	built, err := newCardIndex(card, unit, x)
	card.index = built
	return err
}

// newCardIndex makes the rates of a card ready. Their items must be in the catalog.
func newCardIndex(card *RateCard, unit Unit, catalog *catalogIndex) (*cardIndex, error) {
	x := &cardIndex{rates: make(map[string]*itemRates, len(card.Rates)), unit: unit, catalog: catalog}
	x.inForce = Window{card.EffectiveAt, card.EndsAt}
	if !card.EffectiveAt.IsZero() {
		x.version = card.EffectiveAt.Format(time.RFC3339Nano)
	}
	fallback := card.Rounding
	if fallback.IsZero() {
		fallback = Rounding{Mode: RoundHalfUp, Scale: unit.Scale}
	}
	for i, r := range card.Rates {
		if err := x.add(r, fallback); err != nil {
			return nil, within(index("rates", i), err)
		}
	}
	return x, nil
}

func (x *cardIndex) add(r Rate, fallback Rounding) error {
	if err := r.Validate(x.unit); err != nil {
		return err
	}
	item, known := x.catalog.items[r.Item]
	if !known {
		return invalid("item", "%q is not in the catalog", r.Item)
	}
	p := compile(r, fallback)
	for _, part := range p.parts {
		if _, taken := x.catalog.items[part.counter.Name]; taken && part.counter.Name != r.Item {
			return invalid("counter", "%q is the ID of another item", part.counter.Name)
		}
	}
	rates := x.rates[r.Item]
	if rates == nil {
		rates = &itemRates{item: item}
		x.rates[r.Item] = rates
	}
	return rates.add(r.Match, p)
}

func (x *catalogIndex) indexPackages(c *Catalog) (err error) {
	x.packages, err = names("packages", "name", len(c.Packages),
		func(i int) string { return c.Packages[i].Name })
	for i := 0; i < len(c.Packages) && err == nil; i++ {
		err = within(index("packages", i), c.Packages[i].Validate(c.Unit))
	}
	return err
}

func (x *catalogIndex) indexPlans(c *Catalog) (err error) {
	x.plans, err = names("plans", "name", len(c.Plans), func(i int) string { return c.Plans[i].Name })
	for i := 0; i < len(c.Plans) && err == nil; i++ {
		err = within(index("plans", i), x.checkPlan(c.Plans[i], c.Unit))
	}
	return err
}

// checkPlan checks a plan and what it names of the catalog.
func (x *catalogIndex) checkPlan(p Plan, unit Unit) error {
	if err := p.Validate(unit); err != nil {
		return err
	}
	if _, known := x.cards[p.Card]; p.Card != "" && !known {
		return invalid("card", "%q is not in the catalog", p.Card)
	}
	if p.Card == "" && x.fallback == "" && len(x.cards) > 0 {
		return invalid("card", "is missing, and no card is the default")
	}
	if _, known := x.packages[p.Beyond.Package]; p.Beyond.Package != "" && !known {
		return invalid("beyond.package", "%q is not in the catalog", p.Beyond.Package)
	}
	if p.Beyond.Kind == BeyondPackages && len(x.packages) == 0 {
		return invalid("beyond.kind", "is packages, and the catalog has none")
	}
	return nil
}

func (x *catalogIndex) indexPromotions(c *Catalog) (err error) {
	x.promotions, err = names("promotions", "name", len(c.Promotions),
		func(i int) string { return c.Promotions[i].Name })
	codes := map[string]string{}
	for i := 0; i < len(c.Promotions) && err == nil; i++ {
		p := c.Promotions[i]
		err = within(index("promotions", i), x.checkPromotion(p, c.Unit, codes))
		codes[p.Code] = p.Name
	}
	return err
}

// checkPromotion checks a promotion, what it names of the catalog, and that no other coupon has
// its code.
func (x *catalogIndex) checkPromotion(p Promotion, unit Unit, codes map[string]string) error {
	if err := p.Validate(unit); err != nil {
		return err
	}
	if other, taken := codes[p.Code]; taken && p.Code != "" {
		return invalid("code", "is that of promotion %q too", other)
	}
	for i, name := range p.Packages {
		if _, known := x.packages[name]; !known {
			return invalid(index("packages", i), "%q is not in the catalog", name)
		}
	}
	return nil
}
