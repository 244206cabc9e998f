package sqlite_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/sqlite"
)

var update = flag.Bool("update", false, "write testdata/<newest migration that changes tables>.sql anew")

// newest is the last migration that changed tables. Whoever adds one names it here
// and runs the tests once with -update: so every version's rows stay as fixtures.
const newest = "0001_books.sql"

func TestMigrateMayBeRepeated(t *testing.T) {
	t.Parallel()
	s, db := books(t, sqlite.Config{})
	fill(t, s, 2)
	before := dump(t, db)
	require.NoError(t, s.Migrate(t.Context()))
	require.Equal(t, before, dump(t, db))
	require.Equal(t, migrations(t), texts(t, db, `SELECT name FROM scrip_migrations ORDER BY name`))
}

func TestMigrateMayRunInManyProcessesAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "books.db")
	var wg sync.WaitGroup
	for range 8 { // a handle is to the others what a process is
		wg.Go(func() {
			db, err := sqlite.Open(path)
			if err == nil {
				defer db.Close()
				err = sqlite.New(db, sqlite.Config{}).Migrate(context.Background())
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestMigrateLeavesNothingBehindWhenItFails(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, err := db.Exec(`CREATE TABLE scrip_statement (taken TEXT)`) // where the last view is to go
	require.NoError(t, err)
	require.ErrorContains(t, sqlite.New(db, sqlite.Config{}).Migrate(t.Context()), "0002_views.sql")
	require.Equal(t, []string{"scrip_migrations", "scrip_statement"}, texts(t, db, `SELECT name FROM sqlite_schema
WHERE sql IS NOT NULL ORDER BY name`))
	require.Empty(t, texts(t, db, `SELECT name FROM scrip_migrations`))
}

func TestMigratePassesOverWhatANewerVersionAdded(t *testing.T) {
	t.Parallel()
	s, db := books(t, sqlite.Config{})
	_, err := db.Exec(`INSERT INTO scrip_migrations (name) VALUES ('9999_future.sql')`)
	require.NoError(t, err)
	require.NoError(t, s.Migrate(t.Context()))
}

// Every version of the schema, filled as that version filled it, becomes the same as
// a new one, and its records are read.
func TestMigrateUpgradesEveryEarlierVersion(t *testing.T) {
	t.Parallel()
	if *update {
		s, db := books(t, sqlite.Config{})
		fixture(t, s)
		require.NoError(t, os.WriteFile(filepath.Join("testdata", newest), []byte(dump(t, db)), 0o600))
	}
	_, fresh := books(t, sqlite.Config{})
	for i, version := range migrations(t) {
		t.Run(version, func(t *testing.T) {
			db := open(t)
			at(t, db, migrations(t)[:i+1])
			s := sqlite.New(db, sqlite.Config{})
			require.NoError(t, s.Migrate(t.Context()))
			require.Equal(t, schema(t, fresh), schema(t, db))
			checkFixture(t, s)
		})
	}
}

// at makes the schema that those migrations make and fills it with the last of the
// fixtures up to there.
func at(t *testing.T, db *sql.DB, names []string) {
	t.Helper()
	_, err := db.Exec(`CREATE TABLE scrip_migrations (
    name       TEXT NOT NULL PRIMARY KEY, -- of the file
    applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT`)
	require.NoError(t, err)
	var rows []byte
	for _, name := range names {
		script, err := fs.ReadFile(sqlite.Migrations(), name)
		require.NoError(t, err)
		_, err = db.Exec(string(script))
		require.NoError(t, err)
		_, err = db.Exec(`INSERT INTO scrip_migrations (name) VALUES (?)`, name)
		require.NoError(t, err)
		if fixture, err := os.ReadFile(filepath.Join("testdata", name)); err == nil {
			rows = fixture
		}
	}
	_, err = db.Exec(string(rows))
	require.NoError(t, err)
}

// fixture writes something of every kind of row.
func fixture(t *testing.T, s ledger.Store) {
	for _, w := range fill(t, s, 2) {
		after, e := charged(w, "charge")
		e.Of, e.Notices = 1, []ledger.Notice{{Kind: "first"}, {Kind: "second", Amount: dec("0.5")}}
		after.Hash = e.Seal(w.Hash)
		write(t, s, ledger.Changes{Wallets: []ledger.Put{{Wallet: &after, From: 1}}, Entries: []*ledger.Entry{&e}})
	}
}

func checkFixture(t *testing.T, s ledger.Store) {
	require.NoError(t, s.Update(t.Context(), func(tx ledger.Tx) error {
		wallets, err := tx.List(t.Context(), ledger.WalletPage{Limit: 10})
		require.NoError(t, err)
		require.Len(t, wallets, 2)
		for _, w := range wallets {
			entries, err := tx.Journal(t.Context(), ledger.Page{WalletID: w.ID, Limit: 10})
			require.NoError(t, err)
			require.Len(t, entries, 2)
			require.Equal(t, entries[0].Hash, entries[1].Previous)
			require.Equal(t, entries[1].Hash, w.Hash)
			require.Equal(t, "999999.000000000001", w.Balance.String())
		}
		notices, err := tx.TakeNotices(t.Context(), start, start, 10)
		require.NoError(t, err)
		require.Len(t, notices, 4)
		return nil
	}))
}

// migrations returns the names of all migrations in their order.
func migrations(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(sqlite.Migrations(), "*")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	require.True(t, sort.StringsAreSorted(names))
	return names
}

func schema(t *testing.T, db *sql.DB) []string {
	t.Helper()
	return texts(t, db, `SELECT type || ' ' || name || coalesce(': ' || sql, '') FROM sqlite_schema ORDER BY 1`)
}

// dump returns statements that write the rows of the books.
func dump(t *testing.T, db *sql.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range []string{"scrip_wallets", "scrip_entries", "scrip_notices"} {
		columns := texts(t, db, `SELECT name FROM pragma_table_info(?)`, table)
		quoted := `quote(` + strings.Join(columns, `) || ', ' || quote(`) + `)`
		for _, row := range texts(t, db, `SELECT `+quoted+` FROM `+table+` ORDER BY rowid`) {
			fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES (%s);\n", table, strings.Join(columns, ", "), row)
		}
	}
	return b.String()
}
