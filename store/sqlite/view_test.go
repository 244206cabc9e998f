package sqlite_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

// lived returns books in which a wallet has been through most things.
func lived(t *testing.T) (ledger.Wallet, *ledger.Ledger, *sql.DB) {
	t.Helper()
	s, db := books(t, sqlite.Config{})
	now := start
	l := ledger.New(s, ledger.Config{Now: func() time.Time { now = now.Add(time.Second); return now }})
	w, err := l.OpenWallet(t.Context(), ledger.OpenWalletRequest{
		Key: "org-42", Unit: pricing.Unit{Name: "credits", Scale: 12}, Terms: ledger.Terms{Owner: "acme"},
	})
	require.NoError(t, err)
	grant := func(key, amount string, g ledger.GrantRequest) {
		g.Key, g.WalletID, g.Amount, g.Source = key, w.ID, dec(amount), ledger.SourcePromotion
		_, err := l.Grant(t.Context(), g)
		require.NoError(t, err)
	}
	grant("a", "12345678901234567890123456.123456789012", ledger.GrantRequest{Name: "large and fine"})
	grant("b", "0.000000000001", ledger.GrantRequest{EffectiveAt: start.AddDate(1, 0, 0)})
	grant("c", "100", ledger.GrantRequest{Priority: 1, Expiry: expiry.Policy{}})
	_, err = l.Charge(t.Context(), ledger.ChargeRequest{Key: "d", WalletID: w.ID, Item: "sms", Amount: dec("0.1")})
	require.NoError(t, err)
	_, err = l.Hold(t.Context(), ledger.HoldRequest{Key: "e", WalletID: w.ID, Amount: dec("7.25"), Life: time.Hour})
	require.NoError(t, err)
	return stored(t, s, w.ID), l, db
}

// stored returns the wallet as it is stored.
func stored(t *testing.T, s ledger.Store, id ledger.WalletID) (w ledger.Wallet) {
	t.Helper()
	require.NoError(t, s.View(t.Context(), func(tx ledger.Tx) error {
		wallets, err := tx.Wallets(t.Context(), []ledger.WalletID{id})
		require.NoError(t, err)
		require.Len(t, wallets, 1)
		w = wallets[0]
		return nil
	}))
	return w
}

func TestBalancesViewAgreesWithTheLibrary(t *testing.T) {
	t.Parallel()
	w, _, db := lived(t)
	want := w.BalanceNow()
	var owner, unit, status, available, held, debt, total, pending, asOf string
	var seq int64
	require.NoError(t, db.QueryRow(`SELECT owner, unit, status, available, held, debt, total, pending, as_of, seq
FROM scrip_balances WHERE wallet_id = ?`, w.ID.String()).
		Scan(&owner, &unit, &status, &available, &held, &debt, &total, &pending, &asOf, &seq))
	require.Equal(t, []string{"acme", "credits", "open"}, []string{owner, unit, status})
	require.Equal(t,
		[]string{want.Available.String(), want.Held.String(), want.Debt.String(), want.Total.String(), want.Pending.String()},
		[]string{available, held, debt, total, pending})
	require.Equal(t, []string{"12345678901234567890123548.773456789012", "7.25", "0", "0.000000000001"},
		[]string{available, held, debt, pending})
	require.Equal(t, want.At.Format(time.RFC3339Nano), asOf)
	require.Equal(t, w.Seq, seq)
}

func TestGrantsViewAgreesWithTheLibrary(t *testing.T) {
	t.Parallel()
	w, _, db := lived(t)
	var want []string
	for _, g := range w.Grants {
		want = append(want, g.ID.String()+" "+g.Amount.String()+" "+g.Remaining.String()+" "+g.Held.String())
	}
	require.Len(t, want, 3)
	require.Equal(t, want, texts(t, db, `SELECT concat_ws(' ', grant_id, amount, remaining, held)
FROM scrip_grants WHERE wallet_id = ? ORDER BY place`, w.ID.String()))
}

func TestStatementViewAgreesWithTheLibrary(t *testing.T) {
	t.Parallel()
	w, l, db := lived(t)
	var want []string
	for e, err := range l.Journal(t.Context(), ledger.JournalQuery{WalletID: w.ID}) {
		require.NoError(t, err)
		want = append(want, string(e.Kind)+" "+e.Change.String()+" "+e.Balance.String()+" "+e.Key+
			" "+e.EffectiveAt.Format(time.RFC3339Nano))
	}
	require.Len(t, want, 6)
	require.Equal(t, want, texts(t, db, `SELECT concat_ws(' ', kind, change, balance, key, effective_at)
FROM scrip_statement WHERE wallet_id = ? ORDER BY seq`, w.ID.String()))
}
