package ledger_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// hold earmarks an amount for an hour.
func (b *books) hold(w ledger.WalletID, amount string) (ledger.Entry, error) {
	return b.Hold(b.ctx, ledger.HoldRequest{Key: b.key(), WalletID: w, Item: "answer", Amount: dec(amount), Life: hour})
}

func (b *books) mustHold(w ledger.WalletID, amount string) ledger.HoldID {
	b.t.Helper()
	e, err := b.hold(w, amount)
	require.NoError(b.t, err)
	return e.Hold.ID
}

func (b *books) capture(w ledger.WalletID, h ledger.HoldID, amount string, edit ...func(*ledger.CaptureRequest)) (ledger.Entry, error) {
	r := ledger.CaptureRequest{Key: b.key(), WalletID: w, Hold: h, Amount: dec(amount)}
	for _, f := range edit {
		f(&r)
	}
	return b.Capture(b.ctx, r)
}

func more(r *ledger.CaptureRequest) { r.More = true }

func (b *books) release(w ledger.WalletID, h ledger.HoldID, amount string) (ledger.Entry, error) {
	return b.Release(b.ctx, ledger.ReleaseRequest{Key: b.key(), WalletID: w, Hold: h, Amount: dec(amount)})
}

// has checks what is available and what is held.
func (b *books) has(w ledger.WalletID, available, held string) {
	b.t.Helper()
	now := b.balance(w)
	require.Equal(b.t, available+" "+held, now.Available.String()+" "+now.Held.String(), "available and held")
}

// lasting is a grant that ends after so many days.
func lasting(days int) func(*ledger.GrantRequest) {
	return func(r *ledger.GrantRequest) {
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(days)}
	}
}

func TestWhatIsHeldCannotBeSpentByAnythingElse(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	h := b.mustHold(w, "8")
	b.has(w, "2", "8")

	_, err := b.charge(w, "3")
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	_, err = b.hold(w, "3")
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	_, err = b.capture(w, h, "8")
	require.NoError(t, err)
	b.has(w, "2", "0")
}

func TestCaptureInPartsReleasesTheRestAtTheEnd(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	first := b.give(w, "5", lasting(1))
	second := b.give(w, "20", nil)
	h := b.mustHold(w, "8")

	e, err := b.capture(w, h, "2", more)
	require.NoError(t, err)
	require.Equal(t, []string{first.String() + " 2"}, draws(e))
	b.has(w, "17", "6")
	e, err = b.capture(w, h, "4", more)
	require.NoError(t, err)
	require.Equal(t, []string{first.String() + " 3", second.String() + " 1"}, draws(e))
	e, err = b.capture(w, h, "1")
	require.NoError(t, err)
	require.Equal(t, "7", e.Hold.Captured.String())
	b.has(w, "18", "0")
	_, err = b.capture(w, h, "1")
	require.ErrorIs(t, err, ledger.ErrClosed)
}

func TestWhatIsReleasedGoesBackInReverseOrder(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "5", lasting(1))
	b.give(w, "20", nil)
	h := b.mustHold(w, "8")
	_, err := b.release(w, h, "4")
	require.NoError(t, err)

	held := b.balance(w).Grants
	require.Equal(t, "4 0", held[0].Held.String()+" "+held[1].Held.String())
	_, err = b.release(w, h, "5")
	require.ErrorIs(t, err, ledger.ErrInvalid)
	e, err := b.release(w, h, "0")
	require.NoError(t, err)
	require.True(t, e.Hold.Ended)
	b.has(w, "25", "0")
	again := b.mustHold(w, "8")
	e, err = b.release(w, again, "0")
	require.NoError(t, err)
	require.Equal(t, []string{"3", "5"}, []string{e.Moves[0].Amount.String(), e.Moves[1].Amount.String()})
	_, err = b.release(w, h, "0")
	require.ErrorIs(t, err, ledger.ErrClosed)
}

