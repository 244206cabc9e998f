package ledger_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

func TestTheFirstPeriodIsProratedAsStated(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		now     time.Time
		prorate ledger.Proration
		want    string
	}{
		{"in full unless stated", first.AddDate(0, 0, 14), "", "100"},
		{"in full", first.AddDate(0, 0, 14), ledger.ProrateFull, "100"},
		{"by time, half of February", first.AddDate(0, 0, 14), ledger.ProrateTime, "50"},
		{"by time, rounded down", first.AddDate(0, 0, 1), ledger.ProrateTime, "96"},
		{"by time, at the start", first, ledger.ProrateTime, "100"},
		{"by time, in the last microsecond", first.AddDate(0, 1, 0).Add(-tick), ledger.ProrateTime, "0"},
		{"by time, at the start of the next", first.AddDate(0, 1, 0), ledger.ProrateTime, "100"},
		{"not at all", first.AddDate(0, 0, 14), ledger.ProrateNone, "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, ledger.Config{})
			b.clock = c.now
			w := b.wallet(ledger.Terms{})
			e := b.subscribe(w, ledger.SubscribeRequest{Anchor: first, Prorate: c.prorate, Offer: monthly("100")})
			require.Equal(t, c.want, b.available(w))
			b.clock = e.Subscription.Period.End
			require.Equal(t, "100", b.available(w), "the next period gives all of it")
		})
	}
}

// TestChangeAtOnce: a change in the middle of a period gives or takes the difference for
// the rest of it.
func TestChangeAtOnce(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	middle := first.AddDate(0, 0, 14)
	rolling := monthly("100")
	rolling.Buckets[0].Rollover = expiry.Rollover{Kind: expiry.RolloverAll}
	weekly := monthly("40")
	weekly.Cycle = expiry.Weeks(1)
	for _, c := range []struct {
		name    string
		used    string
		to      ledger.Offer
		prorate ledger.Proration
		now     string // available after the change
		next    string // and after the end of the month
	}{
		{"up, by time", "0", monthly("300"), "", "200", "300"},
		{"up, in full", "0", monthly("300"), ledger.ProrateFull, "300", "300"},
		{"up, not before the next period", "0", monthly("300"), ledger.ProrateNone, "100", "300"},
		{"down, by time", "0", monthly("40"), "", "70", "40"},
		{"down, in full", "0", monthly("40"), ledger.ProrateFull, "40", "40"},
		{"down, not before the next period", "0", monthly("40"), ledger.ProrateNone, "100", "40"},
		{"down, with less left than goes", "80", monthly("40"), "", "0", "40"},
		{"to the same", "10", monthly("100"), "", "90", "100"},
		{"to another cycle", "10", weekly, "", "40", "40"},
		{"to another bucket", "10", ledger.Offer{Cycle: expiry.Months(1), Buckets: []ledger.Bucket{allowance("other", "60")}}, "", "30", "60"},
		{"to one that rolls over", "10", rolling, "", "90", "190"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, ledger.Config{})
			b.clock = first
			w := b.wallet(ledger.Terms{})
			b.subscribe(w, ledger.SubscribeRequest{Offer: monthly("100")})
			b.give(w, "1000", func(r *ledger.GrantRequest) { r.Scope = ledger.Scope{Items: []string{"gold"}} })
			b.clock = middle
			if c.used != "0" {
				b.mustCharge(w, c.used)
			}
			e, err := b.Change(b.ctx, ledger.ChangeRequest{Key: b.key(), WalletID: w, Offer: c.to, Prorate: c.prorate})
			require.NoError(t, err)
			require.Equal(t, ledger.KindChange, e.Kind)
			planned := func() string { return b.balance(w).Available.Sub(dec("1000")).String() }
			require.Equal(t, c.now, planned())
			b.clock = first.AddDate(0, 1, 0)
			require.Equal(t, c.next, planned())
		})
	}
}

func TestAChangeRevokesACancellationAndAnEarlierChange(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	b.subscribe(w, ledger.SubscribeRequest{Offer: monthly("10")})
	_, err := b.Cancel(b.ctx, ledger.CancelRequest{Key: b.key(), WalletID: w, AtPeriodEnd: true})
	require.NoError(t, err)
	for _, amount := range []string{"20", "30"} {
		_, err := b.Change(b.ctx, ledger.ChangeRequest{Key: b.key(), WalletID: w, Offer: monthly(amount), AtPeriodEnd: true})
		require.NoError(t, err)
	}
	require.Equal(t, "10", b.availableAt(w, april.Add(-tick)))
	require.Equal(t, "30", b.availableAt(w, april))
	_, err = b.Change(b.ctx, ledger.ChangeRequest{Key: b.key(), WalletID: w, Offer: monthly("40"), Prorate: ledger.ProrateFull})
	require.NoError(t, err)
	require.Equal(t, "40", b.availableAt(w, april), "a change at once is not undone by one before it")
}

