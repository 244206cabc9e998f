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
	hashes := func() (all []ledger.Hash) {
		require.NoError(t, run(t.Context(), new(bytes.Buffer), path))
		p, err := openPortal(t.Context(), new(bytes.Buffer), path)
		require.NoError(t, err)
		defer p.close()
		for w, err := range p.Wallets(t.Context(), ledger.WalletQuery{}) {
			require.NoError(t, err)
			all = append(all, w.Hash)
		}
		return all
	}
	first := hashes()
	require.Len(t, first, 3)
	require.Equal(t, first, hashes(), "nothing was sold, charged or given twice")
}

// open returns a portal that is set up, and an organization with 100 credits.
func open(t *testing.T) (*portal, *organization) {
	t.Helper()
	p, err := openPortal(t.Context(), new(bytes.Buffer), filepath.Join(t.TempDir(), "books.db"))
	require.NoError(t, err)
	t.Cleanup(p.close)
	_, err = p.join(t.Context(), "Early", "Eve")
	require.ErrorIs(t, err, errModule, "before the portal is set up")
	require.NoError(t, p.setUp(t.Context()))
	o, err := p.join(t.Context(), "Acme", "Ann")
	require.NoError(t, err)
	require.NoError(t, o.buy(t.Context(), "pi_1", "starter"))
	return p, o
}

// kept returns how many requests the portal has.
func (p *portal) kept(t *testing.T) (number int) {
	t.Helper()
	require.NoError(t, p.db.QueryRowContext(t.Context(), "SELECT count(*) FROM requests").Scan(&number))
	return number
}

func TestARequestIsKeptIfAndOnlyIfItIsPaid(t *testing.T) {
	t.Parallel()
	p, o := open(t)
	logo := o.newRequest("Ann", "logo_design", 1)
	for range 2 { // the client's browser sends it twice
		e, err := logo.place(t.Context())
		require.NoError(t, err)
		require.Equal(t, "75", e.Balance.String())
	}
	require.Equal(t, 1, p.kept(t))
	for _, refused := range []struct {
		why      error
		service  string
		quantity int64
	}{
		{ledger.ErrLimit, "logo_design", 1},
		{ledger.ErrInsufficientCredits, "blog_post", 6000},
		{ledger.ErrInvalid, "website_audit", 1}, // has no rate
	} {
		_, err := o.newRequest("Bob", refused.service, refused.quantity).place(t.Context())
		require.ErrorIs(t, err, refused.why)
		require.Equal(t, 1, p.kept(t))
	}
	require.NoError(t, logo.deliver(t.Context()))
	_, err := o.newRequest("Bob", "logo_design", 1).place(t.Context())
	require.NoError(t, err, "the first was delivered")
	require.Equal(t, 2, p.kept(t))
	require.NoError(t, p.Verify(t.Context(), o.wallet))
}

func TestARequestThatCannotBeKeptIsNotPaid(t *testing.T) {
	t.Parallel()
	p, o := open(t)
	_, err := p.db.ExecContext(t.Context(), "DROP TABLE requests")
	require.NoError(t, err)
	_, err = o.newRequest("Ann", "logo_design", 1).place(t.Context())
	require.Error(t, err)
	w, err := p.Wallet(t.Context(), o.wallet)
	require.NoError(t, err)
	require.Equal(t, "100", w.Balance.String())
	require.Empty(t, w.Holds)
}

func TestPackagesThatAreNotOfferedAreSoldOnlyIfTheyAreActive(t *testing.T) {
	t.Parallel()
	p, o := open(t)
	for _, k := range p.catalog.Offers(p.now) {
		require.NotContains(t, []string{"classic", "partner"}, k.Name)
	}
	require.ErrorIs(t, o.buy(t.Context(), "pi_2", "classic"), ledger.ErrInvalid)
	require.NoError(t, o.buy(t.Context(), "pi_3", "partner"))
	require.NoError(t, o.buy(t.Context(), "pi_4", "new_year"))
	require.ErrorIs(t, o.buy(t.Context(), "pi_5", "new_year"), ledger.ErrInvalid, "once for each")
}
