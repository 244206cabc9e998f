package storetest

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/scrip-go/scrip/ledger"
)

// RunFlawed checks that [Run] is worth something for these stores. It plants flaws in
// them, such as updates that are lost, locks that are taken late, amounts that are
// not exact, batches that are kept in part, and keys that may be used twice: one at a
// time, around a store that open returns. Where the case that is about it passes all
// the same, the test fails.
func RunFlawed(t *testing.T, open func(t *testing.T) ledger.Store) {
	for _, f := range flaws {
		t.Run(f.name, func(t *testing.T) {
			broken := cases[slices.IndexFunc(cases, func(c testCase) bool { return c.name == f.breaks })]
			broken.check(&kit{TB: t, store: open(t)}) // passes, or it would prove nothing
			bad := flawed{open(t), f}
			if failed := failures(t, func(tb testing.TB) { broken.check(&kit{TB: tb, store: bad}) }); len(failed) == 0 {
				t.Errorf("it breaks that %s, which nobody has noticed", f.breaks)
			}
		})
	}
}

// A flaw makes a good store a bad one: by what it does around fn, or by what it does
// to the Tx that fn gets.
type flaw struct {
	name   string
	breaks string // the name of the case that must notice it
	view   func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error
	update func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error
	tx     func(ledger.Tx) ledger.Tx
}

type flawed struct {
	ledger.Store
	flaw
}

func (f flawed) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	if f.update != nil {
		return f.update(ctx, f.Store, fn)
	}
	return f.Store.Update(ctx, f.wrap(fn))
}

func (f flawed) View(ctx context.Context, fn func(ledger.Tx) error) error {
	if f.view != nil {
		return f.view(ctx, f.Store, fn)
	}
	return f.Store.View(ctx, f.wrap(fn))
}

func (f flawed) wrap(fn func(ledger.Tx) error) func(ledger.Tx) error {
	if f.tx == nil {
		return fn
	}
	return func(tx ledger.Tx) error { return fn(f.tx(tx)) }
}

// failures returns how check fails.
func failures(t *testing.T, check func(testing.TB)) []string {
	t.Helper()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				r.Errorf("panic: %v", p)
			}
		}()
		check(r)
	}()
	<-done
	return r.failed
}

// A recorder is a testing.TB that may fail.
type recorder struct {
	testing.TB
	mu     sync.Mutex
	failed []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatal(args ...any) { r.Fatalf("%s", fmt.Sprint(args...)) }
