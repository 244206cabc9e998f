package pricing

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// Split divides total into parts in the proportion of weights, each with at most scale decimals,
// so that the parts always sum to total exactly. Each part is first cut down toward zero; what
// is then missing is given out in the smallest steps, one each, to the parts that lost most.
// Ties go to the earlier position.
//
// A total finer than scale leaves its last digits with the first part that has weight. If no
// weight is positive, the first part takes all. Split returns one part for every weight, and
// panics if there is a total and no weight, or if a weight is negative.
func Split(total decimal.Decimal, weights []decimal.Decimal, scale int32) []decimal.Decimal {
	sum := sumWeights(weights)
	parts := make([]decimal.Decimal, len(weights))
	switch {
	case total.IsZero():
		return parts
	case len(weights) == 0:
		panic("pricing: a split of something into no parts")
	case sum.IsZero():
		parts[0] = total
		return parts
	}
	first := slices.IndexFunc(weights, decimal.Decimal.IsPositive)
	whole := total.Truncate(scale)
	lost := cut(parts, whole, weights, sum, scale)
	handOut(parts, whole, weights, lost, scale)
	parts[first] = parts[first].Add(total.Sub(whole))
	for i := range parts {
		parts[i] = parts[i].Normalize()
	}
	return parts
}

func sumWeights(weights []decimal.Decimal) decimal.Decimal {
	if slices.ContainsFunc(weights, decimal.Decimal.IsNegative) {
		panic("pricing: a split by a negative weight")
	}
	return decimal.Sum(decimal.Zero, weights...)
}

// cut sets every part to its share of whole, cut down to scale, and returns what each lost by
// that, times sum, without its sign.
func cut(parts []decimal.Decimal, whole decimal.Decimal, weights []decimal.Decimal,
	sum decimal.Decimal, scale int32,
) []decimal.Decimal {
	lost := make([]decimal.Decimal, len(weights))
	for i, w := range weights {
		if w.IsPositive() {
			parts[i], lost[i] = whole.Mul(w).QuoRem(sum, scale)
			lost[i] = lost[i].Abs()
		}
	}
	return lost
}

// handOut adds what parts lack of whole in steps of the last decimal, to the largest loss first.
// There are fewer steps than parts with weight, as every part lost less than one step.
func handOut(parts []decimal.Decimal, whole decimal.Decimal, weights, lost []decimal.Decimal, scale int32) {
	missing := whole
	order := make([]int, 0, len(parts))
	for i, p := range parts {
		if weights[i].IsPositive() {
			missing = missing.Sub(p)
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(lost[b].Cmp(lost[a]), cmp.Compare(a, b))
	})
	step := decimal.New(int64(missing.Sign()), -scale)
	for _, i := range order {
		if missing.IsZero() {
			return
		}
		parts[i] = parts[i].Add(step)
		missing = missing.Sub(step)
	}
}
