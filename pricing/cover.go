package pricing

import (
	"math/big"
	"time"

	"github.com/shopspring/decimal"
)

// A Purchase is a package bought so many times.
type Purchase struct {
	Package string
	Count   int
	Credits decimal.Decimal // all that they bring, the bonuses included
	Price   Money           // all that they cost
}

// Alone returns, for each offer at an instant, how many of it alone cover a shortfall of credits
// and what they cost, in the order of the catalog. An offer that its limit per owner keeps from
// covering the shortfall is left out. A shortfall that is not positive needs nothing.
func (c *Catalog) Alone(shortfall decimal.Decimal, at time.Time) []Purchase {
	if !shortfall.IsPositive() {
		return nil
	}
	var list []Purchase
	for _, p := range c.Offers(at) {
		if bought, ok := p.covering(shortfall, c.Unit, at); ok {
			list = append(list, bought)
		}
	}
	return list
}

// covering returns as many of p as cover a shortfall, and whether so many may be bought.
func (p Package) covering(shortfall decimal.Decimal, unit Unit, at time.Time) (Purchase, bool) {
	n, rest := shortfall.QuoRem(p.Total(unit, at), 0)
	if !rest.IsZero() {
		n = n.Add(decimal.New(1, 0))
	}
	most := maxCount
	if p.LimitPerOwner > 0 {
		most = p.LimitPerOwner
	}
	if n.Cmp(decimal.New(int64(most), 0)) > 0 {
		return Purchase{}, false
	}
	return p.times(int(n.IntPart()), unit, at), true
}

// maxCount is how many of one package a purchase may have.
const maxCount = 1_000_000_000

func (p Package) times(n int, unit Unit, at time.Time) Purchase {
	count := decimal.New(int64(n), 0)
	return Purchase{
		Package: p.Name, Count: n,
		Credits: p.Total(unit, at).Mul(count).Normalize(),
		Price:   Money{Amount: p.Price.Amount.Mul(count).Normalize(), Currency: p.Price.Currency},
	}
}

// Cheapest returns the packages in currency that together cover a shortfall of credits at the
// least cost, in the order of the catalog. A shortfall that is not positive needs nothing. bought
// says how often the owner has bought each package before, by name, and may be nil.
//
// Packages that nothing covers the shortfall with are an error wrapping [ErrInvalid]. So is a
// search that would take more than [MaxSearch] steps, which takes packages whose sizes have
// hardly a common divisor and are millions of times smaller than each other.
func (c *Catalog) Cheapest(shortfall decimal.Decimal, currency string, at time.Time,
	bought map[string]int,
) ([]Purchase, error) {
	shortfall, err := Check("shortfall", shortfall)
	if err != nil || !shortfall.IsPositive() {
		return nil, err
	}
	var kinds []kind
	for _, p := range c.Offers(at) {
		if p.Price.Currency != currency || p.Check(at, bought[p.Name]) != nil {
			continue
		}
		k := kind{Package: p, total: p.Total(c.Unit, at)}
		if p.LimitPerOwner > 0 {
			k.limit = p.LimitPerOwner - bought[p.Name]
		}
		kinds = append(kinds, k)
	}
	counts, err := cover(kinds, shortfall)
	if err != nil {
		return nil, err
	}
	var list []Purchase
	for i, n := range counts {
		if n > 0 {
			list = append(list, kinds[i].times(n, c.Unit, at))
		}
	}
	return list, nil
}

// MaxSearch bounds the work of [Catalog.Cheapest].
const MaxSearch = 1 << 22

// A kind is a package that a cover may use.
type kind struct {
	Package
	total decimal.Decimal
	limit int // zero: none
	size  int // total in steps of the common divisor
}

// cover returns how many of each kind make up at least want at the least cost.
//
// Sizes are counted in steps of their common divisor. Of the kind that is cheapest per credit and
// has no limit, as many are taken beforehand as any best cover has; see takeMost. What is left is
// small enough to search.
func cover(kinds []kind, want decimal.Decimal) ([]int, error) {
	steps, err := measure(kinds, want)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(kinds))
	if best := cheapestKind(kinds); best >= 0 {
		if counts[best], err = takeMost(kinds, best, steps); err != nil {
			return nil, err
		}
	}
	if steps.Cmp(big.NewInt(MaxSearch)) > 0 {
		return nil, invalid("packages", "take more than %d steps to search", MaxSearch)
	}
	more, err := search(kinds, int(steps.Int64()))
	for i, n := range more {
		counts[i] += n
	}
	return counts, err
}

// takeMost returns how many of kind best are in some best cover of steps, and takes what they
// cover off steps.
//
// Of packages that cost no less per credit than best, any best.size have some among them whose
// sizes sum to a multiple of best.size, and best in their place costs no more: so fewer than
// best.size of them are needed. Packages that cost less have a limit, and may be taken up to it.
func takeMost(kinds []kind, best int, steps *big.Int) (int, error) {
	largest, b := 0, kinds[best].size
	spare := new(big.Int).Set(steps)
	for _, k := range kinds {
		largest = max(largest, k.size)
		if k.dearness(kinds[best]) < 0 {
			spare.Sub(spare, product(k.size, k.limit))
		}
	}
	spare.Sub(spare, product(b, largest))
	if spare.Sign() <= 0 {
		return 0, nil
	}
	n := spare.Div(spare, big.NewInt(int64(b)))
	if !n.IsInt64() || n.Int64() > maxCount {
		return 0, invalid("shortfall", "is too large for these packages")
	}
	steps.Sub(steps, product(b, int(n.Int64())))
	return int(n.Int64()), nil
}

func product(a, b int) *big.Int {
	return new(big.Int).Mul(big.NewInt(int64(a)), big.NewInt(int64(b)))
}

// measure sets the size of every kind, and returns how many steps want takes.
func measure(kinds []kind, want decimal.Decimal) (*big.Int, error) {
	if len(kinds) == 0 {
		return nil, invalid("packages", "are not on sale in this currency, or no more to this owner")
	}
	fine := decimal.New(1, MaxScale)
	step := new(big.Int)
	for _, k := range kinds {
		step.GCD(nil, nil, step, k.total.Mul(fine).BigInt())
	}
	for i := range kinds {
		size := new(big.Int).Div(kinds[i].total.Mul(fine).BigInt(), step)
		if !size.IsInt64() || size.Int64() > MaxSearch {
			return nil, invalid("packages", "take more than %d steps to search", MaxSearch)
		}
		kinds[i].size = int(size.Int64())
	}
	steps := want.Mul(fine).BigInt()
	steps.Add(steps, step).Sub(steps, big.NewInt(1))
	return steps.Div(steps, step), nil
}

// cheapestKind returns the kind without limit that costs least per credit, or -1.
func cheapestKind(kinds []kind) int {
	best := -1
	for i, k := range kinds {
		if k.limit > 0 {
			continue
		}
		if best < 0 || k.dearness(kinds[best]) < 0 {
			best = i
		}
	}
	return best
}

// dearness compares what a credit of each costs.
func (k kind) dearness(o kind) int {
	return k.Price.Amount.Mul(o.total).Cmp(o.Price.Amount.Mul(k.total))
}
