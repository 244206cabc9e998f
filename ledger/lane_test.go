package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/storetest"
)

// A meteredStore counts transactions, and those of them that read wallets.
type meteredStore struct {
	ledger.Store
	updates, reads atomic.Int32
}

type meteredTx struct {
	ledger.Tx
	s *meteredStore
}

func (s *meteredStore) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	s.updates.Add(1)
	return s.Store.Update(ctx, func(tx ledger.Tx) error { return fn(meteredTx{tx, s}) })
}

func (t meteredTx) Wallets(ctx context.Context, ids []ledger.WalletID) ([]ledger.Wallet, error) {
	t.s.reads.Add(1)
	return t.Tx.Wallets(ctx, ids)
}

// Three requests come a second apart while the first is written, which takes two: the
// others share the next transaction, and a third batch is decided on what they leave.
func TestABatchIsDecidedOnTheWalletsOfTheOneThatIsBeingWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &meteredStore{Store: slowStore{newStore(), 2 * time.Second}}
		b := openOn(t, store, ledger.Config{Lanes: 1})
		w := b.wallet(ledger.Terms{})
		b.give(w, "10", nil)
		store.updates.Store(0)
		store.reads.Store(0)

		began := time.Now()
		var wg sync.WaitGroup
		for i, comes := range []time.Duration{0, time.Second, 1500 * time.Millisecond, 3 * time.Second} {
			wg.Go(func() {
				time.Sleep(comes)
				e, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: fmt.Sprint("use ", i), WalletID: w, Amount: credits(1)})
				require.NoError(t, err)
				require.Equal(t, fmt.Sprint(9-i), e.Balance.String())
			})
		}
		wg.Wait()
		require.Equal(t, 6*time.Second, time.Since(began))
		require.EqualValues(t, 3, store.updates.Load())
		require.Zero(t, store.reads.Load())
	})
}

// A wallet that is changed by what has yet to be read is not remembered as it was
// before: a charge that comes meanwhile loses to nobody.
func TestABatchWaitsForWhatTheOneBeforeItHasYetToDecide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &meteredStore{Store: slowStore{newStore(), time.Second}}
		b := openOn(t, store, ledger.Config{Lanes: 1})
		w, other := b.wallet(ledger.Terms{}), b.wallet(ledger.Terms{})
		b.give(w, "10", nil)
		b.give(other, "10", nil)
		charge := func(w ledger.WalletID, key string) ledger.ChargeRequest {
			return ledger.ChargeRequest{Key: key, WalletID: w, Amount: credits(1)}
		}
		store.updates.Store(0)
		var wg sync.WaitGroup
		at := func(milliseconds int, do func() error) {
			wg.Go(func() {
				time.Sleep(time.Duration(milliseconds) * time.Millisecond)
				require.NoError(t, do())
			})
		}
		at(0, func() error { _, err := b.Charge(b.ctx, charge(other, "takes until 1000")); return err })
		at(500, func() error { _, err := b.Together(b.ctx, charge(w, "takes"), charge(w, "until 2000")); return err })
		at(1500, func() error { _, err := b.Charge(b.ctx, charge(w, "takes until 3000")); return err })
		wg.Wait()
		require.EqualValues(t, 3, store.updates.Load())
		require.Equal(t, "7", b.available(w))
	})
}

