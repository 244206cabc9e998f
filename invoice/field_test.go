package invoice_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// What broke in other systems, one test each.

func inCredits(id ledger.WalletID, price string) invoice.Wallet {
	return invoice.Wallet{ID: id, Price: pricing.CreditPrice{Price: dec(price), Currency: "USD"}}
}

func TestABalanceInCreditsAndTheMoneyItPaidDoNotDriftApart(t *testing.T) {
	b := open(t)
	w := b.wallet(ledger.Unit{Name: "credits", Scale: 5})
	b.give(w, "85.71556", nil)
	for i := range 40 {
		v := bill(nil, line("use", "2.17"))
		v.ID, v.Wallets = string(rune('a'+i)), []invoice.Wallet{inCredits(w, "1")}
		for _, c := range b.settle(v).Credits {
			require.True(t, c.Credits.Equal(c.Amount))
		}
	}
	require.Equal(t, "0.00556", b.available(w), "39 invoices of 2.17, and 1.08 of the last")
}

func TestSubCentLinesWithScopedCreditMakeNoOneCentOrNegativeTotal(t *testing.T) {
	b := open(t)
	w := b.wallet(usd)
	b.give(w, "1", func(r *ledger.GrantRequest) { r.Scope = ledger.Scope{Items: []string{"a", "b"}} })
	v := bill([]ledger.WalletID{w}, line("a", "0.004"), line("b", "0.006"), line("c", "0.004"))
	v.Stage = invoice.StageAfterTax
	for i := range v.Lines {
		v.Lines[i].Tax = invoice.Tax{Rate: dec("40")}
	}
	got := b.settle(v)
	require.Equal(t, "0.01", got.Subtotal.String())
	require.Equal(t, "0", got.Due.String())
	require.Equal(t, "0.99", b.available(w))
}

func TestPartsOfAnAllocationSumToTheWhole(t *testing.T) {
	v := bill(nil, line("a", "15"), line("b", "30"), line("c", "5"))
	v.Discounts = []invoice.Discount{{Name: "third", Percent: dec("33.333333")}}
	got, err := v.Bill()
	require.NoError(t, err)
	require.Equal(t, "16.67", got.Discount.String())
	requireSums(t, got)
}

func TestACostOfZeroIsNotTakenForNotSet(t *testing.T) {
	free := line("a", "0")
	free.Quantity = dec("5")
	got, err := bill(nil, free, line("b", "0")).Bill()
	require.NoError(t, err)
	require.Equal(t, "0", got.Due.String())
}

func TestABalanceBelowOneMinorUnitIsPassedOver(t *testing.T) {
	b := open(t)
	w := b.wallet(ledger.Unit{Name: "USD", Scale: 4})
	b.give(w, "0.0099", nil)
	quote, err := invoice.Preview(b.ctx, b.Ledger, bill([]ledger.WalletID{w}, line("a", "1")))
	require.NoError(t, err)
	require.Empty(t, quote.Credits)
	require.Equal(t, invoice.ReasonDust, quote.Unused[0].Reason)
}

func TestANegativeLineIsNettedBeforeCreditsNotAfter(t *testing.T) {
	b := open(t)
	w := b.wallet(usd)
	b.give(w, "100", nil)
	got := b.settle(bill([]ledger.WalletID{w}, line("use", "50"), line("fix", "-20")))
	require.Equal(t, "30", got.Credit.String())
	require.Equal(t, "0", got.Due.String())
	require.Equal(t, "70", b.available(w))
}

func TestMoreCorrectionThanUseIsCarriedToTheNextInvoice(t *testing.T) {
	got, err := bill(nil, line("use", "50"), line("fix", "-70")).Bill()
	require.NoError(t, err)
	require.Equal(t, "0", got.Due.String())
	require.Equal(t, "20", got.Surplus.String())
}

func TestADraftDrawsNothingAndItsFinalVersionDrawsOnce(t *testing.T) {
	b := open(t)
	w := b.wallet(usd)
	b.give(w, "100", nil)
	draft := bill([]ledger.WalletID{w}, line("use", "40"))
	_, err := invoice.Preview(b.ctx, b.Ledger, draft)
	require.NoError(t, err)
	require.Equal(t, "100", b.available(w))
	final := bill([]ledger.WalletID{w}, line("use", "45"))
	b.settle(final)
	require.Equal(t, "55", b.available(w))
	_, err = invoice.Settle(b.ctx, b.Ledger, draft)
	require.ErrorIs(t, err, ledger.ErrKeyReused)
}

func TestAVoidNeverGivesBackMoreThanWasTaken(t *testing.T) {
	b := open(t)
	w := b.wallet(usd)
	b.give(w, "100", nil)
	v := bill([]ledger.WalletID{w}, line("use", "40"))
	b.settle(v)
	_, err := invoice.CreditNote(b.ctx, b.Ledger, v, invoice.NoteRequest{Key: "note", Amount: dec("15")})
	require.NoError(t, err)
	for range 3 {
		_, err := invoice.Void(b.ctx, b.Ledger, v)
		require.NoError(t, err)
		require.Equal(t, "100", b.available(w))
	}
}

