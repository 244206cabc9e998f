package ledger_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

func TestFieldPlans(t *testing.T) {
	t.Parallel()
	april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	may := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	offer := func(amount, most string) ledger.Offer {
		bucket := allowance("a", amount)
		bucket.Rollover = expiry.Rollover{Kind: expiry.RolloverAmount, Max: dec(most)}
		return ledger.Offer{Cycle: expiry.Months(1), Buckets: []ledger.Bucket{bucket}}
	}

	t.Run("what rolled over survives a change of plan", func(t *testing.T) {
		for _, atEnd := range []bool{false, true} {
			b := open(t, ledger.Config{})
			w := b.wallet(ledger.Terms{})
			b.subscribe(w, ledger.SubscribeRequest{Anchor: noon, Offer: offer("100", "1000")})
			b.clock = april
			require.Equal(t, []string{"100"}, carriedIn(b.balance(w), "a"))
			_, err := b.Change(b.ctx, ledger.ChangeRequest{Key: b.key(), WalletID: w, Offer: offer("300", "1000"), AtPeriodEnd: atEnd})
			require.NoError(t, err)
			require.Equal(t, []string{"100"}, carriedIn(b.balance(w), "a"))
		}
	})

	t.Run("the cap of a smaller plan holds at once, at the period's end, and with a change of cycle", func(t *testing.T) {
		for name, change := range map[string]ledger.ChangeRequest{
			"at once":              {Offer: offer("100", "40")},
			"at the period's end":  {Offer: offer("100", "40"), AtPeriodEnd: true},
			"with another cycle":   {Offer: ledger.Offer{Cycle: expiry.Weeks(1), Buckets: offer("100", "40").Buckets}},
			"cycle, at period end": {Offer: ledger.Offer{Cycle: expiry.Weeks(1), Buckets: offer("100", "40").Buckets}, AtPeriodEnd: true},
		} {
			b := open(t, ledger.Config{})
			w := b.wallet(ledger.Terms{})
			b.subscribe(w, ledger.SubscribeRequest{Anchor: noon, Offer: offer("100", "1000")})
			b.clock = april
			change.Key, change.WalletID = b.key(), w
			_, err := b.Change(b.ctx, change)
			require.NoError(t, err)
			b.clock = may
			require.Equal(t, "140", b.available(w), name)
		}
	})

	t.Run("a debt is neither lost nor counted twice when the plan changes", func(t *testing.T) {
		for name, change := range map[string]ledger.ChangeRequest{
			"at once":            {Offer: offer("300", "0.5"), Prorate: ledger.ProrateFull},
			"with another cycle": {Offer: ledger.Offer{Cycle: expiry.Weeks(1), Buckets: []ledger.Bucket{allowance("a", "200")}}},
		} {
			b := open(t, ledger.Config{})
			w := b.walletIn(ledger.Unit{Name: "credits", Scale: 1}, ledger.Terms{CreditLimit: dec("100")})
			b.subscribe(w, ledger.SubscribeRequest{Offer: ledger.Offer{Cycle: expiry.Months(1), Buckets: []ledger.Bucket{allowance("a", "100")}}})
			_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("160"), Shortfall: ledger.ShortfallOverdraft})
			require.NoError(t, err)
			change.Key, change.WalletID = b.key(), w
			_, err = b.Change(b.ctx, change)
			require.NoError(t, err)
			require.Equal(t, "0", b.balance(w).Debt.String(), name)
			require.Equal(t, "140", b.available(w), name)
		}
	})

	t.Run("the paid and the free part of a purchase are two grants, each once", func(t *testing.T) {
		b := open(t, ledger.Config{Catalog: catalog(t)})
		w := b.wallet(ledger.Terms{})
		e, err := b.Purchase(b.ctx, ledger.PurchaseRequest{Key: b.key(), WalletID: w, Package: "starter", Number: 2})
		require.NoError(t, err)
		require.Len(t, e.Grants, 2)
		require.Equal(t, "200", e.Grants[0].Amount.String())
		require.Equal(t, "20.00 USD", e.Grants[0].Paid.String())
		require.Equal(t, "20", e.Grants[1].Amount.String())
		require.True(t, e.Grants[1].Paid.IsZero())
		require.Equal(t, e.Grants[0].ID, e.Grants[1].Parent)
		require.Equal(t, "220", b.available(w))
	})
}

