package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

func TestVoidOfAPartLeavesTheRestAndWhatIsHeld(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	id := b.give(w, "10", nil)
	b.holdFor(w, "4", hour)
	void := func(amount string) error {
		_, err := b.Void(b.ctx, ledger.VoidRequest{Key: b.key(), WalletID: w, Grant: id, Amount: dec(amount)})
		return err
	}
	require.NoError(t, void("1"))
	require.Equal(t, "5", b.available(w))
	require.EqualError(t, void("6"), "ledger: invalid request: Amount is 6, more than the 5 left of the grant")
	require.NoError(t, void("0"))
	require.Equal(t, "0", b.available(w))
	require.Equal(t, "4", b.balance(w).Held.String())
	require.ErrorIs(t, void("0"), ledger.ErrClosed)
	b.clock = noon.Add(hour)
	require.Equal(t, "4", b.available(w), "what the hold gave back")
}

func TestVoidOfAGrantForLaterChangesNoBalance(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	id := b.give(w, "10", func(r *ledger.GrantRequest) { r.EffectiveAt = noon.Add(day) })
	e, err := b.Void(b.ctx, ledger.VoidRequest{Key: b.key(), WalletID: w, Grant: id})
	require.NoError(t, err)
	require.True(t, e.Change.IsZero())
	require.Equal(t, ledger.PotPending, e.Moves[0].From)
	require.Equal(t, "0", b.availableAt(w, noon.Add(day)))
}

func TestAdjust(t *testing.T) {
	t.Parallel()
	info := ledger.Info{Reason: "goodwill", Actor: "eve"}
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Buckets: []ledger.Bucket{{Name: "sms", Scope: ledger.Scope{Items: []string{"sms"}}, Priority: 7}}})
	adjust := func(amount, bucket string) (ledger.Entry, error) {
		return b.Adjust(b.ctx, ledger.AdjustRequest{Key: b.key(), WalletID: w, Amount: dec(amount), Bucket: bucket, Info: info})
	}
	e, err := adjust("10", "")
	require.NoError(t, err)
	require.Equal(t, ledger.SourceAdjustment, e.Grants[0].Source)
	require.Equal(t, info.Reason, e.Grants[0].Reason)
	e, err = adjust("5", "sms")
	require.NoError(t, err)
	require.Equal(t, 7, e.Grants[0].Priority)
	require.True(t, e.Grants[0].Scope.Restricted())
	_, err = adjust("-6", "sms")
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits, "more than the bucket has")
	e, err = adjust("-12", "")
	require.NoError(t, err, "whatever the scope")
	require.Equal(t, "3.1", e.Moves[0].Grant.String())
	require.Equal(t, "3", b.available(w))
}

func TestWhatIsAddedByHandPaysDebts(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{CreditLimit: dec("10")})
	_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "sms", Amount: dec("10"), Shortfall: ledger.ShortfallOverdraft})
	require.NoError(t, err)
	b.give(w, "3", func(r *ledger.GrantRequest) { r.Scope = ledger.Scope{Items: []string{"mail"}} })
	require.Equal(t, "10", b.balance(w).Debt.String(), "credits for mail do not pay for sms")
	_, err = b.Adjust(b.ctx, ledger.AdjustRequest{Key: b.key(), WalletID: w, Amount: dec("15"), Info: ledger.Info{Reason: "r", Actor: "a"}})
	require.NoError(t, err)
	require.Equal(t, "0", b.balance(w).Debt.String())
	require.Equal(t, "8", b.available(w))
}

func TestOverdraftGoesToTheLimitAndNotBeyond(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{CreditLimit: dec("10")})
	b.give(w, "5", nil)
	owe := func(amount string) error {
		_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec(amount), Shortfall: ledger.ShortfallOverdraft})
		return err
	}
	err := owe("16")
	var short *ledger.InsufficientCreditsError
	require.ErrorAs(t, err, &short)
	require.Equal(t, "15", short.Have.String())
	require.NoError(t, owe("12"))
	require.NoError(t, owe("3"))
	require.ErrorIs(t, owe("1"), ledger.ErrInsufficientCredits)
	require.Equal(t, "-10", b.balance(w).Total.String())
	_, err = b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("1")})
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits, "only a charge that says so goes below zero")
}

