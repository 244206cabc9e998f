package ledger_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

func TestFieldMoney(t *testing.T) {
	t.Parallel()

	t.Run("the balance is what its grants have, to the last decimal", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.walletIn(ledger.Unit{Name: "USD", Scale: 5}, ledger.Terms{})
		b.give(w, "100", nil)
		b.give(w, "0.00001", nil)
		b.mustCharge(w, "14.28444")
		balance := b.balance(w)
		total := decimal.Zero
		for _, g := range balance.Grants {
			total = total.Add(g.Remaining)
		}
		require.Equal(t, "85.71557", balance.Available.String())
		require.Equal(t, balance.Available.String(), total.String())
		require.Equal(t, balance.Total.String(), total.String())
	})

	t.Run("a grant of 1 is used up by ten tenths", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.walletIn(ledger.Unit{Name: "USD", Scale: 2}, ledger.Terms{})
		b.give(w, "1", nil)
		for range 10 {
			b.mustCharge(w, "0.1")
		}
		require.True(t, b.balance(w).Available.IsZero())
		_, err := b.charge(w, "0.01")
		require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	})

	t.Run("an item that costs nothing is charged nothing, and leaves an entry", func(t *testing.T) {
		b := open(t, ledger.Config{Catalog: catalog(t)})
		w := b.wallet(ledger.Terms{})
		e, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "lookup", Quantity: dec("3")})
		require.NoError(t, err)
		require.Equal(t, "0", e.Amount().String())
		require.Equal(t, "3", e.Parts[0].Quantity.String())
		require.Empty(t, e.Draws())
	})

	t.Run("a balance below one unit of what is charged is spent and then done with", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.walletIn(ledger.Unit{Name: "USD", Scale: 3}, ledger.Terms{})
		b.give(w, "0.001", nil)
		for _, overage := range []string{"0.999", "1"} {
			e, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("1.00"), Shortfall: ledger.ShortfallPartial})
			require.NoError(t, err)
			require.Equal(t, overage, e.Overage().String())
		}
	})

	t.Run("credits finer than the unit never come to be", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.walletIn(ledger.Unit{Name: "USD", Scale: 2}, ledger.Terms{})
		_, err := b.Grant(b.ctx, ledger.GrantRequest{Key: b.key(), WalletID: w, Source: ledger.SourcePromotion, Amount: dec("0.001")})
		require.ErrorIs(t, err, ledger.ErrInvalid)
	})

	t.Run("the money for a purchase in parts is the money for the whole", func(t *testing.T) {
		b := open(t, ledger.Config{})
		from, to := b.wallet(ledger.Terms{}), b.wallet(ledger.Terms{})
		b.give(from, "3", bought("1"))
		for range 2 {
			_, err := b.Transfer(b.ctx, ledger.TransferRequest{Key: b.key(), From: from, To: to, Amount: dec("1")})
			require.NoError(t, err)
		}
		moved := b.balance(to).Grants
		require.Equal(t, "0.33 USD", moved[0].Paid.String())
		require.Equal(t, "0.34 USD", moved[1].Paid.String())
		require.Equal(t, "0.33 USD", b.balance(from).Grants[0].Unearned().String())
	})
}

