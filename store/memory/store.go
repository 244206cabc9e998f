// Package memory keeps the books in memory: for tests, for simulations, and as the
// shortest program that is a [ledger.Store]. What it holds ends with the process.
package memory

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/scrip-go/scrip/ledger"
)

// A Store is a [ledger.Store] in memory. Its zero value is empty and ready for use;
// it must not be copied after that.
//
// One Update runs at a time, and none while a View does, so the functions passed to
// them must not call the Store again.
type Store struct {
	mu     sync.RWMutex
	books  map[ledger.WalletID]*book
	outbox outbox

	ids atomic.Pointer[[]ledger.WalletID] // see sorted
}

var _ ledger.Store = (*Store)(nil)

var errView = errors.New("memory: a View must not write")

// Update implements [ledger.Store]. It calls fn once. A context that ends after fn
// has returned nil no longer matters.
func (s *Store) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	t := &tx{s: s}
	if err := fn(t); err != nil {
		return err
	}
	if t.lost != nil {
		return t.lost
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return t.commit()
}

// View implements [ledger.Store].
func (s *Store) View(ctx context.Context, fn func(ledger.Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(&tx{s: s, lost: errView})
}
