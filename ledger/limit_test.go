package ledger_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// limitedTo opens a wallet of 1,000 credits with limits.
func (b *books) limitedTo(limits ...ledger.Limit) ledger.WalletID {
	b.t.Helper()
	w := b.wallet(ledger.Terms{Limits: limits})
	b.give(w, "1000", nil)
	return w
}

// as charges an amount, or a quantity at 1 credit each, for an actor.
func (b *books) as(actor string, w ledger.WalletID, item, amount string, edit ...func(*ledger.ChargeRequest)) (ledger.Entry, error) {
	r := ledger.ChargeRequest{
		Key: b.key(), WalletID: w, Item: item, Amount: dec(amount), Quantity: dec(amount), Info: ledger.Info{Actor: actor},
	}
	for _, f := range edit {
		f(&r)
	}
	return b.Charge(b.ctx, r)
}

// stopped checks that err is the refusal of a limit.
func stopped(t *testing.T, err error, limit, want, left string, freesAt time.Time) {
	t.Helper()
	var stop *ledger.LimitError
	require.ErrorAs(t, err, &stop)
	require.ErrorIs(t, err, ledger.ErrLimit)
	require.Equal(t, []string{limit, want, left}, []string{stop.Limit, stop.Want.String(), stop.Left.String()})
	require.Equal(t, freesAt, stop.FreesAt)
}

var daily = ledger.Limit{Name: "daily", Measure: ledger.MeasureCredits, Max: decimal.New(10, 0), Per: expiry.Days(1)}

func TestALimitRefusesBeyondItsMostAndStartsAnewWithItsWindow(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(daily)
	midnight := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	b.mustCharge(w, "7")
	_, err := b.charge(w, "4")
	stopped(t, err, "daily", "4", "3", midnight)
	_, err = b.charge(w, "11")
	stopped(t, err, "daily", "11", "3", time.Time{})
	b.mustCharge(w, "3")
	b.clock = midnight.Add(-time.Microsecond)
	_, err = b.charge(w, "1")
	stopped(t, err, "daily", "1", "0", midnight)
	b.clock = midnight
	b.mustCharge(w, "10")
}

func TestLimitsCountWhatTheyMeasure(t *testing.T) {
	b := open(t, ledger.Config{})
	sms := ledger.Scope{Items: []string{"sms"}}
	for _, c := range []struct {
		name   string
		limit  ledger.Limit
		passes func(w ledger.WalletID) error
		stops  func(w ledger.WalletID) error
	}{
		{
			"credits of some items",
			ledger.Limit{Measure: ledger.MeasureCredits, Scope: sms, Max: dec("5")},
			func(w ledger.WalletID) error { _, err := b.as("", w, "call", "50"); return err },
			func(w ledger.WalletID) error { _, err := b.as("", w, "sms", "6"); return err },
		},
		{
			"units",
			ledger.Limit{Measure: ledger.MeasureQuantity, Max: dec("5")},
			func(w ledger.WalletID) error {
				_, err := b.as("", w, "sms", "50", func(r *ledger.ChargeRequest) { r.Quantity = dec("5") })
				return err
			},
			func(w ledger.WalletID) error {
				_, err := b.as("", w, "sms", "0.1", func(r *ledger.ChargeRequest) { r.Amount, r.Quantity = dec("1"), dec("0.1") })
				return err
			},
		},
		{
			"overage",
			ledger.Limit{Measure: ledger.MeasureOverage, Max: dec("5")},
			func(w ledger.WalletID) error {
				_, err := b.as("", w, "sms", "1005", func(r *ledger.ChargeRequest) { r.Shortfall = ledger.ShortfallPartial })
				return err
			},
			func(w ledger.WalletID) error {
				_, err := b.as("", w, "sms", "1", func(r *ledger.ChargeRequest) { r.Shortfall = ledger.ShortfallPartial })
				return err
			},
		},
		{
			"one charge",
			ledger.Limit{Measure: ledger.MeasureCharge, Max: dec("5")},
			func(w ledger.WalletID) error { _, err := b.charge(w, "5"); return err },
			func(w ledger.WalletID) error { _, err := b.charge(w, "6"); return err },
		},
		{
			"one hold",
			ledger.Limit{Measure: ledger.MeasureCharge, Max: dec("5")},
			func(w ledger.WalletID) error { _, err := b.hold(w, "5"); return err },
			func(w ledger.WalletID) error { _, err := b.hold(w, "6"); return err },
		},
		{
			"holds open at once",
			ledger.Limit{Measure: ledger.MeasureHolds, Max: dec("1")},
			func(w ledger.WalletID) error { _, err := b.hold(w, "5"); return err },
			func(w ledger.WalletID) error { _, err := b.hold(w, "1"); return err },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.t = t
			c.limit.Name = "most"
			w := b.limitedTo(c.limit)
			require.NoError(t, c.passes(w))
			require.ErrorIs(t, c.stops(w), ledger.ErrLimit)
		})
	}
}

