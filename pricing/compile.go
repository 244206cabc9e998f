package pricing

import "github.com/shopspring/decimal"

// A pricer is a rate made ready for pricing. It does not change.
type pricer struct {
	parts    []part
	sum      bool
	period   bool   // priced as the step from what was counted
	events   bool   // a percentage over a period: uses alone, free units counted
	freeUses int    // of a percentage
	uses     string // the counter of its uses; empty unless freeUses is stated
	bounds   bounds // of a sum; a single part has its own
	rounding Rounding
}

// compile makes a rate ready. r has been validated; fallback is the rounding of its card.
func compile(r Rate, fallback Rounding) *pricer {
	p := &pricer{
		sum:      r.Model == ModelSum,
		period:   r.Over == OverPeriod && r.Model != ModelPercentage,
		events:   r.Over == OverPeriod && r.Model == ModelPercentage,
		freeUses: r.FreeUses,
		rounding: r.Rounding,
	}
	if p.rounding.IsZero() {
		p.rounding = fallback
	}
	name := r.counterName()
	if r.FreeUses > 0 {
		p.uses = name + "/uses"
	}
	if !p.sum {
		p.parts = []part{compilePart(r.Formula, "", Counter{Name: name, Period: r.Period})}
		return p
	}
	p.bounds = newBounds(r.Min, r.Max)
	for _, key := range sortedKeys(r.Parts) {
		f := r.Parts[key]
		counter := Counter{Name: f.Counter, Period: r.Period}
		if counter.Name == "" {
			counter.Name = name + "/" + key
		}
		p.parts = append(p.parts, compilePart(f, key, counter))
	}
	return p
}

func compilePart(f Formula, name string, counter Counter) part {
	p := part{
		name: name, counter: counter,
		whole:  f.Model == ModelPerUse,
		free:   plain(f.FreeUnits),
		bounds: newBounds(f.Min, f.Max),
	}
	if f.inBlocks() {
		p.block, p.started = f.Block, f.Model == ModelPackage || f.Blocks == StartedBlocks
	}
	p.curve = f.curve()
	return p
}

// curve returns the curve of f in units, or in blocks if f counts in whole ones.
func (f Formula) curve() curve {
	per, scale := f.block(), decimal.New(1, 0)
	if f.inBlocks() {
		per, scale = scale, per
	}
	switch f.Model {
	case ModelGraduated:
		return graduated(bands(f.Tiers, scale, per))
	case ModelVolume, ModelStairstep:
		return volume(bands(f.Tiers, scale, per))
	case ModelPercentage:
		return line{price: f.Price.Shift(-2), flat: f.Fixed, label: "percentage"}
	case ModelPerUse:
		return line{price: plain(f.Price), label: "uses"}
	case ModelPerUnit, ModelPackage:
		label := "units"
		if f.inBlocks() {
			label = "blocks of " + f.Block.String()
		}
		return line{price: plain(quotient(f.Price, per)), label: label}
	}
	return nil // free
}

// block returns the quantity that the price of f buys.
func (f Formula) block() decimal.Decimal {
	if f.Block.IsZero() {
		return decimal.New(1, 0)
	}
	return f.Block
}

// inBlocks reports whether f turns quantities into whole numbers of blocks.
func (f Formula) inBlocks() bool {
	return f.Model == ModelPackage || f.Blocks == StartedBlocks || f.Blocks == WholeBlocks
}

// counterName returns the counter of r: the one it names, or its item's, or, as several rates of
// an item each count for themselves, the item's with what r matches.
func (r Rate) counterName() string {
	if r.Counter != "" {
		return r.Counter
	}
	return r.Item + matchString(r.Match)
}

// maxQuotient is how many decimals a price per unit may have: enough for the finest price of the
// largest usual block.
const maxQuotient = 2 * MaxScale

// quotient returns a / b, which validation has found to be exact.
func quotient(a, b decimal.Decimal) decimal.Decimal {
	if b.Equal(decimal.New(1, 0)) {
		return a
	}
	q, _ := a.QuoRem(b, maxQuotient)
	return q.Normalize()
}

// divides reports whether [quotient] is exact.
func divides(a, b decimal.Decimal) bool {
	if b.Equal(decimal.New(1, 0)) {
		return true
	}
	_, rest := a.QuoRem(b, maxQuotient)
	return rest.IsZero()
}
