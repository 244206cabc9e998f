package memory_test

import (
	"testing"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/storetest"
)

func TestStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) ledger.Store { return new(memory.Store) })
}

func TestFlawsAreNoticed(t *testing.T) {
	t.Parallel()
	storetest.RunFlawed(t, func(*testing.T) ledger.Store { return new(memory.Store) })
}
