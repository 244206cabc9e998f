package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
	"github.com/scrip-go/scrip/store/storetest"
)

// TestStore runs the contract of storage on stores with transactions of their own.
func TestStore(t *testing.T) {
	t.Run("on pgx", func(t *testing.T) {
		t.Parallel()
		storetest.Run(t, func(t *testing.T) ledger.Store {
			return newStore(t, newPool(t), postgres.Config{})
		})
	})
	t.Run("on database/sql", func(t *testing.T) {
		t.Parallel()
		storetest.Run(t, func(t *testing.T) ledger.Store {
			s := postgres.NewSQL(newDB(t, newPool(t)), postgres.Config{})
			require.NoError(t, s.Migrate(t.Context()))
			return s
		})
	})
	t.Run("with other names, a statement per wallet", func(t *testing.T) {
		t.Parallel()
		storetest.Run(t, func(t *testing.T) ledger.Store {
			return newStore(t, newPool(t), postgres.Config{Prefix: `Credit"s `, Sharded: true})
		})
	})
}

// TestFlaws shows that the contract would notice flaws of the store.
func TestFlaws(t *testing.T) {
	t.Parallel()
	storetest.RunFlawed(t, func(t *testing.T) ledger.Store {
		return newStore(t, newPool(t), postgres.Config{})
	})
}

// TestWithin runs the contract of storage on stores in a host's transaction.
func TestWithin(t *testing.T) {
	t.Run("on pgx", func(t *testing.T) {
		t.Parallel()
		storetest.RunWithin(t, func(t *testing.T) storetest.Begin {
			pool := newPool(t)
			newStore(t, pool, postgres.Config{})
			return func(ctx context.Context) (storetest.HostTx, error) {
				tx, err := pool.BeginTx(ctx, pgx.TxOptions{})
				return storetest.HostTx{
					Store:    postgres.Within(tx),
					Commit:   func() error { return tx.Commit(context.WithoutCancel(ctx)) },
					Rollback: func() error { return tx.Rollback(context.WithoutCancel(ctx)) },
				}, err
			}
		})
	})
	t.Run("on database/sql", func(t *testing.T) {
		t.Parallel()
		storetest.RunWithin(t, func(t *testing.T) storetest.Begin {
			pool := newPool(t)
			s := newStore(t, pool, postgres.Config{Prefix: "other_"})
			db := newDB(t, pool)
			return func(ctx context.Context) (storetest.HostTx, error) {
				tx, err := db.BeginTx(ctx, nil)
				return storetest.HostTx{Store: s.WithinSQL(tx), Commit: tx.Commit, Rollback: tx.Rollback}, err
			}
		})
	})
}
