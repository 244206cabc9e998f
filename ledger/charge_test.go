package ledger_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

func TestChargeDrawsInTheWalletsOrder(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	paid := b.give(w, "100", func(r *ledger.GrantRequest) {
		r.Source = ledger.SourcePurchase
		r.Paid = ledger.Money{Amount: dec("99"), Currency: "USD"}
	})
	trial := b.give(w, "20", func(r *ledger.GrantRequest) {
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(7)}
	})

	e := b.mustCharge(w, "30")
	require.Equal(t, []string{trial.String() + " 20", paid.String() + " 10"}, draws(e))
	require.Equal(t, "90", b.available(w))

	_, err := b.charge(w, "500")
	var short *ledger.InsufficientCreditsError
	require.ErrorAs(t, err, &short)
	require.Equal(t, "90", short.Have.String())
}

// What a use says beside its Amount is for the record, for scopes and for limits.
func TestAnAmountGoesBeforeWhatTheCatalogSays(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{Catalog: catalog(t)})
	w := b.wallet(ledger.Terms{Limits: []ledger.Limit{{
		Name: "mails", Measure: ledger.MeasureQuantity, Scope: ledger.Scope{Items: []string{"mail"}}, Max: dec("30"),
	}}})
	b.give(w, "100", nil)
	b.give(w, "5", func(r *ledger.GrantRequest) {
		r.Priority, r.Scope = 1, ledger.Scope{Items: []string{"unlisted"}}
	})
	use := func(u ledger.Use) (ledger.Entry, error) {
		return b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Uses: []ledger.Use{u}})
	}
	must := func(u ledger.Use) ledger.Part {
		e, err := use(u)
		require.NoError(t, err)
		return e.Parts[0]
	}

	p := must(ledger.Use{
		Item: "mail", Amount: dec("7"), Quantity: dec("20"),
		Quantities: map[string]decimal.Decimal{"page": dec("1")}, Attributes: map[string]string{"to": "de"},
	})
	require.Equal(t, "7 20", p.Amount.String()+" "+p.Quantity.String())
	require.Empty(t, p.Quantities)
	require.Empty(t, p.Attributes)
	require.Equal(t, ledger.Item{Kind: "meter", ID: "mail"}, p.Item)
	wallet, err := b.Wallet(b.ctx, w)
	require.NoError(t, err)
	require.Equal(t, "0", wallet.Used("mail", b.clock).Quantity.String())
	require.Equal(t, "3", must(ledger.Use{Item: "mail", Quantity: dec("1")}).Amount.String(), "the first tier is all there")

	require.Equal(t, "fee", must(ledger.Use{Item: "mail", Kind: "fee", Amount: dec("1")}).Item.Kind)
	require.Equal(t, "meter", must(ledger.Use{Item: "mail", Kind: "fee", Quantity: dec("1")}).Item.Kind)

	_, err = use(ledger.Use{Item: "mail", Amount: dec("1"), Quantity: dec("9")})
	var limited *ledger.LimitError
	require.ErrorAs(t, err, &limited)
	require.Equal(t, "9 8", limited.Want.String()+" "+limited.Left.String(), "20, 1 and 1 of 30 are used")

	e, err := use(ledger.Use{Item: "unlisted", Amount: dec("4")})
	require.NoError(t, err)
	require.Equal(t, []string{"3.1 4"}, draws(e), "the scope goes by the ID")
	_, err = use(ledger.Use{Item: "unlisted", Quantity: dec("4")})
	require.ErrorIs(t, err, ledger.ErrInvalid)

	hold, err := b.Hold(b.ctx, ledger.HoldRequest{Key: b.key(), WalletID: w, Item: "mail", Amount: dec("2"), Quantity: dec("8"), Life: hour})
	require.NoError(t, err)
	require.Equal(t, "2 8", hold.Hold.Amount().String()+" "+hold.Hold.Quantity.String())
	_, err = use(ledger.Use{Item: "mail", Quantity: dec("1")})
	require.ErrorIs(t, err, ledger.ErrLimit, "what is held counts")
}

func TestLateUseDrawsOnWhatWasLive(t *testing.T) {
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", func(r *ledger.GrantRequest) {
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(1)}
	})
	b.clock = noon.Add(day + hour)
	require.Equal(t, "0", b.available(w))
	n, err := b.Settle(b.ctx, 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)

	_, err = b.charge(w, "4")
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	e, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("4"), At: noon.Add(day - hour)})
	require.NoError(t, err)
	require.Equal(t, []string{"2.1 4"}, draws(e))
	require.Equal(t, []ledger.Kind{"open", "grant", "expire", "reinstate", "charge"}, b.kinds(w, 0))
	at, err := b.Balance(b.ctx, w, noon.Add(day-1))
	require.NoError(t, err)
	require.Equal(t, "6", at.Available.String())
	at, err = b.Balance(b.ctx, w, noon.Add(day))
	require.NoError(t, err)
	require.Equal(t, "0", at.Available.String())
}
