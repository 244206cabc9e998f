package storetest

import (
	"testing"

	"github.com/scrip-go/scrip/ledger"
)

// Cases are all cases of [Run].
var Cases = cases

func (c testCase) Name() string { return c.name }

func (c testCase) Check(tb testing.TB, s ledger.Store) { c.check(&kit{TB: tb, store: s}) }

func Fill[T any]() T { return fill[T]() }
