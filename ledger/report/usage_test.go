package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
)

func TestLessUseIsTakenFromWhoeverHadUsedIt(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.wallet(ledger.Terms{})
	b.paid(w, "10", "1", expiry.Policy{})
	charge := b.must(ledger.ChargeRequest{
		Key: b.key(), WalletID: w, Uses: []ledger.Use{{Item: "gpu", Amount: dec("1")}, {Item: "sms", Quantity: dec("3")}},
		Info: ledger.Info{Actor: "ann"},
	})
	b.must(ledger.RefundRequest{
		Key: b.key(), WalletID: w, Charge: charge.Key, Part: "sms", Quantity: dec("2"), Info: ledger.Info{Actor: "support"},
	})
	rows, err := report.Usages(b.ctx, b.Ledger, report.Query{}, report.UsageGroup{Actor: true})
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Equal(t, []string{"ann", "sms", "1", "2"}, []string{rows[0].Actor, rows[0].Item, rows[0].Quantity.String(), rows[0].Credits.String()})
	require.Equal(t, []string{"ann", "gpu", "0", "1"}, []string{rows[1].Actor, rows[1].Item, rows[1].Quantity.String(), rows[1].Credits.String()})
}
