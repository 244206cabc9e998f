package pricing

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
)

// A PlanCost is what a plan would have cost for a list of uses.
// Credits = Covered + Beyond, and Total = Price + Extra.
type PlanCost struct {
	Plan    string
	Periods int             // that begin with the anchor and end with the last use
	Credits decimal.Decimal // what the uses cost
	Covered decimal.Decimal // by the allowances
	Beyond  decimal.Decimal // the rest
	Price   Money           // of the plan, for all the periods
	Extra   Money           // for what lies beyond: overage with surcharge and true-up, or packages
	Total   Money
	Buy     []Purchase // the packages in Extra
	Refused bool       // the plan would have refused what lies beyond
}

// Estimate returns what a plan would have cost for uses by a subscriber who took it at anchor, in
// an IANA time zone; "" means UTC. Uses are priced one after the other by the card in force when
// each happened, with counters that start at zero. Packages are priced at the anchor, and cover
// what lies beyond in all periods together. What rolls over from period to period is not counted,
// nor are promotions.
//
// A use before the anchor, and any use that the card refuses, are errors wrapping [ErrInvalid].
func (c *Catalog) Estimate(plan Plan, uses []Use, anchor time.Time, zone string) (PlanCost, error) {
	e := estimate{
		catalog: c, plan: plan,
		schedule: expiry.Schedule{Anchor: anchor, Cycle: plan.Cycle, Zone: zone},
		counters: map[windowed]decimal.Decimal{},
		periods:  []map[Item]decimal.Decimal{{}},
	}
	if err := e.schedule.Validate(); err != nil {
		return PlanCost{}, within("schedule", err)
	}
	uses = slices.Clone(uses)
	slices.SortStableFunc(uses, func(a, b Use) int { return a.At.Compare(b.At) })
	for i, u := range uses {
		if err := e.add(u); err != nil {
			return PlanCost{}, within(index("uses", i), err)
		}
	}
	return e.cost()
}

// An estimate collects what uses cost, by period and item.
type estimate struct {
	catalog  *Catalog
	plan     Plan
	schedule expiry.Schedule
	counters map[windowed]decimal.Decimal
	periods  []map[Item]decimal.Decimal
}

// windowed is a counter in one of its periods.
type windowed struct {
	Counter
	period int
}

// maxEstimate is how many periods an estimate may run over.
const maxEstimate = 100_000

func (e *estimate) add(u Use) error {
	card, err := e.catalog.Card(e.plan.Card, u.At)
	if err != nil {
		return err
	}
	p, ok := e.schedule.Containing(u.At)
	if !ok || p.Index >= maxEstimate {
		return invalid("at", "is %s, before the first period or too long after it",
			u.At.UTC().Format(time.RFC3339))
	}
	q, err := card.Price(u, func(k Counter) decimal.Decimal { return e.counters[e.window(k, u.At)] })
	if err != nil {
		return err
	}
	for _, n := range q.Counts {
		k := e.window(n.Counter, u.At)
		e.counters[k] = e.counters[k].Add(n.Quantity)
	}
	for len(e.periods) <= p.Index {
		e.periods = append(e.periods, map[Item]decimal.Decimal{})
	}
	sums := e.periods[p.Index]
	sums[q.Item] = sums[q.Item].Add(q.Amount)
	return nil
}

// window returns the period of a counter that an instant falls into.
func (e *estimate) window(k Counter, at time.Time) windowed {
	s := e.schedule
	if !k.Period.IsZero() {
		s.Cycle = k.Period
	}
	p, _ := s.Containing(at)
	return windowed{k, p.Index}
}

// cost adds the periods up.
func (e *estimate) cost() (PlanCost, error) {
	plan := e.plan
	cost := PlanCost{Plan: plan.Name, Periods: len(e.periods)}
	cost.Price = Money{
		Amount:   plan.Price.Amount.Mul(decimal.New(int64(len(e.periods)), 0)).Normalize(),
		Currency: plan.Price.Currency,
	}
	for i, sums := range e.periods {
		used, covered := plan.cover(sums)
		cost.Credits, cost.Covered = cost.Credits.Add(used), cost.Covered.Add(covered)
		if kind := plan.Beyond.Kind; kind != BeyondOverage && kind != BeyondPostpaid {
			continue
		}
		bill, err := plan.Beyond.Bill(used.Sub(covered), RoundHalfUp)
		if err != nil {
			return PlanCost{}, within(index("periods", i), err)
		}
		if cost.Extra, err = cost.Extra.Add(bill.Total); err != nil {
			return PlanCost{}, err
		}
	}
	cost.Beyond = cost.Credits.Sub(cost.Covered)
	if err := e.buy(&cost); err != nil {
		return PlanCost{}, err
	}
	total, err := cost.Price.Add(cost.Extra)
	cost.Total = total
	return cost, err
}

// buy covers what lies beyond with packages, if that is the plan's way, or refuses it.
func (e *estimate) buy(cost *PlanCost) (err error) {
	if !cost.Beyond.IsPositive() {
		return nil
	}
	switch b := e.plan.Beyond; b.Kind {
	case "", BeyondRefuse:
		cost.Refused = true
	case BeyondPackages:
		currency := e.plan.Price.Currency
		cost.Buy, err = e.catalog.purchases(b, cost.Beyond, currency, e.schedule.Anchor)
		if err != nil {
			return err
		}
		for _, p := range cost.Buy {
			if cost.Extra, err = cost.Extra.Add(p.Price); err != nil {
				return err
			}
		}
	}
	return nil
}

// purchases returns what to buy to cover a shortfall in the way of b. A package that b names need
// not be shown.
func (c *Catalog) purchases(
	b Beyond, shortfall decimal.Decimal, currency string, at time.Time,
) ([]Purchase, error) {
	if p, named := c.Package(b.Package); named {
		bought, ok := p.covering(shortfall, c.Unit, at)
		if err := p.Check(at, 0); err != nil || !ok {
			return nil, cmp.Or(err, invalid("package", "%q does not cover the shortfall", p.Name))
		}
		return []Purchase{bought}, nil
	}
	if offers := c.Offers(at); currency == "" && len(offers) > 0 {
		currency = offers[0].Price.Currency
	}
	return c.Cheapest(shortfall, currency, at, nil)
}

// cover returns what a period's use costs, and how much of it the allowances of p pay: lower
// priority first, restricted before unrestricted, then by name. Items are paid in order of ID.
func (p Plan) cover(sums map[Item]decimal.Decimal) (used, covered decimal.Decimal) {
	items := slices.SortedFunc(maps.Keys(sums), func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
	owed := make([]decimal.Decimal, len(items))
	for i, item := range items {
		owed[i] = decimal.Max(decimal.Zero, sums[item])
		used = used.Add(owed[i])
	}
	for _, b := range p.spendOrder() {
		left := b.Allowance
		for i, item := range items {
			if b.Scope.Covers(item) {
				paid := decimal.Min(left, owed[i])
				left, owed[i] = left.Sub(paid), owed[i].Sub(paid)
				covered = covered.Add(paid)
			}
		}
	}
	return used.Normalize(), covered.Normalize()
}

// spendOrder returns the buckets of p in the order in which they are spent.
func (p Plan) spendOrder() []Bucket {
	restricted := func(b Bucket) int {
		if b.Scope.Restricted() {
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(p.Buckets), func(a, b Bucket) int {
		return cmp.Or(
			cmp.Compare(cmp.Or(a.Priority, DefaultPriority), cmp.Or(b.Priority, DefaultPriority)),
			cmp.Compare(restricted(a), restricted(b)),
			cmp.Compare(a.Name, b.Name),
		)
	})
}
