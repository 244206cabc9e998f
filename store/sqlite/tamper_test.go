package sqlite_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/sqlite"
)

// Whoever changes a column or a body by hand is found out by the next who reads it.
func TestAColumnThatContradictsItsBodyIsCorrupt(t *testing.T) {
	t.Parallel()
	for _, change := range []string{
		`UPDATE scrip_wallets SET owner = 'somebody else'`,
		`UPDATE scrip_wallets SET due_at = NULL`,
		`UPDATE scrip_wallets SET due_at = due_at + 1`,
		`UPDATE scrip_wallets SET available = '1000001'`,
		`UPDATE scrip_wallets SET held = '1'`,
		`UPDATE scrip_wallets SET debt = '1'`,
		`UPDATE scrip_wallets SET pending = '1'`,
		`UPDATE scrip_wallets SET seq = seq + 1`,
		`UPDATE scrip_wallets SET body = json_set(body, '$.owner', 'somebody else')`,
		`UPDATE scrip_wallets SET body = json_set(body, '$.grants[0].remaining', '1000001')`,
		`UPDATE scrip_wallets SET body = 'not JSON'`,
		`UPDATE scrip_entries SET key = 'another'`,
		`UPDATE scrip_entries SET key = NULL`,
		`UPDATE scrip_entries SET of = 7`,
		`UPDATE scrip_entries SET late = 1`,
		`UPDATE scrip_entries SET body = json_set(body, '$.seq', 2)`,
		`UPDATE scrip_entries SET body = json_remove(body, '$.key')`,
		`UPDATE scrip_entries SET body = ''`,
	} {
		t.Run(change, func(t *testing.T) {
			t.Parallel()
			s, db := books(t, sqlite.Config{})
			id := fill(t, s, 1)[0].ID
			require.NoError(t, readAll(t, s, id))
			_, err := db.Exec(change)
			require.NoError(t, err)
			require.ErrorIs(t, readAll(t, s, id), ledger.ErrCorrupt)
		})
	}
}

func TestANoticeOfNoEntryIsCorrupt(t *testing.T) {
	t.Parallel()
	s, db := books(t, sqlite.Config{})
	fill(t, s, 1)
	_, err := db.Exec(`INSERT INTO scrip_notices SELECT wallet_id, seq, 0, 0 FROM scrip_entries`)
	require.NoError(t, err)
	require.ErrorIs(t, s.Update(t.Context(), func(tx ledger.Tx) error {
		_, err := tx.TakeNotices(t.Context(), start, start, 1)
		return err
	}), ledger.ErrCorrupt)
}

// readAll reads a wallet and its journal.
func readAll(t *testing.T, s ledger.Store, id ledger.WalletID) error {
	return s.View(t.Context(), func(tx ledger.Tx) error {
		if _, err := tx.Wallets(t.Context(), []ledger.WalletID{id}); err != nil {
			return err
		}
		_, err := tx.Journal(t.Context(), ledger.Page{WalletID: id, Limit: 10})
		return err
	})
}
