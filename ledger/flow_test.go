package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// A market is grants that may pay for some of the parts, small enough to try all.
type market struct {
	have   []int64  // by grant
	want   []int64  // by part
	covers [][]bool // by grant and part
}

func randomMarket(r *rand.Rand) market {
	m := market{have: make([]int64, 1+r.IntN(5)), want: make([]int64, 1+r.IntN(5))}
	for p := range m.want {
		m.want[p] = int64(r.IntN(8))
	}
	for g := range m.have {
		m.have[g] = int64(r.IntN(8))
		covers := make([]bool, len(m.want))
		for p := range covers {
			covers[p] = r.IntN(2) == 0
		}
		m.covers = append(m.covers, covers)
	}
	return m
}

// wallet returns a wallet with the grants of m, and the parts.
func (m market) wallet() (ledger.Wallet, []ledger.Part) {
	var w ledger.Wallet
	var parts []ledger.Part
	for p, amount := range m.want {
		parts = append(parts, ledger.Part{Item: ledger.Item{ID: fmt.Sprint(p)}, Amount: decimal.NewFromInt(amount)})
	}
	for g, amount := range m.have {
		scope := ledger.Scope{Items: []string{"nothing"}}
		for p := range m.want {
			if m.covers[g][p] {
				scope.Items = append(scope.Items, fmt.Sprint(p))
			}
		}
		w.Grants = append(w.Grants, ledger.OpenGrant{
			Grant:     &ledger.Grant{ID: ledger.GrantID{Seq: int64(g + 1), N: 1}, Scope: scope},
			Remaining: decimal.NewFromInt(amount),
		})
	}
	return w, parts
}

// most returns how much the first grants can pay of the first parts: the smallest
// cut, found by trying every set of parts.
func (m market) most(grants, parts int) int64 {
	best := int64(-1)
	for set := range 1 << parts {
		cut := int64(0)
		for p := range parts {
			if set&(1<<p) == 0 {
				cut += m.want[p]
			}
		}
		for g := range grants {
			for p := range parts {
				if set&(1<<p) != 0 && m.covers[g][p] {
					cut += m.have[g]
					break
				}
			}
		}
		if best < 0 || cut < best {
			best = cut
		}
	}
	return best
}

// What the first n parts get of all grants is the most that they can, for every n,
// and so is what the first n grants pay of all parts.
func TestFullestPaysTheMostAndFollowsBothOrders(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 3_000 {
		m := randomMarket(r)
		w, parts := m.wallet()
		draws, unpaid := w.Allocate(parts, noon, ledger.StrategyFullest)
		served, drawn := make([]int64, len(m.want)), make([]int64, len(m.have))
		for _, d := range draws {
			require.True(t, m.covers[d.Grant.Seq-1][d.Part], "%+v", m)
			served[d.Part] += d.Amount.IntPart()
			drawn[d.Grant.Seq-1] += d.Amount.IntPart()
		}
		sum := int64(0)
		for p := range m.want {
			sum += served[p]
			require.Equal(t, m.most(len(m.have), p+1), sum, "part %d of %+v", p, m)
			require.Equal(t, m.want[p]-served[p], unpaid[p].IntPart())
		}
		sum = 0
		for g := range m.have {
			require.LessOrEqual(t, drawn[g], m.have[g])
			sum += drawn[g]
			require.Equal(t, m.most(g+1, len(m.want)), sum, "grant %d of %+v", g, m)
		}
	}
}

func TestFullestNeverPaysLessThanInOrder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	strictly := 0
	for range 3_000 {
		w, parts := randomMarket(r).wallet()
		_, inOrder := w.Allocate(parts, noon, ledger.StrategyInOrder)
		_, fullest := w.Allocate(parts, noon, ledger.StrategyFullest)
		a, b := decimal.Sum(decimal.Zero, inOrder...), decimal.Sum(decimal.Zero, fullest...)
		require.False(t, b.GreaterThan(a))
		if b.LessThan(a) {
			strictly++
		}
	}
	require.Positive(t, strictly, "the markets are too easy to tell the strategies apart")
}

// bigMarket returns n grants, each good for a hundred items of its own choice, and
// parts of one item each.
func bigMarket(grants, parts int) (ledger.Wallet, []ledger.Part) {
	r := rand.New(rand.NewPCG(5, 6))
	var w ledger.Wallet
	var all []ledger.Part
	for p := range parts {
		item := ledger.Item{ID: fmt.Sprintf("item-%d", p), Kind: "meter"}
		all = append(all, ledger.Part{Item: item, Amount: decimal.New(int64(1+r.IntN(10_000)), -2)})
	}
	for g := range grants {
		items := make([]string, 0, 100)
		for _, p := range r.Perm(parts)[:min(parts, 100)] {
			items = append(items, all[p].Item.ID)
		}
		w.Grants = append(w.Grants, ledger.OpenGrant{
			Grant: &ledger.Grant{
				ID: ledger.GrantID{Seq: int64(g + 1), N: 1}, Scope: ledger.Scope{Items: items},
				ExpiresAt: noon.Add(time.Duration(g+1) * day),
			},
			Remaining: decimal.New(int64(1+r.IntN(80_000)), -2),
		})
	}
	return w, all
}

func BenchmarkAllocate(b *testing.B) {
	for _, strategy := range []ledger.Strategy{ledger.StrategyInOrder, ledger.StrategyFullest} {
		b.Run(fmt.Sprintf("1000x100/%s", strategy), func(b *testing.B) {
			w, parts := bigMarket(100, 1_000)
			b.ReportAllocs()
			for b.Loop() {
				w.Allocate(parts, noon, strategy)
			}
		})
	}
}
