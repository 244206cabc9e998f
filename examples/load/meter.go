package main

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/scrip-go/scrip/ledger"
)

// A meter is a store that counts what it is asked for.
type meter struct {
	ledger.Store
	transactions, rows atomic.Int64

	mu   sync.Mutex
	kept []row // the entries that were written, if keep is set
	keep bool
}

// Update implements [ledger.Store].
func (m *meter) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	var written ledger.Changes
	err := m.Store.Update(ctx, func(tx ledger.Tx) error {
		written = ledger.Changes{}
		return fn(meteredTx{tx, &written})
	})
	m.transactions.Add(1)
	if err != nil {
		return err
	}
	rows := len(written.Wallets) + len(written.Entries)
	for _, e := range written.Entries {
		rows += len(e.Notices)
	}
	m.rows.Add(int64(rows))
	if m.keep {
		m.remember(written.Entries)
	}
	return nil
}

// remember keeps entries, of which it takes as little as possible: what is in memory
// slows down those that are measured.
func (m *meter) remember(entries []*ledger.Entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range entries {
		m.kept = append(m.kept, row{id: e.WalletID, seq: e.Seq, key: e.Key, body: e.Body()})
	}
}

type meteredTx struct {
	ledger.Tx
	written *ledger.Changes
}

func (t meteredTx) Write(ctx context.Context, c ledger.Changes) error {
	*t.written = c
	return t.Tx.Write(ctx, c)
}
