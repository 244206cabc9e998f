package postgres_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// TestMigrateUpgrades checks that Migrate brings every earlier version up to date,
// keeps what is in it, and has nothing to do the second time.
func TestMigrateUpgrades(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(postgres.Migrations(), "*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for version := range len(files) + 1 {
		pool := newPool(t)
		s := postgres.New(pool, postgres.Config{})
		migrateTo(t, pool, files[:version])
		var a *book
		if version > 0 {
			a = books(t, s, 1)[0]
		}

		require.NoError(t, s.Migrate(t.Context()))
		require.NoError(t, s.Migrate(t.Context()))

		if a == nil {
			a = books(t, s, 1)[0]
		}
		require.Equal(t, []ledger.Wallet{a.Wallet}, wallets(t, s, a.ID))
		var balances int
		require.NoError(t, pool.QueryRow(t.Context(), "SELECT count(*) FROM scrip_balances").Scan(&balances))
		require.Equal(t, 1, balances)
		require.Equal(t, files, applied(t, pool))
	}
}

// migrateTo runs files as an earlier version of the package did.
func migrateTo(t *testing.T, pool *pgxpool.Pool, files []string) {
	t.Helper()
	_, err := pool.Exec(t.Context(), "CREATE TABLE scrip_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())")
	require.NoError(t, err)
	for _, name := range files {
		sql, err := fs.ReadFile(postgres.Migrations(), name)
		require.NoError(t, err)
		_, err = pool.Exec(t.Context(), string(sql), pgx.QueryExecModeSimpleProtocol)
		require.NoError(t, err)
		_, err = pool.Exec(t.Context(), "INSERT INTO scrip_migrations (name) VALUES ($1)", name)
		require.NoError(t, err)
	}
}

// applied returns the names of the migrations that the database knows of.
func applied(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), "SELECT name FROM scrip_migrations ORDER BY name")
	require.NoError(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return names
}

// TestMigrateAtOnce checks that processes that start at once can all migrate.
func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	for range 5 {
		var all errgroup.Group
		for range 8 {
			all.Go(func() error { return postgres.New(pool, postgres.Config{}).Migrate(t.Context()) })
		}
		require.NoError(t, all.Wait())
		require.NotEmpty(t, applied(t, pool))
		_, err := pool.Exec(t.Context(), `DROP VIEW scrip_balances, scrip_grants, scrip_statement;
			DROP TABLE scrip_migrations, scrip_wallets, scrip_entries, scrip_notices`, pgx.QueryExecModeSimpleProtocol)
		require.NoError(t, err)
	}
}

// TestMigrateFails checks that a migration that fails leaves nothing of itself and
// can be run again.
func TestMigrateFails(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	s := postgres.New(pool, postgres.Config{})
	_, err := pool.Exec(t.Context(), "CREATE TABLE scrip_statement (in_the_way int)")
	require.NoError(t, err)
	err = s.Migrate(t.Context())
	require.ErrorContains(t, err, "0002_views.sql")
	require.Equal(t, []string{"0001_tables.sql"}, applied(t, pool))

	_, err = pool.Exec(t.Context(), "DROP TABLE scrip_statement")
	require.NoError(t, err)
	require.NoError(t, s.Migrate(t.Context()))
}

// TestNames checks that stores with different prefixes and schemas share a database
// without sharing a row, and that everything made for them bears their names.
func TestNames(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	var first, schema string
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT current_schema").Scan(&first))
	schema = first + " two"
	_, err := pool.Exec(t.Context(), "CREATE SCHEMA "+pgx.Identifier{schema}.Sanitize())
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := pool.Exec(context.Background(), "DROP SCHEMA "+pgx.Identifier{schema}.Sanitize()+" CASCADE")
		require.NoError(t, err)
	})

	stores := []*postgres.Store{
		newStore(t, pool, postgres.Config{}),
		newStore(t, pool, postgres.Config{Prefix: "shop_credits_"}),
		newStore(t, pool, postgres.Config{Schema: schema}),
		newStore(t, pool, postgres.Config{Schema: schema, Prefix: "shop_credits_"}),
	}
	for _, s := range stores {
		require.Empty(t, wallets(t, s, ledger.WalletIDOf("wallet 0")))
		books(t, s, 1)
		require.Len(t, wallets(t, s, ledger.WalletIDOf("wallet 0")), 1)
	}

	count := func(schema, prefix string) (n int) {
		err := pool.QueryRow(t.Context(), `SELECT count(*) FROM pg_class
			WHERE relnamespace = $1::regnamespace AND starts_with(relname, $2) AND relkind IN ('r', 'v', 'i')`,
			pgx.Identifier{schema}.Sanitize(), prefix).Scan(&n)
		require.NoError(t, err)
		return n
	}
	made := count(first, "scrip_")
	require.Positive(t, made)
	require.Equal(t, made, count(first, "shop_credits_"))
	require.Equal(t, made, count(schema, "scrip_"))
	require.Equal(t, made, count(schema, "shop_credits_"))
}

// TestNotMigrated checks that a store without tables says what to do.
func TestNotMigrated(t *testing.T) {
	t.Parallel()
	s := postgres.New(newPool(t), postgres.Config{})
	err := write(t.Context(), s, newBook("a").post(keyed("open")))
	require.ErrorContains(t, err, "see Store.Migrate")
	require.ErrorContains(t, err, "scrip_wallets")
}

// TestCitusNamesAllTables checks that the step that distributes the tables forgets
// none that has a wallet in it.
func TestCitusNamesAllTables(t *testing.T) {
	t.Parallel()
	tables, err := fs.ReadFile(postgres.Migrations(), "0001_tables.sql")
	require.NoError(t, err)
	step := readFile(t, "citus.sql")
	require.Equal(t, strings.Count(string(tables), "CREATE TABLE"), strings.Count(step, "create_distributed_table("))
}
