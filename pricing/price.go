package pricing

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// A cardIndex is a card made ready for pricing. It does not change.
type cardIndex struct {
	rates   map[string]*itemRates
	base    *cardIndex // the card that a wallet's own rates stand over; nil for a card
	version string
	inForce Window
	unit    Unit
	catalog *catalogIndex
}

// find returns the rates of an item: a wallet's own before the card's.
func (x *cardIndex) find(item string) *itemRates {
	for ; x != nil; x = x.base {
		if r := x.rates[item]; r != nil {
			return r
		}
	}
	return nil
}

// Price prices u. soFar says what a counter has counted before u in the period that u falls into;
// it is asked only where the price depends on that, and nil means that nothing was counted.
//
// The price is zero for a quantity of zero, and negative for a negative quantity: it takes back
// what that quantity, and in a period the latest of it, costs. It can also be negative where a
// volume or stairstep formula makes a larger quantity cheaper.
//
// An unknown item, an item without a rate, attributes that no rate matches, an unknown part, a
// quantity out of range, an item counted in whole uses and a quantity that is not whole, and an
// instant at which the card is not in force are errors wrapping [ErrInvalid].
func (card *RateCard) Price(u Use, soFar func(Counter) decimal.Decimal) (Quote, error) {
	if card.index == nil {
		return Quote{}, invalid("card", "is not part of a complete catalog")
	}
	if !card.index.inForce.Contains(u.At) {
		return Quote{}, invalid("at", "is %s, when this version of card %q is not in force",
			u.At.UTC().Format(time.RFC3339), card.Name)
	}
	rates := card.index.find(u.Item)
	if rates == nil {
		return Quote{}, card.noRate(u.Item)
	}
	p := rates.find(u.Attributes)
	if p == nil {
		return Quote{}, invalid("attributes", "match no rate of item %q on card %q: %s",
			u.Item, card.Name, cmp.Or(matchString(u.Attributes), "no attributes"))
	}
	q := Quote{Item: rates.item, Card: card.Name, Version: card.index.version, Own: rates.own}
	if err := p.price(&q, u, soFar); err != nil {
		return Quote{}, err
	}
	return q, nil
}

func (card *RateCard) noRate(item string) error {
	if _, known := card.index.catalog.items[item]; known {
		return invalid("item", "%q has no rate on card %q", item, card.Name)
	}
	return invalid("item", "%q is not in the catalog", item)
}

// price sets the amount, the counts and the working of q.
func (p *pricer) price(q *Quote, u Use, soFar func(Counter) decimal.Decimal) error {
	quantity, err := Check("quantity", u.Quantity)
	if err != nil {
		return err
	}
	if err := p.checkParts(u.Parts); err != nil {
		return err
	}
	if soFar == nil {
		soFar = func(Counter) decimal.Decimal { return decimal.Zero }
	}
	q.Counts = append(make([]Count, 0, 2), Count{Counter{Name: u.Item}, quantity})
	if p.events {
		return p.priceEvent(q, quantity, soFar)
	}
	var before, step decimal.Decimal
	for i := range p.parts {
		part, n, field := &p.parts[i], quantity, "quantity"
		if p.sum {
			field = join("parts", part.name)
			if n, err = Check(field, u.Parts[part.name]); err != nil {
				return err
			}
		}
		if part.whole && !n.IsInteger() {
			return invalid(field, "is %v, and uses are whole", n)
		}
		from := p.from(part, soFar)
		done := len(q.Working)
		q.Working = part.working(q.Working, from, plus(from, n))
		before, step = plus(before, part.total(from)), plus(step, sum(q.Working[done:]))
		p.count(q, part.counter, n)
	}
	return p.finish(q, before, step)
}

func (p *pricer) checkParts(parts map[string]decimal.Decimal) error {
	for _, name := range sortedKeys(parts) {
		known := slices.ContainsFunc(p.parts, func(x part) bool { return p.sum && x.name == name })
		if !known {
			return invalid(join("parts", name), "is not a part of this item's rate")
		}
	}
	return nil
}

// from returns where the step of a part begins.
func (p *pricer) from(part *part, soFar func(Counter) decimal.Decimal) decimal.Decimal {
	if !p.period {
		return decimal.Zero
	}
	return soFar(part.counter)
}

// count adds n to a counter, unless it is the item's own, which comes first and has it already.
func (p *pricer) count(q *Quote, c Counter, n decimal.Decimal) {
	if (p.period || p.events || p.sum) && c != q.Counts[0].Counter {
		q.Counts = append(q.Counts, Count{c, n})
	}
}

// sum returns the amounts of steps together.
func sum(steps []Step) (total decimal.Decimal) {
	for i := range steps {
		total = plus(total, steps[i].Amount)
	}
	return total
}

// finish sets the amount of q to a step from before, bounded and rounded, and adds what bounds and
// rounding change to the working.
func (p *pricer) finish(q *Quote, before, step decimal.Decimal) error {
	if p.bounds.stated() {
		after := p.bounds.clamp(plus(before, step))
		before = p.bounds.clamp(before)
		q.add(p.bounds.label, after.Sub(before).Sub(step))
		step = after.Sub(before)
	}
	amount := step
	if r := p.rounding; before.Exponent() < -r.Scale || step.Exponent() < -r.Scale {
		amount = r.mirrored(plus(before, step)).Sub(r.mirrored(before))
		q.add("rounding "+string(r.Mode), amount.Sub(step))
	}
	amount, err := Check("amount", amount)
	q.Amount = amount
	return err
}

// priceEvent prices one use of a percentage with free units or uses in the period.
func (p *pricer) priceEvent(q *Quote, n decimal.Decimal, soFar func(Counter) decimal.Decimal) error {
	part := &p.parts[0]
	charged := p.charged(part, n, soFar)
	if free := n.Sub(charged); !free.IsZero() {
		q.Working = append(q.Working, Step{Label: "free units", Quantity: free})
	}
	alone := *part
	alone.free = decimal.Zero
	q.Working = alone.working(q.Working, decimal.Zero, charged)
	p.count(q, part.counter, n)
	if p.uses != "" {
		p.count(q, p.usesCounter(), decimal.New(int64(n.Sign()), 0))
	}
	return p.finish(q, decimal.Zero, alone.total(charged))
}

// charged returns what of n is not free. The free units of a period cover its first uses: as many
// as are free, if that is stated, and as much as is free, if that is.
func (p *pricer) charged(part *part, n decimal.Decimal, soFar func(Counter) decimal.Decimal) decimal.Decimal {
	if p.uses != "" {
		// A correction takes back the latest use, which was counted already.
		earlier := soFar(p.usesCounter()).Add(decimal.New(int64(min(n.Sign(), 0)), 0))
		if earlier.Cmp(decimal.New(int64(p.freeUses), 0)) >= 0 {
			return n
		}
	}
	if part.free.IsZero() {
		return decimal.Zero
	}
	from := soFar(part.counter)
	above := func(q decimal.Decimal) decimal.Decimal {
		return decimal.Max(decimal.Zero, q.Sub(part.free))
	}
	return above(from.Add(n)).Sub(above(from))
}

func (p *pricer) usesCounter() Counter {
	return Counter{Name: p.uses, Period: p.parts[0].counter.Period}
}

// add appends a flat step to the working, unless it is nothing.
func (q *Quote) add(label string, amount decimal.Decimal) {
	if !amount.IsZero() {
		q.Working = append(q.Working, Step{Label: label, Amount: amount})
	}
}
