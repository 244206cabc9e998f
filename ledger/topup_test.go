package ledger_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// topped opens a wallet with an automatic top-up, which has to be above 20, and
// puts 100 bought credits into it.
func topped(t testing.TB, edit func(*ledger.TopUp)) (*books, ledger.WalletID) {
	t.Helper()
	b := open(t, ledger.Config{Catalog: packs(t)})
	rule := ledger.TopUp{Package: "pack", Threshold: dec("20")}
	if edit != nil {
		edit(&rule)
	}
	w := b.wallet(ledger.Terms{TopUp: rule, CreditLimit: dec("10000")})
	b.give(w, "100", bought("10"))
	require.Empty(t, b.heard())
	return b, w
}

// asked takes the one notice of a top-up, and returns it.
func (b *books) asked() ledger.Delivery {
	b.t.Helper()
	taken, err := b.TakeNotices(b.ctx, 10, hour)
	require.NoError(b.t, err)
	require.Len(b.t, taken, 1)
	require.Equal(b.t, ledger.NoticeTopUp, taken[0].Notice.Kind)
	require.NoError(b.t, b.AckNotices(b.ctx, taken[0].ID))
	return taken[0]
}

// buy answers the notice of a top-up.
func (b *books) buy(d ledger.Delivery) {
	b.t.Helper()
	_, err := b.Purchase(b.ctx, ledger.PurchaseRequest{
		Key: b.key(), WalletID: d.ID.WalletID, Package: d.Notice.Name, Number: d.Notice.Number, TopUp: d.ID.Seq,
	})
	require.NoError(b.t, err)
}

func (b *books) declined(d ledger.Delivery) error {
	_, err := b.TopUpFailed(b.ctx, ledger.TopUpFailedRequest{Key: b.key(), WalletID: d.ID.WalletID, TopUp: d.ID.Seq})
	return err
}

// overdraw charges an amount whatever there is.
func (b *books) overdraw(w ledger.WalletID, amount string) {
	b.t.Helper()
	_, err := b.Charge(b.ctx, ledger.ChargeRequest{
		Key: b.key(), WalletID: w, Item: "use", Amount: dec(amount), Shortfall: ledger.ShortfallOverdraft,
	})
	require.NoError(b.t, err)
}

func TestATopUpIsAskedForOnceUntilItArrives(t *testing.T) {
	b, w := topped(t, nil)
	b.mustCharge(w, "79")
	require.Empty(t, b.heard(), "21 are above 20")
	b.mustCharge(w, "1")
	first := b.asked()
	require.Equal(t, "top_up pack 20 20 x1", words(first.Notice))
	b.mustCharge(w, "10")
	require.Empty(t, b.heard(), "one is in flight")
	b.buy(first)
	require.Equal(t, "110", b.available(w))
	require.Empty(t, b.heard())
	b.mustCharge(w, "95")
	require.NotEqual(t, first.ID, b.asked().ID)
}

func TestATopUpLeavesTheWalletStrictlyAboveItsThreshold(t *testing.T) {
	for _, c := range []struct {
		name, used, target string
		number             int
	}{
		{"one is enough", "85", "", 1},
		{"one that lands on the threshold is not", "180", "", 2},
		{"a debt counts", "250", "", 2},
		{"and a large one", "1000", "", 10},
		{"to a target by as many as it takes", "85", "115", 1},
		{"and one more for a rest", "85", "116", 2},
		{"at most as many as one purchase can be of", "9000000", "", ledger.MaxParts},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, w := topped(t, func(r *ledger.TopUp) {
				if c.target != "" {
					r.Target = dec(c.target)
				}
			})
			_, err := b.Amend(b.ctx, ledger.AmendRequest{Key: b.key(), WalletID: w, Terms: ledger.Terms{CreditLimit: dec("1e9"), TopUp: b.rule(w)}})
			require.NoError(t, err)
			b.overdraw(w, c.used)
			n := b.asked()
			require.Equal(t, c.number, n.Notice.Number)
		})
	}
}

// rule returns the rule for a wallet's top-ups.
func (b *books) rule(w ledger.WalletID) ledger.TopUp {
	b.t.Helper()
	state, err := b.Wallet(b.ctx, w)
	require.NoError(b.t, err)
	return state.TopUp
}