func TestExtendTakesMoreAndNeverShortensALife(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	h := b.mustHold(w, "4")
	extend := func(amount string, life time.Duration) (ledger.Entry, error) {
		return b.Extend(b.ctx, ledger.ExtendRequest{Key: b.key(), WalletID: w, Hold: h, Amount: dec(amount), Life: life})
	}
	e, err := extend("3", 0)
	require.NoError(t, err)
	require.Equal(t, noon.Add(hour), e.Hold.ExpiresAt)
	e, err = extend("0", time.Minute)
	require.NoError(t, err)
	require.Equal(t, noon.Add(hour), e.Hold.ExpiresAt)
	e, err = extend("0", 2*hour)
	require.NoError(t, err)
	require.Equal(t, noon.Add(2*hour), e.Hold.ExpiresAt)
	_, err = extend("4", 0)
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	b.has(w, "3", "7")
	b.clock = noon.Add(2 * hour)
	_, err = extend("1", hour)
	require.ErrorIs(t, err, ledger.ErrClosed)
}

func TestAHoldTimesOutWhenItFallsDue(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	h := b.mustHold(w, "8")

	b.clock = noon.Add(hour - time.Microsecond)
	b.has(w, "2", "8")
	b.clock = noon.Add(hour)
	b.has(w, "10", "0")
	_, err := b.capture(w, h, "8")
	require.ErrorIs(t, err, ledger.ErrClosed)
	e, err := b.capture(w, h, "8", func(r *ledger.CaptureRequest) { r.OrCharge, r.Item = true, "answer" })
	require.NoError(t, err)
	require.Equal(t, []string{"2.1 8"}, draws(e))
	require.Equal(t, []ledger.Kind{"open", "grant", "hold", "release", "capture"}, b.kinds(w, 0))
}

// An ID that was mistyped must not take the way of a hold that has ended.
func TestAHoldThatNeverWasIsNotFound(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	b.mustHold(w, "8")
	const grant, none = ledger.HoldID(2), ledger.HoldID(12345)
	for _, id := range []ledger.HoldID{-1, 0, grant, none} {
		for _, r := range []ledger.Request{
			ledger.CaptureRequest{Key: "k", WalletID: w, Hold: id, Amount: dec("1")},
			ledger.CaptureRequest{Key: "k", WalletID: w, Hold: id, Item: "answer", Amount: dec("1"), OrCharge: true},
			ledger.ExtendRequest{Key: "k", WalletID: w, Hold: id, Life: hour},
			ledger.ReleaseRequest{Key: "k", WalletID: w, Hold: id},
		} {
			_, err := b.Do(b.ctx, r)
			require.EqualError(t, err, fmt.Sprintf("ledger: not found: hold %d", id), "%+v", r)
			require.ErrorIs(t, err, ledger.ErrNotFound)
		}
	}
	b.has(w, "2", "8")
}

func TestCapturingMoreThanWasHeldFollowsTheShortfall(t *testing.T) {
	for _, c := range []struct {
		name      string
		shortfall ledger.Shortfall
		available string
		overage   string
		debt      string
		err       error
	}{
		{"it is refused by default", "", "2", "0", "0", ledger.ErrInsufficientCredits},
		{"the rest is overage", ledger.ShortfallPartial, "0", "5", "0", nil},
		{"the rest is owed", ledger.ShortfallOverdraft, "0", "0", "5", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, ledger.Config{})
			w := b.wallet(ledger.Terms{CreditLimit: dec("5")})
			b.give(w, "10", nil)
			h := b.mustHold(w, "8")
			e, err := b.capture(w, h, "15", func(r *ledger.CaptureRequest) { r.Shortfall = c.shortfall })
			require.ErrorIs(t, err, c.err)
			require.Equal(t, c.available, b.available(w))
			if err == nil {
				require.Equal(t, c.overage+" "+c.debt, e.Overage().String()+" "+e.Debt().String())
				require.Equal(t, "15", e.Hold.Captured.String())
			}
		})
	}
}

func TestCreditsThatExpireWhileHeldCanBeCapturedAndLapseIfTheyComeBack(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", func(r *ledger.GrantRequest) {
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAt, At: noon.Add(30 * time.Minute)}
	})
	h := b.mustHold(w, "8")
	b.clock = noon.Add(45 * time.Minute)
	b.has(w, "0", "8")
	_, err := b.capture(w, h, "5")
	require.NoError(t, err)
	b.has(w, "0", "0")
	require.Equal(t, "0", b.balance(w).Total.String())
}