// A refusal stands only if it was decided on the wallet that the store has, also
// where another request of the batch was refused on the one that was remembered.
func TestARefusalOnAWalletThatOthersHaveChangedDoesNotStand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := newStore()
		b, other := openOn(t, slowStore{store, time.Second}, ledger.Config{Lanes: 1}), openOn(t, store, ledger.Config{})
		w, busy := b.wallet(ledger.Terms{}), b.wallet(ledger.Terms{})
		b.give(w, "20", nil)
		b.give(busy, "20", nil)
		_, err := other.Grant(b.ctx, ledger.GrantRequest{
			Key: "elsewhere", WalletID: w, Source: ledger.SourcePromotion, Name: "more", Amount: credits(10),
		})
		require.NoError(t, err)

		charge := func(w ledger.WalletID, amount int64) ledger.ChargeRequest {
			return ledger.ChargeRequest{Key: fmt.Sprint(amount), WalletID: w, Amount: credits(amount)}
		}
		var wg sync.WaitGroup
		wg.Go(func() { b.mustCharge(busy, "1") })
		synctest.Wait()
		wg.Go(func() {
			_, err := b.Charge(b.ctx, charge(w, 100))
			require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
		})
		synctest.Wait()
		wg.Go(func() {
			_, err := b.Together(b.ctx, charge(w, 25))
			require.NoError(t, err)
		})
		wg.Wait()
		require.Equal(t, "5", b.available(w))
	})
}

// What was decided on wallets that were not written, or of which that is unknown, is
// decided anew: nothing is spent twice, nothing is lost, and every key answers once.
func TestABatchThatIsNotWrittenTakesNothingWithIt(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			faults := storetest.AtRandom(seed, map[storetest.Fault]int{
				storetest.FaultConflict: 4, storetest.FaultLost: 8, storetest.FaultKept: 8, storetest.FaultCommit: 8,
			})
			var failing atomic.Bool
			plan := func(f storetest.Fault) bool { return failing.Load() && faults(f) }
			store := newStore()
			b := openOn(t, slowStore{storetest.Faulty(store, plan), time.Millisecond}, ledger.Config{Lanes: 1, MaxBatch: 5})
			var wallets [3]ledger.WalletID
			for i := range wallets {
				wallets[i] = b.wallet(ledger.Terms{})
				b.give(wallets[i], "20", nil)
			}
			failing.Store(true)
			var paid [3]atomic.Int64
			var wg sync.WaitGroup
			for g := range 10 {
				wg.Go(func() {
					for i := range 12 {
						n := (g + i) % 3
						r := ledger.ChargeRequest{Key: fmt.Sprint(g, "/", i), WalletID: wallets[n], Amount: credits(1)}
						_, err := b.Charge(b.ctx, r)
						for err != nil && !errors.Is(err, ledger.ErrInsufficientCredits) {
							_, err = b.Charge(b.ctx, r)
						}
						if err == nil {
							paid[n].Add(1)
						}
					}
				})
			}
			wg.Wait()
			failing.Store(false)
			for i, w := range wallets {
				require.EqualValues(t, 20, paid[i].Load(), "seed %d", seed)
				require.Equal(t, "0", b.available(w))
				require.NoError(t, b.Verify(b.ctx, w))
			}
			require.NoError(t, b.Close(b.ctx))
		})
	}
}

// Another process writes the entry that a failed commit would have written. Whoever
// went on from the wallet that was not kept would chain to an entry that is not there.
func TestWhatWasNotWrittenIsForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := newStore()
		var failing atomic.Bool // once
		plan := func(f storetest.Fault) bool { return f == storetest.FaultCommit && failing.CompareAndSwap(true, false) }
		other := openOn(t, store, ledger.Config{})
		w := other.wallet(ledger.Terms{})
		other.give(w, "20", nil)
		books := openOn(t, slowStore{storetest.Faulty(store, plan), time.Second}, ledger.Config{Lanes: 1})
		charge := func(key string) error {
			_, err := books.Charge(books.ctx, ledger.ChargeRequest{Key: key, WalletID: w, Amount: credits(1)})
			return err
		}

		require.NoError(t, charge("first"))
		failing.Store(true)
		require.Error(t, charge("fails"))
		other.mustCharge(w, "1")
		require.NoError(t, charge("after it"))

		var wg sync.WaitGroup
		at := func(milliseconds int, do func()) {
			wg.Go(func() { time.Sleep(time.Duration(milliseconds) * time.Millisecond); do() })
		}
		at(0, func() { require.NoError(t, charge("takes until 1000")) })
		at(200, func() { require.Error(t, charge("fails from 1000 to 2000")) })
		at(1100, func() { failing.Store(true) })
		at(1500, func() { require.NoError(t, charge("gathers meanwhile, takes until 3000")) })
		at(2100, func() { other.mustCharge(w, "1") })
		wg.Wait()

		require.NoError(t, other.Verify(other.ctx, w))
		require.Equal(t, "14", other.available(w))
	})
}

