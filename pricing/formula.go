package pricing

import (
	"cmp"
	"reflect"

	"github.com/shopspring/decimal"
)

// Limits on one formula, so that a catalog file of any bytes is read in bounded time.
const (
	MaxTiers = 1000
	MaxParts = 100
)

// Validate returns an error wrapping [ErrInvalid] if f lacks a field that its model needs, states
// one that its model does not use, or has one out of range. unit is what prices are in.
//
// A formula without price must say so with [ModelFree]. A price is for a block, and in proportion
// for a part of one, so the price of one unit must be a finite decimal: 1 for a block of 12 is
// refused unless blocks are whole or started.
func (f Formula) Validate(unit Unit) error {
	if err := f.checkFields(); err != nil {
		return err
	}
	if err := f.checkSpan(); err != nil {
		return err
	}
	if err := f.checkNumbers(); err != nil {
		return err
	}
	if err := f.checkRounding(unit); err != nil {
		return err
	}
	if err := f.checkTiers(); err != nil {
		return err
	}
	return f.checkParts(unit)
}

func (f Formula) checkFields() error {
	needs, takes, known := fieldsOf(f.Model)
	switch {
	case f.Model == "":
		return invalid("model", "is missing")
	case !known:
		return invalid("model", "is %.40q, which is no model", string(f.Model))
	}
	for _, s := range f.statements() {
		switch {
		case !s.made && needs&s.field != 0:
			return invalid(s.name, "is missing or zero, and %s needs it", f.Model)
		case s.made && (needs|takes)&s.field == 0:
			return invalid(s.name, "is not for %s", f.Model)
		}
	}
	return nil
}

// checkSpan checks what depends on the span that f counts over.
func (f Formula) checkSpan() error {
	switch f.Over {
	case "", OverUse, OverPeriod:
	default:
		return invalid("over", "is %.40q and must be use or period", string(f.Over))
	}
	switch {
	case f.Over == "" && !f.FreeUnits.IsZero():
		return invalid("over", "is missing, and free units need it")
	case f.Over != OverPeriod && !f.Period.IsZero():
		return invalid("period", "is only for formulas over a period")
	case f.Over != OverPeriod && f.Counter != "":
		return invalid("counter", "is only for formulas over a period")
	case f.Over != OverPeriod && f.FreeUses != 0:
		return invalid("free_uses", "is only for formulas over a period")
	case f.Model == ModelPercentage && f.Over == OverPeriod && f.FreeUnits.IsZero() && f.FreeUses == 0:
		return invalid("over", "is period, and a percentage looks at the period only for free units and uses")
	}
	if f.Counter != "" {
		if err := checkName("counter", f.Counter); err != nil {
			return err
		}
	}
	return within("period", f.Period.Validate())
}

func (f Formula) checkNumbers() error {
	numbers := []struct {
		field string
		d     decimal.Decimal
	}{
		{"price", f.Price},
		{"fixed", f.Fixed},
		{"block", f.Block},
		{"free_units", f.FreeUnits},
		{"min", f.Min},
		{"max", f.Max},
	}
	for _, n := range numbers {
		if _, err := checkNotNegative(n.field, n.d); err != nil {
			return err
		}
	}
	switch {
	case f.FreeUses < 0:
		return invalid("free_uses", "is %d and must not be negative", f.FreeUses)
	case f.Max.IsPositive() && f.Min.Cmp(f.Max) > 0:
		return invalid("min", "is %v, which is above the maximum of %v", f.Min, f.Max)
	case f.Model == ModelPerUse && !f.FreeUnits.IsInteger():
		return invalid("free_units", "is %v, and uses are whole", f.FreeUnits)
	}
	return f.checkBlocks()
}

func (f Formula) checkBlocks() error {
	switch f.Blocks {
	case "", ExactBlocks, StartedBlocks, WholeBlocks:
	default:
		return invalid("blocks", "is %.40q and must be exact, started or whole", string(f.Blocks))
	}
	if f.Blocks != "" && f.Block.IsZero() {
		return invalid("block", "is missing, and blocks needs it")
	}
	if f.inBlocks() {
		return nil
	}
	if !divides(f.Price, f.block()) {
		return invalid("price", "is %v for a block of %v, which no decimal states for one unit", f.Price, f.Block)
	}
	for i, t := range f.Tiers {
		if !divides(t.Price, f.block()) {
			return invalid(index("tiers", i)+".price",
				"is %v for a block of %v, which no decimal states for one unit", t.Price, f.Block)
		}
	}
	return nil
}

