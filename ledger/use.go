package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// A Use is what was used of one item: either an Amount of credits, or a Quantity, or
// Quantities, that the catalog prices.
//
// If both Amount and Quantity are stated, Amount is what is charged; Quantity is kept
// in the entry for the record, for reports and for limits on quantities, and adds to
// no counter of the catalog's rates. Quantities and Attributes are not kept then.
//
// With an Amount, Item need not be in the catalog: any ID is accepted, and it is what
// scopes, limits and reports go by. A Kind that is stated stands, even if the catalog
// gives the item another; leave it empty to have the catalog's. Without an Amount the
// kind is always the catalog's.
type Use struct {
	Item       string                     // the item's ID; empty: none in particular
	Kind       string                     // the item's kind; empty: the one in the catalog
	Amount     decimal.Decimal            // in credits; zero: the catalog says
	Quantity   decimal.Decimal            // in the item's own unit
	Quantities map[string]decimal.Decimal // by part, for items whose rate is a sum of parts
	Attributes map[string]string          // for items whose rate depends on them; as many and as long as metadata
}

// check refuses a use that can never work, and puts the rest into normal form.
func (u *Use) check(field string) (err error) {
	if u.Amount, err = checkNumber(field+"Amount", u.Amount); err != nil {
		return err
	}
	if u.Quantity, err = checkNumber(field+"Quantity", u.Quantity); err != nil {
		return err
	}
	if err := cmp.Or(checkNotNegative(field+"Amount", u.Amount), checkNotNegative(field+"Quantity", u.Quantity)); err != nil {
		return err
	}
	if u.Amount.IsZero() && u.Item == "" {
		return invalid(field+"Amount", "must be positive, or Item say what was used")
	}
	if u.Amount.IsZero() && u.Quantity.IsZero() && len(u.Quantities) == 0 {
		return invalid(field+"Quantity", "is zero, and so is Amount: nothing was used")
	}
	if err := cmp.Or(
		checkText(field+"Item", u.Item, MaxKey),
		checkText(field+"Kind", u.Kind, MaxKey),
		checkPairs(field+"Attributes", u.Attributes),
	); err != nil {
		return err
	}
	if len(u.Quantities) == 0 {
		return nil
	}
	quantities := make(map[string]decimal.Decimal, len(u.Quantities))
	for part, q := range u.Quantities {
		if err := checkText(field+"Quantities", part, MaxKey); err != nil {
			return err
		}
		if quantities[part], err = checkNumber(field+"Quantities", q); err != nil {
			return err
		}
	}
	u.Quantities = quantities
	return nil
}

// checkUses puts uses into normal form. What a request says of a single one stands
// in itself, in one; of several, in uses.
func checkUses(one *Use, uses []Use) ([]Use, error) {
	if len(uses) > MaxParts {
		return nil, invalid("Uses", "are %d, more than %d", len(uses), MaxParts)
	}
	checked := make([]Use, len(uses))
	for i, u := range uses {
		if err := u.check(fmt.Sprintf("Uses[%d].", i)); err != nil {
			return nil, err
		}
		checked[i] = u
	}
	if len(uses) == 0 {
		return nil, one.check("")
	}
	if one.Item != "" || one.Kind != "" || !one.Amount.IsZero() || !one.Quantity.IsZero() ||
		len(one.Quantities) > 0 || len(one.Attributes) > 0 {
		return nil, invalid("Uses", "and a single item are both stated")
	}
	return checked, nil
}

// price puts uses that happened at the instant at into e, as its parts and as what
// they add to the wallet's counters.
func (d *draft) price(e *Entry, uses []Use, at time.Time) error {
	e.Parts = make([]Part, len(uses))
	for i, u := range uses {
		part, counts, err := d.part(u, at, e.Counts)
		if err != nil {
			return err
		}
		e.Parts[i] = part
		e.Counts = append(e.Counts, counts...)
	}
	return nil
}

// part returns u as a part of a charge, and what it adds to the wallet's counters
// beside what was counted before it.
func (d *draft) part(u Use, at time.Time, counted []Count) (Part, []Count, error) {
	if u.Amount.IsPositive() {
		amount, err := checkAmount("Amount", u.Amount, d.w.Unit)
		return Part{Item: d.item(u), Quantity: u.Quantity, Amount: amount}, nil, err
	}
	quote, err := d.quote(u, at, counted)
	if err != nil {
		return Part{}, nil, err
	}
	amount, err := checkAmount("Amount", quote.Amount, d.w.Unit)
	if err != nil {
		return Part{}, nil, err
	}
	p := Part{
		Item: quote.Item, Quantity: u.Quantity, Quantities: u.Quantities, Attributes: u.Attributes, Amount: amount,
		Card: quote.Card, Version: quote.Version, Working: quote.Working,
	}
	counts := make([]Count, len(quote.Counts))
	for i, c := range quote.Counts {
		counts[i] = d.w.window(c.Counter, at)
		counts[i].Quantity = c.Quantity
	}
	if len(counts) > 0 {
		counts[0].Credits = amount // the first counter is the item's own
	}
	return p, counts, nil
}