func TestAGrantVoidedWhileHeldLosesOnlyWhatIsNotHeld(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	g := b.give(w, "10", nil)
	h := b.mustHold(w, "8")
	_, err := b.Void(b.ctx, ledger.VoidRequest{Key: b.key(), WalletID: w, Grant: g})
	require.NoError(t, err)
	b.has(w, "0", "8")
	_, err = b.capture(w, h, "6")
	require.NoError(t, err)
	b.has(w, "2", "0")
}

func TestRefundOfACaptureUnwindsToTheGrants(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "5", lasting(1))
	b.give(w, "20", nil)
	h := b.mustHold(w, "4")
	e, err := b.capture(w, h, "8")
	require.NoError(t, err)
	require.Len(t, e.Draws(), 3, "4 held, 1 and 3 beyond")
	_, err = b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: e.Key, Amount: dec("4")})
	require.NoError(t, err)
	left := b.balance(w).Grants
	require.Equal(t, "1 20", left[0].Remaining.String()+" "+left[1].Remaining.String())
}

func TestHoldThenCaptureLeavesTheBalancesOfACharge(t *testing.T) {
	for _, x := range []string{"1", "5", "6", "25", "30"} {
		t.Run(x, func(t *testing.T) {
			var left [2][]string
			for i := range left {
				b := open(t, ledger.Config{})
				w := b.wallet(ledger.Terms{})
				b.give(w, "5", lasting(1))
				b.give(w, "5", func(r *ledger.GrantRequest) { r.Scope = ledger.Scope{Items: []string{"answer"}} })
				b.give(w, "20", nil)
				if i == 0 {
					h := b.mustHold(w, "12")
					_, err := b.capture(w, h, x)
					require.NoError(t, err)
				} else {
					_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "answer", Amount: dec(x)})
					require.NoError(t, err)
				}
				for _, g := range b.balance(w).Grants {
					left[i] = append(left[i], g.ID.String()+" "+g.Remaining.String())
				}
			}
			require.Equal(t, left[1], left[0])
		})
	}
}

func TestACaptureOfAnotherItemSpendsOnlyWhatMayPayForIt(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "5", func(r *ledger.GrantRequest) { r.Scope = ledger.Scope{Items: []string{"answer"}} })
	general := b.give(w, "20", nil)
	h := b.mustHold(w, "8")
	e, err := b.capture(w, h, "6", func(r *ledger.CaptureRequest) { r.Item = "image" })
	require.NoError(t, err)
	require.Equal(t, []string{general.String() + " 3", general.String() + " 3"}, draws(e))
	b.has(w, "19", "0")
}

func TestAFrozenWalletLetsCaptureWhatIsHeldAndNoMore(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "20", nil)
	h := b.mustHold(w, "8")
	_, err := b.Freeze(b.ctx, ledger.StatusRequest{Key: b.key(), WalletID: w})
	require.NoError(t, err)
	_, err = b.capture(w, h, "9")
	require.ErrorIs(t, err, ledger.ErrFrozen)
	_, err = b.hold(w, "1")
	require.ErrorIs(t, err, ledger.ErrFrozen)
	_, err = b.capture(w, h, "8")
	require.NoError(t, err)
}

func TestAHoldThatEndsWithAPeriodGivesBackInTimeToRollOver(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	_, err := b.Subscribe(b.ctx, ledger.SubscribeRequest{Key: b.key(), WalletID: w, Offer: ledger.Offer{
		Cycle: expiry.Days(1),
		Buckets: []ledger.Bucket{{
			Name: "monthly", Allowance: dec("10"),
			Rollover: expiry.Rollover{Kind: expiry.RolloverAll},
		}},
	}})
	require.NoError(t, err)
	s, err := b.Wallet(b.ctx, w)
	require.NoError(t, err)
	end := s.Subscriptions[0].Period.End
	_, err = b.Hold(b.ctx, ledger.HoldRequest{Key: b.key(), WalletID: w, Amount: dec("4"), Life: end.Sub(noon)})
	require.NoError(t, err)
	_, err = b.Hold(b.ctx, ledger.HoldRequest{Key: b.key(), WalletID: w, Amount: dec("3"), Life: end.Sub(noon) + time.Microsecond})
	require.NoError(t, err)
	b.clock = end
	b.has(w, "17", "3")
	b.clock = end.Add(time.Microsecond)
	b.has(w, "17", "0")
}

