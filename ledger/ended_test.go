package ledger_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// What a plan gave ends with the plan. What comes back later, from a charge or from a
// hold, lapses then, whatever the end that the grant was issued with.
func TestWhatAPlanGaveDoesNotComeBackAfterItsEnd(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	plan := func(bucket, amount string, cycle expiry.Cycle) ledger.Offer {
		return ledger.Offer{Cycle: cycle, Buckets: []ledger.Bucket{allowance(bucket, amount)}}
	}
	cancel := func(b *books, w ledger.WalletID) {
		_, err := b.Cancel(b.ctx, ledger.CancelRequest{Key: b.key(), WalletID: w})
		require.NoError(b.t, err)
	}
	change := func(b *books, w ledger.WalletID, o ledger.Offer) {
		_, err := b.Change(b.ctx, ledger.ChangeRequest{Key: b.key(), WalletID: w, Offer: o})
		require.NoError(b.t, err)
	}
	for _, c := range []struct {
		name     string
		end      func(*books, ledger.WalletID)
		new      string // what the wallet has of what began then
		comeBack bool
	}{
		{"a plan that goes on", func(*books, ledger.WalletID) {}, "0", true},
		{"a plan that is cancelled", cancel, "0", false},
		{"a plan that is cancelled and had again for the same period", func(b *books, w ledger.WalletID) {
			cancel(b, w)
			b.clock = b.clock.Add(time.Microsecond)
			b.subscribe(w, ledger.SubscribeRequest{Offer: plan("a", "7", expiry.Months(1)), Anchor: first})
		}, "7", false},
		{"a bucket that another plan lacks", func(b *books, w ledger.WalletID) {
			change(b, w, plan("b", "0", expiry.Cycle{}))
		}, "0", false},
		{"a period that a change of cycle cuts short", func(b *books, w ledger.WalletID) {
			change(b, w, plan("a", "7", expiry.Days(7)))
		}, "7", false},
		{"an allowance that is raised", func(b *books, w ledger.WalletID) {
			_, err := b.Change(b.ctx, ledger.ChangeRequest{
				Key: b.key(), WalletID: w, Offer: plan("a", "107", expiry.Cycle{}), Prorate: ledger.ProrateFull,
			})
			require.NoError(b.t, err)
		}, "7", true},
	} {
		for _, policy := range []ledger.RefundPolicy{{}, {Life: expiry.Days(3)}} {
			t.Run(c.name, func(t *testing.T) {
				b := open(t, ledger.Config{})
				w := b.wallet(ledger.Terms{Refunds: policy})
				b.subscribe(w, ledger.SubscribeRequest{Offer: plan("a", "100", expiry.Months(1)), Anchor: first})
				charged, captured := b.mustCharge(w, "60"), b.mustHold(w, "25")
				held := b.mustHold(w, "15")
				_, err := b.capture(w, captured, "25")
				require.NoError(t, err)
				b.clock = b.clock.Add(time.Minute)
				c.end(b, w)
				require.Equal(t, c.new, b.available(w))

				_, err = b.release(w, held, "0")
				require.NoError(t, err)
				want := dec(c.new)
				if c.comeBack {
					want = want.Add(dec("15"))
				}
				require.Equal(t, want.String(), b.available(w), "of the hold")

				e := b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: charged.Key, Amount: dec("20")})
				again := !c.comeBack && !policy.Life.IsZero()
				if c.comeBack || again {
					want = want.Add(dec("20"))
				}
				require.Equal(t, want.String(), b.available(w), "of the charge")
				require.Equal(t, again, len(e.Grants) == 1 && e.Grants[0].Source == ledger.SourceRefund)
			})
		}
	}
}