func TestALimitPerMinute(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(ledger.Limit{Name: "rate", Measure: ledger.MeasureQuantity, Max: dec("2"), Per: expiry.Minutes(1)})
	for minute := range 10 {
		b.clock = noon.Add(time.Duration(minute) * time.Minute)
		for range 2 {
			_, err := b.as("", w, "call", "1")
			require.NoError(t, err)
		}
		_, err := b.as("", w, "call", "1")
		stopped(t, err, "rate", "1", "0", b.clock.Add(time.Minute))
	}
	state, err := b.Wallet(b.ctx, w)
	require.NoError(t, err)
	require.Len(t, state.Counters, 1, "minutes that are over are forgotten")
}

func TestALimitOfTheBillingPeriodByPercentOfTheAllowance(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Limits: []ledger.Limit{{Name: "half", Measure: ledger.MeasureCredits, Percent: dec("50")}}})
	b.give(w, "1000", nil)
	_, err := b.charge(w, "1")
	stopped(t, err, "half", "1", "0", time.Time{})
	_, err = b.Subscribe(b.ctx, ledger.SubscribeRequest{Key: b.key(), WalletID: w, Offer: ledger.Offer{
		Cycle: expiry.Months(1), Buckets: []ledger.Bucket{{Name: "monthly", Allowance: dec("40")}},
	}})
	require.NoError(t, err)
	b.mustCharge(w, "20")
	_, err = b.charge(w, "1")
	stopped(t, err, "half", "1", "0", time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
	b.clock = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	b.mustCharge(w, "20")
}

func TestSubBudgetsOfActorsAndTeamsInOneWallet(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(
		ledger.Limit{Name: "each", Measure: ledger.MeasureCredits, Max: dec("10"), Per: expiry.Days(1), PerActor: true},
		ledger.Limit{Name: "sales", Measure: ledger.MeasureCredits, Max: dec("15"), Per: expiry.Days(1), Actor: "sales"},
		ledger.Limit{Name: "all", Measure: ledger.MeasureCredits, Max: dec("30"), Per: expiry.Days(1)},
	)
	for _, c := range []struct {
		name, actor, amount, limit string
	}{
		{"an actor has a budget", "sales/ann", "10", ""},
		{"of its own", "sales/ann", "1", "each"},
		{"another one's is untouched", "sales/bob", "5", ""},
		{"but their team's is used up", "sales/bob", "1", "sales"},
		{"and the team itself is in it", "sales", "1", "sales"},
		{"a name that only begins alike is not", "salesman", "8", ""},
		{"those without a name share one", "", "7", ""},
		{"the wallet's own limit holds for everybody", "eve", "1", "all"},
	} {
		_, err := b.as(c.actor, w, "call", c.amount)
		if c.limit == "" {
			require.NoError(t, err, c.name)
			continue
		}
		var stop *ledger.LimitError
		require.ErrorAs(t, err, &stop, c.name)
		require.Equal(t, c.limit, stop.Limit, c.name)
		require.Equal(t, c.limit == "each", stop.Actor == c.actor, c.name)
	}
}

func TestWhatIsHeldCountsUntilItIsCapturedOrComesBack(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(daily)
	h := b.mustHold(w, "8")
	_, err := b.charge(w, "3")
	stopped(t, err, "daily", "3", "2", noon.Add(hour))
	_, err = b.Extend(b.ctx, ledger.ExtendRequest{Key: b.key(), WalletID: w, Hold: h, Amount: dec("3")})
	stopped(t, err, "daily", "3", "2", noon.Add(hour))
	_, err = b.capture(w, h, "5", more)
	require.NoError(t, err)
	_, err = b.charge(w, "3")
	require.ErrorIs(t, err, ledger.ErrLimit, "5 are captured and 3 held")
	_, err = b.capture(w, h, "6")
	stopped(t, err, "daily", "3", "2", noon.Add(hour))
	_, err = b.capture(w, h, "1")
	require.NoError(t, err)
	b.mustCharge(w, "4")
	_, err = b.charge(w, "1")
	stopped(t, err, "daily", "1", "0", noon.Add(12*hour))
}

