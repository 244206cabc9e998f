package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/pricing"
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
	var first, second bytes.Buffer
	require.NoError(t, run(t.Context(), &first, path))
	require.NoError(t, run(t.Context(), &second, path))
	require.Equal(t, first.String(), second.String())
}

func TestNobodyHasAccessBeforeRebillingIsEnabled(t *testing.T) {
	t.Parallel()
	b, err := openBooks(t.Context(), "")
	require.NoError(t, err)
	defer b.close()
	r := &reseller{books: b}
	require.ErrorIs(t, r.enable(wholesale), errNotConnected)
	require.Error(t, r.grantAccess(t.Context(), "Bluebird"))
	r.payments = true
	require.ErrorIs(t, r.enable(wholesale.Sub(credits(1).Shift(-4))), pricing.ErrInvalid)
	require.NoError(t, r.enable(wholesale), "at the wholesale price itself")
	require.NoError(t, r.grantAccess(t.Context(), "Bluebird"))
}
