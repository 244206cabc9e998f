package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/sqlite"
)

// impatient returns a handle to the file of another that does not wait for locks and
// begins transactions without one, as a handle of the host may.
func impatient(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_busy_timeout=0&_synchronous=FULL")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func pathOf(t *testing.T, db *sql.DB) string {
	t.Helper()
	return texts(t, db, `SELECT file FROM pragma_database_list WHERE name = 'main'`)[0]
}

func TestUpdatesOfManyHandlesLoseNothing(t *testing.T) {
	t.Parallel()
	s, db := books(t, sqlite.Config{})
	id := fill(t, s, 1)[0].ID
	const handles, charges = 4, 25
	var wg sync.WaitGroup
	for range handles {
		other, err := sqlite.Open(pathOf(t, db))
		require.NoError(t, err)
		defer other.Close()
		s := sqlite.New(other, sqlite.Config{})
		wg.Go(func() {
			for range charges {
				if err := s.Update(context.Background(), chargeOnce(id)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	w := stored(t, s, id)
	require.Equal(t, int64(1+handles*charges), w.Seq)
	require.Equal(t, "999900.000000000001", w.Balance.String())
}

// chargeOnce reads a wallet and charges it one credit.
func chargeOnce(id ledger.WalletID) func(ledger.Tx) error {
	return func(tx ledger.Tx) error {
		wallets, err := tx.Wallets(context.Background(), []ledger.WalletID{id})
		if err != nil {
			return err
		}
		w, e := charged(wallets[0], "")
		return tx.Write(context.Background(), ledger.Changes{
			Wallets: []ledger.Put{{Wallet: &w, From: wallets[0].Seq}}, Entries: []*ledger.Entry{&e},
		})
	}
}

func TestUpdateLocksBeforeItReads(t *testing.T) {
	t.Parallel()
	s, db := books(t, sqlite.Config{})
	id := fill(t, s, 1)[0].ID
	other := sqlite.New(impatient(t, pathOf(t, db)), sqlite.Config{})
	runs := 0
	require.NoError(t, s.Update(t.Context(), func(ledger.Tx) error { // has read nothing yet
		require.ErrorIs(t, other.Update(t.Context(), func(ledger.Tx) error { runs++; return nil }), ledger.ErrConflict)
		return nil
	}))
	require.Zero(t, runs)
	require.NoError(t, other.Update(t.Context(), chargeOnce(id)))
}

func TestUpdateGivesUpWithItsContextWhileAnotherWrites(t *testing.T) {
	t.Parallel()
	s, db := books(t, sqlite.Config{})
	id := fill(t, s, 1)[0].ID
	other, err := sqlite.Open(pathOf(t, db))
	require.NoError(t, err)
	defer other.Close()
	for name, waiting := range map[string]*sqlite.Store{
		"of the same store": s, "of another": sqlite.New(other, sqlite.Config{}),
	} {
		require.NoError(t, s.Update(t.Context(), func(ledger.Tx) error {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			require.ErrorIs(t, waiting.Update(ctx, chargeOnce(id)), context.DeadlineExceeded, name)
			return nil
		}))
	}
	require.Equal(t, int64(1), stored(t, s, id).Seq)
}

func TestAContextThatEndsBeforeTheCommitKeepsNothing(t *testing.T) {
	t.Parallel()
	s, _ := books(t, sqlite.Config{})
	id := fill(t, s, 1)[0].ID
	ctx, cancel := context.WithCancel(t.Context())
	require.ErrorIs(t, s.Update(ctx, func(tx ledger.Tx) error {
		defer cancel()
		return chargeOnce(id)(tx)
	}), context.Canceled)
	require.ErrorIs(t, s.Update(ctx, chargeOnce(id)), context.Canceled)
	require.ErrorIs(t, s.View(ctx, func(ledger.Tx) error { return nil }), context.Canceled)
	require.Equal(t, int64(1), stored(t, s, id).Seq)
}

// The end of its context closes the statements of a transaction wherever it has got to.
func TestAContextThatEndsAmongStatementsIsTheError(t *testing.T) {
	t.Parallel()
	s, _ := books(t, sqlite.Config{})
	id := fill(t, s, 1)[0].ID
	for name, do := range map[string]func(context.Context, func(ledger.Tx) error) error{"Update": s.Update, "View": s.View} {
		ctx, cancel := context.WithCancel(t.Context())
		require.ErrorIs(t, do(ctx, func(tx ledger.Tx) error {
			_, err := tx.Wallets(t.Context(), []ledger.WalletID{id})
			require.NoError(t, err)
			cancel()
			for range 20 { // at first there is no transaction any more, then no statement
				time.Sleep(time.Millisecond)
				_, err = tx.Wallets(t.Context(), []ledger.WalletID{id})
			}
			return err
		}), context.Canceled, name)
	}
	require.Equal(t, int64(1), stored(t, s, id).Seq)
}

func TestViewReadsWhileAnotherWrites(t *testing.T) {
	t.Parallel()
	s, _ := books(t, sqlite.Config{})
	id := fill(t, s, 1)[0].ID
	require.NoError(t, s.Update(t.Context(), func(tx ledger.Tx) error {
		require.NoError(t, chargeOnce(id)(tx))
		require.Equal(t, int64(1), stored(t, s, id).Seq)
		return nil
	}))
	require.Equal(t, int64(2), stored(t, s, id).Seq)
}

func TestUpdateSurvivesAPanic(t *testing.T) {
	t.Parallel()
	s, _ := books(t, sqlite.Config{})
	id := fill(t, s, 1)[0].ID
	require.Panics(t, func() {
		_ = s.Update(t.Context(), func(tx ledger.Tx) error {
			require.NoError(t, chargeOnce(id)(tx))
			panic("fn")
		})
	})
	require.Equal(t, int64(1), stored(t, s, id).Seq)
	require.NoError(t, s.Update(t.Context(), chargeOnce(id)))
}

func TestWithinIsRefusedIfTheDatabaseHasChangedSinceItRead(t *testing.T) {
	t.Parallel()
	s, db := books(t, sqlite.Config{})
	id := fill(t, s, 1)[0].ID
	host, err := impatient(t, pathOf(t, db)).Begin()
	require.NoError(t, err)
	defer host.Rollback()
	var n int
	require.NoError(t, host.QueryRow(`SELECT count(*) FROM scrip_wallets`).Scan(&n))
	require.NoError(t, s.Update(t.Context(), chargeOnce(id)))
	require.ErrorIs(t, sqlite.Within(host).Update(t.Context(), chargeOnce(id)), ledger.ErrConflict)
}

func TestWithinLocksBeforeItReads(t *testing.T) {
	t.Parallel()
	s, db := books(t, sqlite.Config{})
	id := fill(t, s, 1)[0].ID
	lax := impatient(t, pathOf(t, db))
	host, err := lax.Begin()
	require.NoError(t, err)
	defer host.Rollback()
	require.NoError(t, sqlite.Within(host).Update(t.Context(), func(ledger.Tx) error {
		other := sqlite.New(lax, sqlite.Config{})
		require.ErrorIs(t, other.Update(t.Context(), chargeOnce(id)), ledger.ErrConflict)
		return nil
	}))
}

func TestAFailedUpdateWithinLeavesTheHostsRowsAndNoneOfItsOwn(t *testing.T) {
	t.Parallel()
	s, db := books(t, sqlite.Config{})
	id := fill(t, s, 1)[0].ID
	_, err := db.Exec(`CREATE TABLE orders (id TEXT)`)
	require.NoError(t, err)
	host, err := db.Begin()
	require.NoError(t, err)
	defer host.Rollback()
	_, err = host.Exec(`INSERT INTO orders VALUES ('o-1')`)
	require.NoError(t, err)
	refused := errors.New("refused")
	require.ErrorIs(t, s.Within(host).Update(t.Context(), func(tx ledger.Tx) error {
		require.NoError(t, chargeOnce(id)(tx))
		return refused
	}), refused)
	require.Equal(t, int64(1), stored(t, s.Within(host), id).Seq)
	require.NoError(t, s.Within(host).Update(t.Context(), chargeOnce(id)))
	require.NoError(t, host.Commit())
	require.Equal(t, int64(2), stored(t, s, id).Seq)
	require.Equal(t, []string{"o-1"}, texts(t, db, `SELECT id FROM orders`))
}

func TestViewRefusesToWrite(t *testing.T) {
	t.Parallel()
	s, _ := books(t, sqlite.Config{})
	id := fill(t, s, 1)[0].ID
	require.Error(t, s.View(t.Context(), chargeOnce(id)))
	require.Error(t, s.View(t.Context(), func(tx ledger.Tx) error { return tx.AckNotices(t.Context(), nil) }))
	require.Equal(t, int64(1), stored(t, s, id).Seq)
}

func TestAStoreWithoutItsTablesSaysWhatToDo(t *testing.T) {
	t.Parallel()
	s := sqlite.New(open(t), sqlite.Config{})
	require.ErrorContains(t, s.View(t.Context(), func(ledger.Tx) error { return nil }), "run Migrate")
	require.NoError(t, s.Migrate(t.Context()))
	require.NoError(t, s.View(t.Context(), func(ledger.Tx) error { return nil }))
}

func TestAHandleThatCanLoseCommitsIsRefused(t *testing.T) {
	t.Parallel()
	for _, settings := range []string{"_synchronous=NORMAL", "_synchronous=OFF", "_journal_mode=OFF", "_journal_mode=MEMORY"} {
		_, db := books(t, sqlite.Config{})
		path := pathOf(t, db)
		require.NoError(t, db.Close())
		lax, err := sql.Open("sqlite", "file:"+path+"?"+settings)
		require.NoError(t, err)
		require.ErrorContains(t, sqlite.New(lax, sqlite.Config{}).Update(t.Context(), func(ledger.Tx) error { return nil }),
			"PRAGMA", settings)
		require.NoError(t, lax.Close())
	}
}

func TestOpenTakesEveryPath(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"books.db", "50% of #1?mode=ro&x=y.db", "file:x", "ünï cødé"} {
		path := filepath.Join(t.TempDir(), name)
		db, err := sqlite.Open(path)
		require.NoError(t, err)
		require.FileExists(t, path)
		require.Equal(t, []string{"wal"}, texts(t, db, `PRAGMA journal_mode`))
		require.NoError(t, db.Close())
	}
	for _, path := range []string{"", ":memory:", filepath.Join(t.TempDir(), "none", "books.db")} {
		_, err := sqlite.Open(path)
		require.Error(t, err)
	}
}

// coded is an error of SQLite's.
type coded int

func (c coded) Error() string { return "coded" }
func (c coded) Code() int     { return int(c) }

func TestACommitErrorSaysWhetherTheOutcomeIsKnown(t *testing.T) {
	t.Parallel()
	for _, busy := range []coded{5, 5 | 2<<8, 6} { // SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED
		require.ErrorIs(t, sqlite.CommitError(busy), ledger.ErrConflict)
	}
	require.NotErrorIs(t, sqlite.CommitError(coded(13)), ledger.ErrUnknownOutcome) // SQLITE_FULL
	require.ErrorIs(t, sqlite.CommitError(context.Canceled), context.Canceled)
	require.ErrorIs(t, sqlite.CommitError(coded(10|4<<8)), ledger.ErrUnknownOutcome) // SQLITE_IOERR_FSYNC
	require.ErrorIs(t, sqlite.CommitError(errors.New("no code")), ledger.ErrUnknownOutcome)
	require.NoError(t, sqlite.CommitError(nil))
}
