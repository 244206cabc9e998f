package ledger_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// What the machine found once, told as cases.

func monthly(allowance string) ledger.Offer {
	return ledger.Offer{Cycle: expiry.Months(1), Buckets: []ledger.Bucket{{Name: "plan", Allowance: dec(allowance)}}}
}

func TestRefundForgivesOnlyWhatARenewalHasNotPaid(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{CreditLimit: dec("20")})
	_, err := b.Subscribe(b.ctx, ledger.SubscribeRequest{
		Key: b.key(), WalletID: w, Offer: monthly("50"), Prorate: ledger.ProrateNone,
	})
	require.NoError(t, err)
	key := b.key()
	_, err = b.Charge(b.ctx, ledger.ChargeRequest{
		Key: key, WalletID: w, Item: "use", Amount: dec("15"), Shortfall: ledger.ShortfallOverdraft,
	})
	require.NoError(t, err)

	b.clock = b.clock.AddDate(0, 1, 0) // the renewal, which pays the debt, is settled with the refund
	_, err = b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: key})
	require.NoError(t, err)
	balance := b.balance(w)
	require.Equal(t, "0", balance.Debt.String())
	require.Equal(t, "50", balance.Available.String())
}

func TestChangeOfCycleEndsAPeriodThatBeganThatInstant(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	_, err := b.Subscribe(b.ctx, ledger.SubscribeRequest{Key: b.key(), WalletID: w, Offer: monthly("50")})
	require.NoError(t, err)
	yearly := monthly("600")
	yearly.Cycle = expiry.Years(1)
	_, err = b.Change(b.ctx, ledger.ChangeRequest{Key: b.key(), WalletID: w, Offer: yearly})
	require.NoError(t, err)
	require.Equal(t, "600", b.available(w), "not the allowances of both")
}

func TestCancelLeavesWhatHasYetToTakeEffect(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	_, err := b.Subscribe(b.ctx, ledger.SubscribeRequest{Key: b.key(), WalletID: w, Offer: monthly("50")})
	require.NoError(t, err)
	b.give(w, "7", func(r *ledger.GrantRequest) {
		r.Source, r.Bucket, r.EffectiveAt = ledger.SourceAllowance, "plan", b.clock.Add(hour)
	})
	_, err = b.Cancel(b.ctx, ledger.CancelRequest{Key: b.key(), WalletID: w})
	require.NoError(t, err)
	require.True(t, b.balance(w).Total.IsZero(), "it took what was not there: %v", b.balance(w).Total)
	b.clock = b.clock.Add(hour)
	require.Equal(t, "7", b.available(w))
}

func TestCheckAnswersAUsedKeyAsDoDoes(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	r := ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("4")}
	did, err := b.Charge(b.ctx, r)
	require.NoError(t, err)
	would, err := b.Check(b.ctx, r)
	require.NoError(t, err)
	require.Equal(t, ledger.EncodeEntry(&did), ledger.EncodeEntry(&would))
	r.Amount = dec("5")
	_, err = b.Check(b.ctx, r)
	require.ErrorIs(t, err, ledger.ErrKeyReused)
}

// TestTransferAgreesOnTheTime has one wallet written by a machine whose clock is
// ahead: what arrives there must not have ended already.
func TestTransferAgreesOnTheTime(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	from, to := b.wallet(ledger.Terms{}), b.wallet(ledger.Terms{})
	b.give(from, "10", func(r *ledger.GrantRequest) {
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Hours(1)}
	})
	b.clock = noon.Add(2 * hour)
	b.give(to, "1", nil)
	b.clock = noon.Add(hour / 2)
	_, err := b.Transfer(b.ctx, ledger.TransferRequest{Key: b.key(), From: from, To: to, Amount: dec("10")})
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)

	b.clock = noon.Add(3 * hour)
	b.mustCharge(to, "1")
	var booked time.Time
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: to}) {
		require.NoError(t, err)
		require.False(t, e.EffectiveAt.Before(booked), "entry %d was booked before the one before it", e.Seq)
		booked = e.EffectiveAt
	}
}

