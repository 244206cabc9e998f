package sqlite

import (
	"cmp"
	"context"
	"database/sql"

	"github.com/scrip-go/scrip/ledger"
)

// Within returns a store in the tables with the default prefix that works inside
// t, a transaction of the host, so that what is done through it takes effect if and
// when the host commits:
//
//	books.In(sqlite.Within(t)).Charge(ctx, request)
//
// It neither commits nor rolls back t nor retries. A change that fails leaves
// nothing behind in t, by a savepoint, and t can be used further, except after
// [ledger.ErrConflict] because the database has changed since t first read: begin
// with a write, or with an immediate transaction as [Open] arranges, so that this
// cannot be.
func Within(t *sql.Tx) ledger.Store { return within{newTx(t, Config{}, nil)} }

// Within is the function [Within] for the tables of s. It is faster if t is of the
// handle of s, for it uses the statements that s has prepared.
func (s *Store) Within(t *sql.Tx) ledger.Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	return within{newTx(t, s.cfg, s.prepared)}
}

type within struct{ tx *tx }

// Update implements [ledger.Store].
func (w within) Update(ctx context.Context, fn func(ledger.Tx) error) (err error) {
	if err := w.exec(ctx, "SAVEPOINT scrip"); err != nil {
		return err
	}
	undo := true
	defer func() {
		if undo {
			w.undo(ctx)
		}
	}()
	x := *w.tx
	if err := x.lock(ctx); err != nil {
		return err
	}
	if err := cmp.Or(fn(&x), x.lost); err != nil {
		return err
	}
	undo = false
	return w.exec(ctx, "RELEASE scrip")
}

func (w within) exec(ctx context.Context, savepoint string) error {
	_, err := w.tx.sql.ExecContext(ctx, savepoint)
	return translate(err)
}

// undo takes back what has been written since the savepoint. If it fails, then the
// transaction itself is lost, which its owner finds out by committing.
func (w within) undo(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	if w.exec(ctx, "ROLLBACK TO scrip") == nil {
		_ = w.exec(ctx, "RELEASE scrip")
	}
}

// View implements [ledger.Store].
func (w within) View(_ context.Context, fn func(ledger.Tx) error) error {
	x := *w.tx
	x.readOnly = true
	return fn(&x)
}