func TestWhatAPlanGaveComesBackToNoPlan(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	_, err := b.Subscribe(b.ctx, ledger.SubscribeRequest{Key: b.key(), WalletID: w, Offer: ledger.Offer{
		Cycle: expiry.Months(1), Buckets: []ledger.Bucket{{Name: "monthly", Allowance: dec("10")}},
	}})
	require.NoError(t, err)
	h := b.mustHold(w, "8")
	_, err = b.Cancel(b.ctx, ledger.CancelRequest{Key: b.key(), WalletID: w})
	require.NoError(t, err)
	b.has(w, "0", "8")
	_, err = b.capture(w, h, "5")
	require.NoError(t, err)
	b.has(w, "0", "0")
}

func TestOpenHoldsAreFoundByTheirReference(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	for i := range 3 {
		_, err := b.Hold(b.ctx, ledger.HoldRequest{
			Key: b.key(), WalletID: w, Amount: dec("1"), Life: time.Duration(i+1) * hour,
			Info: ledger.Info{Reference: "job-" + strconv.Itoa(i%2)},
		})
		require.NoError(t, err)
	}
	found := func(reference string) int {
		holds, err := b.Holds(b.ctx, w, reference)
		require.NoError(t, err)
		return len(holds)
	}
	require.Equal(t, []int{3, 2, 1, 0}, []int{found(""), found("job-0"), found("job-1"), found("job-2")})
	b.clock = noon.Add(hour)
	require.Equal(t, []int{2, 1}, []int{found(""), found("job-0")})
	_, err := b.Holds(b.ctx, ledger.WalletIDOf("none"), "")
	require.ErrorIs(t, err, ledger.ErrNotFound)
}

func TestHoldsThatCanNeverBeAreRefused(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.walletIn(pricing.Unit{Name: "USD", Scale: 2}, ledger.Terms{})
	b.give(w, "10", nil)
	h := b.mustHold(w, "1")
	for _, c := range []struct {
		name string
		r    ledger.Request
	}{
		{"a hold without life", ledger.HoldRequest{Key: "k", WalletID: w, Amount: dec("1")}},
		{"a hold for longer than a year", ledger.HoldRequest{Key: "k", WalletID: w, Amount: dec("1"), Life: ledger.MaxHoldLife + 1}},
		{"a hold of nothing", ledger.HoldRequest{Key: "k", WalletID: w, Life: hour}},
		{"a hold of less than nothing", ledger.HoldRequest{Key: "k", WalletID: w, Amount: dec("-1"), Life: hour}},
		{"a hold finer than the unit", ledger.HoldRequest{Key: "k", WalletID: w, Amount: dec("0.001"), Life: hour}},
		{"a hold of more digits than there are", ledger.HoldRequest{Key: "k", WalletID: w, Amount: decimal.New(1, 2_000_000_000), Life: hour}},
		{"an extension by nothing", ledger.ExtendRequest{Key: "k", WalletID: w, Hold: h}},
		{"an extension by less than nothing", ledger.ExtendRequest{Key: "k", WalletID: w, Hold: h, Amount: dec("-1")}},
		{"a capture of nothing", ledger.CaptureRequest{Key: "k", WalletID: w, Hold: h}},
		{"a capture finer than the unit", ledger.CaptureRequest{Key: "k", WalletID: w, Hold: h, Amount: dec("0.001")}},
		{"a capture by an unknown shortfall", ledger.CaptureRequest{Key: "k", WalletID: w, Hold: h, Amount: dec("1"), Shortfall: "shrug"}},
		{"a release of less than nothing", ledger.ReleaseRequest{Key: "k", WalletID: w, Hold: h, Amount: dec("-1")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := b.Do(b.ctx, c.r)
			require.ErrorIs(t, err, ledger.ErrInvalid)
		})
	}
}
