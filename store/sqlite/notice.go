package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

const (
	insertNotice = `INSERT INTO scrip_notices (wallet_id, seq, n, taken_until)
VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`

	// The cross join keeps the order of the loops: the index of instants first.
	selectNotices = `SELECT n.rowid, n.n, e.wallet_id, e.seq, e.key, e.of, e.late, e.body
FROM scrip_notices AS n CROSS JOIN scrip_entries AS e ON e.wallet_id = n.wallet_id AND e.seq = n.seq
WHERE n.taken_until <= ? ORDER BY n.taken_until, n.rowid LIMIT ?`

	takeNotice = `UPDATE scrip_notices SET taken_until = ? WHERE rowid = ?`

	deleteNotice = `DELETE FROM scrip_notices WHERE wallet_id = ? AND seq = ? AND n = ?`
)

func (t *tx) appendNotices(ctx context.Context, entries []*ledger.Entry) error {
	for _, e := range entries {
		for n := range e.Notices {
			if err := t.execOne(ctx, insertNotice, e.ID(), e.WalletID.String(), e.Seq, n, micros(time.Time{})); err != nil {
				return err
			}
		}
	}
	return nil
}

// TakeNotices implements [ledger.Tx]. It returns the notices that were never taken
// first, oldest first.
func (t *tx) TakeNotices(ctx context.Context, now, until time.Time, limit int) ([]ledger.Delivery, error) {
	var deliveries []ledger.Delivery
	err := t.change(ctx, func(ctx context.Context) error {
		var rowids []int64
		scan := scanNotices(&rowids, &deliveries)
		if err := t.query(ctx, selectNotices, scan, micros(now), limit); err != nil {
			return err
		}
		for i, rowid := range rowids {
			if err := t.execOne(ctx, takeNotice, deliveries[i].ID, micros(until), rowid); err != nil {
				return err
			}
		}
		return nil
	})
	return deliveries, err
}

// scanNotices returns a function that appends the notice of a row to deliveries
// and its place in the table to rowids.
func scanNotices(rowids *[]int64, deliveries *[]ledger.Delivery) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var rowid int64
		var n int
		var r entryRow
		var body sql.RawBytes
		if err := rows.Scan(&rowid, &n, &r.walletID, &r.seq, &r.key, &r.of, &r.late, &body); err != nil {
			return translate(err)
		}
		e, err := decodeEntry(r, body)
		if err != nil {
			return err
		}
		if n < 0 || n >= len(e.Notices) {
			return fmt.Errorf("%w: entry %v has no notice %d", ledger.ErrCorrupt, e.ID(), n)
		}
		*rowids = append(*rowids, rowid)
		*deliveries = append(*deliveries, ledger.Delivery{
			ID:     ledger.NoticeID{EntryID: e.ID(), N: n},
			Notice: e.Notices[n],
		})
		return nil
	}
}

// AckNotices implements [ledger.Tx].
func (t *tx) AckNotices(ctx context.Context, ids []ledger.NoticeID) error {
	return t.change(ctx, func(ctx context.Context) error {
		for _, id := range ids {
			if _, err := t.exec(ctx, deleteNotice, id.WalletID.String(), id.Seq, id.N); err != nil {
				return err
			}
		}
		return nil
	})
}
