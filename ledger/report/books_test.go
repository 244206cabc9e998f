package report_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// noon is when every test begins.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func usd(s string) ledger.Money { return ledger.Money{Amount: dec(s), Currency: "USD"} }

// books is a ledger in memory with a clock that the test turns.
type books struct {
	*ledger.Ledger
	t     testing.TB
	ctx   context.Context
	clock time.Time
	keys  int
	name  string
	dice  *rand.Rand
	ids   []ledger.WalletID
	spent []spent
	holds []spent
	sold  []spent
}

// spent is a charge, a hold or a purchase to come back to.
type spent struct {
	wallet ledger.WalletID
	key    string
	hold   ledger.HoldID
}

func open(t testing.TB) *books { return openOn(t, new(memory.Store), "books", 1) }

func openOn(t testing.TB, store ledger.Store, name string, seed uint64) *books {
	b := &books{t: t, ctx: context.Background(), clock: noon, name: name, dice: rand.New(rand.NewPCG(seed, 7))}
	b.Ledger = ledger.New(store, ledger.Config{Now: func() time.Time { return b.clock }, Catalog: catalog})
	return b
}

var catalog = func() *pricing.Catalog {
	c, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Credits(),
		Items: []pricing.ItemDef{{ID: "sms", Kind: "message"}, {ID: "gpu", Kind: "compute"}},
		RateCards: []pricing.RateCard{{Name: "card", Default: true, Rates: []pricing.Rate{
			{Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUnit, Price: dec("2")}},
			{Item: "gpu", Formula: pricing.Formula{Model: pricing.ModelPerUnit, Price: dec("7")}},
		}}},
		Packages: []pricing.Package{{
			Name: "starter", Credits: dec("30"), Price: usd("9.99"),
			Bonus: pricing.Bonus{Percent: dec("10"), Terms: pricing.Terms{
				Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(2)},
			}},
		}},
	})
	if err != nil {
		panic(err)
	}
	return c
}()

func (b *books) key() string {
	b.keys++
	return fmt.Sprintf("%s-%d", b.name, b.keys)
}

func (b *books) wallet(terms ledger.Terms) ledger.WalletID {
	b.t.Helper()
	w, err := b.OpenWallet(b.ctx, ledger.OpenWalletRequest{Key: b.key(), Unit: pricing.Credits(), Terms: terms})
	require.NoError(b.t, err)
	b.ids = append(b.ids, w.ID)
	return w.ID
}

// must does a request that cannot be refused.
func (b *books) must(r ledger.Request) ledger.Entry {
	b.t.Helper()
	e, err := b.Do(b.ctx, r)
	require.NoError(b.t, err)
	return e
}

// random makes a history of so many steps, most of which do something.
func (b *books) random(steps int) {
	for i := range 3 {
		b.wallet(ledger.Terms{
			Owner: []string{"acme", "globex"}[i%2], CreditLimit: dec("20"),
			Refunds: ledger.RefundPolicy{Life: []expiry.Cycle{{}, expiry.Days(3), {}}[i]},
		})
	}
	for range steps {
		b.step()
	}
	_, err := b.Settle(b.ctx, 100)
	require.NoError(b.t, err)
}

func (b *books) n(n int) int { return b.dice.IntN(n) }

func (b *books) amount(most int) decimal.Decimal { return decimal.NewFromInt(int64(1 + b.n(most))) }

