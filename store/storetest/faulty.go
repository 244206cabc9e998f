package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// A Fault is a way in which a store fails.
type Fault string

// The faults of a [Faulty] store.
const (
	FaultBegin    Fault = "begin"    // an Update or View fails before it calls fn
	FaultCall     Fault = "call"     // a call of a Tx fails and does nothing
	FaultRepeat   Fault = "repeat"   // an Update keeps nothing of what fn did and calls it again
	FaultConflict Fault = "conflict" // an Update keeps nothing and is ErrConflict
	FaultCommit   Fault = "commit"   // an Update keeps nothing and fails
	FaultLost     Fault = "lost"     // an Update keeps nothing and is ErrUnknownOutcome
	FaultKept     Fault = "kept"     // an Update keeps everything and is ErrUnknownOutcome
)

// ErrInjected is wrapped by all errors that a [Faulty] store makes up.
var ErrInjected = errors.New("storetest: injected fault")

// A Plan says whether a fault happens now. It is asked wherever one could, by many
// goroutines at once.
type Plan func(Fault) bool

// AtRandom returns a plan by which a fault happens once in oneIn[fault] times, and
// never if that is zero. The same seed makes the same answers in the same order.
func AtRandom(seed uint64, oneIn map[Fault]int) Plan {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, seed))
	return func(f Fault) bool {
		n := oneIn[f]
		if n == 0 {
			return false
		}
		mu.Lock()
		defer mu.Unlock()
		return random.IntN(n) == 0
	}
}

// Once returns a plan by which one fault happens: the n-th that could, from 1. To
// try them all, raise n until over reports that no fault has happened because there
// were fewer.
func Once(n int) (plan Plan, over func() bool) {
	var asked atomic.Int64
	plan = func(Fault) bool { return asked.Add(1) == int64(n) }
	over = func() bool { return asked.Load() < int64(n) }
	return plan, over
}

// Faulty returns a store that is like store, except that it fails where plan says.
func Faulty(store ledger.Store, plan Plan) ledger.Store { return faulty{store, plan} }

type faulty struct {
	store ledger.Store
	plan  Plan
}

func (f faulty) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	if f.plan(FaultBegin) {
		return injected(FaultBegin)
	}
	fault := f.ending()
	if fault == "" || fault == FaultKept {
		err := f.store.Update(ctx, f.wrap(fn))
		if err == nil && fault == FaultKept {
			err = injected(fault)
		}
		return err
	}
	if err := f.discard(ctx, fn); err != nil {
		return err
	}
	if fault == FaultRepeat {
		return f.store.Update(ctx, f.wrap(fn))
	}
	return injected(fault)
}

// ending returns the fault of an Update that calls fn, or nothing.
func (f faulty) ending() Fault {
	for _, fault := range []Fault{FaultRepeat, FaultConflict, FaultCommit, FaultLost, FaultKept} {
		if f.plan(fault) {
			return fault
		}
	}
	return ""
}

// discard runs fn in an Update of which nothing is kept. The error is fn's.
func (f faulty) discard(ctx context.Context, fn func(ledger.Tx) error) error {
	err := f.store.Update(ctx, func(tx ledger.Tx) error {
		if err := f.wrap(fn)(tx); err != nil {
			return err
		}
		return errStop
	})
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

func (f faulty) View(ctx context.Context, fn func(ledger.Tx) error) error {
	if f.plan(FaultBegin) {
		return injected(FaultBegin)
	}
	return f.store.View(ctx, f.wrap(fn))
}

func (f faulty) wrap(fn func(ledger.Tx) error) func(ledger.Tx) error {
	return func(tx ledger.Tx) error { return fn(faultyTx{tx, f.plan}) }
}

// injected returns the error of a fault.
func injected(f Fault) error {
	if f == FaultConflict {
		return fmt.Errorf("%w: %w", ledger.ErrConflict, ErrInjected)
	}
	if f == FaultLost || f == FaultKept {
		return fmt.Errorf("%w: %w", ledger.ErrUnknownOutcome, ErrInjected)
	}
	return fmt.Errorf("%w: %s", ErrInjected, f)
}

// A faultyTx is a Tx whose calls fail where plan says.
type faultyTx struct {
	tx   ledger.Tx
	plan Plan
}

func (f faultyTx) fail() error {
	if f.plan(FaultCall) {
		return injected(FaultCall)
	}
	return nil
}

func (f faultyTx) Wallets(ctx context.Context, ids []ledger.WalletID) ([]ledger.Wallet, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.tx.Wallets(ctx, ids)
}

func (f faultyTx) Keyed(ctx context.Context, keys []ledger.EntryKey) ([]ledger.Entry, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.tx.Keyed(ctx, keys)
}

func (f faultyTx) Journal(ctx context.Context, q ledger.Page) ([]ledger.Entry, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.tx.Journal(ctx, q)
}

func (f faultyTx) List(ctx context.Context, q ledger.WalletPage) ([]ledger.Wallet, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.tx.List(ctx, q)
}

func (f faultyTx) Write(ctx context.Context, c ledger.Changes) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.tx.Write(ctx, c)
}

func (f faultyTx) TakeNotices(ctx context.Context, now, until time.Time, limit int) ([]ledger.Delivery, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.tx.TakeNotices(ctx, now, until, limit)
}

func (f faultyTx) AckNotices(ctx context.Context, ids []ledger.NoticeID) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.tx.AckNotices(ctx, ids)
}
