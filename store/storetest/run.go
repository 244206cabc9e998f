package storetest

import (
	"context"
	"testing"

	"github.com/scrip-go/scrip/ledger"
)

// Run checks that stores keep the contract of [ledger.Store]. It calls open once for
// each case; open returns an empty store and leaves it to t.Cleanup to close it.
func Run(t *testing.T, open func(t *testing.T) ledger.Store) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.check(&kit{TB: t, store: open(t)}) })
	}
}

// A HostTx is a transaction that a host began, and the store that is bound to it.
type HostTx struct {
	Store    ledger.Store
	Commit   func() error
	Rollback func() error
}

// A Begin begins a transaction as a host does. Its errors, and those of
// [HostTx.Commit], are the adapter's: a lost transaction is [ledger.ErrConflict].
type Begin func(ctx context.Context) (HostTx, error)

// RunWithin checks stores that are bound to a host's transaction: that they keep the
// contract, with each Update and View in a transaction of its own, and that they
// leave it to the host to commit. It calls open once for each case, which returns
// how to begin a transaction on an empty database.
//
// What depends on the isolation that the host chose is not checked.
func RunWithin(t *testing.T, open func(t *testing.T) Begin) {
	for _, c := range cases {
		if !c.own {
			t.Run(c.name, func(t *testing.T) { c.check(&kit{TB: t, store: Hosted(open(t))}) })
		}
	}
	for _, c := range boundCases {
		t.Run(c.name, func(t *testing.T) {
			begin := open(t)
			c.check(&kit{TB: t, store: Hosted(begin)}, begin)
		})
	}
}

// A testCase is one sentence of the contract.
type testCase struct {
	name  string
	check func(*kit)
	own   bool // holds only where the store's transactions are its own
}

var cases = concat(updateCases, walletCases, keyCases, journalCases, listCases, writeCases, noticeCases, raceCases, sizeCases)

func concat(groups ...[]testCase) []testCase {
	var all []testCase
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// Hosted returns a store each of whose transactions is one that a host begins.
func Hosted(begin Begin) ledger.Store { return host{begin} }

type host struct{ begin Begin }

func (h host) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	tx, err := h.begin(ctx)
	if err != nil {
		return err
	}
	kept := false
	defer func() {
		if !kept {
			_ = tx.Rollback()
		}
	}()
	if err := tx.Store.Update(ctx, fn); err != nil {
		return err
	}
	kept = true
	return tx.Commit()
}

func (h host) View(ctx context.Context, fn func(ledger.Tx) error) error {
	tx, err := h.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	return tx.Store.View(ctx, fn)
}