// step does one thing at random. Refusals are fine.
func (b *books) step() {
	w, key := b.ids[b.n(len(b.ids))], b.key()
	info := ledger.Info{Actor: []string{"", "ann", "bob"}[b.n(3)], Reference: "ref " + key}
	switch b.n(16) {
	case 0, 1:
		r := ledger.GrantRequest{Key: key, WalletID: w, Source: ledger.SourcePromotion, Amount: b.amount(40), Info: info}
		b.terms(&r)
		if e, err := b.Do(b.ctx, r); err == nil {
			b.sold = append(b.sold, spent{w, e.Key, 0})
		}
	case 2:
		if e, err := b.Purchase(b.ctx, ledger.PurchaseRequest{Key: key, WalletID: w, Package: "starter", Info: info}); err == nil {
			b.sold = append(b.sold, spent{w, e.Key, 0})
		}
	case 3, 4, 5:
		r := ledger.ChargeRequest{Key: key, WalletID: w, Item: "sms", Quantity: b.amount(9), Info: info}
		if b.n(2) == 0 {
			r.Item, r.Quantity, r.Amount = "logo", decimal.Zero, b.amount(25)
		}
		if b.n(3) == 0 {
			r.At = b.clock.Add(-time.Duration(b.n(48)) * time.Hour)
		}
		r.Shortfall = []ledger.Shortfall{"", ledger.ShortfallPartial, ledger.ShortfallOverdraft}[b.n(3)]
		if e, err := b.Charge(b.ctx, r); err == nil {
			b.spent = append(b.spent, spent{w, e.Key, 0})
		}
	case 6:
		if s, ok := b.pick(b.spent); ok {
			r := ledger.RefundRequest{Key: key, WalletID: s.wallet, Charge: s.key, Info: info}
			if b.n(2) == 0 {
				r.Amount = b.amount(5)
			}
			_, _ = b.Refund(b.ctx, r)
		}
	case 7:
		to := b.ids[b.n(len(b.ids))]
		_, _ = b.Transfer(b.ctx, ledger.TransferRequest{Key: key, From: w, To: to, Amount: b.amount(12), Info: info})
	case 8:
		if s, ok := b.pick(b.sold); ok {
			_, _ = b.TakeBack(b.ctx, ledger.TakeBackRequest{Key: key, WalletID: s.wallet, Purchase: s.key})
		}
	case 9:
		info.Reason, info.Actor = "a correction", "ann"
		_, _ = b.Adjust(b.ctx, ledger.AdjustRequest{Key: key, WalletID: w, Amount: b.amount(9).Sub(dec("5")), Info: info})
	case 10:
		r := ledger.HoldRequest{Key: key, WalletID: w, Item: "gpu", Amount: b.amount(15), Life: time.Duration(1+b.n(60)) * time.Hour}
		if e, err := b.Hold(b.ctx, r); err == nil {
			b.holds = append(b.holds, spent{w, e.Key, e.Hold.ID})
		}
	case 11:
		if s, ok := b.pick(b.holds); ok {
			r := ledger.CaptureRequest{Key: key, WalletID: s.wallet, Hold: s.hold, Amount: b.amount(15), More: b.n(2) == 0}
			if e, err := b.Capture(b.ctx, r); err == nil {
				b.spent = append(b.spent, spent{s.wallet, e.Key, 0})
			}
		}
	case 12:
		bucket := ledger.Bucket{Name: "monthly", Allowance: b.amount(20), Rollover: expiry.Rollover{Kind: expiry.RolloverAmount, Max: dec("9")}}
		offer := ledger.Offer{Buckets: []ledger.Bucket{bucket}, Cycle: expiry.Days(1 + b.n(3))}
		_, _ = b.Subscribe(b.ctx, ledger.SubscribeRequest{Key: key, WalletID: w, Offer: offer})
	case 13:
		if s, ok := b.pick(b.sold); ok {
			if e, err := b.Entry(b.ctx, s.wallet, s.key); err == nil {
				_, _ = b.Void(b.ctx, ledger.VoidRequest{Key: key, WalletID: s.wallet, Grant: e.Grants[0].ID, Amount: b.amount(4)})
			}
		}
	default:
		b.clock = b.clock.Add(time.Duration(b.n(40*3600)) * time.Second)
	}
}

// terms gives a grant terms at random.
func (b *books) terms(r *ledger.GrantRequest) {
	switch b.n(5) {
	case 0:
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(1 + b.n(3))}
	case 1:
		r.EffectiveAt = b.clock.Add(time.Duration(b.n(60)) * time.Hour)
	case 2:
		r.Scope = ledger.Scope{Items: []string{"sms"}}
	}
	if b.n(2) == 0 {
		r.Source = ledger.SourcePurchase
		r.Paid = ledger.Money{Amount: decimal.New(int64(1+b.n(900)), -2), Currency: []string{"USD", "EUR"}[b.n(2)]}
	}
}

func (b *books) pick(from []spent) (spent, bool) {
	if len(from) == 0 {
		return spent{}, false
	}
	return from[b.n(len(from))], true
}