func TestABurstOfChargesBuysOneTopUp(t *testing.T) {
	b, w := topped(t, nil)
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			_, err := b.Charge(b.ctx, ledger.ChargeRequest{
				Key: fmt.Sprint("burst-", i), WalletID: w, Amount: dec("2"), Shortfall: ledger.ShortfallOverdraft,
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	b.buy(b.asked())
	require.Equal(t, "100", b.available(w))
	require.Empty(t, b.heard())
}

func TestWhatABurstSpentMeanwhileIsAskedForWhenTheFirstArrives(t *testing.T) {
	b, w := topped(t, nil)
	b.mustCharge(w, "85")
	first := b.asked()
	b.overdraw(w, "200")
	require.Empty(t, b.heard())
	b.buy(first)
	require.Equal(t, "top_up pack 20 -85 x2", words(b.asked().Notice))
}

func TestAFailedTopUpBacksOff(t *testing.T) {
	b, w := topped(t, func(r *ledger.TopUp) { r.Backoff = hour })
	b.mustCharge(w, "90")
	n := b.asked()
	for _, hours := range []int{1, 2, 4, 8, 16, 32, 32} {
		require.NoError(t, b.declined(n))
		require.ErrorIs(t, b.declined(n), ledger.ErrClosed, "it has been answered")
		b.mustCharge(w, "1")
		due := b.clock.Add(time.Duration(hours) * hour)
		b.clock = due.Add(-time.Microsecond)
		b.sweepOnce()
		require.Empty(t, b.heard(), "not before %d hours", hours)
		b.clock = due
		b.sweepOnce()
		n = b.asked()
	}
	b.buy(n)
	b.mustCharge(w, "90")
	n = b.asked()
	require.NoError(t, b.declined(n))
	b.clock = b.clock.Add(hour)
	b.sweepOnce()
	b.asked()
}

func (b *books) sweepOnce() {
	b.t.Helper()
	_, err := b.Settle(b.ctx, 100)
	require.NoError(b.t, err)
}

func TestAWaitEndsWithoutANoticeIfNoneIsNeededAnyMore(t *testing.T) {
	b, w := topped(t, nil)
	b.mustCharge(w, "90")
	require.NoError(t, b.declined(b.asked()))
	b.give(w, "50", nil)
	b.clock = b.clock.Add(2 * hour)
	b.sweepOnce()
	require.Empty(t, b.heard())
	b.mustCharge(w, "50")
	b.asked()
}

func TestAmendingTheWalletEndsTheWaiting(t *testing.T) {
	b, w := topped(t, nil)
	b.mustCharge(w, "90")
	require.NoError(t, b.declined(b.asked()))
	_, err := b.Amend(b.ctx, ledger.AmendRequest{Key: b.key(), WalletID: w, Terms: ledger.Terms{TopUp: b.rule(w)}})
	require.NoError(t, err)
	b.asked()
}

func TestATopUpStopsAtItsMonth(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*ledger.TopUp)
	}{
		{"by number", func(r *ledger.TopUp) { r.MaxNumber = 2 }},
		{"by money", func(r *ledger.TopUp) { r.MaxPaid = ledger.Money{Amount: dec("29.99"), Currency: "USD"} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, w := topped(t, c.edit)
			for range 2 {
				b.mustCharge(w, "100")
				b.buy(b.asked())
			}
			b.mustCharge(w, "90")
			require.Equal(t, []string{"stopped pack 20 10"}, b.heard())
			b.mustCharge(w, "5")
			require.Empty(t, b.heard(), "said once")
			b.clock = april
			b.sweepOnce()
			b.asked()
		})
	}
}

func TestAFailureCountsInNoMonthUnlessItIsBoughtAfterAll(t *testing.T) {
	b, w := topped(t, func(r *ledger.TopUp) { r.MaxNumber = 1 })
	b.mustCharge(w, "90")
	failed := b.asked()
	require.NoError(t, b.declined(failed))
	b.clock = b.clock.Add(hour)
	b.sweepOnce()
	again := b.asked()
	require.NoError(t, b.declined(again))
	b.buy(failed)
	b.mustCharge(w, "100")
	b.clock = b.clock.Add(2 * hour)
	b.sweepOnce()
	require.Equal(t, []string{"stopped pack 20 10"}, b.heard())
}

