package sqlite_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

// Whichever byte of a stored entry is changed, Verify names the entry.
func TestVerifyNamesTheEntryInWhichAByteWasChanged(t *testing.T) {
	t.Parallel()
	s, db := books(t, sqlite.Config{})
	l := ledger.New(s, ledger.Config{})
	w, err := l.OpenWallet(t.Context(), ledger.OpenWalletRequest{Key: "org", Unit: pricing.Credits()})
	require.NoError(t, err)
	_, err = l.Grant(t.Context(), ledger.GrantRequest{Key: "pack", WalletID: w.ID, Source: ledger.SourcePurchase, Amount: decimal.New(9, 0)})
	require.NoError(t, err)
	_, err = l.Charge(t.Context(), ledger.ChargeRequest{Key: "use", WalletID: w.ID, Amount: decimal.New(4, 0)})
	require.NoError(t, err)
	require.NoError(t, l.Verify(t.Context(), w.ID))

	for seq := int64(1); seq <= 3; seq++ {
		var body string
		require.NoError(t, db.QueryRow(`SELECT body FROM scrip_entries WHERE seq = ?`, seq).Scan(&body))
		set := func(body string) {
			_, err := db.Exec(`UPDATE scrip_entries SET body = ? WHERE seq = ?`, body, seq)
			require.NoError(t, err)
		}
		for i := range len(body) {
			set(body[:i] + string(rune(body[i]^1)) + body[i+1:])
			var wrong *ledger.CorruptError
			err := l.Verify(t.Context(), w.ID)
			require.ErrorAs(t, err, &wrong, "byte %d of entry %d", i, seq)
			require.Equal(t, ledger.EntryID{WalletID: w.ID, Seq: seq}, wrong.Entry, "byte %d of entry %d: %v", i, seq, err)
		}
		set(body)
	}
	require.NoError(t, l.Verify(t.Context(), w.ID))
}
