package postgres

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"

	"github.com/scrip-go/scrip/ledger"
)

// Within returns a store that works inside t, the caller's own transaction, on
// tables with the default names. What it writes takes effect if and when the caller
// commits.
//
// It never commits, rolls back, repeats or defines anything: losing to another
// transaction is [ledger.ErrConflict] at once. After any error the caller must roll
// back. Wallets stay locked until t ends, so it should end soon, and a caller that
// binds several operations to it should name their wallets in the order of their
// IDs. View reads what t sees at its own isolation level.
func Within(t pgx.Tx) ledger.Store { return within{hostPgx{t}, defaults} }

// WithinSQL is [Within] for a transaction of database/sql on pgx's driver.
func WithinSQL(t *sql.Tx) ledger.Store { return within{hostSQL{t}, defaults} }

// Within is the function [Within] on the tables of s. The transaction need not be
// on a connection of the pool of s.
func (s *Store) Within(t pgx.Tx) ledger.Store { return within{hostPgx{t}, s.dialect} }

// WithinSQL is [Store.Within] for a transaction of database/sql on pgx's driver.
func (s *Store) WithinSQL(t *sql.Tx) ledger.Store { return within{hostSQL{t}, s.dialect} }

// within is a store inside a transaction of the host.
type within struct {
	runner  runner
	dialect *dialect
}

func (w within) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	t := &tx{runner: w.runner, dialect: w.dialect}
	if err := fn(t); err != nil {
		return err
	}
	if t.failure == nil && len(t.writes) > 0 {
		t.failure = t.runner.run(ctx, t.writes...)
	}
	return translate(t.failure)
}

func (w within) View(_ context.Context, fn func(ledger.Tx) error) error {
	t := &tx{runner: w.runner, dialect: w.dialect, readOnly: true}
	if err := fn(t); err != nil {
		return err
	}
	return translate(t.failure)
}
