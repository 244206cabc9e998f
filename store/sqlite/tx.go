package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/scrip-go/scrip/ledger"
)

// A tx is a [ledger.Tx] in an SQL transaction. Each part of it is in the file of
// the records that it is about.
type tx struct {
	sql      *sql.Tx
	cfg      Config
	prepared statements // by the store, in any transaction; may be nil
	used     statements // in this one
	readOnly bool
	lost     error // why a change failed; then what fn returns does not matter
}

func newTx(t *sql.Tx, cfg Config, prepared statements) *tx {
	return &tx{sql: t, cfg: cfg, prepared: prepared, used: make(statements)}
}

var errReadOnly = errors.New("sqlite: write in a View")

// lockAll changes nothing, but has SQLite take the lock of the one writer that it
// allows, at the start of a transaction: whoever first reads and only then asks for
// the lock is refused it if another has written in between. It works with every
// driver, whichever kind of transaction its BEGIN begins.
const lockAll = `UPDATE scrip_wallets SET seq = seq WHERE false`

func (t *tx) lock(ctx context.Context) error {
	_, err := t.exec(ctx, lockAll)
	return err
}

// start returns an error if there is no use in the statements of an operation. The
// operation sends them with the context that start returns, which does not end: an
// end would interrupt one statement among others, and watching for it would cost
// more than most of them take.
func (t *tx) start(ctx context.Context) (context.Context, error) {
	return context.WithoutCancel(ctx), ctx.Err()
}

// change calls fn to change something. If it fails, the transaction is lost.
func (t *tx) change(ctx context.Context, fn func(context.Context) error) error {
	if t.readOnly {
		return errReadOnly
	}
	ctx, err := t.start(ctx)
	if err == nil {
		err = fn(ctx)
	}
	t.lost = cmp.Or(t.lost, err)
	return err
}

// use puts one of [queries] into t.used. A transaction closes what it used when it
// ends.
func (t *tx) use(ctx context.Context, query string) error {
	switch {
	case t.used[query] != nil:
		return nil
	case t.prepared[query] != nil:
		t.used[query] = t.sql.StmtContext(ctx, t.prepared[query])
		return nil
	}
	s, err := t.sql.PrepareContext(ctx, t.cfg.rewrite(query)) //nolint:sqlclosecheck // see above
	if err != nil {
		return prepareError(err)
	}
	t.used[query] = s
	return nil
}

// exec runs one of [queries] and returns the number of rows that it has changed.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := t.use(ctx, query); err != nil {
		return 0, err
	}
	result, err := t.used[query].ExecContext(ctx, args...)
	if err != nil {
		return 0, translate(err)
	}
	n, err := result.RowsAffected()
	return n, translate(err)
}

// execOne is exec for a statement that is to change exactly one row. If it does not,
// execOne returns [ledger.ErrConflict] and says what was in the way.
func (t *tx) execOne(ctx context.Context, query string, what fmt.Stringer, args ...any) error {
	n, err := t.exec(ctx, query, args...)
	if err == nil && n != 1 {
		err = fmt.Errorf("%w: %v", ledger.ErrConflict, what)
	}
	return err
}

// query runs one of [queries] and gives each row of its result to scan.
func (t *tx) query(ctx context.Context, query string, scan func(*sql.Rows) error, args ...any) error {
	if err := t.use(ctx, query); err != nil {
		return err
	}
	rows, err := t.used[query].QueryContext(ctx, args...)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return cmp.Or(translate(rows.Err()), err) // rows that the end of a context has closed say so
		}
	}
	return translate(rows.Err())
}

// Write implements [ledger.Tx].
func (t *tx) Write(ctx context.Context, c ledger.Changes) error {
	return t.change(ctx, func(ctx context.Context) error {
		if err := t.putWallets(ctx, c.Wallets); err != nil {
			return err
		}
		if err := t.appendEntries(ctx, c.Entries); err != nil {
			return err
		}
		return t.appendNotices(ctx, c.Entries)
	})
}