func TestFieldTwiceOrNever(t *testing.T) {
	t.Parallel()

	t.Run("a purchase that is sent again buys once", func(t *testing.T) {
		b := open(t, ledger.Config{Catalog: catalog(t)})
		w := b.wallet(ledger.Terms{})
		r := ledger.PurchaseRequest{Key: "payment 1", WalletID: w, Package: "starter"}
		first, err := b.Purchase(b.ctx, r)
		require.NoError(t, err)
		b.clock = noon.Add(40 * day)
		again, err := b.Purchase(b.ctx, r)
		require.NoError(t, err)
		require.Equal(t, ledger.EncodeEntry(&first), ledger.EncodeEntry(&again))
		require.Equal(t, "110", b.available(w))
	})

	t.Run("two workers that settle the same wallets book everything once", func(t *testing.T) {
		b := open(t, ledger.Config{})
		var wallets []ledger.WalletID
		for range 20 {
			w := b.wallet(ledger.Terms{})
			b.give(w, "10", until(noon.Add(day)))
			wallets = append(wallets, w)
		}
		b.clock = noon.Add(day)
		var workers sync.WaitGroup
		for range 4 {
			workers.Go(func() { _, _ = b.Settle(b.ctx, 100) })
		}
		workers.Wait()
		for _, w := range wallets {
			require.Equal(t, []ledger.Kind{"open", "grant", "expire"}, b.kinds(w, 0))
		}
	})

	t.Run("a refund that is sent again gives back once, and under another key no more than there was", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		b.give(w, "10", nil)
		c := b.mustCharge(w, "6")
		r := ledger.RefundRequest{Key: "credit note 1", WalletID: w, Charge: c.Key}
		for range 3 {
			_, err := b.Refund(b.ctx, r)
			require.NoError(t, err)
		}
		require.Equal(t, "10", b.available(w))
		r.Key = "credit note 1, at another time"
		_, err := b.Refund(b.ctx, r)
		require.ErrorIs(t, err, ledger.ErrClosed)
		require.Equal(t, "10", b.available(w))
	})

	t.Run("a key used twice is found before anything is spent", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		b.give(w, "10", nil)
		first := b.mustCharge(w, "4")
		_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: first.Key, WalletID: w, Amount: dec("5")})
		var reused *ledger.KeyReusedError
		require.ErrorAs(t, err, &reused)
		require.Equal(t, first.ID(), reused.Entry)
		require.Equal(t, "6", b.available(w))
	})

	t.Run("a refund gives back to the very grant, with its priority and its price", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		id := b.give(w, "10", func(r *ledger.GrantRequest) { bought("9.90")(r); r.Priority = 7 })
		c := b.mustCharge(w, "10")
		e, err := b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: c.Key})
		require.NoError(t, err)
		require.Empty(t, e.Grants)
		g := b.balance(w).Grants[0]
		require.Equal(t, id, g.ID)
		require.Equal(t, 7, g.Priority)
		require.Equal(t, "9.90 USD", g.Paid.String())
	})

	t.Run("a refund to a closed wallet is refused by name, not lost", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		b.give(w, "10", nil)
		c := b.mustCharge(w, "6")
		_, err := b.CloseWallet(b.ctx, ledger.StatusRequest{Key: b.key(), WalletID: w})
		require.NoError(t, err)
		_, err = b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: c.Key})
		require.ErrorIs(t, err, ledger.ErrClosed)
	})

	t.Run("a top-up of a wallet below zero pays the debt and makes nothing of it spendable", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.wallet(ledger.Terms{CreditLimit: dec("100")})
		_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("30"), Shortfall: ledger.ShortfallOverdraft})
		require.NoError(t, err)
		b.give(w, "20", bought("20"))
		require.Equal(t, "0", b.available(w))
		require.Equal(t, "10", b.balance(w).Debt.String())
		b.give(w, "20", bought("20"))
		require.Equal(t, "10", b.available(w))
		require.Equal(t, "0", b.balance(w).Debt.String())
	})

	t.Run("ten calls of 0.30 on 1.00 at the same time: three are paid", func(t *testing.T) {
		b := open(t, ledger.Config{})
		w := b.walletIn(ledger.Unit{Name: "USD", Scale: 2}, ledger.Terms{})
		b.give(w, "1.00", nil)
		require.Equal(t, 3, paidOf(b.ctx, 10, w, "0.30", b.Ledger))
		require.Equal(t, "0.1", b.available(w))
	})

	t.Run("two ledgers on one store give one credit away once", func(t *testing.T) {
		store := new(memory.Store)
		b, other := openOn(t, store, ledger.Config{}), openOn(t, store, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		b.give(w, "1", nil)
		require.Equal(t, 1, paidOf(b.ctx, 10, w, "1", b.Ledger, other.Ledger))
		require.Equal(t, "0", b.available(w))
	})

	t.Run("transfers in both directions at the same time do not wait for each other for ever", func(t *testing.T) {
		b := open(t, ledger.Config{})
		one, two := b.wallet(ledger.Terms{}), b.wallet(ledger.Terms{})
		b.give(one, "1000", nil)
		b.give(two, "1000", nil)
		ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
		defer cancel()
		var callers sync.WaitGroup
		for i := range 50 {
			for from, to := range map[ledger.WalletID]ledger.WalletID{one: two, two: one} {
				callers.Go(func() {
					_, err := b.Transfer(ctx, ledger.TransferRequest{Key: fmt.Sprint("move ", i), From: from, To: to, Amount: dec("1")})
					if err != nil {
						t.Error(err)
					}
				})
			}
		}
		callers.Wait()
		require.Equal(t, "1000", b.available(one))
		require.Equal(t, "1000", b.available(two))
	})
}