func TestCapturingWithinWhatWasHeldIsNeverRefused(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(daily)
	h := b.mustHold(w, "8")
	terms := ledger.Terms{Limits: []ledger.Limit{
		{Name: "daily", Measure: ledger.MeasureCredits, Max: dec("1"), Per: expiry.Days(1)},
		{Name: "units", Measure: ledger.MeasureQuantity, Max: dec("1"), Per: expiry.Days(1)},
		{Name: "one", Measure: ledger.MeasureCharge, Max: dec("1")},
		{Name: "open", Measure: ledger.MeasureHolds},
	}}
	_, err := b.Amend(b.ctx, ledger.AmendRequest{Key: b.key(), WalletID: w, Terms: terms})
	require.NoError(t, err)
	_, err = b.hold(w, "1")
	require.ErrorIs(t, err, ledger.ErrLimit)
	_, err = b.capture(w, h, "2", func(r *ledger.CaptureRequest) { r.More, r.Quantity = true, dec("50") })
	require.NoError(t, err)
	_, err = b.capture(w, h, "7")
	require.ErrorIs(t, err, ledger.ErrLimit, "one more than is held")
	_, err = b.capture(w, h, "6")
	require.NoError(t, err)
}

func TestHoldsOfAnEstimatedQuantityCountTheirUnits(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(ledger.Limit{Name: "units", Measure: ledger.MeasureQuantity, Max: dec("10"), Per: expiry.Days(1)})
	e, err := b.Hold(b.ctx, ledger.HoldRequest{
		Key: b.key(), WalletID: w, Item: "token", Amount: dec("1"), Quantity: dec("6"), Life: hour,
	})
	require.NoError(t, err)
	_, err = b.as("", w, "token", "5")
	stopped(t, err, "units", "5", "4", noon.Add(hour))
	_, err = b.capture(w, e.Hold.ID, "0.5", func(r *ledger.CaptureRequest) { r.More, r.Amount, r.Quantity = true, dec("1"), dec("2") })
	require.NoError(t, err)
	_, err = b.as("", w, "token", "5")
	stopped(t, err, "units", "5", "4", noon.Add(hour)) // 2 are captured, and 4 held
	_, err = b.release(w, e.Hold.ID, "0")
	require.NoError(t, err)
	_, err = b.as("", w, "token", "8")
	require.NoError(t, err)
}

func TestLateUseCountsInTheWindowOfItsUse(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(daily)
	b.mustCharge(w, "7")
	b.clock = noon.Add(day)
	b.mustCharge(w, "2")
	late := func(amount string) error {
		_, err := b.as("", w, "call", amount, func(r *ledger.ChargeRequest) { r.At = noon.Add(hour) })
		return err
	}
	require.ErrorIs(t, late("4"), ledger.ErrLimit)
	require.NoError(t, late("3"))
	b.mustCharge(w, "8")
	require.ErrorIs(t, late("1"), ledger.ErrLimit)
}

func TestAnOpenHoldCountsInTheCurrentWindowOnly(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(daily)
	b.clock = noon.Add(day)
	b.mustHold(w, "8")
	_, err := b.as("", w, "call", "10", func(r *ledger.ChargeRequest) { r.At = noon.Add(hour) })
	require.NoError(t, err)
	_, err = b.charge(w, "3")
	require.ErrorIs(t, err, ledger.ErrLimit)
}

func TestARefundOfAForgottenWindowLeavesNoTrace(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(daily)
	e := b.mustCharge(w, "10")
	b.clock = noon.Add(5 * day)
	_, err := b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: e.Key})
	require.NoError(t, err)
	state, err := b.Wallet(b.ctx, w)
	require.NoError(t, err)
	require.Empty(t, state.Counters)
}

func TestUnitsComeBackOnce(t *testing.T) {
	b := open(t, ledger.Config{Catalog: modelPrices(t)})
	w := b.walletIn(ledger.Unit{Name: "USD", Scale: 8}, ledger.Terms{
		Rates:  []pricing.Rate{{Item: "answer", Formula: pricing.Formula{Model: pricing.ModelPerUnit, Price: dec("1")}}},
		Limits: []ledger.Limit{{Name: "units", Measure: ledger.MeasureQuantity, Max: dec("10"), Per: expiry.Days(1)}},
	})
	b.give(w, "100", nil)
	charge := func(quantity string) (ledger.Entry, error) {
		return b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "answer", Quantity: dec(quantity)})
	}
	e, err := charge("6")
	require.NoError(t, err)
	_, err = charge("4")
	require.NoError(t, err)
	for _, r := range []ledger.RefundRequest{{Quantity: dec("4")}, {}} {
		r.Key, r.WalletID, r.Charge = b.key(), w, e.Key
		_, err = b.Refund(b.ctx, r)
		require.NoError(t, err)
	}
	_, err = charge("7")
	stopped(t, err, "units", "7", "6", noon.Add(12*hour))
}