func TestSomeSourcesDoNotKeepATopUpOff(t *testing.T) {
	b, w := topped(t, func(r *ledger.TopUp) { r.Exclude = []ledger.Source{ledger.SourcePromotion} })
	b.give(w, "1000", func(r *ledger.GrantRequest) { r.Priority = 90 })
	b.mustCharge(w, "80")
	require.Equal(t, "top_up pack 20 20 x1", words(b.asked().Notice))
}

func TestOpeningAWalletAsksForNothingAndFreezingHolds(t *testing.T) {
	b, w := topped(t, nil)
	_, err := b.Freeze(b.ctx, ledger.StatusRequest{Key: b.key(), WalletID: w})
	require.NoError(t, err)
	g := b.balance(w).Grants[0].ID
	_, err = b.Void(b.ctx, ledger.VoidRequest{Key: b.key(), WalletID: w, Grant: g})
	require.NoError(t, err)
	require.Empty(t, b.heard())
	_, err = b.Thaw(b.ctx, ledger.StatusRequest{Key: b.key(), WalletID: w})
	require.NoError(t, err)
	b.asked()
	_, err = b.CloseWallet(b.ctx, ledger.StatusRequest{Key: b.key(), WalletID: w})
	require.NoError(t, err)
	require.Empty(t, b.heard())
}

func TestTopUpsThatCanNeverWorkAreRefused(t *testing.T) {
	b, w := topped(t, nil)
	for _, c := range []struct {
		name string
		rule ledger.TopUp
		err  error
	}{
		{"without a package", ledger.TopUp{Threshold: dec("5")}, ledger.ErrInvalid},
		{"of a package that there is not", ledger.TopUp{Package: "none"}, ledger.ErrNotFound},
		{"to a target that is not above the threshold", ledger.TopUp{Package: "pack", Threshold: dec("5"), Target: dec("5")}, ledger.ErrInvalid},
		{"of more digits than there are", ledger.TopUp{Package: "pack", Threshold: decimal.New(1, 2_000_000_000)}, ledger.ErrInvalid},
		{"for other money", ledger.TopUp{Package: "pack", MaxPaid: ledger.Money{Amount: dec("5"), Currency: "EUR"}}, ledger.ErrInvalid},
		{"fewer than none", ledger.TopUp{Package: "pack", MaxNumber: -1}, ledger.ErrInvalid},
		{"with a wait before now", ledger.TopUp{Package: "pack", Backoff: -1}, ledger.ErrInvalid},
		{"without unknown sources", ledger.TopUp{Package: "pack", Exclude: []ledger.Source{"luck"}}, ledger.ErrInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := b.Amend(b.ctx, ledger.AmendRequest{Key: b.key(), WalletID: w, Terms: ledger.Terms{TopUp: c.rule}})
			require.ErrorIs(t, err, c.err)
		})
	}
	_, err := b.Purchase(b.ctx, ledger.PurchaseRequest{Key: b.key(), WalletID: w, Package: "pack", TopUp: 99})
	require.ErrorIs(t, err, ledger.ErrNotFound)
	_, err = b.Purchase(b.ctx, ledger.PurchaseRequest{Key: b.key(), WalletID: w, Package: "pack", TopUp: -1})
	require.ErrorIs(t, err, ledger.ErrInvalid)
	_, err = b.TopUpFailed(b.ctx, ledger.TopUpFailedRequest{Key: b.key(), WalletID: w})
	require.ErrorIs(t, err, ledger.ErrInvalid)
}

func TestAPackageThatIsNotSoldStopsATopUpForADay(t *testing.T) {
	b := open(t, ledger.Config{Catalog: packs(t)})
	w := b.wallet(ledger.Terms{TopUp: ledger.TopUp{Package: "former", Threshold: dec("5")}})
	b.give(w, "10", nil)
	b.mustCharge(w, "9")
	require.Equal(t, []string{"stopped former 5 1"}, b.heard())
	b.clock = noon.Add(day)
	b.sweepOnce()
	require.Equal(t, []string{"stopped former 5 1"}, b.heard())
}
