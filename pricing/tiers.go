package pricing

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"
)

// A band is a tier, made ready for pricing.
type band struct {
	from  decimal.Decimal // exclusive
	upTo  decimal.Decimal // inclusive; in the last band it means nothing
	price decimal.Decimal // for each unit or block
	flat  decimal.Decimal
	below decimal.Decimal // graduated price of everything up to from
	label string
}

// bands makes tiers ready. scale is what one unit of a tier's bounds is counted as, and per is the
// quantity that a tier's price buys.
func bands(tiers []Tier, scale, per decimal.Decimal) []band {
	list := make([]band, len(tiers))
	from, below := decimal.Zero, decimal.Zero
	for i, t := range tiers {
		b := band{from: plain(from), below: plain(below), flat: plain(t.Flat), label: tierLabel(tiers, i)}
		b.price, b.upTo = plain(quotient(t.Price, per)), plain(quotient(t.UpTo, scale))
		below = below.Add(b.flat).Add(b.upTo.Sub(b.from).Mul(b.price))
		from = b.upTo
		list[i] = b
	}
	return list
}

func tierLabel(tiers []Tier, i int) string {
	switch {
	case i == len(tiers)-1 && i == 0:
		return "tier 1"
	case i == len(tiers)-1:
		return "tier " + strconv.Itoa(i+1) + ", above " + tiers[i-1].UpTo.String()
	}
	return "tier " + strconv.Itoa(i+1) + ", up to " + tiers[i].UpTo.String()
}

// bandOf returns the index of the band that contains q.
func bandOf(list []band, q decimal.Decimal) int {
	low, high := 0, len(list)-1
	for low < high {
		mid := (low + high) / 2
		if q.Cmp(list[mid].upTo) <= 0 {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// graduated prices in each band what falls into it. A band's flat amount is due as soon as the
// quantity enters it.
type graduated []band

func (g graduated) total(q decimal.Decimal) decimal.Decimal {
	b := &g[bandOf(g, q)]
	return plus(plus(minus(q, b.from).Mul(b.price), b.below), b.flat)
}

func (g graduated) between(steps []Step, from, to decimal.Decimal) []Step {
	first, last := bandOf(g, from), bandOf(g, to)
	steps = slices.Grow(steps, last-first+1)
	for i := first; i <= last; i++ {
		b := &g[i]
		low, high := from, to
		if i < last {
			high = b.upTo
		}
		if low.Cmp(b.from) < 0 {
			low = b.from
		}
		if entered := from.Cmp(b.from) <= 0; entered && !b.flat.IsZero() {
			steps = append(steps, Step{Label: b.label + ", flat", Amount: b.flat})
		}
		if q := minus(high, low); !q.IsZero() {
			steps = append(steps, Step{Label: b.label, Quantity: q, Price: b.price, Amount: q.Mul(b.price)})
		}
	}
	return steps
}

// volume prices everything in the band that the quantity reaches. It serves stairsteps too, whose
// bands have a flat amount and no price. Its totals can fall where a dearer band ends.
type volume []band

func (v volume) total(q decimal.Decimal) decimal.Decimal {
	b := &v[bandOf(v, q)]
	return plus(q.Mul(b.price), b.flat)
}

func (v volume) between(steps []Step, from, to decimal.Decimal) []Step {
	b := &v[bandOf(v, to)]
	if !from.IsZero() {
		was := &v[bandOf(v, from)]
		if was == b {
			q := to.Sub(from)
			return append(steps, Step{Label: b.label, Quantity: q, Price: b.price, Amount: q.Mul(b.price)})
		}
		steps = was.step(steps, from.Neg(), was.flat.Neg())
	}
	return b.step(steps, to, b.flat)
}

// step appends a quantity, positive or taken back, at the band's price and its flat amount.
func (b *band) step(steps []Step, q, flat decimal.Decimal) []Step {
	if !flat.IsZero() {
		steps = append(steps, Step{Label: b.label + ", flat", Amount: flat})
	}
	if !b.price.IsZero() {
		steps = append(steps, Step{Label: b.label, Quantity: q, Price: b.price, Amount: q.Mul(b.price)})
	}
	return steps
}
