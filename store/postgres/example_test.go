package postgres_test

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// A program opens a pool of the ledger's own and brings the tables up to date.
func Example() {
	open := func(ctx context.Context, url string) (*ledger.Ledger, error) {
		config, err := pgxpool.ParseConfig(url)
		if err != nil {
			return nil, err
		}
		pool, err := pgxpool.NewWithConfig(ctx, postgres.Configure(config))
		if err != nil {
			return nil, err
		}
		store := postgres.New(pool, postgres.Config{})
		if err := store.Migrate(ctx); err != nil {
			return nil, err
		}
		return ledger.New(store, ledger.Config{}), nil
	}
	_ = open
}

// An order and the credits that it costs are kept together or not at all.
func ExampleWithin() {
	place := func(ctx context.Context, pool *pgxpool.Pool, books *ledger.Ledger, order string) error {
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO orders (id) VALUES ($1)", order); err != nil {
				return err
			}
			_, err := books.In(postgres.Within(tx)).Charge(ctx, ledger.ChargeRequest{
				Key:      order,
				WalletID: ledger.WalletIDOf("org-42"),
				Item:     "report",
				Amount:   decimal.NewFromInt(3),
			})
			return err // of a wallet that is short: it undoes the order, too
		})
	}
	_ = place
}