func TestTransferKeepsTheTermsOfWhatItMoves(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	shared := ledger.Bucket{Name: "shared"}
	from := b.wallet(ledger.Terms{Buckets: []ledger.Bucket{shared, {Name: "own"}}})
	to := b.wallet(ledger.Terms{Buckets: []ledger.Bucket{shared}})
	b.give(from, "10", func(r *ledger.GrantRequest) {
		bought("3")(r)
		until(noon.Add(day))(r)
		r.Name, r.Bucket, r.Priority, r.Scope = "pack", "shared", 7, ledger.Scope{Kinds: []string{"meter"}}
	})
	b.give(from, "5", func(r *ledger.GrantRequest) { r.Bucket = "own" })
	e, err := b.Transfer(b.ctx, ledger.TransferRequest{Key: b.key(), From: from, To: to, Amount: dec("12")})
	require.NoError(t, err)
	require.Equal(t, "3", b.available(from))
	got := b.balance(to).Grants
	require.Len(t, got, 2)
	pack, own := got[0], got[1]
	require.Equal(t, []any{"pack", ledger.SourcePurchase, "shared", 7, "3.00 USD", noon.Add(day), []string{"meter"}},
		[]any{pack.Name, pack.Source, pack.Bucket, pack.Priority, pack.Paid.String(), pack.ExpiresAt, pack.Scope.Kinds})
	require.Empty(t, own.Bucket, "the other wallet has no such bucket")
	require.Equal(t, "2", own.Remaining.String())
	require.Equal(t, e.ID(), pack.From)
	peer, err := b.Balance(b.ctx, to, noon)
	require.NoError(t, err)
	require.Equal(t, "12", peer.Total.String())
	for received, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: to, Kinds: []ledger.Kind{ledger.KindReceive}}) {
		require.NoError(t, err)
		require.Equal(t, e.Peer, received.ID())
		require.Equal(t, e.ID(), received.Peer)
	}
	require.Equal(t, "2", b.availableAt(to, noon.Add(day)), "the pack ends when it would have ended")
}

func TestTransferOfABucketTakesOnlyFromIt(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	from := b.wallet(ledger.Terms{Buckets: []ledger.Bucket{{Name: "gifts"}}})
	to := b.wallet(ledger.Terms{})
	b.give(from, "10", nil)
	b.give(from, "5", func(r *ledger.GrantRequest) { r.Bucket = "gifts" })
	r := ledger.TransferRequest{Key: b.key(), From: from, To: to, Amount: dec("6"), Bucket: "gifts"}
	_, err := b.Transfer(b.ctx, r)
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	r.Amount = dec("5")
	_, err = b.Transfer(b.ctx, r)
	require.NoError(t, err)
	require.Equal(t, "10", b.available(from))
}

func TestTransferPaysTheDebtsOfTheOtherWallet(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	from, to := b.wallet(ledger.Terms{}), b.wallet(ledger.Terms{CreditLimit: dec("10")})
	b.give(from, "10", nil)
	_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: to, Amount: dec("4"), Shortfall: ledger.ShortfallOverdraft})
	require.NoError(t, err)
	_, err = b.Transfer(b.ctx, ledger.TransferRequest{Key: b.key(), From: from, To: to, Amount: dec("10")})
	require.NoError(t, err)
	require.Equal(t, "6", b.available(to))
}

