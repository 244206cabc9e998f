package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

const (
	walletColumns = `id, seq, owner, due_at, available, held, debt, pending, body`

	selectWallets = `SELECT ` + walletColumns + ` FROM scrip_wallets
WHERE id IN (SELECT value FROM json_each(?))`

	listWallets = `SELECT ` + walletColumns + ` FROM scrip_wallets WHERE id > ? ORDER BY id LIMIT ?`

	listOwner = `SELECT ` + walletColumns + ` FROM scrip_wallets
WHERE owner = ? AND id > ? ORDER BY id LIMIT ?`

	listDue = `SELECT ` + walletColumns + ` FROM scrip_wallets
WHERE due_at <= ? AND (due_at, id) > (?, ?) ORDER BY due_at, id LIMIT ?`

	insertWallet = `INSERT INTO scrip_wallets (` + walletColumns + `)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING`

	// Most operations leave alone what is indexed. Then so should the statement:
	// SQLite rewrites an index entry even if the new one is the same.
	updateWallet = `UPDATE scrip_wallets
SET seq = ?2, available = ?5, held = ?6, debt = ?7, pending = ?8, body = ?9
WHERE id = ?1 AND seq = ?10 AND owner = ?3 AND due_at IS ?4`

	updateIndexed = `UPDATE scrip_wallets
SET seq = ?2, owner = ?3, due_at = ?4, available = ?5, held = ?6, debt = ?7, pending = ?8, body = ?9
WHERE id = ?1 AND seq = ?10`
)

// A walletRow is what a wallet's row says besides its body.
type walletRow struct {
	id                             string
	seq                            int64
	owner                          string
	dueAt                          sql.NullInt64
	available, held, debt, pending string
}

func rowOfWallet(w *ledger.Wallet) walletRow {
	b := w.BalanceNow()
	var dueAt sql.NullInt64
	if !w.DueAt.IsZero() {
		dueAt = sql.NullInt64{Int64: micros(w.DueAt), Valid: true}
	}
	return walletRow{
		id:        w.ID.String(),
		seq:       w.Seq,
		owner:     w.Owner,
		dueAt:     dueAt,
		available: b.Available.String(),
		held:      b.Held.String(),
		debt:      b.Debt.String(),
		pending:   b.Pending.String(),
	}
}

// micros returns t as the database keeps it. The zero time, in the year 1, comes
// before all others.
func micros(t time.Time) int64 { return t.UnixMicro() }

// Wallets implements [ledger.Tx]. In an Update all of the database is locked
// already.
func (t *tx) Wallets(ctx context.Context, ids []ledger.WalletID) ([]ledger.Wallet, error) {
	ctx, err := t.start(ctx)
	if err != nil {
		return nil, err
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	wallets := make([]ledger.Wallet, 0, len(ids))
	err = t.query(ctx, selectWallets, scanWallets(&wallets), string(list))
	return wallets, err
}

// List implements [ledger.Tx].
func (t *tx) List(ctx context.Context, q ledger.WalletPage) ([]ledger.Wallet, error) {
	ctx, err := t.start(ctx)
	if err != nil {
		return nil, err
	}
	var wallets []ledger.Wallet
	scan, after := scanWallets(&wallets), q.After.ID.String()
	switch {
	case !q.DueBy.IsZero():
		err = t.query(ctx, listDue, scan, micros(q.DueBy), micros(q.After.DueAt), after, q.Limit)
	case q.Owner != "":
		err = t.query(ctx, listOwner, scan, q.Owner, after, q.Limit)
	default:
		err = t.query(ctx, listWallets, scan, after, q.Limit)
	}
	return wallets, err
}

// scanWallets returns a function that appends the wallet of a row to wallets.
func scanWallets(wallets *[]ledger.Wallet) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var r walletRow
		var body sql.RawBytes
		if err := rows.Scan(&r.id, &r.seq, &r.owner, &r.dueAt,
			&r.available, &r.held, &r.debt, &r.pending, &body); err != nil {
			return translate(err)
		}
		w, err := ledger.DecodeWallet(body)
		if err != nil {
			return fmt.Errorf("wallet %s: %w", r.id, err)
		}
		if want := rowOfWallet(&w); r != want {
			return fmt.Errorf("%w: wallet %s: its columns are %v, its body says %v", ledger.ErrCorrupt, r.id, r, want)
		}
		*wallets = append(*wallets, w)
		return nil
	}
}

func (t *tx) putWallets(ctx context.Context, puts []ledger.Put) error {
	for _, p := range puts {
		if err := t.putWallet(ctx, p.Wallet, p.From); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putWallet(ctx context.Context, w *ledger.Wallet, from int64) error {
	r := rowOfWallet(w)
	args := []any{
		r.id, r.seq, r.owner, r.dueAt, r.available, r.held, r.debt, r.pending,
		string(ledger.EncodeWallet(w)),
	}
	if from == 0 {
		return t.execOne(ctx, insertWallet, w.ID, args...)
	}
	args = append(args, from)
	n, err := t.exec(ctx, updateWallet, args...)
	if err != nil || n == 1 {
		return err
	}
	return t.execOne(ctx, updateIndexed, w.ID, args...)
}
