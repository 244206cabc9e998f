package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// Each row breaks one rule more than the row before it, and the error is that of
// the rule that comes first: invalid, key, not found, closed, frozen, insufficient.
func TestErrorsComeInTheirStatedOrder(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	poor := b.wallet(ledger.Terms{})
	frozen := b.wallet(ledger.Terms{})
	b.give(frozen, "1", nil)
	b.mustCharge(frozen, "1")
	used := "used"
	for _, w := range []ledger.WalletID{poor, frozen} {
		b.must(b.Grant(b.ctx, ledger.GrantRequest{Key: used, WalletID: w, Source: ledger.SourcePromotion, Amount: dec("1")}))
	}
	b.must(b.Freeze(b.ctx, ledger.StatusRequest{Key: b.key(), WalletID: frozen}))
	shut := b.wallet(ledger.Terms{})
	b.must(b.Freeze(b.ctx, ledger.StatusRequest{Key: used, WalletID: shut}))
	b.must(b.CloseWallet(b.ctx, ledger.StatusRequest{Key: b.key(), WalletID: shut}))
	nobody := ledger.WalletIDOf("nobody")

	charge := func(key string, w ledger.WalletID, amount string) ledger.ChargeRequest {
		return ledger.ChargeRequest{Key: key, WalletID: w, Item: "use", Amount: dec(amount)}
	}
	send := func(key string, from, to ledger.WalletID, amount string) ledger.TransferRequest {
		return ledger.TransferRequest{Key: key, From: from, To: to, Amount: dec(amount)}
	}
	refund := func(key string, w ledger.WalletID, amount string) ledger.RefundRequest {
		return ledger.RefundRequest{Key: key, WalletID: w, Charge: "none", Amount: dec(amount)}
	}
	for name, tt := range map[string]struct {
		r    ledger.Request
		want error
	}{
		"too much":                                          {charge("k", poor, "5"), ledger.ErrInsufficientCredits},
		"too much of a frozen wallet":                       {charge("k", frozen, "5"), ledger.ErrFrozen},
		"too much of a closed wallet":                       {charge("k", shut, "5"), ledger.ErrClosed},
		"too much of no wallet":                             {charge("k", nobody, "5"), ledger.ErrNotFound},
		"too much with a key that was used":                 {charge(used, poor, "5"), ledger.ErrKeyReused},
		"a frozen wallet with a key that was used":          {charge(used, frozen, "5"), ledger.ErrKeyReused},
		"a closed wallet with a key that was used":          {charge(used, shut, "5"), ledger.ErrKeyReused},
		"nothing with a key that was used":                  {charge(used, poor, "-5"), ledger.ErrInvalid},
		"nothing of no wallet":                              {charge("k", nobody, "-5"), ledger.ErrInvalid},
		"no key":                                            {charge("", nobody, "5"), ledger.ErrInvalid},
		"a transfer of too much":                            {send("k", poor, frozen, "5"), ledger.ErrInsufficientCredits},
		"a transfer of too much from a frozen wallet":       {send("k", frozen, poor, "5"), ledger.ErrFrozen},
		"a transfer from a frozen wallet to a closed one":   {send("k", frozen, shut, "5"), ledger.ErrClosed},
		"a transfer from a frozen wallet to no wallet":      {send("k", frozen, nobody, "5"), ledger.ErrNotFound},
		"a transfer from a closed wallet to no wallet":      {send("k", shut, nobody, "5"), ledger.ErrNotFound},
		"a transfer with a used key":                        {send(used, shut, nobody, "5"), ledger.ErrKeyReused},
		"a transfer of less than nothing with a used key":   {send(used, shut, nobody, "-5"), ledger.ErrInvalid},
		"a refund of no charge":                             {refund("k", poor, "5"), ledger.ErrNotFound},
		"a refund of no charge with a used key":             {refund(used, poor, "5"), ledger.ErrKeyReused},
		"a refund of no charge of less than nothing":        {refund("k", poor, "-5"), ledger.ErrInvalid},
		"a hold of too much of a frozen wallet":             {ledger.HoldRequest{Key: "k", WalletID: frozen, Amount: dec("5"), Life: hour}, ledger.ErrFrozen},
		"an extension of no hold of a frozen wallet":        {ledger.ExtendRequest{Key: "k", WalletID: frozen, Hold: 99, Amount: dec("5")}, ledger.ErrNotFound},
		"a deduction of too much of a frozen wallet":        {ledger.AdjustRequest{Key: "k", WalletID: frozen, Amount: dec("-5"), Info: ledger.Info{Reason: "r", Actor: "a"}}, ledger.ErrFrozen},
		"a deduction from no bucket of a frozen wallet":     {ledger.AdjustRequest{Key: "k", WalletID: frozen, Amount: dec("-5"), Bucket: "none", Info: ledger.Info{Reason: "r", Actor: "a"}}, ledger.ErrNotFound},
		"a charge without a rate card of a frozen wallet":   {ledger.ChargeRequest{Key: "k", WalletID: frozen, Item: "use", Quantity: dec("5")}, ledger.ErrFrozen},
		"a package without a catalog, of a frozen wallet":   {ledger.PurchaseRequest{Key: "k", WalletID: frozen, Package: "none"}, ledger.ErrNotFound},
		"a wallet with other terms than it was opened on":   {ledger.OpenWalletRequest{Key: "key-1", Unit: ledger.Unit{Name: "USD"}}, ledger.ErrKeyReused},
		"a wallet of no unit with a key that was used":      {ledger.OpenWalletRequest{Key: "key-1"}, ledger.ErrInvalid},
		"a void of no grant of a frozen wallet":             {ledger.VoidRequest{Key: "k", WalletID: frozen, Grant: ledger.GrantID{Seq: 9, N: 9}}, ledger.ErrNotFound},
		"a cancellation of no subscription":                 {ledger.CancelRequest{Key: "k", WalletID: poor}, ledger.ErrNotFound},
		"a taking back of no purchase of a closed wallet":   {ledger.TakeBackRequest{Key: "k", WalletID: shut, Purchase: "none"}, ledger.ErrClosed},
		"a taking back of nothing, with a key that is used": {ledger.TakeBackRequest{Key: used, WalletID: poor}, ledger.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.Do(b.ctx, tt.r)
			require.ErrorIs(t, err, tt.want)
			if name != "no key" { // which a check does not need
				_, err = b.Check(b.ctx, tt.r)
				require.ErrorIs(t, err, tt.want, "Check")
			}
		})
	}
}

