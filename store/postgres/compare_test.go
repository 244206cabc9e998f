package postgres_test

import (
	"context"
	"testing"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/postgres"
	"github.com/scrip-go/scrip/store/storetest"
)

// TestCompare shows that a ledger comes to the same answers and the same books as in
// memory, whether the store has transactions of its own or those of a host, and a
// statement per wallet.
func TestCompare(t *testing.T) {
	t.Parallel()
	seeds, rounds := uint64(5), 100
	if testing.Short() {
		seeds, rounds = 1, 50
	}
	for seed := range seeds {
		pool := newPool(t)
		newStore(t, pool, postgres.Config{})
		within := storetest.Hosted(func(ctx context.Context) (storetest.HostTx, error) {
			tx, err := pool.Begin(ctx)
			return storetest.HostTx{
				Store:    postgres.Within(tx),
				Commit:   func() error { return tx.Commit(context.WithoutCancel(ctx)) },
				Rollback: func() error { return tx.Rollback(context.WithoutCancel(ctx)) },
			}, err
		})
		stores := []ledger.Store{
			new(memory.Store), newStore(t, newPool(t), postgres.Config{}), newStore(t, newPool(t), postgres.Config{Sharded: true}), within,
		}
		storetest.Compare(t, seed, rounds, stores...)
	}
}
