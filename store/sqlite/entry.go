package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"github.com/scrip-go/scrip/ledger"
)

const (
	entryColumns = `wallet_id, seq, key, of, body`

	selectKeyed = `SELECT ` + entryColumns + ` FROM scrip_entries WHERE wallet_id = ? AND key = ?`

	journalUp = `SELECT ` + entryColumns + ` FROM scrip_entries
WHERE wallet_id = ? AND seq > ? ORDER BY seq LIMIT ?`

	journalDown = `SELECT ` + entryColumns + ` FROM scrip_entries
WHERE wallet_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`

	journalOfUp = `SELECT ` + entryColumns + ` FROM scrip_entries
WHERE wallet_id = ? AND of = ? AND seq > ? ORDER BY seq LIMIT ?`

	journalOfDown = `SELECT ` + entryColumns + ` FROM scrip_entries
WHERE wallet_id = ? AND of = ? AND seq < ? ORDER BY seq DESC LIMIT ?`

	insertEntry = `INSERT INTO scrip_entries (` + entryColumns + `)
VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
)

// An entryRow is what an entry's row says besides its body.
type entryRow struct {
	walletID string
	seq      int64
	key      sql.NullString
	of       sql.NullInt64
}

func rowOfEntry(e *ledger.Entry) entryRow {
	return entryRow{
		walletID: e.WalletID.String(),
		seq:      e.Seq,
		key:      sql.NullString{String: e.Key, Valid: e.Key != ""},
		of:       sql.NullInt64{Int64: e.Of, Valid: e.Of != 0},
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
	query, queryOf, after := journalUp, journalOfUp, q.After
	if q.Descending {
		query, queryOf = journalDown, journalOfDown
		if after == 0 {
			after = math.MaxInt64
		}
	}
	var entries []ledger.Entry
	if q.Of != 0 {
		err = t.query(ctx, queryOf, scanEntries(&entries), q.WalletID.String(), q.Of, after, q.Limit)
	} else {
		err = t.query(ctx, query, scanEntries(&entries), q.WalletID.String(), after, q.Limit)
	}
	return entries, err
}

// scanEntries returns a function that appends the entry of a row to entries.
func scanEntries(entries *[]ledger.Entry) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var r entryRow
		var body sql.RawBytes
		if err := rows.Scan(&r.walletID, &r.seq, &r.key, &r.of, &body); err != nil {
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

func (t *tx) appendEntries(ctx context.Context, entries []ledger.Entry) error {
	for i := range entries {
		e := &entries[i]
		r := rowOfEntry(e)
		body := string(ledger.EncodeEntry(e))
		if err := t.execOne(ctx, insertEntry, e.ID(), r.walletID, r.seq, r.key, r.of, body); err != nil {
			return err
		}
	}
	return nil
}
