package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

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
	hashes := func() map[string]ledger.Hash {
		require.NoError(t, run(t.Context(), new(bytes.Buffer), path))
		a, err := openBooks(t.Context(), new(bytes.Buffer), path)
		require.NoError(t, err)
		defer a.close()
		all := make(map[string]ledger.Hash)
		for w, err := range a.Wallets(t.Context(), ledger.WalletQuery{}) {
			require.NoError(t, err)
			all[w.Owner] = w.Hash
		}
		return all
	}
	first := hashes()
	require.Len(t, first, 5)
	require.Equal(t, first, hashes(), "nothing was charged, added or changed twice")
}

func TestOneTimeCreditsSurviveTheResetAndMonthlyOnesDoNot(t *testing.T) {
	t.Parallel()
	a, err := openBooks(t.Context(), new(bytes.Buffer), "")
	require.NoError(t, err)
	defer a.close()
	require.NoError(t, a.addClient(t.Context(), "Quiet", "QUIET", "minimal"))
	c := a.client("Quiet")
	require.NoError(t, c.addOneTime(t.Context(), number(30), "new site"))
	require.NoError(t, c.edit(t.Context(), runs{"block_editor", 1}), "paid by what ends sooner")
	a.on(time.April, 1)
	b, err := a.Balance(t.Context(), c.wallet, a.now)
	require.NoError(t, err)
	by := b.By(func(g *ledger.Grant) string { return g.Bucket })
	require.Equal(t, "50", by[monthly].String())
	require.Equal(t, "30", by[oneTime].String())
}

func TestASessionIsMadeWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	a, err := openBooks(t.Context(), new(bytes.Buffer), "")
	require.NoError(t, err)
	defer a.close()
	require.NoError(t, a.addClient(t.Context(), "Quiet", "QUIET", "minimal"))
	c := a.client("Quiet")
	require.NoError(t, c.edit(t.Context(), runs{"block_editor", 3}, runs{"page_builder", 3}))
	b, err := a.Balance(t.Context(), c.wallet, a.now)
	require.NoError(t, err)
	require.Equal(t, "50", b.Available.String(), "it would cost 60")
}