func (b *books) must(_ ledger.Entry, err error) {
	b.t.Helper()
	require.NoError(b.t, err)
}

func TestAFinalRefusalStandsAndOthersDoNot(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	final := ledger.ChargeRequest{Key: "final", WalletID: w, Amount: dec("5"), Final: true}
	again := ledger.ChargeRequest{Key: "again", WalletID: w, Amount: dec("5")}
	_, first := b.Charge(b.ctx, final)
	require.ErrorIs(t, first, ledger.ErrInsufficientCredits)
	_, err := b.Charge(b.ctx, again)
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	require.Equal(t, []ledger.Kind{"open", "refuse"}, b.kinds(w, 0), "a refusal leaves a trace only if it is final")

	b.give(w, "20", nil)
	_, err = b.Charge(b.ctx, final)
	require.EqualError(t, err, first.Error(), "the same refusal, though there is enough by now")
	b.must(b.Charge(b.ctx, again))
	require.Equal(t, "15", b.available(w))

	final.Amount = dec("4")
	_, err = b.Charge(b.ctx, final)
	require.ErrorIs(t, err, ledger.ErrKeyReused)
}

// The key of a request belongs to its wallet, and tells equal requests by what they
// ask for, not by how it is written.
func TestAKeyKnowsItsRequest(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	unit := ledger.Unit{Name: "USD", Scale: 2}
	w, other := b.walletIn(unit, ledger.Terms{}), b.walletIn(unit, ledger.Terms{})
	b.give(w, "10", nil)
	b.give(other, "10", nil)
	r := ledger.ChargeRequest{Key: "use", WalletID: w, Item: "sms", Amount: dec("1.5"), At: noon}
	first, err := b.Charge(b.ctx, r)
	require.NoError(t, err)

	same := r
	same.Amount, same.At = dec("1.500"), noon.In(time.FixedZone("", 20700)).Add(999)
	second, err := b.Charge(context.Background(), same)
	require.NoError(t, err)
	require.Equal(t, ledger.EncodeEntry(&first), ledger.EncodeEntry(&second))
	require.Equal(t, "8.5", b.available(w))

	for name, change := range map[string]func(*ledger.ChargeRequest){
		"amount":    func(r *ledger.ChargeRequest) { r.Amount = dec("1.51") },
		"item":      func(r *ledger.ChargeRequest) { r.Item = "mms" },
		"kind":      func(r *ledger.ChargeRequest) { r.Kind = "message" },
		"time":      func(r *ledger.ChargeRequest) { r.At = noon.Add(-hour) },
		"shortfall": func(r *ledger.ChargeRequest) { r.Shortfall = ledger.ShortfallPartial },
		"reference": func(r *ledger.ChargeRequest) { r.Reference = "x" },
		"final":     func(r *ledger.ChargeRequest) { r.Final = true },
	} {
		t.Run(name, func(t *testing.T) {
			changed := r
			change(&changed)
			_, err := b.Charge(b.ctx, changed)
			var reused *ledger.KeyReusedError
			require.ErrorAs(t, err, &reused)
			require.Equal(t, ledger.KeyReusedError{Key: "use", Entry: first.ID()}, *reused)
		})
	}
	_, err = b.Hold(b.ctx, ledger.HoldRequest{Key: "use", WalletID: w, Item: "sms", Amount: dec("1.5"), Life: hour})
	require.ErrorIs(t, err, ledger.ErrKeyReused, "of another kind")
	elsewhere := r
	elsewhere.WalletID = other
	b.must(b.Charge(b.ctx, elsewhere))
	require.Equal(t, "8.5", b.available(other))
}
