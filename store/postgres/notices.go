package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// sendNotices puts notices into the outbox: only their names, because their entries
// say what is in them. Nobody has taken them, which the first instant of the
// calendar stands for.
const sendNotices = `
INSERT INTO scrip_notices (wallet_id, seq, n, recorded_at, taken_until)
SELECT wallet_id, seq, n, recorded_at, '0001-01-01 00:00:00+00'
FROM unnest($1::uuid[], $2::bigint[], $3::integer[], $4::timestamptz[]) AS s (wallet_id, seq, n, recorded_at)`

// outboxColumns are the columns of notices to send.
type outboxColumns struct {
	ids      [][16]byte
	seqs     []int64
	places   []int32
	recorded []time.Time
}

func noticeColumns(entries []*ledger.Entry) outboxColumns {
	var c outboxColumns
	for _, e := range entries {
		for n := range e.Notices {
			c.ids = append(c.ids, e.WalletID)
			c.seqs = append(c.seqs, e.Seq)
			c.places = append(c.places, int32(n)) // an entry has few notices
			c.recorded = append(c.recorded, e.RecordedAt)
		}
	}
	return c
}

// takeNotices finds, takes and returns notices. Those that another transaction is
// taking are passed over. First come those that were never taken, oldest first,
// then those that were and whose time is up.
const takeNotices = `
WITH free AS (
	SELECT wallet_id, seq, n
	FROM scrip_notices
	WHERE taken_until <= $1 /* one shard: AND wallet_id = ANY ($4::uuid[]) */
	ORDER BY taken_until, recorded_at, wallet_id, seq, n
	LIMIT $3
	FOR UPDATE SKIP LOCKED
), taken AS (
	UPDATE scrip_notices AS x
	SET taken_until = $2
	FROM free AS f
	WHERE x.wallet_id = ANY (ARRAY[f.wallet_id]) AND x.seq = f.seq AND x.n = f.n /* one shard: AND x.wallet_id = ANY ($4) */
	RETURNING x.wallet_id, x.seq, x.n, x.recorded_at
)
SELECT t.n, t.wallet_id, t.seq, e.key, e.of, coalesce(e.late, false), e.body
FROM taken AS t
LEFT JOIN scrip_entries AS e ON e.wallet_id = ANY (ARRAY[t.wallet_id]) AND e.seq = t.seq /* one shard: AND e.wallet_id = ANY ($4) */
ORDER BY t.recorded_at, t.wallet_id, t.seq, t.n`

// findNotices finds wallets that have notices to take, once per notice.
const findNotices = `
SELECT wallet_id FROM scrip_notices
WHERE taken_until <= $1
ORDER BY taken_until, recorded_at, wallet_id, seq, n
LIMIT $2`

// TakeNotices implements [ledger.Tx].
func (t *tx) TakeNotices(ctx context.Context, now, until time.Time, limit int) ([]ledger.Delivery, error) {
	if t.readOnly {
		return nil, errReadOnly
	}
	t.changed = true
	if t.dialect.Sharded {
		return t.takeByWallet(ctx, now, until, limit)
	}
	var taken deliveries
	err := t.run(ctx, t.statement(takeNotices, taken.add, now, until, limit))
	return taken, err
}

// takeByWallet is TakeNotices on sharded tables, where no statement can lock rows
// of several shards: it looks for wallets first, then takes from one by one as many
// as it found there.
func (t *tx) takeByWallet(ctx context.Context, now, until time.Time, limit int) ([]ledger.Delivery, error) {
	var ids []ledger.WalletID
	err := t.run(ctx, t.statement(findNotices, func(scan scan) error {
		var id walletID
		err := scan(&id)
		ids = append(ids, ledger.WalletID(id))
		return err
	}, now, limit))
	if err != nil {
		return nil, err
	}
	var taken deliveries
	var batch []statement
	for _, part := range byWallet(ids, func(id ledger.WalletID) ledger.WalletID { return id }) {
		batch = append(batch, t.statement(takeNotices, taken.add, now, until, len(part), uuids(part[:1])))
	}
	err = t.run(ctx, batch...)
	return taken, err
}

// deliveries gathers the rows of takeNotices.
type deliveries []ledger.Delivery

func (ds *deliveries) add(scan scan) error {
	var n int
	var of entries
	err := of.add(func(dest ...any) error { return scan(append([]any{&n}, dest...)...) })
	if err != nil {
		return err
	}
	e := &of[0]
	if n < 0 || n >= len(e.Notices) {
		return fmt.Errorf("%w: entry %v has no notice %d", ledger.ErrCorrupt, e.ID(), n)
	}
	*ds = append(*ds, ledger.Delivery{ID: ledger.NoticeID{EntryID: e.ID(), N: n}, Notice: e.Notices[n]})
	return nil
}

const ackNotices = `
DELETE FROM scrip_notices AS x
USING unnest($1::uuid[], $2::bigint[], $3::integer[]) AS a (wallet_id, seq, n)
WHERE x.wallet_id = ANY (ARRAY[a.wallet_id]) AND x.seq = a.seq AND x.n = a.n /* one shard: AND x.wallet_id = ANY ($1) */`

// AckNotices implements [ledger.Tx]. The notices are removed when fn has returned.
func (t *tx) AckNotices(_ context.Context, ids []ledger.NoticeID) error {
	if t.readOnly {
		return errReadOnly
	}
	if len(ids) == 0 {
		return nil
	}
	for _, part := range split(t.dialect, ids, func(id ledger.NoticeID) ledger.WalletID { return id.WalletID }) {
		var c outboxColumns
		for _, id := range part {
			c.ids = append(c.ids, id.WalletID)
			c.seqs = append(c.seqs, id.Seq)
			c.places = append(c.places, int32(id.N))
		}
		t.writes = append(t.writes, t.statement(ackNotices, nil, c.ids, c.seqs, c.places))
	}
	return nil
}