func TestCancelTakesWhatThePlanGaveAndNothingElse(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	o := monthly("10")
	o.Buckets[0].Rollover = expiry.Rollover{Kind: expiry.RolloverAll}
	b.subscribe(w, ledger.SubscribeRequest{Offer: o})
	b.give(w, "7", func(r *ledger.GrantRequest) { r.Bucket = "plan"; bought("7")(r) })
	b.clock = april
	require.Equal(t, "27", b.available(w))
	e, err := b.Cancel(b.ctx, ledger.CancelRequest{Key: b.key(), WalletID: w})
	require.NoError(t, err)
	require.Equal(t, "-20", e.Change.String())
	require.Equal(t, "7", b.available(w))
	require.Equal(t, "7", b.availableAt(w, april.AddDate(0, 5, 0)))
	_, err = b.Cancel(b.ctx, ledger.CancelRequest{Key: b.key(), WalletID: w})
	require.ErrorIs(t, err, ledger.ErrNotFound)
	b.subscribe(w, ledger.SubscribeRequest{Offer: monthly("5")})
	require.Equal(t, "12", b.available(w), "a new one may take its name and its buckets")
}

func TestSubscriptionsBesideEachOther(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.subscribe(w, ledger.SubscribeRequest{Offer: monthly("10")})
	b.subscribe(w, ledger.SubscribeRequest{Name: "add-on", Offer: ledger.Offer{Cycle: expiry.Weeks(1), Buckets: []ledger.Bucket{allowance("extra", "3")}}})
	b.mustCharge(w, "13")
	sunday := time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC)
	require.Equal(t, "0", b.availableAt(w, sunday.Add(-tick)))
	require.Equal(t, "3", b.availableAt(w, sunday))
	_, err := b.Cancel(b.ctx, ledger.CancelRequest{Key: b.key(), WalletID: w, Name: "add-on"})
	require.NoError(t, err)
	require.Equal(t, "10", b.availableAt(w, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)))
}

func TestAPlanOfTheCatalogIsKeptAsItWasWhenItWasTaken(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{Catalog: catalog(t)})
	w := b.wallet(ledger.Terms{})
	e := b.subscribe(w, ledger.SubscribeRequest{Offer: ledger.Offer{Plan: "basic"}})
	require.Equal(t, "basic", e.Subscription.Plan)
	require.Equal(t, "100", e.Subscription.Buckets[0].Allowance.String())
	_, err := b.Change(b.ctx, ledger.ChangeRequest{Key: b.key(), WalletID: w, Offer: ledger.Offer{Plan: "gold"}})
	require.ErrorIs(t, err, ledger.ErrNotFound)
}

func TestThePlanSaysWhatHappensBeyondItsAllowance(t *testing.T) {
	t.Parallel()
	for plan, want := range map[string]string{"basic": "refused", "pro": "100"} {
		b := open(t, ledger.Config{Catalog: catalog(t)})
		w := b.wallet(ledger.Terms{})
		b.subscribe(w, ledger.SubscribeRequest{Offer: ledger.Offer{Plan: plan}})
		e, err := b.charge(w, "600")
		if want == "refused" {
			require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, want, e.Overage().String())
	}
}

func TestRollover(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		rollover expiry.Rollover
		used     []string   // in each of the periods
		want     [][]string // carried into the one after each
	}{
		{"none", expiry.Rollover{}, []string{"0", "0"}, [][]string{{}, {}}},
		{"all", expiry.Rollover{Kind: expiry.RolloverAll}, []string{"3", "0", "5"}, [][]string{{"7"}, {"7", "10"}, {"2", "10", "10"}}},
		{"up to an amount", expiry.Rollover{Kind: expiry.RolloverAmount, Max: dec("12")}, []string{"0", "0", "0"}, [][]string{{"10"}, {"2", "10"}, {"2", "10"}}},
		{"up to half of the allowance", expiry.Rollover{Kind: expiry.RolloverPercent, Percent: dec("50")}, []string{"0", "0", "12"}, [][]string{{"5"}, {"5"}, {"3"}}},
		{"for one period", expiry.Rollover{Kind: expiry.RolloverAll, Periods: 1}, []string{"0", "4", "0"}, [][]string{{"10"}, {"10"}, {"10"}}},
		{"for two periods", expiry.Rollover{Kind: expiry.RolloverAll, Periods: 2}, []string{"0", "4", "0"}, [][]string{{"10"}, {"6", "10"}, {"10", "10"}}},
		{"for ten days", expiry.Rollover{Kind: expiry.RolloverAll, Life: expiry.Days(10)}, []string{"0", "4"}, [][]string{{"10"}, {"10"}}},
		{"spent last", expiry.Rollover{Kind: expiry.RolloverAll, Spend: expiry.SpendLast}, []string{"0", "4", "12"}, [][]string{{"10"}, {"10", "6"}, {"8", "6"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, ledger.Config{})
			w := b.wallet(ledger.Terms{})
			o := monthly("10")
			o.Buckets[0].Rollover = c.rollover
			b.subscribe(w, ledger.SubscribeRequest{Offer: o})
			for i, used := range c.used {
				if used != "0" {
					b.mustCharge(w, used)
				}
				b.clock = time.Date(2026, time.Month(4+i), 1, 0, 0, 0, 0, time.UTC)
				require.Equal(t, c.want[i], carriedIn(b.balance(w), "plan"), "after period %d", i)
			}
		})
	}
}
