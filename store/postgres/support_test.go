package postgres_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// server returns the URL of the server that tests may use.
func server(tb testing.TB) string {
	tb.Helper()
	url := os.Getenv("SCRIP_TEST_POSTGRES")
	switch {
	case url != "":
	case os.Getenv("SCRIP_REQUIRE_DB") == "1":
		tb.Fatal("SCRIP_TEST_POSTGRES is not set")
	default:
		tb.Skip("SCRIP_TEST_POSTGRES is not set")
	}
	return url
}

// newPool returns connections, as a host should configure them, to a schema that
// nobody else uses and that is gone when the test has ended.
func newPool(tb testing.TB, settings ...func(*pgxpool.Config)) *pgxpool.Pool {
	tb.Helper()
	return newPoolOn(tb, server(tb), settings...)
}

// newPoolOn is newPool on the server at url.
func newPoolOn(tb testing.TB, url string, settings ...func(*pgxpool.Config)) *pgxpool.Pool {
	tb.Helper()
	ctx := context.Background()
	schema := "test_" + strings.ToLower(rand.Text())
	admin, err := pgx.Connect(ctx, url)
	require.NoError(tb, err)
	_, err = admin.Exec(ctx, "CREATE SCHEMA "+schema)
	require.NoError(tb, err)

	config, err := pgxpool.ParseConfig(url)
	require.NoError(tb, err)
	config.ConnConfig.RuntimeParams["search_path"] = schema
	config.ConnConfig.RuntimeParams["deadlock_timeout"] = "20ms"
	config.MaxConns = 20
	for _, set := range settings {
		set(config)
	}
	pool, err := pgxpool.NewWithConfig(ctx, postgres.Configure(config))
	require.NoError(tb, err)
	tb.Cleanup(func() {
		pool.Close()
		_, err := admin.Exec(ctx, "DROP SCHEMA "+schema+" CASCADE")
		require.NoError(tb, err)
		require.NoError(tb, admin.Close(ctx))
	})
	return pool
}

// newStore returns an empty store on pool.
func newStore(tb testing.TB, pool *pgxpool.Pool, cfg postgres.Config) *postgres.Store {
	tb.Helper()
	s := postgres.New(pool, cfg)
	require.NoError(tb, s.Migrate(context.Background()))
	return s
}

// newDB returns pool for a host on database/sql.
func newDB(tb testing.TB, pool *pgxpool.Pool) *sql.DB {
	db := stdlib.OpenDBFromPool(pool)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	return db
}

// A book is a wallet whose journal a test makes up.
type book struct{ ledger.Wallet }

// newBook returns a wallet without entries.
func newBook(key string) *book {
	b := &book{}
	b.ID = ledger.WalletIDOf(key)
	b.Unit = ledger.Unit{Name: "credits"}
	b.Owner = "owner of " + key
	b.Status = ledger.StatusOpen
	b.OpenedAt, b.SettledAt = noon, noon
	return b
}

// post returns what it takes to append e to the wallet's journal.
func (b *book) post(e ledger.Entry) ledger.Changes {
	from := b.Seq
	e = b.next(e)
	w := b.Wallet
	return ledger.Changes{Wallets: []ledger.Put{{Wallet: &w, From: from}}, Entries: []*ledger.Entry{&e}}
}

// next returns e as the wallet's next entry.
func (b *book) next(e ledger.Entry) ledger.Entry {
	e.WalletID, e.Seq = b.ID, b.Seq+1
	if e.Kind == "" {
		e.Kind = ledger.KindAdd
	}
	if e.RecordedAt.IsZero() {
		e.RecordedAt = noon
	}
	e.EffectiveAt = e.RecordedAt
	b.Balance = b.Balance.Add(e.Change)
	e.Balance = b.Balance
	b.Hash = e.Seal(b.Hash)
	b.Seq = e.Seq
	return e
}

// keyed returns an entry with that key.
func keyed(key string) ledger.Entry { return ledger.Entry{Key: key, Change: decimal.NewFromInt(1)} }

// join returns the changes of several wallets as one.
func join(all ...ledger.Changes) ledger.Changes {
	var joined ledger.Changes
	for _, c := range all {
		joined.Wallets = append(joined.Wallets, c.Wallets...)
		joined.Entries = append(joined.Entries, c.Entries...)
	}
	return joined
}

// write keeps c, having read nothing.
func write(ctx context.Context, s ledger.Store, c ledger.Changes) error {
	return s.Update(ctx, func(tx ledger.Tx) error { return tx.Write(ctx, c) })
}

// readAndWrite keeps c, having locked its wallets.
func readAndWrite(ctx context.Context, s ledger.Store, c ledger.Changes) error {
	return s.Update(ctx, func(tx ledger.Tx) error {
		if _, err := tx.Wallets(ctx, idsOf(c)); err != nil {
			return err
		}
		return tx.Write(ctx, c)
	})
}

func idsOf(c ledger.Changes) []ledger.WalletID {
	var ids []ledger.WalletID
	for _, p := range c.Wallets {
		ids = append(ids, p.Wallet.ID)
	}
	return ids
}

// wallets returns the wallets with these IDs as they are stored.
func wallets(tb testing.TB, s ledger.Store, ids ...ledger.WalletID) []ledger.Wallet {
	tb.Helper()
	ctx := context.Background()
	var found []ledger.Wallet
	require.NoError(tb, s.View(ctx, func(tx ledger.Tx) (err error) {
		found, err = tx.Wallets(ctx, ids)
		return err
	}))
	return found
}

// journal returns the entries of a wallet as they are stored.
func journal(tb testing.TB, s ledger.Store, id ledger.WalletID) []ledger.Entry {
	tb.Helper()
	ctx := context.Background()
	var found []ledger.Entry
	require.NoError(tb, s.View(ctx, func(tx ledger.Tx) (err error) {
		found, err = tx.Journal(ctx, ledger.Page{WalletID: id, Limit: 1_000_000})
		return err
	}))
	return found
}

// books returns n books that are stored, each with one entry.
func books(tb testing.TB, s ledger.Store, n int) []*book {
	tb.Helper()
	all := make([]*book, n)
	var changes ledger.Changes
	for i := range all {
		all[i] = newBook(fmt.Sprint("wallet ", i))
		changes = join(changes, all[i].post(keyed("open")))
	}
	require.NoError(tb, write(context.Background(), s, changes))
	return all
}

func readFile(tb testing.TB, name string) string {
	tb.Helper()
	data, err := os.ReadFile(name)
	require.NoError(tb, err)
	return string(data)
}
