package pricing_test

import (
	"fmt"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

func parameters() *gopter.TestParameters {
	p := gopter.DefaultTestParametersWithSeed(20260301)
	p.MinSuccessfulTests = 100
	if !testing.Short() {
		p.MinSuccessfulTests = 500
	}
	return p
}

// genDecimal generates decimals from low to high, in steps of one at a scale of up to three.
func genDecimal(low, high int64) gopter.Gen {
	return gopter.CombineGens(gen.Int64Range(low, high), gen.Int32Range(0, 3)).
		Map(func(v []any) decimal.Decimal { return decimal.New(v[0].(int64), -v[1].(int32)) })
}

// genTiers generates up to five tiers, with rising bounds.
func genTiers(stairs bool) gopter.Gen {
	return gen.SliceOfN(5, gopter.CombineGens(genDecimal(1, 500), genDecimal(0, 90), genDecimal(0, 40))).
		Map(func(rows [][]any) []pricing.Tier {
			var tiers []pricing.Tier
			end := decimal.Zero
			for i, row := range rows {
				end = end.Add(row[0].(decimal.Decimal))
				t := pricing.Tier{UpTo: end, Price: row[1].(decimal.Decimal), Flat: row[2].(decimal.Decimal)}
				if stairs {
					t.Price = decimal.Zero
				}
				if i == len(rows)-1 {
					t.UpTo = decimal.Zero
				}
				tiers = append(tiers, t)
			}
			return tiers
		})
}

// genFormula generates valid formulas over a period, of every model but percentage.
func genFormula() gopter.Gen {
	models := []pricing.Model{
		pricing.ModelFree, pricing.ModelPerUnit, pricing.ModelPackage, pricing.ModelGraduated,
		pricing.ModelVolume, pricing.ModelStairstep, pricing.ModelSum,
	}
	return gopter.CombineGens(
		gen.IntRange(0, len(models)-1), genDecimal(1, 5000), genTiers(false), genTiers(true),
		gen.OneConstOf("1", "8", "1000", "2.5"), gen.OneConstOf(pricing.ExactBlocks, pricing.StartedBlocks, pricing.WholeBlocks),
		genDecimal(0, 300), genDecimal(0, 50), genDecimal(0, 9000), genRounding(),
	).Map(func(v []any) pricing.Formula {
		f := pricing.Formula{Model: models[v[0].(int)], Over: pricing.OverPeriod}
		switch f.Model {
		case pricing.ModelFree:
			return pricing.Formula{Model: pricing.ModelFree}
		case pricing.ModelPerUnit:
			f.Price, f.Block, f.Blocks = v[1].(decimal.Decimal), dec(v[4].(string)), v[5].(pricing.Blocks)
		case pricing.ModelPackage:
			f.Price, f.Block = v[1].(decimal.Decimal), dec(v[4].(string))
		case pricing.ModelGraduated, pricing.ModelVolume:
			f.Tiers = v[2].([]pricing.Tier)
		case pricing.ModelStairstep:
			f.Tiers = v[3].([]pricing.Tier)
		case pricing.ModelSum:
			f.Parts = map[string]pricing.Formula{
				"a": {Model: pricing.ModelPerUnit, Price: v[1].(decimal.Decimal)},
				"b": {Model: pricing.ModelGraduated, Tiers: v[2].([]pricing.Tier), FreeUnits: v[6].(decimal.Decimal)},
			}
		}
		if f.Model != pricing.ModelSum {
			f.FreeUnits = v[6].(decimal.Decimal)
		}
		f.Min, f.Rounding = v[7].(decimal.Decimal), v[9].(pricing.Rounding)
		if high := v[8].(decimal.Decimal); high.Cmp(f.Min) >= 0 {
			f.Max = high
		}
		return f
	})
}

func genRounding() gopter.Gen {
	return gopter.CombineGens(gen.OneConstOf(
		pricing.RoundUp, pricing.RoundDown, pricing.RoundHalfUp, pricing.RoundHalfEven, pricing.RoundCeiling, pricing.RoundFloor,
	), gen.Int32Range(-1, 4)).Map(func(v []any) pricing.Rounding {
		return pricing.Rounding{Mode: v[0].(pricing.RoundingMode), Scale: v[1].(int32)}
	})
}

// use returns a use of q that suits any formula that genFormula makes.
func use(f pricing.Formula, q decimal.Decimal) pricing.Use {
	u := pricing.Use{Item: "x", Quantity: q}
	if f.Model == pricing.ModelSum {
		u.Parts = map[string]decimal.Decimal{"a": q, "b": q.Neg().Add(dec("7"))}
	}
	return u
}

func TestPriceLaws(t *testing.T) {
	properties := gopter.NewProperties(parameters())
	properties.Property("the parts of a period sum to the price of the whole, in every order", prop.ForAll(
		func(f pricing.Formula, parts []decimal.Decimal) string {
			card := one(t, f)
			there, back, whole := decimal.Zero, decimal.Zero, map[string]decimal.Decimal{}
			forth, rear := wallet{}, wallet{}
			sum := decimal.Zero
			for i := range parts {
				there = there.Add(forth.price(t, card, use(f, parts[i])).Amount)
				back = back.Add(rear.price(t, card, use(f, parts[len(parts)-1-i])).Amount)
				sum = sum.Add(parts[i])
				for name, q := range use(f, parts[i]).Parts {
					whole[name] = whole[name].Add(q)
				}
			}
			u := pricing.Use{Item: "x", Quantity: sum}
			if f.Model == pricing.ModelSum {
				u.Parts = whole
			}
			all := wallet{}.price(t, card, u).Amount
			if !there.Equal(all) || !back.Equal(all) {
				return fmt.Sprintf("forward %v, backward %v, at once %v", there, back, all)
			}
			return ""
		}, genFormula(), gen.SliceOfN(6, genDecimal(-900, 2000)),
	))
	properties.Property("the price does not fall when the quantity grows, but for volume and stairstep", prop.ForAll(
		func(f pricing.Formula, low, more decimal.Decimal) string {
			if f.Model == pricing.ModelVolume || f.Model == pricing.ModelStairstep || f.Model == pricing.ModelSum {
				return ""
			}
			card := one(t, f)
			a := wallet{}.price(t, card, use(f, low)).Amount
			b := wallet{}.price(t, card, use(f, low.Add(more))).Amount
			if a.Cmp(b) > 0 {
				return fmt.Sprintf("%v for %v, %v for %v more", a, low, b, more)
			}
			return ""
		}, genFormula(), genDecimal(-900, 2000), genDecimal(0, 2000),
	))
	properties.Property("the price stays within its bounds", prop.ForAll(
		func(f pricing.Formula, q decimal.Decimal) string {
			f.Rounding = pricing.Rounding{}
			a := wallet{}.price(t, one(t, f), use(f, q)).Amount.Abs()
			if !a.IsZero() && a.Cmp(f.Min) < 0 || f.Max.IsPositive() && a.Cmp(f.Max) > 0 {
				return fmt.Sprintf("%v is not from %v to %v", a, f.Min, f.Max)
			}
			return ""
		}, genFormula(), genDecimal(-900, 2000),
	))
	properties.TestingRun(t)
}

func TestRoundingLaws(t *testing.T) {
	properties := gopter.NewProperties(parameters())
	properties.Property("a quotient is rounded as the exact number would be", prop.ForAll(
		func(num, den decimal.Decimal, r pricing.Rounding) string {
			got := r.Quo(num, den)
			step := decimal.New(1, -r.Scale)
			// |num - got*den| tells how far got is from num/den, in steps of |den|.
			off := got.Mul(den).Sub(num).Abs()
			limit := step.Mul(den.Abs())
			nearest := r.Mode == pricing.RoundHalfUp || r.Mode == pricing.RoundHalfEven
			if nearest && off.Mul(dec("2")).Cmp(limit) > 0 || off.Cmp(limit) >= 0 && !off.IsZero() {
				return fmt.Sprintf("%v is too far away", got)
			}
			low := got.Mul(den).Cmp(num)*den.Sign() <= 0 // got <= num/den
			high := got.Mul(den).Cmp(num)*den.Sign() >= 0
			positive := num.Sign()*den.Sign() >= 0
			right := map[pricing.RoundingMode]bool{
				pricing.RoundFloor: low, pricing.RoundCeiling: high,
				pricing.RoundDown: positive && low || !positive && high,
				pricing.RoundUp:   positive && high || !positive && low,
			}
			if ok, directed := right[r.Mode]; directed && !ok {
				return fmt.Sprintf("%v is on the wrong side", got)
			}
			return ""
		},
		genDecimal(-9000, 9000), genDecimal(-99, 99).SuchThat(func(d decimal.Decimal) bool { return !d.IsZero() }), genRounding(),
	))
	properties.Property("the parts of a split sum to the total, and each is within one step of its share", prop.ForAll(
		func(total decimal.Decimal, weights []decimal.Decimal, scale int32) string {
			parts := pricing.Split(total, weights, scale)
			sum, weight := decimal.Zero, decimal.Zero
			for i := range parts {
				sum, weight = sum.Add(parts[i]), weight.Add(weights[i])
			}
			if !sum.Equal(total) {
				return fmt.Sprintf("%v sums to %v", parts, sum)
			}
			if weight.IsZero() || total.Exponent() < -scale {
				return ""
			}
			for i := range parts {
				off := parts[i].Mul(weight).Sub(total.Mul(weights[i])).Abs()
				if off.Cmp(decimal.New(1, -scale).Mul(weight)) >= 0 {
					return fmt.Sprintf("part %d of %v is off", i, parts)
				}
				if weights[i].IsZero() && !parts[i].IsZero() {
					return fmt.Sprintf("part %d of %v has no weight", i, parts)
				}
			}
			return ""
		}, genDecimal(-9000, 9000), gen.SliceOfN(5, genDecimal(0, 9)), gen.Int32Range(0, 4),
	))
	properties.TestingRun(t)
}
