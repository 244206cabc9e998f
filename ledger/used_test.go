package ledger_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// TestCountersAgreeWithTheJournal asks both what each action cost in a period, after
// random use, some of it reported late and some taken back.
func TestCountersAgreeWithTheJournal(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	b := open(t, ledger.Config{Catalog: pricedActions(t)})
	w := b.wallet(ledger.Terms{})
	_, err := b.Subscribe(b.ctx, ledger.SubscribeRequest{Key: "plan", WalletID: w, Offer: ledger.Offer{
		Cycle: expiry.Days(5), Buckets: []ledger.Bucket{{Name: "plan", Allowance: dec("100000")}},
	}})
	require.NoError(t, err)
	for range 200 {
		b.clock = b.clock.Add(time.Duration(r.IntN(90)) * time.Minute)
		at := b.clock.Add(-time.Duration(r.IntN(600)) * time.Minute)
		if at.Before(noon) {
			at = noon
		}
		key := b.key()
		quantity := decimal.NewFromInt(int64(1 + r.IntN(40)))
		_, err := b.Charge(b.ctx, ledger.ChargeRequest{
			Key: key, WalletID: w, Item: []string{"sms", "word"}[r.IntN(2)], Quantity: quantity, At: at,
		})
		require.NoError(t, err)
		if r.IntN(4) == 0 {
			_, err := b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: key, Quantity: decimal.NewFromInt(1)})
			require.NoError(t, err)
		}
	}
	state, err := b.Wallet(b.ctx, w)
	require.NoError(t, err)
	s, _ := state.Subscription("")
	for _, item := range []string{"sms", "word"} {
		for _, period := range []expiry.Period{s.Period, s.Schedule.Period(s.Period.Index - 1)} {
			counted := state.Used(item, period.Start)
			quantity, credits := b.told(w, item, period)
			require.True(t, credits.IsPositive())
			require.Equal(t, credits.String(), counted.Credits.String(), "%s in %v", item, period)
			require.Equal(t, quantity.String(), counted.Quantity.String(), "%s in %v", item, period)
		}
	}
}

// told adds up what the journal says of an item in a period. What was taken back
// belongs to the period of its charge.
func (b *books) told(w ledger.WalletID, item string, period expiry.Period) (quantity, credits decimal.Decimal) {
	used := make(map[int64]time.Time)
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w}) {
		require.NoError(b.t, err)
		used[e.Seq] = e.EffectiveAt
		at := e.EffectiveAt
		if e.Kind == ledger.KindRefund {
			at = used[e.Of]
		}
		for _, p := range e.Parts {
			if p.Item.ID == item && period.Contains(at) {
				quantity, credits = quantity.Add(p.Quantity), credits.Add(p.Amount)
			}
		}
	}
	return quantity, credits
}

func pricedActions(t *testing.T) *pricing.Catalog {
	t.Helper()
	c, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Credits(),
		Items: []pricing.ItemDef{{ID: "sms", Kind: "action"}, {ID: "word", Kind: "action"}},
		RateCards: []pricing.RateCard{{Name: "std", Rates: []pricing.Rate{
			{Item: "sms", Formula: pricing.Formula{Model: pricing.ModelPerUse, Price: dec("3")}},
			{Item: "word", Formula: pricing.Formula{
				Model: pricing.ModelGraduated, Over: pricing.OverPeriod,
				Tiers: []pricing.Tier{{UpTo: dec("100"), Price: dec("2")}, {Price: dec("1")}},
			}},
		}}},
	})
	require.NoError(t, err)
	return c
}
