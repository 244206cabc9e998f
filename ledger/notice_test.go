package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// heard takes and acknowledges all notices, and returns them as "kind name level
// amount", without what is empty or zero.
func (b *books) heard() []string {
	b.t.Helper()
	var all []string
	for {
		taken, err := b.TakeNotices(b.ctx, 100, hour)
		require.NoError(b.t, err)
		if len(taken) == 0 {
			return all
		}
		for _, d := range taken {
			all = append(all, words(d.Notice))
			require.NoError(b.t, b.AckNotices(b.ctx, d.ID))
		}
	}
}

func words(n ledger.Notice) string {
	s := string(n.Kind)
	for _, word := range []string{n.Name, n.Actor} {
		if word != "" {
			s += " " + word
		}
	}
	for _, d := range []decimal.Decimal{n.Level, n.Amount} {
		if !d.IsZero() {
			s += " " + d.String()
		}
	}
	if n.Number > 0 {
		s += fmt.Sprintf(" x%d", n.Number)
	}
	return s
}

func levels(amounts ...string) (low []ledger.Level) {
	for _, a := range amounts {
		low = append(low, ledger.Level{Amount: dec(a)})
	}
	return low
}

func TestALevelIsCrossedOnceInEachDirection(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Alerts: ledger.Alerts{Low: levels("50", "20")}, CreditLimit: dec("100")})
	b.give(w, "100", nil)
	require.Equal(t, []string{"recovered 50 100", "recovered 20 100"}, b.heard())
	for _, c := range []struct {
		name   string
		change string
		want   []string
	}{
		{"just above is no crossing", "-49", nil},
		{"on the level is one", "-1", []string{"low 50 50"}},
		{"not again below it", "-10", nil},
		{"several at once", "+30", []string{"recovered 50 70"}},
		{"in one step", "-55", []string{"low 50 15", "low 20 15"}},
		{"again after it has recovered", "+6", []string{"recovered 20 21"}},
		{"and only then", "-1", []string{"low 20 20"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.t = t
			if c.change[0] == '-' {
				_, err := b.charge(w, c.change[1:])
				require.NoError(t, err)
			} else {
				b.give(w, c.change[1:], nil)
			}
			require.Equal(t, c.want, b.heard())
		})
	}
}

func TestHoldsMoveWhatIsAvailableAcrossLevels(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Alerts: ledger.Alerts{Low: levels("50")}})
	b.give(w, "100", nil)
	b.heard()
	h := b.mustHold(w, "60")
	require.Equal(t, []string{"low 50 40"}, b.heard())
	_, err := b.capture(w, h, "10")
	require.NoError(t, err)
	require.Equal(t, []string{"recovered 50 90"}, b.heard())
}

func TestAPercentageIsOfWhatTheSubscriptionsGive(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Alerts: ledger.Alerts{Low: []ledger.Level{{Percent: dec("20")}}}})
	b.give(w, "10", nil)
	b.mustCharge(w, "10")
	require.Empty(t, b.heard(), "of nothing there is none")
	b.monthly(w, "200", expiry.Rollover{})
	b.mustCharge(w, "159")
	b.heard()
	b.mustCharge(w, "1")
	require.Equal(t, []string{"low 40 40"}, b.heard())
}

// monthly gives a wallet a monthly allowance.
func (b *books) monthly(w ledger.WalletID, allowance string, rollover expiry.Rollover) {
	b.t.Helper()
	_, err := b.Subscribe(b.ctx, ledger.SubscribeRequest{Key: b.key(), WalletID: w, Offer: ledger.Offer{
		Cycle:   expiry.Months(1),
		Buckets: []ledger.Bucket{{Name: "monthly", Allowance: dec(allowance), Rollover: rollover}},
	}})
	require.NoError(b.t, err)
}

var april = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)

func TestTrialCreditsCanBeLeftOut(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Alerts: ledger.Alerts{Low: levels("10"), Exclude: []ledger.Source{ledger.SourcePromotion}}})
	b.give(w, "20", func(r *ledger.GrantRequest) { r.Source = ledger.SourcePurchase })
	b.heard()
	b.give(w, "1000", func(r *ledger.GrantRequest) { r.Priority = 90 })
	b.mustCharge(w, "15")
	require.Equal(t, []string{"low 10 5"}, b.heard())
}

func TestCreditsForLaterAreAvailableLater(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Alerts: ledger.Alerts{Low: levels("10")}})
	b.give(w, "20", func(r *ledger.GrantRequest) { r.EffectiveAt = noon.Add(hour) })
	require.Empty(t, b.heard())
	b.clock = noon.Add(hour)
	b.sweepOnce()
	require.Equal(t, []string{"recovered 10 20"}, b.heard())
}