func (f Formula) checkRounding(unit Unit) error {
	if f.Rounding.IsZero() {
		return nil
	}
	return within("rounding", checkRoundingIn(f.Rounding, unit))
}

// checkRoundingIn checks a rounding of amounts in unit.
func checkRoundingIn(r Rounding, unit Unit) error {
	if err := r.Validate(); err != nil {
		return err
	}
	if r.Scale > unit.Scale {
		return invalid("scale", "is %d, and %s has %d decimals", r.Scale, unit.Name, unit.Scale)
	}
	return nil
}

func (f Formula) checkTiers() error {
	if len(f.Tiers) > MaxTiers {
		return invalid("tiers", "are %d and may be %d", len(f.Tiers), MaxTiers)
	}
	from := decimal.Zero
	for i, t := range f.Tiers {
		if err := f.checkTier(t, from, i == len(f.Tiers)-1); err != nil {
			return within(index("tiers", i), err)
		}
		from = t.UpTo
	}
	return nil
}

func (f Formula) checkTier(t Tier, from decimal.Decimal, last bool) error {
	if _, err := checkNotNegative("price", t.Price); err != nil {
		return err
	}
	if _, err := checkNotNegative("flat", t.Flat); err != nil {
		return err
	}
	if _, err := checkNotNegative("up_to", t.UpTo); err != nil {
		return err
	}
	switch {
	case f.Model == ModelStairstep && !t.Price.IsZero():
		return invalid("price", "is not for stairstep; its tiers have a flat amount")
	case last && !t.UpTo.IsZero():
		return invalid("up_to", "leaves a gap above %v; the last tier has no end", t.UpTo)
	case !last && t.UpTo.IsZero():
		return invalid("up_to", "is missing; only the last tier has no end")
	case !last && t.UpTo.Cmp(from) <= 0:
		return invalid("up_to", "is %v, which overlaps the tier that ends at %v", t.UpTo, from)
	case f.inBlocks() && !t.UpTo.Mod(f.Block).IsZero():
		return invalid("up_to", "is %v, which is not whole blocks of %v", t.UpTo, f.Block)
	}
	return nil
}

// checkParts checks the parts of a sum. What the sum counts over, its period and its rounding
// hold for them.
func (f Formula) checkParts(unit Unit) error {
	if len(f.Parts) > MaxParts {
		return invalid("parts", "are %d and may be %d", len(f.Parts), MaxParts)
	}
	for _, name := range sortedKeys(f.Parts) {
		path := join("parts", name)
		if err := checkName(path, name); err != nil {
			return err
		}
		if err := within(path, f.checkPart(f.Parts[name], unit)); err != nil {
			return err
		}
	}
	return nil
}

func (f Formula) checkPart(p Formula, unit Unit) error {
	switch {
	case p.Model == ModelSum:
		return invalid("model", "is sum, and a part cannot be one")
	case p.Over != "":
		return invalid("over", "is not for a part; the sum states it")
	case !p.Period.IsZero():
		return invalid("period", "is not for a part; the sum states it")
	case !p.Rounding.IsZero():
		return invalid("rounding", "is not for a part; the sum is rounded once")
	case p.Model == ModelPercentage && f.Over == OverPeriod:
		return invalid("model", "is percentage, which cannot be part of a sum over a period")
	}
	if p.Model != ModelFree {
		p.Over = cmp.Or(f.Over, OverUse)
	}
	return p.Validate(unit)
}

// CheckRates returns a copy of rates with numbers in normal form, or an [*InvalidError] that names
// the first field that is wrong. Whether the items exist is for the catalog to say.
func CheckRates(rates []Rate, unit Unit) ([]Rate, error) {
	if err := canon(reflect.ValueOf(&rates).Elem()); err != nil {
		return nil, within("rates", err)
	}
	for i, r := range rates {
		if err := r.Validate(unit); err != nil {
			return nil, within(index("rates", i), err)
		}
	}
	return rates, nil
}

// Validate returns an error wrapping [ErrInvalid] unless r names an item, matches by proper names
// and values, and has a valid formula. Whether the item exists is for the catalog to say.
func (r Rate) Validate(unit Unit) error {
	if err := checkName("item", r.Item); err != nil {
		return err
	}
	for _, name := range sortedKeys(r.Match) {
		path := join("match", name)
		if err := checkName(path, name); err != nil {
			return err
		}
		if err := checkName(path, r.Match[name]); err != nil {
			return err
		}
	}
	return r.Formula.Validate(unit)
}
