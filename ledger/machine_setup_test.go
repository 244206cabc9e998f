package ledger_test

import (
	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// machineCatalog is what the machine's wallets buy from.
var machineCatalog = mustCatalog(pricing.Catalog{
	Unit: pricing.Credits(),
	Items: []pricing.ItemDef{
		{ID: "sms", Kind: "message"}, {ID: "gpu", Kind: "compute"}, {ID: "mail", Kind: "message"},
	},
	RateCards: []pricing.RateCard{{Name: "card", Default: true, Rates: []pricing.Rate{
		perUnit("sms", prices[1]), perUnit("gpu", prices[2]), perUnit("mail", prices[3]),
	}}},
	Packages: []pricing.Package{{
		Name: "starter", Credits: credits(100), Price: pricing.Money{Amount: credits(10), Currency: "USD"},
		Bonus: pricing.Bonus{Percent: credits(10), Terms: pricing.Terms{
			Priority: 20, Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Hours(24)},
		}},
	}},
	Plans: []pricing.Plan{{Name: "pro", Cycle: expiry.Hours(24), Buckets: []pricing.Bucket{proBucket.ledger()}}},
})

// proBucket is what the catalog's plan gives.
var proBucket = mBucket{name: "m1", allowance: 40, roll: expiry.RolloverAmount, max: 25, carries: 2}

// items and what a unit of them costs; the first stands for none in particular.
var (
	items  = []string{"", "sms", "gpu", "mail"}
	prices = []int64{0, 2, 5, 1}
	scopes = []ledger.Scope{
		{}, {Kinds: []string{"message"}}, {Items: []string{"gpu"}}, {ExceptItems: []string{"sms"}},
	}
	orders = []ledger.Order{
		ledger.OrderDefault, ledger.OrderStripe, ledger.OrderOpenMeter, ledger.OrderOrb, ledger.OrderOldest,
	}
	shortfalls = []ledger.Shortfall{"", ledger.ShortfallPartial, ledger.ShortfallOverdraft, ledger.ShortfallOverdraft}
)

func mustCatalog(c pricing.Catalog) *pricing.Catalog {
	made, err := pricing.New(c)
	if err != nil {
		panic(err)
	}
	return made
}

func perUnit(item string, price int64) pricing.Rate {
	return pricing.Rate{Item: item, Formula: pricing.Formula{Model: pricing.ModelPerUnit, Price: credits(price)}}
}

// ownBucket is a bucket that belongs to no subscription.
var ownBucket = mBucket{name: "own", scope: 1, priority: 30}

func (b mBucket) ledger() ledger.Bucket {
	bucket := ledger.Bucket{Name: b.name, Allowance: credits(b.allowance), Scope: scopes[b.scope], Priority: b.priority}
	if b.roll == "" {
		return bucket
	}
	bucket.Rollover = expiry.Rollover{
		Kind: b.roll, Max: credits(b.max), Percent: credits(b.percent),
		Periods: b.carries, Life: expiry.Cycle{}, Spend: expiry.SpendFirst,
	}
	if b.life > 0 {
		bucket.Rollover.Life = expiry.Hours(int(b.life / hours))
	}
	if b.rollSpendLast {
		bucket.Rollover.Spend = expiry.SpendLast
	}
	return bucket
}

func (w *mWallet) terms() ledger.Terms {
	t := ledger.Terms{
		Owner: "acme", Order: w.order, CreditLimit: credits(w.limit), Buckets: []ledger.Bucket{ownBucket.ledger()},
	}
	if w.refundLife > 0 {
		t.Refunds.Life = expiry.Hours(int(w.refundLife / hours))
	}
	return t
}
