package ledger_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// The tests of the field are named after what went wrong elsewhere, turned round.

func TestFieldTimeAndBoundaries(t *testing.T) {
	t.Parallel()
	monthly := func(at time.Time, buckets ...ledger.Bucket) ledger.SubscribeRequest {
		return ledger.SubscribeRequest{Anchor: at, Offer: ledger.Offer{Cycle: expiry.Months(1), Buckets: buckets}}
	}

	t.Run("a balance read exactly at a grant's effective instant has the grant, as the history does", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		begins := noon.Add(hour)
		b.give(w, "10", func(r *ledger.GrantRequest) { r.EffectiveAt = begins })
		for _, swept := range []bool{false, true} {
			require.Equal(t, "0", b.availableAt(w, begins.Add(-time.Microsecond)))
			require.Equal(t, "10", b.availableAt(w, begins))
			if !swept {
				b.clock = begins
				b.sweep()
			}
		}
		s, err := b.Statement(b.ctx, w, begins, begins.Add(time.Microsecond))
		require.NoError(t, err)
		require.Equal(t, "0", s.Opening.String())
		require.Equal(t, "10", s.Closing.String())
	})

	t.Run("credits pay for use of their time, though they lapsed before it was reported", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		ends := noon.Add(day)
		id := b.give(w, "10", until(ends))
		b.clock = ends.Add(hour)
		b.sweep()
		e, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("10"), At: ends.Add(-time.Microsecond)})
		require.NoError(t, err)
		require.Equal(t, []string{id.String() + " 10"}, draws(e))
		_, err = b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("1"), At: ends})
		require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	})

	t.Run("an event that arrives late leaves 800 whether or not somebody read the balance meanwhile", func(t *testing.T) {
		for _, read := range []bool{false, true} {
			b := open(t, ledger.Config{})
			w := b.wallet(ledger.Terms{})
			b.give(w, "1000", until(noon.Add(30*day)))
			used := noon.Add(time.Minute)
			b.clock = noon.Add(2 * hour)
			if read {
				require.Equal(t, "1000", b.available(w))
				require.Equal(t, "1000", b.availableAt(w, noon.Add(hour)))
				b.sweep()
			}
			_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("200"), At: used})
			require.NoError(t, err)
			require.Equal(t, "800", b.available(w))
			require.Equal(t, "800", b.availableAt(w, noon.Add(hour)))
			require.Equal(t, "1000", b.availableAt(w, used.Add(-time.Microsecond)))
		}
	})

	t.Run("a month from 1 March in India ends on 1 April in India", func(t *testing.T) {
		b := open(t, ledger.Config{})
		b.clock = time.Date(2026, 2, 28, 18, 30, 0, 0, time.UTC) // midnight of 1 March there
		w := b.wallet(ledger.Terms{Zone: "Asia/Kolkata"})
		b.give(w, "10", func(r *ledger.GrantRequest) {
			r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Months(1)}
		})
		end := time.Date(2026, 3, 31, 18, 30, 0, 0, time.UTC)
		require.Equal(t, "10", b.availableAt(w, end.Add(-time.Microsecond)))
		require.Equal(t, "0", b.availableAt(w, end))
	})

	t.Run("a plan from 31 January renews on 28 February and on 31 March", func(t *testing.T) {
		b := open(t, ledger.Config{})
		b.clock = time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
		w := b.wallet(ledger.Terms{})
		b.subscribe(w, monthly(b.clock, allowance("a", "10")))
		for _, boundary := range []time.Time{
			time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC),
			time.Date(2026, 4, 30, 0, 0, 0, 0, time.UTC),
		} {
			b.mustCharge(w, "1")
			require.Equal(t, "9", b.availableAt(w, boundary.Add(-time.Microsecond)))
			b.clock = boundary
			require.Equal(t, "10", b.available(w))
		}
	})

	t.Run("the life of carried credits counts from the period's boundary, however late that is settled", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		carry := allowance("a", "10")
		carry.Rollover = expiry.Rollover{Kind: expiry.RolloverAll, Life: expiry.Days(5)}
		b.subscribe(w, monthly(noon, carry))
		boundary := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
		b.clock = boundary.Add(3 * day)
		b.sweep()
		require.Equal(t, "20", b.availableAt(w, boundary.Add(5*day-time.Microsecond)))
		require.Equal(t, "10", b.availableAt(w, boundary.Add(5*day)))
	})

	t.Run("several missed periods are caught up one by one, and each keeps its own rollover", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		carry := allowance("a", "10")
		carry.Rollover = expiry.Rollover{Kind: expiry.RolloverAmount, Max: dec("25")}
		b.subscribe(w, monthly(noon, carry))
		seq := b.seq(w)
		b.clock = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
		b.sweep()
		require.Equal(t, []ledger.Kind{"rollover", "renew", "rollover", "renew", "expire", "rollover", "renew"}, b.kinds(w, seq))
		require.Equal(t, []string{"5", "10", "10"}, carriedIn(b.balance(w), "a"))
		require.Equal(t, "35", b.available(w))
		require.Equal(t, "20", b.availableAt(w, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)))
	})

	t.Run("a hold outlives the credits that it earmarks, and can be made to outlive itself", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		b.give(w, "10", until(noon.Add(hour)))
		h := b.holdFor(w, "8", 2*hour)
		b.clock = noon.Add(hour)
		require.Equal(t, "8", b.balance(w).Held.String())
		_, err := b.Extend(b.ctx, ledger.ExtendRequest{Key: b.key(), WalletID: w, Hold: h, Life: 5 * hour})
		require.NoError(t, err)
		b.clock = noon.Add(5 * hour)
		e, err := b.Capture(b.ctx, ledger.CaptureRequest{Key: b.key(), WalletID: w, Hold: h, Amount: dec("7")})
		require.NoError(t, err)
		require.Equal(t, "7", e.Draws()[0].Amount.String())
		require.Equal(t, "0", b.available(w), "what a hold gives back of credits that ended lapses")
		require.Equal(t, "0", b.balance(w).Total.String())
	})

	t.Run("a hold that timed out before the checkout can be charged all the same", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		b.give(w, "10", nil)
		h := b.holdFor(w, "8", hour)
		b.clock = noon.Add(hour)
		_, err := b.Capture(b.ctx, ledger.CaptureRequest{Key: b.key(), WalletID: w, Hold: h, Amount: dec("7")})
		require.ErrorIs(t, err, ledger.ErrClosed)
		_, err = b.Capture(b.ctx, ledger.CaptureRequest{Key: b.key(), WalletID: w, Hold: h, Amount: dec("7"), OrCharge: true})
		require.NoError(t, err)
		require.Equal(t, "3", b.available(w))
	})
}