func TestARenewalIsOneStep(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Alerts: ledger.Alerts{
		Low:    levels("20"),
		Events: []ledger.NoticeKind{ledger.NoticeExpired, ledger.NoticeRenewed, ledger.NoticeRollover},
	}})
	b.monthly(w, "100", expiry.Rollover{Kind: expiry.RolloverAmount, Max: dec("10")})
	b.mustCharge(w, "30")
	b.heard()
	b.clock = april
	_, err := b.Settle(b.ctx, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"expired 60", "rollover 10", "renewed 100"}, b.heard())
}

func TestAnAllowanceIsUsedByShares(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Alerts: ledger.Alerts{Used: []decimal.Decimal{dec("50"), dec("80"), dec("100")}}})
	b.monthly(w, "100", expiry.Rollover{})
	b.give(w, "1000", nil)
	h := b.mustHold(w, "49")
	require.Empty(t, b.heard())
	_, err := b.capture(w, h, "49")
	require.NoError(t, err)
	require.Empty(t, b.heard(), "49 of 100")
	b.mustCharge(w, "1")
	require.Equal(t, []string{"used monthly 50 50"}, b.heard())
	b.mustCharge(w, "70")
	require.Equal(t, []string{"used monthly 80 100", "used monthly 100 100"}, b.heard())
	b.mustCharge(w, "70")
	require.Empty(t, b.heard(), "of other credits")
	b.clock = april
	b.mustCharge(w, "50")
	require.Equal(t, []string{"used monthly 50 50"}, b.heard(), "anew in the next period")
	b.clock = april.AddDate(0, 1, 0)
	_, err = b.Settle(b.ctx, 10)
	require.NoError(t, err)
	require.Empty(t, b.heard(), "what lapses is not used")
}

func TestALimitIsUsedByShares(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{
		Limits: []ledger.Limit{{Name: "daily", Measure: ledger.MeasureCredits, Max: dec("10"), Per: expiry.Days(1), PerActor: true}},
		Alerts: ledger.Alerts{Used: []decimal.Decimal{dec("50"), dec("100")}, Events: []ledger.NoticeKind{ledger.NoticeLimit}},
	})
	b.give(w, "1000", nil)
	_, err := b.as("ann", w, "call", "5")
	require.NoError(t, err)
	require.Equal(t, []string{"used daily ann 50 5"}, b.heard())
	_, err = b.as("bob", w, "call", "10")
	require.NoError(t, err)
	require.Equal(t, []string{"used daily bob 50 10", "limit daily bob 10"}, b.heard())
	_, err = b.as("bob", w, "call", "1")
	require.ErrorIs(t, err, ledger.ErrLimit)
	require.Empty(t, b.heard(), "a refusal leaves no trace")
}

func TestCreditsAreWarnedOfBeforeTheirNominalEndAndThroughTheirGrace(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Alerts: ledger.Alerts{
		Expiring: []int{30, 7}, Events: []ledger.NoticeKind{ledger.NoticeGrace, ledger.NoticeExpired},
	}})
	g := b.give(w, "10", func(r *ledger.GrantRequest) {
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(40), Grace: expiry.Days(2)}
	})
	b.give(w, "10", lasting(5))
	b.monthly(w, "5", expiry.Rollover{})
	for _, c := range []struct {
		name string
		days int
		less time.Duration
		want []string
	}{
		{"not a moment before", 10, time.Microsecond, []string{"expired 10"}},
		{"30 days before", 10, 0, []string{"expiring 30 10"}},
		{"once", 32, 0, []string{"expired 5"}},
		{"7 days before", 33, 0, []string{"expiring 7 10"}},
		{"in grace at the nominal end", 40, 0, []string{"grace 10"}},
		{"and gone after it", 42, 0, []string{"expired 10"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.t = t
			b.clock = noon.AddDate(0, 0, c.days).Add(-c.less)
			_, err := b.Settle(b.ctx, 10)
			require.NoError(t, err)
			require.Equal(t, c.want, b.heard())
		})
	}
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w, Kinds: []ledger.Kind{ledger.KindNotice}}) {
		require.NoError(t, err)
		require.Equal(t, g, e.Notices[0].Grant)
	}
}

func TestDebtIsToldOfWhenItIsEnteredAndPaid(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{
		CreditLimit: dec("100"),
		Alerts:      ledger.Alerts{Low: levels("-5"), Events: []ledger.NoticeKind{ledger.NoticeDebt, ledger.NoticePaid}},
	})
	b.give(w, "10", nil)
	b.heard()
	overdraw := func(amount string) {
		_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec(amount), Shortfall: ledger.ShortfallOverdraft})
		require.NoError(t, err)
	}
	overdraw("12")
	require.Equal(t, []string{"debt 2"}, b.heard())
	overdraw("3")
	require.Equal(t, []string{"low -5 -5"}, b.heard())
	b.give(w, "4", nil)
	require.Equal(t, []string{"recovered -5 -1"}, b.heard())
	b.give(w, "4", nil)
	require.Equal(t, []string{"paid 1"}, b.heard())
}

