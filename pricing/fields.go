package pricing

// A fieldSet is some of the fields of a formula.
type fieldSet uint16

const (
	hasOver fieldSet = 1 << iota
	hasPrice
	hasTiers
	hasFixed
	hasBlock
	hasBlocks
	hasFreeUnits
	hasFreeUses
	hasMin
	hasMax
	hasPeriod
	hasCounter
	hasRounding
	hasParts

	hasBounds = hasMin | hasMax | hasRounding
	hasSpan   = hasOver | hasPeriod | hasCounter | hasFreeUnits | hasBounds
)

// fieldsOf returns the fields that a model needs and those that it can do with besides. The others
// must not be stated.
func fieldsOf(m Model) (needs, takes fieldSet, known bool) {
	switch m {
	case ModelFree:
		return 0, 0, true
	case ModelPerUse:
		return hasPrice, hasSpan, true
	case ModelPerUnit:
		return hasPrice, hasSpan | hasBlock | hasBlocks, true
	case ModelPackage:
		return hasPrice | hasBlock | hasOver, hasSpan, true
	case ModelGraduated, ModelVolume:
		return hasTiers | hasOver, hasSpan | hasBlock | hasBlocks, true
	case ModelStairstep:
		return hasTiers | hasOver, hasSpan, true
	case ModelPercentage:
		return hasPrice, hasSpan | hasFixed | hasFreeUses, true
	case ModelSum:
		return hasParts, hasOver | hasPeriod | hasBounds, true
	}
	return 0, 0, false
}

// A statement is a field of a formula by its name in a file, and whether it is stated.
type statement struct {
	field fieldSet
	name  string
	made  bool
}

// statements returns the fields of f beside its model.
func (f Formula) statements() [14]statement {
	return [...]statement{
		{hasOver, "over", f.Over != ""},
		{hasPrice, "price", !f.Price.IsZero()},
		{hasTiers, "tiers", len(f.Tiers) > 0},
		{hasFixed, "fixed", !f.Fixed.IsZero()},
		{hasBlock, "block", !f.Block.IsZero()},
		{hasBlocks, "blocks", f.Blocks != ""},
		{hasFreeUnits, "free_units", !f.FreeUnits.IsZero()},
		{hasFreeUses, "free_uses", f.FreeUses != 0},
		{hasMin, "min", !f.Min.IsZero()},
		{hasMax, "max", !f.Max.IsZero()},
		{hasPeriod, "period", !f.Period.IsZero()},
		{hasCounter, "counter", f.Counter != ""},
		{hasRounding, "rounding", !f.Rounding.IsZero()},
		{hasParts, "parts", len(f.Parts) > 0},
	}
}
