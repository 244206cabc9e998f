package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

func TestChargeDrawsInTheWalletsOrder(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	paid := b.give(w, "100", func(r *ledger.GrantRequest) {
		r.Source = ledger.SourcePurchase
		r.Paid = ledger.Money{Amount: dec("99"), Currency: "USD"}
	})
	trial := b.give(w, "20", func(r *ledger.GrantRequest) {
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(7)}
	})

	e := b.mustCharge(w, "30")
	require.Equal(t, []string{trial.String() + " 20", paid.String() + " 10"}, draws(e))
	require.Equal(t, "90", b.available(w))

	_, err := b.charge(w, "500")
	var short *ledger.InsufficientCreditsError
	require.ErrorAs(t, err, &short)
	require.Equal(t, "90", short.Have.String())
}

func TestLateUseDrawsOnWhatWasLive(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", func(r *ledger.GrantRequest) {
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(1)}
	})
	b.clock = noon.Add(day + hour)
	require.Equal(t, "0", b.available(w))
	n, err := b.Settle(b.ctx, 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)

	_, err = b.charge(w, "4")
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	e, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("4"), At: noon.Add(day - hour)})
	require.NoError(t, err)
	require.Equal(t, []string{"2.1 4"}, draws(e))
	require.Equal(t, []ledger.Kind{"open", "grant", "expire", "reinstate", "charge"}, b.kinds(w, 0))
	at, err := b.Balance(b.ctx, w, noon.Add(day-1))
	require.NoError(t, err)
	require.Equal(t, "6", at.Available.String())
	at, err = b.Balance(b.ctx, w, noon.Add(day))
	require.NoError(t, err)
	require.Equal(t, "0", at.Available.String())
}