// paidOf lets n callers charge an amount at the same time, through one ledger or
// several, and returns how many were paid.
func paidOf(ctx context.Context, n int, w ledger.WalletID, amount string, through ...*ledger.Ledger) int {
	var mu sync.Mutex
	var callers sync.WaitGroup
	paid := 0
	for i := range n {
		callers.Go(func() {
			_, err := through[i%len(through)].Charge(ctx, ledger.ChargeRequest{Key: fmt.Sprint("call ", i), WalletID: w, Amount: dec(amount)})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				paid++
			}
		})
	}
	callers.Wait()
	return paid
}

// catalog returns a small catalog: a package with a bonus, a coupon, two plans, and
// items at 2 credits each, at nothing, and by graduated tiers.
func catalog(t testing.TB) *pricing.Catalog {
	t.Helper()
	monthly := expiry.Months(1)
	c, err := pricing.New(pricing.Catalog{
		Unit: pricing.Credits(),
		Items: []pricing.ItemDef{
			{ID: "sms", Kind: "meter"}, {ID: "lookup", Kind: "meter"}, {ID: "mail", Kind: "meter"},
		},
		RateCards: []pricing.RateCard{{Name: "list", Rates: []pricing.Rate{
			{Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUnit, Price: dec("2")}},
			{Item: "lookup", Formula: pricing.Formula{Model: pricing.ModelFree}},
			{Item: "mail", Formula: pricing.Formula{
				Model: pricing.ModelGraduated, Over: pricing.OverPeriod,
				Tiers: []pricing.Tier{{UpTo: dec("10"), Price: dec("3")}, {Price: dec("1")}},
			}},
		}}},
		Packages: []pricing.Package{{
			Name: "starter", Title: "Starter", Credits: dec("100"), Price: ledger.Money{Amount: dec("10"), Currency: "USD"},
			Bonus: pricing.Bonus{Percent: dec("10")}, LimitPerOwner: 2,
		}},
		Plans: []pricing.Plan{
			{Name: "basic", Cycle: monthly, Buckets: []pricing.Bucket{allowance("monthly", "100")}},
			{
				Name: "pro", Cycle: monthly, Beyond: pricing.Beyond{Kind: pricing.BeyondOverage, Price: pricing.CreditPrice{Price: dec("0.1"), Currency: "USD"}},
				Buckets: []pricing.Bucket{{Name: "monthly", Allowance: dec("500"), Rollover: expiry.Rollover{Kind: expiry.RolloverAll}}},
			},
		},
		Promotions: []pricing.Promotion{{
			Name: "welcome", Trigger: pricing.TriggerCoupon, Code: "HELLO", LimitPerOwner: 1, Bonus: pricing.Bonus{Credits: dec("25")},
		}},
	})
	require.NoError(t, err)
	return c
}
