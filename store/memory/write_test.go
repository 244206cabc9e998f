package memory_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
)

// An entry without its wallet would leave the wallet behind its journal for good.
func TestAnEntryIsRefusedWithoutItsWallet(t *testing.T) {
	t.Parallel()
	store := new(memory.Store)
	write := func(c ledger.Changes) error {
		return store.Update(t.Context(), func(tx ledger.Tx) error { return tx.Write(t.Context(), c) })
	}
	id := ledger.WalletIDOf("w")
	opened := &ledger.Entry{WalletID: id, Seq: 1, Kind: ledger.KindOpen}
	require.ErrorIs(t, write(ledger.Changes{Entries: []*ledger.Entry{opened}}), ledger.ErrConflict)
	require.NoError(t, write(ledger.Changes{
		Wallets: []ledger.Put{{Wallet: &ledger.Wallet{ID: id, Seq: 1}}}, Entries: []*ledger.Entry{opened},
	}))
	next := &ledger.Entry{WalletID: id, Seq: 2, Kind: ledger.KindFreeze}
	require.ErrorIs(t, write(ledger.Changes{Entries: []*ledger.Entry{next}}), ledger.ErrConflict)
	require.NoError(t, write(ledger.Changes{
		Wallets: []ledger.Put{{Wallet: &ledger.Wallet{ID: id, Seq: 2}, From: 1}}, Entries: []*ledger.Entry{next},
	}))
}
