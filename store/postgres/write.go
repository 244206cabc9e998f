package postgres

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// openWallets adds new wallets. An ID that is taken is a unique violation.
const openWallets = `
INSERT INTO scrip_wallets (id, seq, owner, due_at, body)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::timestamptz[], string_to_array($5, E'\n'))`

// postEntries updates wallets and appends to their journals, or nothing at all:
// unless every wallet had the sequence number that its change was computed from, it
// divides by zero. It does so before it appends anything, because the quotient needs
// the update only. A wallet that another transaction is changing is waited for, and
// compared as it is by then.
//
// The arrays are ordered by wallet, and the server takes them in their order, which
// keeps deadlocks away: it cannot go through the wallets instead and look for each
// in the arrays, as it might while there are few, because "= ANY (ARRAY[p.id])", other
// than "= p.id", can only be looked up.
const postEntries = `
WITH put AS (
	UPDATE scrip_wallets AS w
	SET seq = p.seq, owner = p.owner, due_at = p.due_at, body = p.body
	FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[], string_to_array($6, E'\n'))
		AS p (id, prior, seq, owner, due_at, body)
	WHERE w.id = ANY (ARRAY[p.id]) AND w.seq = p.prior /* one shard: AND w.id = ANY ($1) */
	RETURNING w.id
), posted AS (
	INSERT INTO scrip_entries (wallet_id, seq, key, of, late, body)
	SELECT wallet_id, seq, nullif(key, ''), nullif(of, 0), late, body
	FROM unnest($7::uuid[], $8::bigint[], $9::text[], $10::bigint[], $11::boolean[], string_to_array($12, E'\n'))
		AS e (wallet_id, seq, key, of, late, body)
)
SELECT 1 / CASE WHEN (SELECT count(*) FROM put) = coalesce(cardinality($1), 0) THEN 1 ELSE 0 END`

// Write implements [ledger.Tx]. The changes are sent when fn has returned.
func (t *tx) Write(_ context.Context, c ledger.Changes) error {
	if t.readOnly {
		return errReadOnly
	}
	for _, c := range t.shards(c) {
		t.write(c)
	}
	return nil
}

// write adds what is needed to keep c: one statement, unless c opens wallets or
// makes notices.
func (t *tx) write(c ledger.Changes) {
	opened, updated := divide(c.Wallets)
	if len(opened.ids) > 0 {
		t.writes = append(t.writes, t.statement(openWallets, nil,
			opened.ids, opened.seqs, opened.owners, opened.due, lines(opened.bodies)))
	}
	if len(updated.ids)+len(c.Entries) > 0 {
		e := entryColumns(c.Entries)
		t.writes = append(t.writes, t.statement(postEntries, nil,
			updated.ids, updated.priors, updated.seqs, updated.owners, updated.due, lines(updated.bodies),
			e.ids, e.seqs, e.keys, e.ofs, e.lates, lines(e.bodies)))
	}
	if n := noticeColumns(c.Entries); len(n.ids) > 0 {
		t.writes = append(t.writes, t.statement(sendNotices, nil, n.ids, n.seqs, n.places, n.recorded))
	}
}

// lines returns bodies as one text, a line each: JSON without insignificant space has
// no line breaks. As an array, which pgx makes grow text by text, a megabyte of them
// would leave several behind for the garbage collector.
func lines(bodies []string) string { return strings.Join(bodies, "\n") }

// shards returns c whole or, on sharded tables, in a part per wallet.
func (t *tx) shards(c ledger.Changes) []ledger.Changes {
	if !t.dialect.Sharded {
		return []ledger.Changes{c}
	}
	var parts []ledger.Changes
	place := make(map[ledger.WalletID]int)
	part := func(id ledger.WalletID) *ledger.Changes {
		if _, ok := place[id]; !ok {
			place[id] = len(parts)
			parts = append(parts, ledger.Changes{})
		}
		return &parts[place[id]]
	}
	for _, p := range ordered(c.Wallets) {
		to := part(p.Wallet.ID)
		to.Wallets = append(to.Wallets, p)
	}
	for _, e := range c.Entries {
		to := part(e.WalletID)
		to.Entries = append(to.Entries, e)
	}
	return parts
}

// ordered returns puts in the order of their wallets' IDs.
func ordered(puts []ledger.Put) []ledger.Put {
	return slices.SortedFunc(slices.Values(puts), func(a, b ledger.Put) int { return a.Wallet.ID.Compare(b.Wallet.ID) })
}

// putColumns are the columns of wallets to write.
type putColumns struct {
	ids    [][16]byte
	priors []int64
	seqs   []int64
	owners []string
	due    []*time.Time
	bodies []string
}

// divide returns new wallets, and those that are there already.
func divide(puts []ledger.Put) (opened, updated putColumns) {
	for _, p := range ordered(puts) {
		to := &updated
		if p.From == 0 {
			to = &opened
		}
		to.ids = append(to.ids, p.Wallet.ID)
		to.priors = append(to.priors, p.From)
		to.seqs = append(to.seqs, p.Wallet.Seq)
		to.owners = append(to.owners, p.Wallet.Owner)
		to.due = append(to.due, nullable(p.Wallet.DueAt))
		to.bodies = append(to.bodies, string(ledger.EncodeWallet(p.Wallet)))
	}
	return opened, updated
}

// journalColumns are the columns of entries to append.
type journalColumns struct {
	ids    [][16]byte
	seqs   []int64
	keys   []string
	ofs    []int64
	lates  []bool
	bodies []string
}

func entryColumns(entries []*ledger.Entry) journalColumns {
	n := len(entries)
	c := journalColumns{
		ids:    make([][16]byte, n),
		seqs:   make([]int64, n),
		keys:   make([]string, n),
		ofs:    make([]int64, n),
		lates:  make([]bool, n),
		bodies: make([]string, n),
	}
	for i, e := range entries {
		c.ids[i], c.seqs[i], c.keys[i], c.ofs[i], c.lates[i] = e.WalletID, e.Seq, e.Key, e.Of, e.Late
		c.bodies[i] = e.Body()
	}
	return c
}
