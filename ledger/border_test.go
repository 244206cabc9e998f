package ledger_test

import (
	"maps"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// A host may use its maps and slices again, before and after an operation has returned,
// and write to what it was answered.
func TestWhatIsKeptIsNobodyElses(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	terms := ledger.Terms{Owner: "o", Metadata: map[string]string{"plan": "a"}}
	w := b.wallet(terms)
	terms.Metadata["plan"] = "b"
	reused, items := map[string]string{}, []string{"sms"}
	for _, order := range []string{"1", "2"} {
		reused["order"] = order
		items[0] = "sms-" + order
		e, err := b.Grant(b.ctx, ledger.GrantRequest{
			Key: order, WalletID: w, Source: ledger.SourcePromotion, Amount: credits(5),
			Scope: ledger.Scope{Items: items}, Info: ledger.Info{Metadata: reused},
		})
		require.NoError(t, err)
		e.Grants[0].Name = "another"
		e.Grants[0].Scope.Items[0] = "another"
		e.Grants[0].Metadata["order"] = "another"
	}
	clear(reused)
	e, err := b.Charge(b.ctx, ledger.ChargeRequest{
		Key: "use", WalletID: w, Item: "sms-1", Amount: credits(1), Info: ledger.Info{Metadata: reused},
	})
	require.NoError(t, err)
	require.Len(t, e.Draws(), 1)
	require.NoError(t, b.Verify(b.ctx, w))
	kept, err := b.Wallet(b.ctx, w)
	require.NoError(t, err)
	require.Equal(t, "a", kept.Metadata["plan"])
	require.Equal(t, []string{"sms-1", "sms-2"}, []string{kept.Grants[0].Scope.Items[0], kept.Grants[1].Scope.Items[0]})
	require.Equal(t, map[string]string{"order": "1"}, kept.Grants[0].Metadata)
}

func TestUsesThatCanNeverBeKeptAreRefused(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	many := map[string]string{}
	for i := range ledger.MaxMetadata + 1 {
		many[time.Duration(i).String()] = "x"
	}
	for field, r := range map[string]ledger.ChargeRequest{
		"Attributes": {Attributes: map[string]string{"model": "\xff"}},
		"Kind":       {Kind: "\xff"},
		"Quantities": {Quantities: map[string]decimal.Decimal{"\xff": credits(1)}},
		"Uses":       {Kind: "sms", Uses: []ledger.Use{{Amount: credits(1)}}},
	} {
		r.Key, r.WalletID = field, w
		if r.Uses == nil {
			r.Amount = credits(1)
		}
		refusedFor(t, b, field, r)
	}
	for _, attributes := range []map[string]string{many, {"": "x"}, {"x": string(make([]byte, ledger.MaxText+1))}} {
		refusedFor(t, b, "Attributes", ledger.ChargeRequest{
			Key: "k", WalletID: w, Amount: credits(1), Attributes: maps.Clone(attributes),
		})
	}
	require.Equal(t, "10", b.available(w))
}

func TestRatesOfAWalletThatCanNeverWorkAreRefused(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	flat := pricing.Formula{Model: pricing.ModelPerUnit, Price: credits(1)}
	dear := flat
	dear.Price = decimal.New(1, 1_000_000_000)
	for field, rate := range map[string]pricing.Rate{
		"Rates[0].Item":  {Item: "\xff", Formula: flat},
		"Rates[0].Model": {Item: "sms"},
		"Rates[0].Price": {Item: "sms", Formula: dear},
	} {
		refusedFor(t, b, field, ledger.OpenWalletRequest{
			Key: field, Unit: pricing.Credits(), Terms: ledger.Terms{Rates: []pricing.Rate{rate}},
		})
	}
}

func refusedFor(t *testing.T, b *books, field string, r ledger.Request) {
	t.Helper()
	_, err := b.Do(b.ctx, r)
	var invalid *ledger.InvalidError
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, field, invalid.Field)
}

func TestATakeBackTakesTheBonusThatWasGrantedUnderIt(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	bought, err := b.Grant(b.ctx, ledger.GrantRequest{
		Key: "bought", WalletID: w, Source: ledger.SourcePurchase, Amount: credits(100),
		Paid: ledger.Money{Amount: credits(10), Currency: "USD"},
	})
	require.NoError(t, err)
	b.give(w, "20", func(r *ledger.GrantRequest) { r.Parent = bought.Grants[0].ID })
	b.give(w, "3", nil)
	e, err := b.TakeBack(b.ctx, ledger.TakeBackRequest{Key: "back", WalletID: w, Purchase: "bought"})
	require.NoError(t, err)
	require.Equal(t, "-120", e.Change.String())
	require.Equal(t, "10 USD", e.Returned.Amount.String()+" "+e.Returned.Currency)
	require.Equal(t, "3", b.available(w))
}

func TestADebtBeyondTheCreditLimitLeavesNothingToHave(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{CreditLimit: credits(50)})
	overdraw := func(key string, amount int64) error {
		_, err := b.Charge(b.ctx, ledger.ChargeRequest{
			Key: key, WalletID: w, Amount: credits(amount), Shortfall: ledger.ShortfallOverdraft,
		})
		return err
	}
	require.NoError(t, overdraw("all", 50))
	_, err := b.Amend(b.ctx, ledger.AmendRequest{Key: "less", WalletID: w, Terms: ledger.Terms{CreditLimit: credits(10)}})
	require.NoError(t, err)
	var short *ledger.InsufficientCreditsError
	require.ErrorAs(t, overdraw("more", 5), &short)
	require.Equal(t, "0", short.Have.String())
}