// TestACatalogPricesOnlyWalletsOfItsUnit: a pack of 500 credits is not 500 dollars.
func TestACatalogPricesOnlyWalletsOfItsUnit(t *testing.T) {
	catalog, err := pricing.New(pricing.Catalog{
		Unit:      pricing.Credits(),
		Items:     []pricing.ItemDef{{ID: "sms", Kind: "meter"}},
		RateCards: []pricing.RateCard{{Name: "std", Rates: []pricing.Rate{{Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUse, Price: dec("1")}}}}},
		Packages:  []pricing.Package{{Name: "pack", Credits: dec("500"), Price: ledger.Money{Amount: dec("9"), Currency: "USD"}}},
		Plans:     []pricing.Plan{{Name: "plan", Cycle: expiry.Months(1), Buckets: []ledger.Bucket{{Name: "monthly", Allowance: dec("10")}}}},
	})
	require.NoError(t, err)
	b := open(t, ledger.Config{Catalog: catalog})
	w := b.walletIn(ledger.Unit{Name: "USD", Scale: 2}, ledger.Terms{})
	for _, r := range []ledger.Request{
		ledger.PurchaseRequest{Key: "k", WalletID: w, Package: "pack"},
		ledger.SubscribeRequest{Key: "k", WalletID: w, Offer: ledger.Offer{Plan: "plan"}},
		ledger.ChargeRequest{Key: "k", WalletID: w, Item: "sms", Quantity: dec("1")},
	} {
		_, err := b.Do(b.ctx, r)
		require.ErrorIs(t, err, ledger.ErrInvalid)
	}
	ours := b.wallet(ledger.Terms{})
	_, err = b.Purchase(b.ctx, ledger.PurchaseRequest{Key: "k", WalletID: ours, Package: "pack", Code: "nope"})
	require.ErrorIs(t, err, ledger.ErrNotFound, "a coupon that nobody issued is not passed over")
}

// TestThePastShowsWhereLateUseDrewFrom: what was carried on since was in the old
// grant then, and the parts of the balance add up to it.
func TestThePastShowsWhereLateUseDrewFrom(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	_, err := b.Subscribe(b.ctx, ledger.SubscribeRequest{Key: "s", WalletID: w, Offer: ledger.Offer{
		Cycle:   expiry.Days(1),
		Buckets: []ledger.Bucket{{Name: "daily", Allowance: dec("10"), Rollover: expiry.Rollover{Kind: expiry.RolloverAll}}},
	}})
	require.NoError(t, err)
	b.clock = noon.Add(day)
	_, err = b.Charge(b.ctx, ledger.ChargeRequest{Key: "late", WalletID: w, Item: "use", Amount: dec("4"), At: noon.Add(hour)})
	require.NoError(t, err)
	then, err := b.Balance(b.ctx, w, noon.Add(2*hour))
	require.NoError(t, err)
	require.Equal(t, "6", then.Total.String())
	require.Equal(t, "6", then.Available.String())
}

func TestAPackagesBonusIsNoPromotionOfTheSameName(t *testing.T) {
	t.Parallel()
	catalog, err := pricing.New(pricing.Catalog{
		Unit: pricing.Credits(),
		Packages: []pricing.Package{{
			Name: "welcome", Title: "Welcome pack", Credits: dec("100"), Price: ledger.Money{Amount: dec("9"), Currency: "USD"},
			Bonus: pricing.Bonus{Credits: dec("10")},
		}},
		Promotions: []pricing.Promotion{{
			Name: "welcome", Trigger: pricing.TriggerCoupon, Code: "HELLO", LimitPerOwner: 1, Bonus: pricing.Bonus{Credits: dec("5")},
		}},
	})
	require.NoError(t, err)
	b := open(t, ledger.Config{Catalog: catalog})
	w := b.wallet(ledger.Terms{})
	e, err := b.Purchase(b.ctx, ledger.PurchaseRequest{Key: "buy", WalletID: w, Package: "welcome"})
	require.NoError(t, err)
	require.Len(t, e.Grants, 2)
	require.Equal(t, "Welcome pack", e.Grants[1].Name, "the owner reads the title, of the bonus too")
	require.Equal(t, e.Grants[0].ID, e.Grants[1].Parent)

	e, err = b.Redeem(b.ctx, ledger.RedeemRequest{Key: "hello", WalletID: w, Code: "HELLO"})
	require.NoError(t, err, "the bonus does not use the promotion up")
	require.Equal(t, "welcome", e.Grants[0].Name)
	require.True(t, e.Grants[0].Parent.IsZero())
	_, err = b.Redeem(b.ctx, ledger.RedeemRequest{Key: "hello again", WalletID: w, Code: "HELLO"})
	require.ErrorIs(t, err, ledger.ErrNotFound)
}

// A bonus was never part of its parent, though what was carried over was.
func TestLateUseOfABonusLeavesThePastOfItsParentAlone(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	parent := b.give(w, "7", nil)
	then := b.clock.Add(2 * time.Hour)
	b.clock = b.clock.Add(4 * time.Hour)
	b.give(w, "10", func(r *ledger.GrantRequest) {
		r.Parent, r.Priority, r.EffectiveAt = parent, 1, then.Add(-time.Hour)
	})
	b.clock = b.clock.Add(time.Hour)
	_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: "late", WalletID: w, Amount: credits(10), At: then})
	require.NoError(t, err)
	require.Equal(t, "7", b.availableAt(w, then))
	require.Equal(t, "7", b.available(w))
}
