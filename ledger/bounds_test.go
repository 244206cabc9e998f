package ledger_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// A watchedStore remembers the entries of each transaction.
type watchedStore struct {
	ledger.Store
	mu           sync.Mutex
	transactions [][]*ledger.Entry
}

type watchedTx struct {
	ledger.Tx
	s *watchedStore
}

func (s *watchedStore) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	return s.Store.Update(ctx, func(tx ledger.Tx) error { return fn(watchedTx{tx, s}) })
}

func (t watchedTx) Write(ctx context.Context, c ledger.Changes) error {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	t.s.transactions = append(t.s.transactions, slices.Clone(c.Entries))
	return t.Tx.Write(ctx, c)
}

// forget forgets the transactions so far.
func (s *watchedStore) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.transactions = nil
}

// sizes returns how many entries each transaction had, the most first.
func (s *watchedStore) sizes() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var n []int
	for _, entries := range s.transactions {
		n = append(n, len(entries))
	}
	slices.SortFunc(n, func(a, b int) int { return b - a })
	return n
}

// crowd is books on a store that takes a second for each transaction, with wallets of
// 100 credits.
func crowd(t *testing.T, wallets int, cfg ledger.Config) (*books, *watchedStore, []ledger.WalletID) {
	store := &watchedStore{Store: slowStore{newStore(), time.Second}}
	b := openOn(t, store, cfg)
	ids := make([]ledger.WalletID, wallets)
	for i := range ids {
		ids[i] = b.wallet(ledger.Terms{})
		b.give(ids[i], "100", nil)
	}
	store.forget()
	return b, store, ids
}

func use(w ledger.WalletID, n int) ledger.ChargeRequest {
	return ledger.ChargeRequest{Key: fmt.Sprint("use ", n), WalletID: w, Amount: credits(1)}
}

// useAtOnce has callers use wallets in turn, n times in all, and waits for their answers.
func useAtOnce(b *books, wallets []ledger.WalletID, n int) {
	b.t.Helper()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			_, err := b.Charge(b.ctx, use(wallets[i%len(wallets)], i))
			require.NoError(b.t, err)
		})
	}
	wg.Wait()
}

// Of 50 requests that come at once the first goes alone, and all others wait for it.
func TestNoTransactionHasMoreRequestsThanMaxBatch(t *testing.T) {
	t.Parallel()
	for _, remembered := range []bool{true, false} {
		t.Run(fmt.Sprint("wallets that are remembered: ", remembered), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cfg := ledger.Config{Lanes: 1, MaxBatch: 7}
				b, store, wallets := crowd(t, 10, cfg)
				if !remembered {
					b = openOn(t, store, cfg)
				}
				useAtOnce(b, wallets, 50)
				sizes, total := store.sizes(), 0
				for _, n := range sizes {
					total += n
				}
				require.Equal(t, 50, total)
				require.Equal(t, 7, sizes[0])
			})
		})
	}
}

// MaxWaiting counts those that are worked on, too. Beyond it nothing is accepted: no
// transaction has it, who gives up has had no effect, and a ledger that closes refuses
// it.
func TestBeyondMaxWaitingCallersWaitForAPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, store, wallets := crowd(t, 1, ledger.Config{Lanes: 1, MaxWaiting: 3})
		w := wallets[0]
		var wg sync.WaitGroup
		charge := func(ctx context.Context, n int, want error) {
			wg.Go(func() {
				_, err := b.Charge(ctx, use(w, n))
				require.Equal(t, want, err, "use %d", n)
			})
			synctest.Wait()
		}
		for n := range 3 {
			charge(b.ctx, n, nil)
		}
		began := time.Now()
		brief, cancel := context.WithTimeout(b.ctx, 500*time.Millisecond)
		defer cancel()
		_, err := b.Charge(brief, use(w, 3))
		require.Equal(t, context.DeadlineExceeded, err)
		require.Equal(t, 500*time.Millisecond, time.Since(began))
		for n := range 10 {
			charge(b.ctx, 4+n, nil)
		}
		wg.Wait()
		require.LessOrEqual(t, store.sizes()[0], 3)
		require.Equal(t, "87", b.available(w))
		_, err = b.Entry(b.ctx, w, use(w, 3).Key)
		require.ErrorIs(t, err, ledger.ErrNotFound)

		for n := range 3 {
			charge(b.ctx, 14+n, nil)
		}
		charge(b.ctx, 17, ledger.ErrShutdown)
		require.NoError(t, b.Close(b.ctx))
		wg.Wait()
		require.Equal(t, "84", b.available(w))
	})
}

// The first byte of its ID says which lane a wallet is in. Lanes do not wait for each
// other.
func TestOnlyWalletsOfOneLaneShareTransactions(t *testing.T) {
	t.Parallel()
	const lanes = 3
	synctest.Test(t, func(t *testing.T) {
		b, store, wallets := crowd(t, 20, ledger.Config{Lanes: lanes})
		lane := func(w ledger.WalletID) int { return int(w[0]) % lanes }
		began := time.Now()
		useAtOnce(b, wallets, 60)
		require.Equal(t, 2*time.Second, time.Since(began))

		transactions := make(map[int]int)
		for _, entries := range store.transactions {
			of := lane(entries[0].WalletID)
			transactions[of]++
			for _, e := range entries {
				require.Equal(t, of, lane(e.WalletID))
			}
		}
		require.Equal(t, map[int]int{0: 2, 1: 2, 2: 2}, transactions, "in each lane the first alone, all others together")
	})
}
