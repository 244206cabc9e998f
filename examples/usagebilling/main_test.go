package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

func TestTheProgramPrintsWhatItShould(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, filepath.Join(t.TempDir(), "books.db")))
	require.Equal(t, string(want), out.String())
}

func TestTheProgramCanBeRunAgainOnTheSameBooks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "books.db")
	require.NoError(t, run(t.Context(), new(bytes.Buffer), path))
	b, err := openBilling(t.Context(), new(bytes.Buffer), path)
	require.NoError(t, err)
	defer b.close()
	john, err := b.customer(t.Context(), "John Wick")
	require.NoError(t, err)
	before, err := b.Wallet(t.Context(), john.money)
	require.NoError(t, err)
	require.NoError(t, b.johnWick(t.Context()))
	after, err := b.Wallet(t.Context(), john.money)
	require.NoError(t, err)
	require.Equal(t, before.Hash, after.Hash, "nothing was metered, given or invoiced twice")
}

func TestUseIsInvoicedOnce(t *testing.T) {
	t.Parallel()
	b, err := openBilling(t.Context(), new(bytes.Buffer), "")
	require.NoError(t, err)
	defer b.close()
	require.NoError(t, b.johnWick(t.Context()))
	john, err := b.customer(t.Context(), "John Wick")
	require.NoError(t, err)
	again, err := b.Bill(t.Context(), ledger.BillRequest{Key: "another", WalletID: john.money, To: august.End})
	require.NoError(t, err)
	require.Empty(t, again.Parts)
}
