package postgres

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/scrip-go/scrip/ledger"
)

// wallets gathers the rows of a query for wallets.
type wallets []ledger.Wallet

func (ws *wallets) add(scan scan) error {
	var (
		id    walletID
		seq   int64
		owner string
		due   *time.Time
		body  []byte
	)
	if err := scan(&id, &seq, &owner, &due, &body); err != nil {
		return err
	}
	w, err := ledger.DecodeWallet(body)
	if err != nil {
		return fmt.Errorf("wallet %v: %w", ledger.WalletID(id), err)
	}
	if w.ID != ledger.WalletID(id) || w.Seq != seq || w.Owner != owner || !w.DueAt.Equal(instant(due)) {
		return fmt.Errorf("%w: the columns of wallet %v contradict its body", ledger.ErrCorrupt, ledger.WalletID(id))
	}
	*ws = append(*ws, w)
	return nil
}

// entries gathers the rows of a query for entries.
type entries []ledger.Entry

func (es *entries) add(scan scan) error {
	var (
		id   walletID
		seq  int64
		key  *string
		of   *int64
		late bool
		body []byte
	)
	if err := scan(&id, &seq, &key, &of, &late, &body); err != nil {
		return err
	}
	at := ledger.EntryID{WalletID: ledger.WalletID(id), Seq: seq}
	e, err := ledger.DecodeEntry(body)
	if err != nil {
		return fmt.Errorf("entry %v: %w", at, err)
	}
	if e.ID() != at || e.Key != value(key) || e.Of != value(of) || e.Late != late {
		return fmt.Errorf("%w: the columns of entry %v contradict its body", ledger.ErrCorrupt, at)
	}
	*es = append(*es, e)
	return nil
}

// value returns what p points to, or the zero value for NULL.
func value[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}

// instant returns the time in a column, zero for NULL.
func instant(p *time.Time) time.Time { return value(p) }

// nullable returns t for a column in which NULL stands for zero.
func nullable(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// A walletID reads a column of type uuid, from pgx and from database/sql.
type walletID ledger.WalletID

// ScanUUID implements [pgtype.UUIDScanner].
func (id *walletID) ScanUUID(v pgtype.UUID) error {
	*id = walletID(v.Bytes)
	return nil
}

// Scan implements [database/sql.Scanner].
func (id *walletID) Scan(src any) error { return (*uuid.UUID)(id).Scan(src) }

// uuids returns ids in the form that pgx sends.
func uuids(ids []ledger.WalletID) [][16]byte {
	raw := make([][16]byte, len(ids))
	for i, id := range ids {
		raw[i] = id
	}
	return raw
}

// byWallet returns items in a part per wallet, in the order of the wallets' IDs.
func byWallet[T any](items []T, wallet func(T) ledger.WalletID) [][]T {
	parts := make(map[ledger.WalletID][]T)
	for _, item := range items {
		parts[wallet(item)] = append(parts[wallet(item)], item)
	}
	var ordered [][]T
	for _, id := range slices.SortedFunc(maps.Keys(parts), ledger.WalletID.Compare) {
		ordered = append(ordered, parts[id])
	}
	return ordered
}
