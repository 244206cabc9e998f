package postgres

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
)

// A statement is SQL with its arguments.
type statement struct {
	sql  string
	args []any
	row  func(scan) error // called with each row; nil if there is nothing to learn from them
}

// scan copies the columns of a row to dest.
type scan func(dest ...any) error

// A runner runs statements in a transaction, in order, up to the first that fails.
type runner interface {
	run(ctx context.Context, statements ...statement) error
}

// hostPgx runs statements in a transaction of the host.
type hostPgx struct{ tx pgx.Tx }

func (h hostPgx) run(ctx context.Context, statements ...statement) error {
	return send(ctx, h.tx, statements)
}

// hostSQL runs statements in a transaction of the host on database/sql, which
// sends them one by one.
type hostSQL struct{ tx *sql.Tx }

func (h hostSQL) run(ctx context.Context, statements ...statement) error {
	for _, s := range statements {
		if err := h.one(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (h hostSQL) one(ctx context.Context, s statement) error {
	rows, err := h.tx.QueryContext(ctx, s.sql, s.args...) //nolint:rowserrcheck // read returns it
	if err != nil {
		return err
	}
	defer rows.Close()
	return s.read(rows)
}

// A sender is a connection or a transaction of pgx.
type sender interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// send runs statements in one round trip.
func send(ctx context.Context, to sender, statements []statement) error {
	if len(statements) == 1 {
		s := statements[0]
		rows, err := to.Query(ctx, s.sql, s.args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		return s.read(rows)
	}
	var batch pgx.Batch
	for _, s := range statements {
		batch.Queue(s.sql, s.args...).Query(func(rows pgx.Rows) error { return s.read(rows) })
	}
	return to.SendBatch(ctx, &batch).Close()
}

// read passes each row to s.row. Reading to the end is what closes rows, and what
// brings to light an error that the server met after the first row.
func (s *statement) read(rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
},
) error {
	for rows.Next() {
		if s.row == nil {
			continue
		}
		if err := s.row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
