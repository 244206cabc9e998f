package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// TestARefusalNamesTheFieldAndItsValue: whoever reads it need not look at the request.
func TestARefusalNamesTheFieldAndItsValue(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	grant := b.give(w, "20", nil)
	used := b.mustCharge(w, "6.00")
	hold := b.mustHold(w, "4")
	subscribed(b, w)
	limit := func(l ledger.Limit) ledger.Request {
		l.Name, l.Measure = "daily", ledger.MeasureCredits
		return ledger.AmendRequest{Key: "k", WalletID: w, Terms: ledger.Terms{Limits: []ledger.Limit{l}}}
	}
	again := func(name string) ledger.Request {
		offer := ledger.Offer{Cycle: expiry.Months(1), Buckets: []ledger.Bucket{allowance("other", "1")}}
		return ledger.SubscribeRequest{Key: "k", WalletID: w, Name: name, Offer: offer}
	}
	b.must(b.Do(b.ctx, ledger.SubscribeRequest{Key: b.key(), WalletID: w, Name: "extra", Offer: ledger.Offer{
		Cycle: expiry.Months(1), Buckets: []ledger.Bucket{allowance("extra", "1")},
	}}))
	for _, c := range []struct {
		want string
		r    ledger.Request
	}{
		{"Amount is 1000, more than the 6 left of the charge", ledger.RefundRequest{Key: "k", WalletID: w, Charge: used.Key, Amount: dec("1000")}},
		{"Amount is 11, more than the 10 left of the grant", ledger.VoidRequest{Key: "k", WalletID: w, Grant: grant, Amount: dec("11")}},
		{"Amount is 5, more than the 4 that the hold earmarks", ledger.ReleaseRequest{Key: "k", WalletID: w, Hold: hold, Amount: dec("5")}},
		{"Amount is -1 and must not be negative", ledger.RefundRequest{Key: "k", WalletID: w, Charge: used.Key, Amount: dec("-1")}},
		{"Quantity is -2 and must not be negative", ledger.RefundRequest{Key: "k", WalletID: w, Charge: used.Key, Quantity: dec("-2")}},
		{"Quantity is -2 and must not be negative", ledger.ChargeRequest{Key: "k", WalletID: w, Item: "x", Quantity: dec("-2")}},
		{"Uses[0].Amount is -3 and must not be negative", ledger.ChargeRequest{Key: "k", WalletID: w, Uses: []ledger.Use{{Amount: dec("-3")}}}},
		{"Limits[0].Percent is -1 and must not be negative", limit(ledger.Limit{Percent: dec("-1")})},
		{"Life is 0s and must be above zero and at most 8784h0m0s", ledger.HoldRequest{Key: "k", WalletID: w, Amount: dec("1")}},
		{"To is the wallet that From names, too", ledger.TransferRequest{Key: "k", From: w, To: w, Amount: dec("1")}},
		{`Zone "Mars/Olympus" is not in this machine's time zone database`, ledger.AmendRequest{Key: "k", WalletID: w, Terms: ledger.Terms{Zone: "Mars/Olympus"}}},
		{"Name is empty, and the wallet has its main subscription already; change or cancel it, or name another", again("")},
		{`Name is "extra", and the wallet has a subscription of that name already`, again("extra")},
		{
			"At is 2026-02-26 11:00:00 +0000 UTC, more than 72h0m0s ago, the wallet's Lateness",
			ledger.ChargeRequest{Key: "k", WalletID: w, Amount: dec("1"), At: noon.Add(-73 * time.Hour)},
		},
	} {
		_, err := b.Do(b.ctx, c.r)
		require.EqualError(t, err, "ledger: invalid request: "+c.want)
		require.ErrorIs(t, err, ledger.ErrInvalid)
	}
}

func TestARefusalSaysWhichWalletIsFrozen(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	frozen(b, w)
	_, err := b.charge(w, "1")
	require.EqualError(t, err, fmt.Sprintf("ledger: wallet is frozen: %v", w))
	require.ErrorIs(t, err, ledger.ErrFrozen)
}

func TestWithoutACatalogARefusalSaysThatThereIsNone(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	for what, r := range map[string]ledger.Request{
		"package starter":     ledger.PurchaseRequest{Key: "k", WalletID: w, Package: "starter"},
		"plan pro":            ledger.SubscribeRequest{Key: "k", WalletID: w, Offer: ledger.Offer{Plan: "pro"}},
		"promotion for HELLO": ledger.RedeemRequest{Key: "k", WalletID: w, Code: "HELLO"},
		"package pack":        ledger.AmendRequest{Key: "k", WalletID: w, Terms: ledger.Terms{TopUp: ledger.TopUp{Package: "pack", Threshold: dec("1")}}},
	} {
		_, err := b.Do(b.ctx, r)
		require.EqualError(t, err, "ledger: not found: the ledger has no catalog, and so no "+what)
		require.ErrorIs(t, err, ledger.ErrNotFound)
	}
}

func TestALedgerNeedsAStore(t *testing.T) {
	t.Parallel()
	require.PanicsWithValue(t, "ledger: New needs a store", func() { ledger.New(nil, ledger.Config{}) })
}
