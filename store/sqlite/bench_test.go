package sqlite_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/sqlite"
)

const benchWallets = 20_000

// batch returns the changes of size charges on different wallets, which it advances.
func batch(wallets []ledger.Wallet, size, round int) ledger.Changes {
	var c ledger.Changes
	for _, i := range rand.Perm(len(wallets))[:size] {
		w, e := charged(wallets[i], fmt.Sprint("request-", round, "-", i))
		c.Wallets = append(c.Wallets, ledger.Put{Wallet: &w, From: wallets[i].Seq})
		c.Entries = append(c.Entries, &e)
		wallets[i] = w
	}
	return c
}

// BenchmarkWrite writes batches of charges on random wallets, with and without
// reading the wallets and keys first.
func BenchmarkWrite(b *testing.B) {
	for _, size := range []int{1, 32, 1000} {
		for _, reads := range []bool{false, true} {
			b.Run(fmt.Sprintf("charges=%d/reads=%v", size, reads), func(b *testing.B) {
				s, _ := books(b, sqlite.Config{})
				wallets := fill(b, s, benchWallets)
				b.ReportAllocs()
				round := 0
				for b.Loop() {
					b.StopTimer()
					round++
					c := batch(wallets, size, round)
					b.StartTimer()
					require.NoError(b, s.Update(b.Context(), func(tx ledger.Tx) error {
						if reads {
							readBatch(b, tx, c)
						}
						return tx.Write(b.Context(), c)
					}))
				}
				b.ReportMetric(float64(size*b.N)/b.Elapsed().Seconds(), "charges/s")
			})
		}
	}
}

func readBatch(b *testing.B, tx ledger.Tx, c ledger.Changes) {
	var ids []ledger.WalletID
	var keys []ledger.EntryKey
	for _, e := range c.Entries {
		ids = append(ids, e.WalletID)
		keys = append(keys, ledger.EntryKey{WalletID: e.WalletID, Key: e.Key})
	}
	wallets, err := tx.Wallets(b.Context(), ids)
	require.NoError(b, err)
	require.Len(b, wallets, len(ids))
	entries, err := tx.Keyed(b.Context(), keys)
	require.NoError(b, err)
	require.Empty(b, entries)
}

// BenchmarkRaw writes the same rows with two prepared statements and no rules.
func BenchmarkRaw(b *testing.B) {
	s, db := books(b, sqlite.Config{})
	wallets := fill(b, s, benchWallets)
	const size = 1000
	round := 0
	for b.Loop() {
		b.StopTimer()
		round++
		rows := rawRows(batch(wallets, size, round))
		b.StartTimer()
		require.NoError(b, writeRaw(db, rows))
	}
	b.ReportMetric(float64(size*b.N)/b.Elapsed().Seconds(), "charges/s")
}

type rawRow struct {
	id, due, sum, wallet, key, entry any
	seq                              int64
}

func rawRows(c ledger.Changes) []rawRow {
	var rows []rawRow
	for i := range c.Entries {
		w, e := c.Wallets[i].Wallet, c.Entries[i]
		rows = append(rows, rawRow{
			w.ID.String(), w.DueAt.UnixMicro(), w.Balance.String(), string(ledger.EncodeWallet(w)),
			e.Key, string(ledger.EncodeEntry(e)), w.Seq,
		})
	}
	return rows
}

func writeRaw(db *sql.DB, rows []rawRow) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	update, err := tx.Prepare(`UPDATE scrip_wallets SET seq = ?, due_at = ?, available = ?, body = ? WHERE id = ?`)
	if err != nil {
		return err
	}
	defer update.Close()
	insert, err := tx.Prepare(`INSERT INTO scrip_entries (wallet_id, seq, key, late, body) VALUES (?, ?, ?, 0, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, r := range rows {
		if _, err := update.Exec(r.seq, r.due, r.sum, r.wallet, r.id); err != nil {
			return err
		}
		if _, err := insert.Exec(r.id, r.seq, r.key, r.entry); err != nil {
			return err
		}
	}
	return tx.Commit()
}
