package postgres

import (
	"context"
	"errors"
	"math"

	"github.com/scrip-go/scrip/ledger"
)

// A tx is what fn sees of a transaction. Reads go to the runner at once; writes
// wait until fn has returned.
type tx struct {
	runner   runner
	dialect  *dialect
	readOnly bool

	writes  []statement
	changed bool  // something was written by run
	failure error // of the first statement that failed: there is no going on after it
}

var _ ledger.Tx = (*tx)(nil)

var errReadOnly = errors.New("postgres: a view must not write")

// run runs statements now.
func (t *tx) run(ctx context.Context, statements ...statement) error {
	if t.failure == nil && len(statements) > 0 {
		t.failure = t.runner.run(ctx, statements...)
	}
	return translate(t.failure)
}

// statement returns sql, which uses the default names, with its arguments.
func (t *tx) statement(sql string, row func(scan) error, args ...any) statement {
	return statement{sql: t.dialect.text(sql), args: args, row: row}
}

// An outer ORDER BY comes before FOR UPDATE locks, so this locks in the order of
// IDs; a row that another transaction has just changed is read as it is by then.
const (
	readWallets = `SELECT id, seq, owner, due_at, body FROM scrip_wallets WHERE id = ANY ($1::uuid[])`
	lockWallets = readWallets + ` ORDER BY id FOR UPDATE`
)

// Wallets implements [ledger.Tx].
func (t *tx) Wallets(ctx context.Context, ids []ledger.WalletID) ([]ledger.Wallet, error) {
	sql := lockWallets
	if t.readOnly {
		sql = readWallets
	}
	var found wallets
	var batch []statement
	for _, part := range split(t.dialect, ids, func(id ledger.WalletID) ledger.WalletID { return id }) {
		batch = append(batch, t.statement(sql, found.add, uuids(part)))
	}
	err := t.run(ctx, batch...)
	return found, err
}

// A key is looked up for itself: no plan can make this a scan of all keys.
const keyedEntries = `
SELECT e.wallet_id, e.seq, e.key, e.of, e.late, e.body
FROM unnest($1::uuid[], $2::text[]) AS k (wallet_id, key)
CROSS JOIN LATERAL (
	SELECT * FROM scrip_entries AS e
	WHERE e.wallet_id = k.wallet_id AND e.key = k.key /* one shard: AND e.wallet_id = ANY ($1) */
	LIMIT 1
) AS e`

// Keyed implements [ledger.Tx].
func (t *tx) Keyed(ctx context.Context, keys []ledger.EntryKey) ([]ledger.Entry, error) {
	var found entries
	var batch []statement
	for _, part := range split(t.dialect, keys, func(k ledger.EntryKey) ledger.WalletID { return k.WalletID }) {
		ids, names := make([][16]byte, len(part)), make([]string, len(part))
		for i, k := range part {
			ids[i], names[i] = k.WalletID, k.Key
		}
		batch = append(batch, t.statement(keyedEntries, found.add, ids, names))
	}
	err := t.run(ctx, batch...)
	return found, err
}

// journal returns the statement for a page: by wallet, Seq, limit and perhaps Of.
func journal(q ledger.Page) string {
	sql := `SELECT wallet_id, seq, key, of, late, body FROM scrip_entries WHERE wallet_id = $1 `
	if q.Of != 0 {
		sql += `AND of = $4 `
	}
	if q.Late {
		sql += `AND late `
	}
	if q.Descending {
		return sql + `AND seq < $2 ORDER BY seq DESC LIMIT $3`
	}
	return sql + `AND seq > $2 ORDER BY seq LIMIT $3`
}

// Journal implements [ledger.Tx].
func (t *tx) Journal(ctx context.Context, q ledger.Page) ([]ledger.Entry, error) {
	after := q.After
	if q.Descending && after == 0 {
		after = math.MaxInt64
	}
	args := []any{[16]byte(q.WalletID), after, q.Limit}
	if q.Of != 0 {
		args = append(args, q.Of)
	}
	var page entries
	err := t.run(ctx, t.statement(journal(q), page.add, args...))
	return page, err
}

// Rows are compared as such where no other index but the right one can do so.
const (
	listWallets = `SELECT id, seq, owner, due_at, body FROM scrip_wallets `
	listAll     = listWallets + `WHERE id > $1 ORDER BY id LIMIT $2`
	listOwned   = listWallets + `WHERE owner = $3 AND (owner, id) > ($3, $1) ORDER BY owner, id LIMIT $2`
	listDue     = listWallets + `WHERE due_at <= $3 AND (due_at, id) > ($4, $1) ORDER BY due_at, id LIMIT $2`
)

// List implements [ledger.Tx].
func (t *tx) List(ctx context.Context, q ledger.WalletPage) ([]ledger.Wallet, error) {
	sql, args := listAll, []any{[16]byte(q.After.ID), q.Limit}
	switch {
	case !q.DueBy.IsZero():
		sql, args = listDue, append(args, q.DueBy, q.After.DueAt)
	case q.Owner != "":
		sql, args = listOwned, append(args, q.Owner)
	}
	var page wallets
	err := t.run(ctx, t.statement(sql, page.add, args...))
	return page, err
}

// split returns items whole or, on sharded tables, in a part per wallet, in the
// order of the wallets' IDs.
func split[T any](d *dialect, items []T, wallet func(T) ledger.WalletID) [][]T {
	if !d.Sharded {
		return [][]T{items}
	}
	return byWallet(items, wallet)
}
