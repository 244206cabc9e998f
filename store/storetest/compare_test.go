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
	loses := func(tx ledger.Tx) ledger.Tx { return losesSevens{tx} }
	differs := broken{new(memory.Store), fault{tx: loses}}
	compare := checkFunc(func(tb testing.TB, s ledger.Store) { storetest.Compare(tb, 1, 100, new(memory.Store), s) })
	if failed := failures(t, compare, differs); len(failed) == 0 {
		t.Error("no difference was found")
	}
}

type checkFunc func(testing.TB, ledger.Store)

func (f checkFunc) Check(tb testing.TB, s ledger.Store) { f(tb, s) }

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