func TestFieldNotDocumentedByAnyone(t *testing.T) {
	t.Parallel()
	ends := noon.Add(day)

	t.Run("a refund into an expired grant lapses at once, unless the policy gives it a life of its own", func(t *testing.T) {
		for _, life := range []expiry.Cycle{{}, expiry.Days(30)} {
			b := open(t, ledger.Config{})
			w := b.wallet(ledger.Terms{Refunds: ledger.RefundPolicy{Life: life}})
			b.give(w, "10", func(r *ledger.GrantRequest) { until(ends)(r); bought("5")(r); r.Priority = 3 })
			c := b.mustCharge(w, "4")
			b.clock = ends
			e, err := b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: c.Key})
			require.NoError(t, err)
			if life.IsZero() {
				require.Equal(t, "0", b.available(w))
				continue
			}
			require.Equal(t, "4", b.available(w))
			require.Equal(t, ledger.SourceRefund, e.Grants[0].Source)
			require.Equal(t, 3, e.Grants[0].Priority)
			require.Equal(t, "2.00 USD", e.Grants[0].Paid.String())
			require.Equal(t, "4", b.availableAt(w, ends.Add(30*day-time.Microsecond)))
			require.Equal(t, "0", b.availableAt(w, ends.Add(30*day)))
		}
	})

	t.Run("a purchase taken back after a part was spent returns the money of the rest, and its bonus goes", func(t *testing.T) {
		b := open(t, ledger.Config{Catalog: catalog(t)})
		w := b.wallet(ledger.Terms{})
		_, err := b.Purchase(b.ctx, ledger.PurchaseRequest{Key: "payment", WalletID: w, Package: "starter"})
		require.NoError(t, err)
		b.mustCharge(w, "77") // the 10 of the bonus, then 67 of the 100
		e, err := b.TakeBack(b.ctx, ledger.TakeBackRequest{Key: b.key(), WalletID: w, Purchase: "payment"})
		require.NoError(t, err)
		require.Equal(t, "3.30 USD", e.Returned.String())
		require.Equal(t, "0", b.available(w))
		_, err = b.TakeBack(b.ctx, ledger.TakeBackRequest{Key: b.key(), WalletID: w, Purchase: "payment"})
		require.ErrorIs(t, err, ledger.ErrClosed)
	})

	t.Run("what is given back of a hold on an expired grant lapses", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		b.give(w, "10", until(ends))
		b.holdFor(w, "6", 2*day)
		b.clock = ends
		require.Equal(t, "6", b.balance(w).Held.String())
		b.clock = noon.Add(2 * day)
		require.Equal(t, "0", b.balance(w).Total.String())
	})

	t.Run("a plan's day begins at midnight where the clock changes, and at the first instant after it where there is none", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{Zone: "America/Santiago"}) // 6 September 2026 begins at 01:00
		b.clock = time.Date(2026, 9, 5, 12, 0, 0, 0, time.UTC)
		b.subscribe(w, ledger.SubscribeRequest{Offer: ledger.Offer{Cycle: expiry.Days(1), Buckets: []ledger.Bucket{allowance("a", "10")}}})
		b.mustCharge(w, "4")
		skipped := time.Date(2026, 9, 6, 4, 0, 0, 0, time.UTC)
		require.Equal(t, "6", b.availableAt(w, skipped.Add(-time.Microsecond)))
		require.Equal(t, "10", b.availableAt(w, skipped))
	})
}
