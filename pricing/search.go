package pricing

import "github.com/shopspring/decimal"

// A bundle is a package taken so many times at once. Bundles of 1, 2, 4 and so on, and a rest,
// make up every number of times up to a limit.
type bundle struct {
	kind   int // index
	times  int
	size   int   // steps that the bundle covers
	cost   int64 // in the smallest decimal of any price
	repeat bool  // it may be taken any number of times
}

// search returns how many of each kind cover at least n steps at the least cost.
func search(kinds []kind, n int) ([]int, error) {
	bundles, err := bundlesOf(kinds, n)
	if err != nil {
		return nil, err
	}
	if int64(n+1)*int64(len(bundles)) > MaxSearch {
		return nil, invalid("packages", "take more than %d steps to search", MaxSearch)
	}
	// cost[s] is the least cost of covering s steps with the bundles looked at so far.
	cost := make([]int64, n+1)
	for s := 1; s <= n; s++ {
		cost[s] = unreachable
	}
	taken := make([][]bool, len(bundles))
	for i, b := range bundles {
		taken[i] = b.improve(cost)
	}
	if cost[n] == unreachable {
		return nil, invalid("packages", "do not cover the shortfall within their limits")
	}
	return retrace(bundles, taken, n, len(kinds)), nil
}

// unreachable is above every cost, and far enough below the largest integer to add one to it.
const unreachable = 1 << 62

// improve lowers costs where taking b is cheaper, and returns where it was.
func (b bundle) improve(cost []int64) []bool {
	taken := make([]bool, len(cost))
	try := func(s int) {
		if c := cost[max(0, s-b.size)] + b.cost; c < cost[s] {
			cost[s], taken[s] = c, true
		}
	}
	if b.repeat {
		for s := 1; s < len(cost); s++ {
			try(s)
		}
		return taken
	}
	for s := len(cost) - 1; s > 0; s-- { // downward, so that b is taken once
		try(s)
	}
	return taken
}

// retrace counts what was taken on the way to n steps.
func retrace(bundles []bundle, taken [][]bool, n, kinds int) []int {
	counts := make([]int, kinds)
	for i := len(bundles) - 1; i >= 0; i-- {
		b := bundles[i]
		for taken[i][n] {
			counts[b.kind] += b.times
			n = max(0, n-b.size)
			if !b.repeat {
				break
			}
		}
	}
	return counts
}

// bundlesOf returns the bundles of all kinds that can be of use in covering n steps.
func bundlesOf(kinds []kind, n int) ([]bundle, error) {
	var list []bundle
	for i, k := range kinds {
		cost, err := k.cost(n)
		if err != nil {
			return nil, err
		}
		if k.limit == 0 {
			list = append(list, bundle{kind: i, times: 1, size: k.size, cost: cost, repeat: true})
			continue
		}
		left := min(k.limit, (n+k.size-1)/k.size)
		for times := 1; left > 0; times *= 2 {
			times = min(times, left)
			list = append(list, bundle{kind: i, times: times, size: k.size * times, cost: cost * int64(times)})
			left -= times
		}
	}
	return list, nil
}

// cost returns the price of one package in steps of the currency's minor unit. Covering n steps
// must not cost more than an integer holds.
func (k kind) cost(n int) (int64, error) {
	scale, _ := MinorUnits(k.Price.Currency)
	most := decimal.New(unreachable, 0).Shift(-scale)
	if k.Price.Amount.Mul(decimal.New(int64(n)+1, 0)).Cmp(most) >= 0 {
		return 0, invalid("packages", "cost too much to compare")
	}
	return k.Price.Amount.Shift(scale).IntPart(), nil
}
