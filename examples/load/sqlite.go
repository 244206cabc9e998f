package main

import (
	"context"
	"database/sql"

	"github.com/scrip-go/scrip/store/sqlite"
)

func openSQLite(ctx context.Context, path string) (*site, error) {
	db, err := sqlite.Open(path)
	if err != nil {
		return nil, err
	}
	store := sqlite.New(db, sqlite.Config{})
	if err := store.Migrate(ctx); err != nil {
		_ = db.Close()
		return nil, err
	}
	return &site{store: store, raw: rawSQLite{db}, close: func() { _ = db.Close() }}, nil
}

// rawSQLite are tables beside those of the ledger, with the same indexes.
type rawSQLite struct{ db *sql.DB }

func (r rawSQLite) writers() int { return 1 }

func (r rawSQLite) copy(ctx context.Context) error {
	if err := r.drop(ctx); err != nil {
		return err
	}
	if err := sqlite.New(r.db, sqlite.Config{Prefix: "raw_"}).Migrate(ctx); err != nil {
		return err
	}
	_, err := r.db.ExecContext(ctx, `
		INSERT INTO raw_wallets SELECT * FROM scrip_wallets;
		INSERT INTO raw_entries SELECT * FROM scrip_entries;
		PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

func (r rawSQLite) drop(ctx context.Context) error {
	_, err := r.db.ExecContext(ctx, `
		DROP VIEW IF EXISTS raw_balances; DROP VIEW IF EXISTS raw_grants; DROP VIEW IF EXISTS raw_statement;
		DROP TABLE IF EXISTS raw_wallets; DROP TABLE IF EXISTS raw_entries;
		DROP TABLE IF EXISTS raw_notices; DROP TABLE IF EXISTS raw_migrations`)
	return err
}

func (r rawSQLite) write(ctx context.Context, c rows) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	update, err := tx.PrepareContext(ctx, `UPDATE raw_wallets SET seq = ?, due_at = ?, available = ?, body = ? WHERE id = ?`)
	if err != nil {
		return err
	}
	defer update.Close()
	for i := range c.wallets {
		w := &c.wallets[i]
		due := sql.NullInt64{Int64: w.due.UnixMicro(), Valid: !w.due.IsZero()}
		if _, err := update.Exec(w.seq, due, w.total, w.body, w.id.String()); err != nil {
			return err
		}
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO raw_entries (wallet_id, seq, key, late, body) VALUES (?, ?, nullif(?, ''), 0, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for i := range c.entries {
		e := &c.entries[i]
		if _, err := insert.Exec(e.id.String(), e.seq, e.key, e.body); err != nil {
			return err
		}
	}
	return tx.Commit()
}
