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
	keyed  map[ledger.EntryKey]int64  // the Seq of the entry
	of     map[ledger.EntryID][]int64 // the Seqs of those that unwind it or carry it on
	late   map[ledger.WalletID][]int64
	outbox outbox

	ids atomic.Pointer[[]ledger.WalletID] // see sorted
}

var _ ledger.Store = (*Store)(nil)

// A book is a wallet with its journal, where the entry of Seq n is at n-1, encoded: a
// long journal of bytes costs the garbage collector nothing.
type book struct {
	wallet *ledger.Wallet
	bodies []string
}

// entry returns the entry with that Seq, which must be there.
func (b *book) entry(seq int64) (ledger.Entry, error) {
	return ledger.DecodeEntry([]byte(b.bodies[seq-1]))
}

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
	t.commit()
	return nil
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
