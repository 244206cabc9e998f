package sqlite_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/sqlite"
)

// A database that has reached its size limit answers as on a full disk.
func TestAFullDatabaseRefusesWholeUpdatesAndGoesOnWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	s, db := books(t, sqlite.Config{})
	db.SetMaxOpenConns(1) // the limit is the connection's
	wallets := fill(t, s, 10)
	_, err := db.Exec(`PRAGMA max_page_count = 60`)
	require.NoError(t, err)
	last := fillUp(t, s, wallets)
	_, err = db.Exec(`PRAGMA max_page_count = 100000`)
	require.NoError(t, err)
	goOn(t, s, wallets, last)
}

// fillUp writes batches until one fails, and returns the changes of that one.
func fillUp(t *testing.T, s ledger.Store, wallets []ledger.Wallet) ledger.Changes {
	t.Helper()
	for round := range 10_000 {
		kept := append([]ledger.Wallet(nil), wallets...)
		c := batch(wallets, len(wallets), round)
		err := s.Update(t.Context(), func(tx ledger.Tx) error { return tx.Write(t.Context(), c) })
		if err == nil {
			continue
		}
		t.Logf("after %d batches: %v", round, err)
		require.NotErrorIs(t, err, ledger.ErrConflict)
		require.NotErrorIs(t, err, ledger.ErrUnknownOutcome)
		for _, w := range kept {
			require.Equal(t, w.Hash, stored(t, s, w.ID).Hash)
		}
		return c
	}
	t.Fatal("the database was never full")
	return ledger.Changes{}
}

// goOn writes the changes that failed, and checks that all is there.
func goOn(t *testing.T, s ledger.Store, wallets []ledger.Wallet, c ledger.Changes) {
	t.Helper()
	write(t, s, c)
	for _, w := range wallets {
		require.Equal(t, w.Hash, stored(t, s, w.ID).Hash)
		require.NoError(t, readAll(t, s, w.ID))
	}
}