// item returns the item of u, with its kind from the catalog if u states none.
func (d *draft) item(u Use) Item {
	if u.Kind == "" && d.catalog != nil {
		if item, ok := d.catalog.Item(u.Item); ok {
			return item
		}
	}
	return Item{Kind: u.Kind, ID: u.Item}
}

// quote prices u by the rate card in force at the instant at.
func (d *draft) quote(u Use, at time.Time, counted []Count) (pricing.Quote, error) {
	if d.catalog == nil {
		return pricing.Quote{}, invalid("Amount", "is not stated, and there is no catalog to price %q", u.Item)
	}
	if err := d.sameUnit(); err != nil {
		return pricing.Quote{}, err
	}
	card, err := d.card(at)
	if err != nil {
		return pricing.Quote{}, unpriced(err)
	}
	use := pricing.Use{Item: u.Item, Quantity: u.Quantity, Parts: u.Quantities, Attributes: u.Attributes, At: at}
	quote, err := card.Price(use, func(c pricing.Counter) decimal.Decimal {
		window := d.w.window(c, at)
		return counter(d.w.Counters, window).Add(counter(counted, window))
	})
	if err != nil {
		return quote, unpriced(err)
	}
	return quote, nil
}

// unpriced returns an error of package pricing about a use as one about the request
// that states it, or about the wallet's terms.
func unpriced(err error) error {
	if e, ok := errors.AsType[*pricing.InvalidError](err); ok {
		switch field, part, _ := strings.Cut(e.Field, "."); field {
		case "parts":
			return invalid(joinField("Quantities", part), "%s", e.Reason)
		case "card":
			return invalid("RateCard", "%s", e.Reason)
		}
	}
	return refused("", err)
}

// sameUnit refuses numbers of the catalog in a wallet that counts something else.
func (d *draft) sameUnit() error {
	if c := d.catalog.Unit; c != d.w.Unit {
		return invalid("WalletID", "names a wallet that counts %s to %d decimals, and the catalog counts %s to %d",
			d.w.Unit.Name, d.w.Unit.Scale, c.Name, c.Scale)
	}
	return nil
}

// card returns the rate card of the wallet that is in force at the instant at: its
// own, its main subscription's, or the catalog's default.
func (d *draft) card(at time.Time) (*pricing.RateCard, error) {
	name := d.w.RateCard
	if s, ok := d.w.Subscription(""); ok && name == "" {
		name = s.RateCard
	}
	card, err := d.catalog.Card(name, at)
	if err != nil || len(d.w.Rates) == 0 {
		return card, err
	}
	return card.With(d.w.Rates)
}

// window returns the counter named by c for the period that contains t, empty.
func (w *Wallet) window(c pricing.Counter, t time.Time) Counter {
	p := w.periodOf(c.Period, t)
	return Counter{Name: c.Name, From: p.Start, To: p.End}
}

// periodOf returns the period that contains t: of so long each, counted from the
// opening of the wallet or, if cycle is none, of the main subscription. Without
// either there is one period without end.
func (w *Wallet) periodOf(cycle expiry.Cycle, t time.Time) expiry.Period {
	schedule := expiry.Schedule{Anchor: w.OpenedAt, Cycle: cycle, Zone: w.Zone}
	if s, ok := w.Subscription(""); ok && cycle.IsZero() {
		schedule = s.Schedule
	}
	if p, ok := schedule.Containing(t); ok {
		return p
	}
	return expiry.Period{Start: w.OpenedAt}
}

// Used returns what was used of an item that the catalog prices, and what it cost,
// in the period of the main subscription that contains t: the wallet's own count,
// which agrees with the parts of the journal's entries. A period is counted until
// no late use of it is taken any more.
func (w *Wallet) Used(item string, t time.Time) Counter {
	used := w.window(pricing.Counter{Name: item}, t)
	for _, c := range w.Counters {
		if c.Name == used.Name && c.From.Equal(used.From) {
			return c
		}
	}
	return used
}

// counter returns the quantities that counters have for a window, added up.
func counter(counters []Counter, window Counter) decimal.Decimal {
	total := decimal.Zero
	for i := range counters {
		if c := &counters[i]; c.Name == window.Name && c.From.Equal(window.From) {
			total = total.Add(c.Quantity)
		}
	}
	return total
}
