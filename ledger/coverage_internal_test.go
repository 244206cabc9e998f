package ledger

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCoverageAgreesWithTheScope(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	names := []string{"", "a", "b", "c", "d"}
	some := func() (list []string) {
		for range r.IntN(3) {
			list = append(list, names[r.IntN(len(names))])
		}
		return list
	}
	for range 2_000 {
		parts := make([]Part, r.IntN(100))
		for p := range parts {
			parts[p].Item = Item{Kind: names[r.IntN(len(names))], ID: names[r.IntN(len(names))]}
		}
		s := Scope{Kinds: some(), Items: some(), ExceptKinds: some(), ExceptItems: some()}
		covered := newCoverage(parts).of(&s)
		for p := range parts {
			require.Equal(t, s.Covers(parts[p].Item), covered.has(p), "%v of %v", parts[p].Item, s)
		}
	}
}