func TestAVoidToAClosedWalletLosesNothing(t *testing.T) {
	b := open(t)
	w, other := b.wallet(usd), b.wallet(usd)
	b.give(w, "10", nil)
	b.give(other, "10", nil)
	v := bill([]ledger.WalletID{other, w}, line("use", "20"))
	b.settle(v)
	_, err := b.CloseWallet(b.ctx, ledger.StatusRequest{Key: "close", WalletID: w})
	require.NoError(t, err)
	_, err = invoice.Void(b.ctx, b.Ledger, v)
	require.ErrorIs(t, err, ledger.ErrClosed, "the host hears of it")
	require.Equal(t, "0", b.available(other), "and nothing was done by halves")
}

func TestCreditsThatLapsedBeforeTheInvoiceWasMadePayForTheirTime(t *testing.T) {
	b := open(t)
	w := b.wallet(usd)
	b.give(w, "10", func(r *ledger.GrantRequest) { r.Expiry = until(noon.Add(day)) })
	v := bill([]ledger.WalletID{w}, line("before", "4"), line("after", "4"))
	v.Lines[0].At = noon.Add(day - 1000)
	v.Lines[1].At = noon.Add(day)
	b.clock = noon.Add(2 * day)
	got := b.settle(v)
	before, _ := got.Line("before")
	after, _ := got.Line("after")
	require.Equal(t, []string{"0", "4"}, []string{before.Due.String(), after.Due.String()})
}

func TestAnInvoicesOwnInstantSaysWhatCanPayIt(t *testing.T) {
	for name, c := range map[string]struct {
		at, now time.Duration
		due     string
		err     error
	}{
		"just before the credit ends":    {day - time.Microsecond, 2 * day, "0", nil},
		"as it ends":                     {day, 2 * day, "4", nil},
		"before it takes effect":         {-time.Microsecond, day, "4", nil},
		"as it takes effect":             {0, day, "0", nil},
		"as late as use may be reported": {day - time.Microsecond, 4*day - time.Microsecond, "0", nil},
		"later than use may be reported": {day - time.Microsecond, 4 * day, "", ledger.ErrInvalid},
		"in the future":                  {day, day - time.Microsecond, "", ledger.ErrInvalid},
	} {
		b := open(t)
		b.clock = noon.Add(-day)
		w := b.wallet(usd)
		b.give(w, "10", func(r *ledger.GrantRequest) { r.EffectiveAt, r.Expiry = noon, until(noon.Add(day)) })
		v := bill([]ledger.WalletID{w}, line("use", "4"))
		v.At, b.clock = noon.Add(c.at), noon.Add(c.now)
		got, err := invoice.Settle(b.ctx, b.Ledger, v)
		if c.err != nil {
			require.ErrorIs(t, err, c.err, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, c.due, got.Due.String(), name)
	}
}

func TestOverlappingScopesStrandNoCreditThatCouldPay(t *testing.T) {
	b := open(t)
	w := b.wallet(usd)
	b.give(w, "20", func(r *ledger.GrantRequest) { r.Priority = 1 })
	b.give(w, "20", func(r *ledger.GrantRequest) { r.Priority, r.Scope = 2, ledger.Scope{Items: []string{"a"}} })
	v := bill([]ledger.WalletID{w}, line("a", "20"), line("b", "20"))
	inOrder, err := invoice.Preview(b.ctx, b.Ledger, v)
	require.NoError(t, err)
	require.Equal(t, "20", inOrder.Due.String())
	require.Equal(t, invoice.ReasonSpare, inOrder.Unused[0].Reason)
	v.Strategy = ledger.StrategyFullest
	require.Equal(t, "0", b.settle(v).Due.String())
}

func TestAWalletsUseIsInvoicedOnce(t *testing.T) {
	b := open(t)
	w := b.wallet(credits)
	b.give(w, "100", nil)
	_, err := b.Charge(b.ctx, ledger.ChargeRequest{
		Key: "use", WalletID: w, Shortfall: ledger.ShortfallPartial,
		Uses: []ledger.Use{{Item: "sms", Amount: dec("70")}, {Item: "mms", Amount: dec("50")}},
	})
	require.NoError(t, err)
	terms := pricing.Beyond{
		Kind: pricing.BeyondPostpaid, Price: pricing.CreditPrice{Price: dec("0.015"), Currency: "USD"},
		Commitment: pricing.Money{Amount: dec("5"), Currency: "USD"},
	}
	var ids [][]string
	var amounts []string
	for _, key := range []string{"bill-1", "bill-1", "bill-2"} {
		e, err := b.Bill(b.ctx, ledger.BillRequest{Key: key, WalletID: w})
		require.NoError(t, err)
		lines, err := invoice.Overage(e, terms, pricing.RoundHalfUp)
		require.NoError(t, err)
		var names []string
		for _, l := range lines {
			names = append(names, l.ID)
		}
		ids = append(ids, names)
		total, err := bill(nil, lines...).Bill()
		require.NoError(t, err)
		amounts = append(amounts, total.Due.String())
	}
	require.Equal(t, [][]string{{"use/mms", "commitment"}, {"use/mms", "commitment"}, {"commitment"}}, ids)
	require.Equal(t, []string{"5", "5", "5"}, amounts)
}
