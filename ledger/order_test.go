package ledger_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// TestOrders gives two grants that differ in one respect, in both orders of issue, and
// says which is spent first under each order: the one that is meant (+), the other (-),
// or the one issued first (=).
func TestOrders(t *testing.T) {
	t.Parallel()
	orders := []ledger.Order{ledger.OrderDefault, ledger.OrderStripe, ledger.OrderOpenMeter, ledger.OrderOrb, ledger.OrderOldest}
	plain := func(*ledger.GrantRequest) {}
	sms := func(r *ledger.GrantRequest) { r.Scope = ledger.Scope{Items: []string{"use"}} }
	for _, c := range []struct {
		name         string
		meant, other func(*ledger.GrantRequest)
		want         string // of each of the orders
	}{
		{"lower priority", func(r *ledger.GrantRequest) { r.Priority = 1 }, func(r *ledger.GrantRequest) { r.Priority = 2 }, "+++=+"},
		{"no priority is 50", plain, func(r *ledger.GrantRequest) { r.Priority = 51 }, "+++=+"},
		{"sooner expiry", until(noon.Add(day)), until(noon.Add(2 * day)), "++++="},
		{"an expiry before none", until(noon.Add(900 * day)), plain, "++++="},
		{"free before paid", plain, bought("5"), "++=++"},
		{"cheaper before dearer", bought("5"), bought("6"), "===+="},
		{"restricted before unrestricted", sms, plain, "+=+=="},
		{"restricted by exception too", func(r *ledger.GrantRequest) { r.Scope = ledger.Scope{ExceptKinds: []string{"fee"}} }, plain, "+=+=="},
		{"sooner effective", func(r *ledger.GrantRequest) { r.EffectiveAt = noon.Add(-hour) }, plain, "++==="},
		{"sooner expiry, though restricted less", until(noon.Add(day)), sms, "++-+="},
		{"lower priority, though it never expires", func(r *ledger.GrantRequest) { r.Priority = 1 }, until(noon.Add(day)), "+++-+"},
		{"alike", plain, plain, "====="},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, order := range orders {
				for _, meantFirst := range []bool{true, false} {
					b := open(t, ledger.Config{})
					w := b.wallet(ledger.Terms{Order: order})
					var meant, other ledger.GrantID
					if meantFirst {
						meant, other = b.give(w, "10", c.meant), b.give(w, "10", c.other)
					} else {
						other, meant = b.give(w, "10", c.other), b.give(w, "10", c.meant)
					}
					want := meant
					if c.want[i] == '-' || c.want[i] == '=' && !meantFirst {
						want = other
					}
					require.Equal(t, []string{want.String() + " 1"}, draws(b.mustCharge(w, "1")), "%s, meant first: %v", order, meantFirst)
				}
			}
		})
	}
}

func TestCarriedCreditsAreSpentFirstOrLast(t *testing.T) {
	t.Parallel()
	april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	for _, life := range []expiry.Cycle{{}, expiry.Days(2), expiry.Months(3)} {
		for spend, want := range map[expiry.SpendOrder]ledger.Source{
			"": ledger.SourceRollover, expiry.SpendFirst: ledger.SourceRollover, expiry.SpendLast: ledger.SourceAllowance,
		} {
			for _, order := range []ledger.Order{ledger.OrderDefault, ledger.OrderStripe, ledger.OrderOpenMeter, ledger.OrderOrb, ledger.OrderOldest} {
				b := open(t, ledger.Config{})
				w := b.wallet(ledger.Terms{Order: order})
				o := monthly("10")
				o.Buckets[0].Rollover = expiry.Rollover{Kind: expiry.RolloverAll, Spend: spend, Life: life}
				b.subscribe(w, ledger.SubscribeRequest{Offer: o})
				b.clock = april
				first := b.balance(w).Grants[0]
				require.Equal(t, want, first.Source, "%s, spent %q, with a life of %v", order, spend, life)
				require.Equal(t, []string{first.ID.String() + " 1"}, draws(b.mustCharge(w, "1")))
			}
		}
	}
}

func TestAnOrderThatIsAmendedHoldsFromThenOn(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	paid, free := b.give(w, "10", bought("5")), b.give(w, "10", nil)
	c := b.mustCharge(w, "1")
	require.Equal(t, free, c.Draws()[0].Grant)
	_, err := b.Amend(b.ctx, ledger.AmendRequest{Key: b.key(), WalletID: w, Terms: ledger.Terms{Order: ledger.OrderOpenMeter}})
	require.NoError(t, err)
	require.Equal(t, []string{paid.String() + " 1"}, draws(b.mustCharge(w, "1")))
	_, err = b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: c.Key})
	require.NoError(t, err, "a refund unwinds what was drawn, whatever the order is now")
	for _, g := range b.balance(w).Grants {
		require.Equal(t, map[ledger.GrantID]string{paid: "9", free: "10"}[g.ID], g.Remaining.String())
	}
}