// A sweep on a wallet that another process has changed since finds what fell due
// there, though the wallet that is remembered has nothing.
func TestASweepSettlesTheWalletsThatTheStoreHas(t *testing.T) {
	t.Parallel()
	store := newStore()
	worker, other := openOn(t, store, ledger.Config{}), openOn(t, store, ledger.Config{})
	w := worker.wallet(ledger.Terms{})
	worker.give(w, "1", nil)
	_, err := other.Grant(other.ctx, ledger.GrantRequest{
		Key: "for an hour", WalletID: w, Source: ledger.SourcePromotion, Amount: credits(10),
		Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Hours(1)},
	})
	require.NoError(t, err)
	worker.clock = noon.Add(2 * hour)
	for _, want := range []int{1, 0} {
		settled, err := worker.Settle(worker.ctx, 10)
		require.NoError(t, err)
		require.Equal(t, want, settled)
	}
}

// A panickyStore panics once.
type panickyStore struct {
	ledger.Store
	once atomic.Bool
}

func (s *panickyStore) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	if s.once.CompareAndSwap(true, false) {
		panic("a fault in the driver")
	}
	return s.Store.Update(ctx, fn)
}

func TestAPanicOfTheStoreTakesItsRequestWithIt(t *testing.T) {
	t.Parallel()
	store := &panickyStore{Store: newStore()}
	b := openOn(t, store, ledger.Config{Lanes: 1})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	store.once.Store(true)
	require.Panics(t, func() { b.mustCharge(w, "4") })
	b.mustCharge(w, "1")
	require.Equal(t, "9", b.available(w))
	require.NoError(t, b.Verify(b.ctx, w))
}

// Of two that share a transaction, each of several requests, the second fails when it
// has done half: what the first did stays as it was.
func TestWhatIsTakenBackLeavesTheBatchAsItWas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := openOn(t, slowStore{newStore(), time.Second}, ledger.Config{Lanes: 1})
		w, busy := b.wallet(ledger.Terms{}), b.wallet(ledger.Terms{})
		b.give(w, "10", nil)
		b.give(busy, "10", nil)
		charge := func(key string, amount int64) ledger.ChargeRequest {
			return ledger.ChargeRequest{Key: key, WalletID: w, Amount: credits(amount)}
		}
		var wg sync.WaitGroup
		wg.Go(func() { b.mustCharge(busy, "1") })
		synctest.Wait()
		wg.Go(func() {
			_, err := b.Together(b.ctx, charge("stays", 1), charge("stays, too", 1))
			require.NoError(t, err)
		})
		synctest.Wait()
		wg.Go(func() {
			_, err := b.Together(b.ctx, charge("goes", 3), charge("too much", 100))
			require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
		})
		wg.Wait()
		require.Equal(t, "8", b.available(w))
		require.NoError(t, b.Verify(b.ctx, w))
	})
}

// The lane that is idle takes no more requests while another is waited for, nor after
// the wait was given up.
func TestCloseShutsAllLanesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := openOn(t, slowStore{newStore(), time.Hour}, ledger.Config{Lanes: 2})
		charge := func(id ledger.WalletID) error {
			_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: "use", WalletID: id, Amount: credits(1)})
			return err
		}
		var wg sync.WaitGroup
		wg.Go(func() { require.ErrorIs(t, charge(ledger.WalletID{0, 1}), ledger.ErrNotFound) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(b.ctx, time.Second)
		defer cancel()
		require.ErrorIs(t, b.Close(ctx), context.DeadlineExceeded)
		require.ErrorIs(t, charge(ledger.WalletID{1, 1}), ledger.ErrShutdown)
		wg.Wait()
	})
}
