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
	kept []ledger.Changes // all that was written, if keep is set
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
	if m.keep && rows > 0 {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.kept = append(m.kept, written)
	}
	return nil
}

type meteredTx struct {
	ledger.Tx
	written *ledger.Changes
}

func (t meteredTx) Write(ctx context.Context, c ledger.Changes) error {
	*t.written = c
	return t.Tx.Write(ctx, c)
}
