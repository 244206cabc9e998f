package storetest

import (
	"github.com/scrip-go/scrip/ledger"
)

// Failures are what a check says of a store that may be bad.
var Failures = failures

func Fill[T any]() T { return fill[T]() }

// Flawed returns s with another Tx.
func Flawed(s ledger.Store, tx func(ledger.Tx) ledger.Tx) ledger.Store {
	return flawed{s, flaw{tx: tx}}
}
