package sqlite_test

import (
	"context"
	"testing"

	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/sqlite"
	"github.com/scrip-go/scrip/store/storetest"
)

// A ledger comes to the same answers and the same books as in memory, whether the
// store has transactions of its own or those of a host.
func TestBooksAreThoseInMemory(t *testing.T) {
	t.Parallel()
	seeds, rounds := uint64(5), 100
	if testing.Short() {
		seeds, rounds = 1, 50
	}
	for seed := range seeds {
		s, _ := books(t, sqlite.Config{})
		_, db := books(t, sqlite.Config{})
		within := storetest.Hosted(func(ctx context.Context) (storetest.HostTx, error) { return begin(ctx, db, sqlite.Within) })
		storetest.Compare(t, seed, rounds, new(memory.Store), s, within)
	}
}
