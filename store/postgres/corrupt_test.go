package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// TestTampering checks that a record that contradicts its columns, or is none at
// all, is found when it is read.
func TestTampering(t *testing.T) {
	t.Parallel()
	readWallet := func(tx ledger.Tx, a *book) error {
		_, err := tx.Wallets(t.Context(), []ledger.WalletID{a.ID})
		return err
	}
	readEntry := func(tx ledger.Tx, a *book) error {
		_, err := tx.Journal(t.Context(), ledger.Page{WalletID: a.ID, Limit: 1})
		return err
	}
	takeNotice := func(tx ledger.Tx, _ *book) error {
		_, err := tx.TakeNotices(t.Context(), noon, noon, 1)
		return err
	}
	tests := []struct {
		name   string
		tamper string
		read   func(ledger.Tx, *book) error
	}{
		{"a wallet whose seq was changed", "UPDATE scrip_wallets SET seq = 7", readWallet},
		{"a wallet whose owner was changed", "UPDATE scrip_wallets SET owner = 'eve'", readWallet},
		{"a wallet whose due time was set", "UPDATE scrip_wallets SET due_at = '2030-01-01Z'", readWallet},
		{"a wallet whose body is another's", `UPDATE scrip_wallets SET body =
			replace(body, id::text, '00000000-0000-0000-0000-000000000001')`, readWallet},
		{"a wallet that is no record", "UPDATE scrip_wallets SET body = '{'", readWallet},
		{"an entry whose key was removed", "UPDATE scrip_entries SET key = NULL", readEntry},
		{"an entry whose key was changed", "UPDATE scrip_entries SET key = 'Open'", readEntry},
		{"an entry that unwinds another", "UPDATE scrip_entries SET of = 2", readEntry},
		{"an entry that became late", "UPDATE scrip_entries SET late = true", readEntry},
		{"an entry that was moved", "UPDATE scrip_entries SET seq = 2", readEntry},
		{"an entry that is no record", "UPDATE scrip_entries SET body = ''", readEntry},
		{"a notice that its entry has not", "UPDATE scrip_notices SET n = 1", takeNotice},
		{"a notice without its entry", "DELETE FROM scrip_entries", takeNotice},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pool := newPool(t)
			s := newStore(t, pool, postgres.Config{})
			a := newBook("a")
			noted := keyed("open")
			noted.Notices = []ledger.Notice{{Kind: "low"}}
			require.NoError(t, write(t.Context(), s, a.post(noted)))
			read := func() error {
				return s.Update(t.Context(), func(tx ledger.Tx) error { return tt.read(tx, a) })
			}
			require.NoError(t, read())
			_, err := pool.Exec(t.Context(), tt.tamper)
			require.NoError(t, err)
			require.ErrorIs(t, read(), ledger.ErrCorrupt)
		})
	}
}
