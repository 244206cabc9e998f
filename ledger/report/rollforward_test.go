package report_test

import (
	"reflect"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
)

func TestATransferWithinTheBooksIssuesNothing(t *testing.T) {
	t.Parallel()
	b := open(t)
	from, to := b.wallet(ledger.Terms{}), b.wallet(ledger.Terms{})
	b.paid(from, "100", "10", after(30))
	b.must(ledger.TransferRequest{Key: b.key(), From: from, To: to, Amount: dec("60")})
	b.charge(from, "use", "30")
	b.charge(to, "use", "15")
	for name, c := range map[string]struct {
		wallets              []ledger.WalletID
		redemption, expiries string
	}{
		"both wallets": {nil, "0.45", "0.55"},
		"the sender":   {[]ledger.WalletID{from}, "0.75", "0.25"},
		"the receiver": {[]ledger.WalletID{to}, "0.25", "0.75"},
	} {
		b.clock = noon.AddDate(0, 0, 31)
		_, err := b.Settle(b.ctx, 10)
		require.NoError(t, err)
		r := b.rollForward(report.Query{Wallets: c.wallets})
		require.Equal(t, c.redemption, r.Redemption().String(), name)
		require.Equal(t, c.expiries, r.Expiration().String(), name)
	}
	later := b.rollForward(report.Query{From: noon.AddDate(0, 0, 1)})
	require.Equal(t, "0", later.Redemption().String(), "nothing was issued after the first day")
}

func TestMovementsAddUpClassByClass(t *testing.T) {
	t.Parallel()
	var a, b report.Movements
	fields := reflect.ValueOf(&a).Elem().NumField()
	amount := func(n int) reflect.Value {
		return reflect.ValueOf(report.Amount{Credits: decimal.New(int64(n), 0), Money: decimal.New(int64(n), -2)})
	}
	for i := range fields {
		reflect.ValueOf(&a).Elem().Field(i).Set(amount(i + 1))
		reflect.ValueOf(&b).Elem().Field(i).Set(amount(10 * (i + 1)))
	}
	all := a.Add(&b)
	for i := range fields {
		got := reflect.ValueOf(all).Field(i).Interface().(report.Amount)
		want := amount(11 * (i + 1)).Interface().(report.Amount)
		require.Equal(t, want.Credits.String(), got.Credits.String(), "field %d", i)
		require.Equal(t, want.Money.String(), got.Money.String(), "field %d", i)
	}
}