func TestPurchaseIsLimitedByItsPackage(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{Catalog: catalog(t)})
	w := b.wallet(ledger.Terms{})
	buy := func(n int) error {
		_, err := b.Purchase(b.ctx, ledger.PurchaseRequest{Key: b.key(), WalletID: w, Package: "starter", Number: n})
		return err
	}
	require.ErrorIs(t, buy(3), ledger.ErrInvalid, "two for each owner")
	require.NoError(t, buy(1))
	require.NoError(t, buy(0), "none stated is one")
	require.ErrorIs(t, buy(1), ledger.ErrInvalid)
	require.Equal(t, "220", b.available(w))
	_, err := b.Purchase(b.ctx, ledger.PurchaseRequest{Key: b.key(), WalletID: w, Package: "gold"})
	require.ErrorIs(t, err, ledger.ErrNotFound)
}

func TestACouponIsRedeemedOnce(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{Catalog: catalog(t)})
	w := b.wallet(ledger.Terms{})
	redeem := func(code string) error {
		_, err := b.Redeem(b.ctx, ledger.RedeemRequest{Key: b.key(), WalletID: w, Code: code})
		return err
	}
	require.ErrorIs(t, redeem("hello"), ledger.ErrNotFound)
	require.NoError(t, redeem("HELLO"))
	require.ErrorIs(t, redeem("HELLO"), ledger.ErrNotFound)
	require.Equal(t, "25", b.available(w))
}

func TestTakeBackLeavesWhatIsHeldAndReturnsMoneyOnlyForWhatGoes(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "3", bought("1"))
	b.holdFor(w, "1", hour)
	e, err := b.TakeBack(b.ctx, ledger.TakeBackRequest{Key: b.key(), WalletID: w, Purchase: "key-2"})
	require.NoError(t, err)
	require.Equal(t, "0.67 USD", e.Returned.String())
	b.clock = noon.Add(hour)
	require.Equal(t, "1", b.available(w))
	e, err = b.TakeBack(b.ctx, ledger.TakeBackRequest{Key: b.key(), WalletID: w, Purchase: "key-2"})
	require.NoError(t, err, "what the hold gave back can go, too")
	require.Equal(t, "0.33 USD", e.Returned.String())
}

func TestGrantTakesWhatItDoesNotStateFromBucketAndWallet(t *testing.T) {
	t.Parallel()
	after := func(days int) expiry.Policy {
		return expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(days)}
	}
	b := open(t, ledger.Config{Expiry: after(40)})
	own := b.wallet(ledger.Terms{
		Expiry:  after(30),
		Buckets: []ledger.Bucket{{Name: "b", Priority: 3, Scope: ledger.Scope{Items: []string{"sms"}}, Expiry: after(20)}},
	})
	none := b.wallet(ledger.Terms{})
	for _, c := range []struct {
		name     string
		wallet   ledger.WalletID
		edit     func(*ledger.GrantRequest)
		days     int
		priority int
		scope    bool
	}{
		{"the grant's own", own, func(r *ledger.GrantRequest) {
			r.Bucket, r.Expiry, r.Priority, r.Scope = "b", after(10), 1, ledger.Scope{Items: []string{"mail"}}
		}, 10, 1, true},
		{"the bucket's", own, func(r *ledger.GrantRequest) { r.Bucket = "b" }, 20, 3, true},
		{"the wallet's", own, nil, 30, ledger.DefaultPriority, false},
		{"the ledger's", none, nil, 40, ledger.DefaultPriority, false},
		{"never", none, func(r *ledger.GrantRequest) { r.Expiry = expiry.Policy{Kind: expiry.PolicyNever} }, 0, ledger.DefaultPriority, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			id := b.give(c.wallet, "1", c.edit)
			for _, g := range b.balance(c.wallet).Grants {
				if g.ID != id {
					continue
				}
				if c.days == 0 {
					require.True(t, g.ExpiresAt.IsZero())
				} else {
					require.Equal(t, noon.AddDate(0, 0, c.days), g.ExpiresAt)
				}
				require.Equal(t, c.priority, g.Priority)
				require.Equal(t, c.scope, g.Scope.Restricted())
			}
		})
	}
}
