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
	hash := func() ledger.Hash {
		require.NoError(t, run(t.Context(), new(bytes.Buffer), path))
		c, err := openBooks(t.Context(), new(bytes.Buffer), path)
		require.NoError(t, err)
		defer c.close()
		w, err := c.Wallet(t.Context(), ledger.WalletIDOf("Brightside Dental"))
		require.NoError(t, err)
		return w.Hash
	}
	first := hash()
	require.Equal(t, first, hash(), "nothing was charged, sold or renewed twice")
}

func TestOnlyWhatIsFreeCanBeDoneWithoutCredits(t *testing.T) {
	t.Parallel()
	c, err := openBooks(t.Context(), new(bytes.Buffer), "")
	require.NoError(t, err)
	defer c.close()
	a := c.account("Empty")
	require.NoError(t, a.signUp(t.Context()))
	require.NoError(t, a.do(t.Context(), "form", 100), "all credits of the month")
	charge := func(item string) error {
		_, err := c.Charge(t.Context(), ledger.ChargeRequest{
			Key: item, WalletID: a.wallet, Item: item, Quantity: number(1),
		})
		return err
	}
	require.NoError(t, charge("login"))
	require.ErrorIs(t, charge("sms"), ledger.ErrInsufficientCredits)
	require.ErrorIs(t, charge("fax"), ledger.ErrInvalid, "an action without a price is not free")
}
