package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

// open returns a handle to a new, empty database.
func open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "books.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// books returns a store in a new database, and the database.
func books(t testing.TB, cfg sqlite.Config) (*sqlite.Store, *sql.DB) {
	t.Helper()
	db := open(t)
	s := sqlite.New(db, cfg)
	require.NoError(t, s.Migrate(context.Background()))
	return s, db
}

// opened returns the n-th wallet with one grant, and the entry that opened it.
func opened(n int) (ledger.Wallet, ledger.Entry) {
	id := ledger.WalletIDOf(fmt.Sprint("org-", n))
	grant := &ledger.Grant{
		ID: ledger.GrantID{Seq: 1, N: 1}, Source: ledger.SourcePurchase, Amount: dec("1000000.000000000001"),
		Priority: 50, IssuedAt: start, EffectiveAt: start, ExpiresAt: start.AddDate(1, 0, 0),
	}
	e := ledger.Entry{
		WalletID: id, Seq: 1, Kind: ledger.KindOpen, Key: "open", EffectiveAt: start, RecordedAt: start,
		Change: grant.Amount, Balance: grant.Amount, Grants: []*ledger.Grant{grant},
		Opening: &ledger.Opening{Unit: pricing.Credits()},
	}
	hash := e.Seal(ledger.Hash{})
	return ledger.Wallet{
		ID: id, Opening: *e.Opening, Terms: ledger.Terms{Owner: fmt.Sprint("owner-", n%3)},
		Status: ledger.StatusOpen, Grants: []ledger.OpenGrant{{Grant: grant, Remaining: grant.Amount}},
		OpenedAt: start, SettledAt: start, DueAt: grant.ExpiresAt, Balance: grant.Amount, Seq: 1, Hash: hash,
	}, e
}

// charged returns w after a charge of one credit, and the charge.
func charged(w ledger.Wallet, key string) (ledger.Wallet, ledger.Entry) {
	one := dec("1")
	e := ledger.Entry{
		WalletID: w.ID, Seq: w.Seq + 1, Kind: ledger.KindCharge, Key: key,
		EffectiveAt: w.SettledAt.Add(time.Second), RecordedAt: w.SettledAt.Add(time.Second),
		Change: one.Neg(), Balance: w.Balance.Sub(one),
		Parts: []ledger.Part{{Item: ledger.Item{Kind: "meter", ID: "sms"}, Quantity: one, Amount: one}},
		Moves: []ledger.Move{{Grant: w.Grants[0].ID, From: ledger.PotRemaining, To: ledger.PotSpent, Amount: one}},
	}
	e.Seal(w.Hash)
	g := w.Grants[0]
	g.Remaining = g.Remaining.Sub(one)
	w.Grants = []ledger.OpenGrant{g}
	w.Balance, w.Seq, w.Hash, w.SettledAt = e.Balance, e.Seq, e.Hash, e.EffectiveAt
	return w, e
}

// write keeps changes in an Update of their own.
func write(t testing.TB, s ledger.Store, c ledger.Changes) {
	t.Helper()
	require.NoError(t, s.Update(context.Background(), func(tx ledger.Tx) error { return tx.Write(context.Background(), c) }))
}

// fill opens wallets 0 to n-1.
func fill(t testing.TB, s ledger.Store, n int) []ledger.Wallet {
	t.Helper()
	var wallets []ledger.Wallet
	var c ledger.Changes
	for i := range n {
		w, e := opened(i)
		wallets = append(wallets, w)
		c.Wallets = append(c.Wallets, ledger.Put{Wallet: &w})
		c.Entries = append(c.Entries, &e)
	}
	write(t, s, c)
	return wallets
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// names returns the names in the schema of db that begin with prefix.
func names(t testing.TB, db *sql.DB, prefix string) []string {
	t.Helper()
	return texts(t, db, `SELECT name FROM sqlite_schema WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name`, prefix)
}

// texts returns the column of text that query answers.
func texts(t testing.TB, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.Query(query, args...)
	require.NoError(t, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		require.NoError(t, rows.Scan(&s))
		all = append(all, s)
	}
	require.NoError(t, rows.Err())
	return all
}