func TestARefundGivesBackToTheWindowOfItsCharge(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(daily, ledger.Limit{Name: "units", Measure: ledger.MeasureQuantity, Max: dec("10"), Per: expiry.Days(1)})
	refund := func(charge ledger.Entry, amount string) {
		t.Helper()
		_, err := b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: charge.Key, Amount: dec(amount)})
		require.NoError(t, err)
	}
	e, err := b.as("", w, "call", "10")
	require.NoError(t, err)
	refund(e, "4")
	_, err = b.as("", w, "call", "5")
	stopped(t, err, "daily", "5", "4", noon.Add(12*hour))
	_, err = b.as("", w, "call", "1")
	stopped(t, err, "units", "1", "0", noon.Add(12*hour))
	refund(e, "0")
	e, err = b.as("", w, "call", "10")
	require.NoError(t, err, "all units came back with the last of the credits")

	b.clock = noon.Add(day)
	refund(e, "0")
	_, err = b.as("", w, "call", "11")
	require.ErrorIs(t, err, ledger.ErrLimit, "yesterday's refund is no room today")
}

func TestALimitComesBeforeTheCreditsThatAreMissing(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(ledger.Limit{Name: "most", Measure: ledger.MeasureCredits, Max: dec("2000"), Per: expiry.Days(1)})
	_, err := b.charge(w, "2001")
	require.ErrorIs(t, err, ledger.ErrLimit)
	_, err = b.hold(w, "2001")
	require.ErrorIs(t, err, ledger.ErrLimit)
	_, err = b.charge(w, "2000")
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	_, err = b.hold(w, "2000")
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	e := ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("2001"), Final: true}
	_, err = b.Charge(b.ctx, e)
	require.ErrorIs(t, err, ledger.ErrLimit)
	_, err = b.Amend(b.ctx, ledger.AmendRequest{Key: b.key(), WalletID: w})
	require.NoError(t, err)
	_, err = b.Charge(b.ctx, e)
	require.ErrorIs(t, err, ledger.ErrLimit, "a final refusal stands")
}

func TestNoInterleavingExceedsALimit(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.limitedTo(ledger.Limit{Name: "most", Measure: ledger.MeasureCredits, Max: dec("100"), Per: expiry.Days(1)})
	var group sync.WaitGroup
	for worker := range 16 {
		group.Go(func() {
			for i := range 20 {
				key := fmt.Sprintf("w%d-%d", worker, i)
				if worker%2 == 0 {
					_, _ = b.Charge(b.ctx, ledger.ChargeRequest{Key: key, WalletID: w, Amount: dec("1")})
					continue
				}
				h, err := b.Hold(b.ctx, ledger.HoldRequest{Key: key, WalletID: w, Amount: dec("2"), Life: hour})
				if err == nil {
					_, _ = b.Capture(b.ctx, ledger.CaptureRequest{Key: key + "c", WalletID: w, Hold: h.Hold.ID, Amount: dec("1")})
				}
			}
		})
	}
	group.Wait()
	require.Equal(t, "900", b.available(w))
	_, err := b.charge(w, "1")
	stopped(t, err, "most", "1", "0", noon.Add(12*hour))
}

func TestLimitsThatCanNeverWorkAreRefused(t *testing.T) {
	b := open(t, ledger.Config{})
	for _, c := range []struct {
		name   string
		limits []ledger.Limit
	}{
		{"without a name", []ledger.Limit{{Measure: ledger.MeasureCredits}}},
		{"with a colon in its name", []ledger.Limit{{Name: "a:b", Measure: ledger.MeasureCredits}}},
		{"twice the same name", []ledger.Limit{daily, daily}},
		{"of an unknown measure", []ledger.Limit{{Name: "a", Measure: "length"}}},
		{"below zero", []ledger.Limit{{Name: "a", Measure: ledger.MeasureCredits, Max: dec("-1")}}},
		{"with more digits than there are", []ledger.Limit{{Name: "a", Measure: ledger.MeasureCredits, Max: decimal.New(1, 2_000_000_000)}}},
		{"by amount and percentage", []ledger.Limit{{Name: "a", Measure: ledger.MeasureCredits, Max: dec("1"), Percent: dec("1")}}},
		{"of open holds per day", []ledger.Limit{{Name: "a", Measure: ledger.MeasureHolds, Per: expiry.Days(1)}}},
		{"per fortnight", []ledger.Limit{{Name: "a", Measure: ledger.MeasureCredits, Per: expiry.Cycle{Every: 1, Unit: "fortnight"}}}},
		{"on items that have no name", []ledger.Limit{{Name: "a", Measure: ledger.MeasureCredits, Scope: ledger.Scope{Items: []string{""}}}}},
		{"too many", make([]ledger.Limit, ledger.MaxLimits+1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := b.OpenWallet(b.ctx, ledger.OpenWalletRequest{Key: b.key(), Unit: ledger.Unit{Name: "c"}, Terms: ledger.Terms{Limits: c.limits}})
			require.ErrorIs(t, err, ledger.ErrInvalid)
			require.ErrorContains(t, err, "Limits")
		})
	}
}
