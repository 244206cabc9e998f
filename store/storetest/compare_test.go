package storetest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/storetest"
)

func TestCompareAgreesWithEqualStores(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		storetest.Compare(t, seed, 100, new(memory.Store), new(memory.Store))
	}
	storetest.Compare(t, 5, 20, new(memory.Store), storetest.Hosted(new(database).begin))
}

func TestCompareFindsADifference(t *testing.T) {
	t.Parallel()
	differs := storetest.Flawed(new(memory.Store), func(tx ledger.Tx) ledger.Tx { return losesSevens{tx} })
	failed := storetest.Failures(t, func(tb testing.TB) { storetest.Compare(tb, 1, 100, new(memory.Store), differs) })
	if len(failed) == 0 {
		t.Error("no difference was found")
	}
}

// losesSevens does not find keys that end in 7.
type losesSevens struct{ ledger.Tx }

func (t losesSevens) Keyed(ctx context.Context, keys []ledger.EntryKey) ([]ledger.Entry, error) {
	var asked []ledger.EntryKey
	for _, k := range keys {
		if !strings.HasSuffix(k.Key, "7") {
			asked = append(asked, k)
		}
	}
	return t.Tx.Keyed(ctx, asked)
}