func TestAPurchaseIsToldOf(t *testing.T) {
	b := open(t, ledger.Config{Catalog: packs(t), Alerts: ledger.UsualAlerts()})
	w := b.wallet(ledger.Terms{})
	_, err := b.Purchase(b.ctx, ledger.PurchaseRequest{Key: b.key(), WalletID: w, Package: "pack", Number: 2})
	require.NoError(t, err)
	require.Equal(t, []string{"purchased pack 200", "recovered 200"}, b.heard())
}

// packs sells 100 credits for 10 dollars.
func packs(t testing.TB) *pricing.Catalog {
	t.Helper()
	catalog, err := pricing.New(pricing.Catalog{
		Unit: pricing.Credits(),
		Packages: []pricing.Package{
			{Name: "pack", Credits: dec("100"), Price: ledger.Money{Amount: dec("10"), Currency: "USD"}},
			{Name: "former", Credits: dec("100"), Price: ledger.Money{Amount: dec("10"), Currency: "USD"}, Inactive: true},
		},
	})
	require.NoError(t, err)
	return catalog
}

func TestAWalletWithoutAlertsMakesNoNotices(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Limits: []ledger.Limit{daily}, CreditLimit: dec("100")})
	b.give(w, "5", lasting(1))
	b.monthly(w, "5", expiry.Rollover{})
	_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("10"), Shortfall: ledger.ShortfallOverdraft})
	require.NoError(t, err)
	b.clock = april
	b.mustCharge(w, "5")
	require.Empty(t, b.heard())
	require.NotContains(t, b.kinds(w, 0), ledger.KindNotice)
}

func TestANoticeNamesTheEntryThatCausedIt(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Alerts: ledger.Alerts{Low: levels("5")}})
	b.give(w, "10", nil)
	e := b.mustCharge(w, "5")
	kinds := b.kinds(w, e.Seq-1)
	require.Equal(t, []ledger.Kind{ledger.KindCharge, ledger.KindNotice}, kinds)
	for n, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w, After: e.Seq}) {
		require.NoError(t, err)
		require.Equal(t, e.Seq, n.Of)
	}
	again, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: e.Key, WalletID: w, Item: "use", Amount: dec("5")})
	require.NoError(t, err)
	require.Equal(t, e.Seq, again.Seq)
	require.Equal(t, []string{"recovered 5 10", "low 5 5"}, b.heard(), "the repetition makes none")
}

func TestNoticesOverACheckpointReplay(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Alerts: ledger.Alerts{Low: levels("50", "49", "48")}})
	b.give(w, "100", nil)
	for i := range 1100 {
		if i%2 == 0 {
			b.mustCharge(w, "52")
		} else {
			b.give(w, "52", nil)
		}
	}
	require.NotEmpty(t, b.heard())
}

func TestAlertsThatCanNeverWorkAreRefused(t *testing.T) {
	b := open(t, ledger.Config{})
	for _, c := range []struct {
		name   string
		alerts ledger.Alerts
	}{
		{"a level with more digits than there are", ledger.Alerts{Low: []ledger.Level{{Amount: decimal.New(1, 2_000_000_000)}}}},
		{"a negative percentage", ledger.Alerts{Low: []ledger.Level{{Percent: dec("-1")}}}},
		{"an amount and a percentage", ledger.Alerts{Low: []ledger.Level{{Percent: dec("1"), Amount: dec("1")}}}},
		{"use of nothing", ledger.Alerts{Used: []decimal.Decimal{dec("0")}}},
		{"use of more than all", ledger.Alerts{Used: []decimal.Decimal{dec("100.1")}}},
		{"no days before", ledger.Alerts{Expiring: []int{0}}},
		{"years before", ledger.Alerts{Expiring: []int{ledger.MaxExpiringDays + 1}}},
		{"an unknown event", ledger.Alerts{Events: []ledger.NoticeKind{"rain"}}},
		{"an event that levels ask for", ledger.Alerts{Events: []ledger.NoticeKind{ledger.NoticeLow}}},
		{"an unknown source", ledger.Alerts{Exclude: []ledger.Source{"luck"}}},
		{"too many", ledger.Alerts{Expiring: slices.Repeat([]int{1}, ledger.MaxThresholds+1)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := b.OpenWallet(b.ctx, ledger.OpenWalletRequest{Key: b.key(), Unit: ledger.Unit{Name: "c"}, Terms: ledger.Terms{Alerts: c.alerts}})
			require.ErrorIs(t, err, ledger.ErrInvalid)
			require.ErrorContains(t, err, "Alerts")
		})
	}
}
