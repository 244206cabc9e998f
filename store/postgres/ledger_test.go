package postgres_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// TestLedger runs a ledger on a store: callers at once and in transactions of the
// host, kept and undone. The books then hold, and the views agree with them.
func TestLedger(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	pool := newPool(t)
	s := newStore(t, pool, postgres.Config{})
	first, second := ledger.New(s, ledger.Config{}), ledger.New(s, ledger.Config{}) // as in two processes
	defer func() { require.NoError(t, errors.Join(first.Close(ctx), second.Close(ctx))) }()

	w, err := first.OpenWallet(ctx, ledger.OpenWalletRequest{
		Key: "org-42", Unit: ledger.Unit{Name: "credits", Scale: 2}, Terms: ledger.Terms{Owner: "acme"},
	})
	require.NoError(t, err)
	_, err = second.Grant(ctx, ledger.GrantRequest{Key: "grant", WalletID: w.ID, Source: ledger.SourcePromotion, Amount: decimal.NewFromInt(10)})
	require.NoError(t, err)

	charge := func(books *ledger.Ledger, key string) error {
		_, err := books.Charge(ctx, ledger.ChargeRequest{Key: key, WalletID: w.ID, Item: "sms", Amount: amount("0.05")})
		return err
	}
	var callers errgroup.Group
	for n := range 20 {
		for _, books := range []*ledger.Ledger{first, second} {
			callers.Go(func() error { return charge(books, fmt.Sprint("at once ", n)) }) // each key twice
		}
		callers.Go(func() error {
			undo := errors.New("undo")
			err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
				if err := charge(first.In(postgres.Within(tx)), fmt.Sprint("within ", n)); err != nil {
					return err
				}
				if n%2 == 1 {
					return undo
				}
				return nil
			})
			if errors.Is(err, undo) {
				return nil
			}
			return err
		})
	}
	require.NoError(t, callers.Wait())

	w, err = first.Wallet(ctx, w.ID)
	require.NoError(t, err)
	require.Equal(t, "8.5", w.Balance.String()) // 20 + 10 charges of 0.05
	require.NoError(t, second.Verify(ctx, w.ID))
	stored := wallets(t, s, w.ID)[0] // settled when it was last written, other than w
	require.Equal(t, balanceOf(&stored), viewedBalance(t, pool, w.ID))
	require.Equal(t, grantsOf(&stored), viewedGrants(t, pool, w.ID))
}