func TestFieldOrderAndAllocation(t *testing.T) {
	t.Parallel()

	t.Run("grants that are alike in everything have an order", func(t *testing.T) {
		for _, order := range []ledger.Order{"", ledger.OrderStripe, ledger.OrderOpenMeter, ledger.OrderOrb, ledger.OrderOldest} {
			b := open(t, ledger.Config{})
			w := b.wallet(ledger.Terms{Order: order})
			var want []string
			for range 12 {
				want = append(want, b.give(w, "1", nil).String()+" 1")
			}
			require.Equal(t, want, draws(b.mustCharge(w, "12")), order)
		}
	})

	t.Run("pages of a journal of one instant neither skip nor repeat an entry", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		for range 7 {
			b.give(w, "1", nil)
		}
		for after, want := int64(0), int64(1); want <= 8; after, want = want, want+1 {
			for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w, After: after}) {
				require.NoError(t, err)
				require.Equal(t, want, e.Seq)
				break
			}
		}
	})

	t.Run("a one-off credit that ends tomorrow is spent before the monthly allowance", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		b.subscribe(w, ledger.SubscribeRequest{Offer: ledger.Offer{Cycle: expiry.Months(1), Buckets: []ledger.Bucket{allowance("a", "10")}}})
		soon := b.give(w, "5", until(noon.Add(day)))
		require.Equal(t, soon.String()+" 5", draws(b.mustCharge(w, "7"))[0])
	})

	t.Run("a check says what the charge then does", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		b.give(w, "5", func(r *ledger.GrantRequest) { r.Scope = ledger.Scope{Items: []string{"sms"}} })
		b.give(w, "5", nil)
		for _, amount := range []string{"11", "10", "3", "1"} {
			r := ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "sms", Amount: dec(amount)}
			would, wouldErr := b.Check(b.ctx, r)
			did, err := b.Charge(b.ctx, r)
			require.Equal(t, err, wouldErr)
			require.Equal(t, draws(did), draws(would))
		}
	})

	t.Run("credits of overlapping scopes pay all that they can", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		for i, g := range [][3]string{{"10", "storage", "seats"}, {"20", "seats", "api"}, {"30", "api", "sms"}, {"40", "sms", "storage"}} {
			b.give(w, g[0], func(r *ledger.GrantRequest) {
				r.Priority, r.Scope = i+1, ledger.Scope{Items: []string{g[1], g[2]}}
			})
		}
		e, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Shortfall: ledger.ShortfallPartial, Uses: []ledger.Use{
			{Item: "storage", Amount: dec("10")},
			{Item: "seats", Amount: dec("20")},
			{Item: "api", Amount: dec("30")},
			{Item: "sms", Amount: dec("40")},
		}})
		require.NoError(t, err)
		require.Equal(t, "0", e.Overage().String())
		require.Equal(t, "0", b.available(w))
	})
}
