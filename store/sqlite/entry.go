package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"github.com/scrip-go/scrip/ledger"
)

const (
	entryColumns = `wallet_id, seq, key, of, late, body`

	selectKeyed = `SELECT ` + entryColumns + ` FROM scrip_entries WHERE wallet_id = ? AND key = ?`

	insertEntry = `INSERT INTO scrip_entries (` + entryColumns + `)
VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
)

// A pageKind tells the statements for pages of a journal apart.
type pageKind struct{ of, late, descending bool }

// query returns the statement for pages of kind k.
func (k pageKind) query() string {
	query := `SELECT ` + entryColumns + ` FROM scrip_entries WHERE wallet_id = ?`
	if k.of {
		query += ` AND of = ?`
	}
	if k.late {
		query += ` AND late`
	}
	if k.descending {
		return query + ` AND seq < ? ORDER BY seq DESC LIMIT ?`
	}
	return query + ` AND seq > ? ORDER BY seq LIMIT ?`
}

// pageKinds are all there are.
var pageKinds = []pageKind{
	{},
	{descending: true},
	{of: true},
	{of: true, descending: true},
	{late: true},
	{late: true, descending: true},
	{of: true, late: true},
	{of: true, late: true, descending: true},
}

// An entryRow is what an entry's row says besides its body.
type entryRow struct {
	walletID string
	seq      int64
	key      sql.NullString
	of       sql.NullInt64
	late     bool
}

func rowOfEntry(e *ledger.Entry) entryRow {
	return entryRow{
		walletID: e.WalletID.String(),
		seq:      e.Seq,
		key:      sql.NullString{String: e.Key, Valid: e.Key != ""},
		of:       sql.NullInt64{Int64: e.Of, Valid: e.Of != 0},
		late:     e.Late,
	}
}

// Keyed implements [ledger.Tx].
func (t *tx) Keyed(ctx context.Context, keys []ledger.EntryKey) ([]ledger.Entry, error) {
	ctx, err := t.start(ctx)
	if err != nil {
		return nil, err
	}
	var entries []ledger.Entry
	for _, k := range keys {
		if err := t.query(ctx, selectKeyed, scanEntries(&entries), k.WalletID.String(), k.Key); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// Journal implements [ledger.Tx].
func (t *tx) Journal(ctx context.Context, q ledger.Page) ([]ledger.Entry, error) {
	ctx, err := t.start(ctx)
	if err != nil {
		return nil, err
	}
	args := []any{q.WalletID.String()}
	if q.Of != 0 {
		args = append(args, q.Of)
	}
	after := q.After
	if q.Descending && after == 0 {
		after = math.MaxInt64
	}
	var entries []ledger.Entry
	kind := pageKind{of: q.Of != 0, late: q.Late, descending: q.Descending}
	err = t.query(ctx, kind.query(), scanEntries(&entries), append(args, after, q.Limit)...)
	return entries, err
}

// scanEntries returns a function that appends the entry of a row to entries.
func scanEntries(entries *[]ledger.Entry) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var r entryRow
		var body sql.RawBytes
		if err := rows.Scan(&r.walletID, &r.seq, &r.key, &r.of, &r.late, &body); err != nil {
			return translate(err)
		}
		e, err := decodeEntry(r, body)
		if err != nil {
			return err
		}
		*entries = append(*entries, e)
		return nil
	}
}

func decodeEntry(r entryRow, body []byte) (ledger.Entry, error) {
	e, err := ledger.DecodeEntry(body)
	if err != nil {
		return e, fmt.Errorf("entry %s/%d: %w", r.walletID, r.seq, err)
	}
	if want := rowOfEntry(&e); r != want {
		return e, fmt.Errorf("%w: entry %s/%d: its columns are %v, its body says %v",
			ledger.ErrCorrupt, r.walletID, r.seq, r, want)
	}
	return e, nil
}

func (t *tx) appendEntries(ctx context.Context, entries []*ledger.Entry) error {
	for _, e := range entries {
		r := rowOfEntry(e)
		if err := t.execOne(ctx, insertEntry, e.ID(), r.walletID, r.seq, r.key, r.of, r.late, e.Body()); err != nil {
			return err
		}
	}
	return nil
}
