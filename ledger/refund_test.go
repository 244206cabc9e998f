package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// back returns what an entry moved out of what was spent, as "grant amount".
func back(e ledger.Entry) []string {
	var s []string
	for _, m := range e.Moves {
		if m.From == ledger.PotSpent {
			s = append(s, fmt.Sprintf("%v %v", m.Grant, m.Amount))
		}
	}
	return s
}

func (b *books) mustRefund(r ledger.RefundRequest) ledger.Entry {
	b.t.Helper()
	r.Key = b.key()
	e, err := b.Refund(b.ctx, r)
	require.NoError(b.t, err)
	return e
}

func TestRefundInPartsUntilAllIsGivenBack(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", func(r *ledger.GrantRequest) { r.Priority = 1 })
	b.give(w, "10", func(r *ledger.GrantRequest) { r.Priority = 2 })
	b.give(w, "10", func(r *ledger.GrantRequest) { r.Priority = 3 })
	c := b.mustCharge(w, "25")
	for _, step := range []struct {
		amount string
		want   []string
	}{
		{"3", []string{"4.1 3"}},
		{"7", []string{"4.1 2", "3.1 5"}},
		{"10", []string{"3.1 5", "2.1 5"}},
		{"0", []string{"2.1 5"}},
	} {
		require.Equal(t, step.want, back(b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: c.Key, Amount: dec(step.amount)})))
	}
	_, err := b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: c.Key, Amount: dec("1")})
	require.ErrorIs(t, err, ledger.ErrClosed)
	require.Equal(t, "30", b.available(w))
}

func TestRefundOfMoreThanIsLeftSaysHowMuchIs(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	c := b.mustCharge(w, "8")
	b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: c.Key, Amount: dec("3")})
	_, err := b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: c.Key, Amount: dec("6")})
	require.EqualError(t, err, "ledger: invalid request: Amount is 6, more than the 5 left of the charge")
	require.ErrorIs(t, err, ledger.ErrInvalid)
}

func TestRefundOfOnePart(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "30", nil)
	c, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Uses: []ledger.Use{
		{Item: "a", Amount: dec("5")}, {Item: "b", Amount: dec("7")}, {Item: "a", Amount: dec("1")},
	}})
	require.NoError(t, err)
	require.Equal(t, []string{"2.1 1", "2.1 5"}, back(b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: c.Key, Part: "a"})))
	_, err = b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: c.Key, Part: "a"})
	require.ErrorIs(t, err, ledger.ErrClosed)
	require.Equal(t, []string{"2.1 7"}, back(b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: c.Key})))
}

func TestRefundOfAQuantityIsTheDifferenceThatItMakes(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{Catalog: catalog(t)})
	w := b.wallet(ledger.Terms{})
	b.give(w, "100", nil)
	mail := func(n string) ledger.Entry {
		e, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "mail", Quantity: dec(n)})
		require.NoError(t, err)
		return e
	}
	first := mail("8")
	require.Equal(t, "24", first.Change.Neg().String(), "8 at 3")
	second := mail("6")
	require.Equal(t, "10", second.Change.Neg().String(), "2 at 3, 4 at 1")
	e := b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: second.Key, Quantity: dec("5")})
	require.Equal(t, "7", e.Change.String(), "4 at 1, 1 at 3")
	third := mail("5")
	require.Equal(t, "7", third.Change.Neg().String(), "the counter went back: 1 at 3, 4 at 1")
	_, err := b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: second.Key, Quantity: dec("7")})
	require.ErrorIs(t, err, ledger.ErrInvalid, "more than was charged")
	_, err = b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: b.mustCharge(w, "1").Key, Quantity: dec("1")})
	require.ErrorIs(t, err, ledger.ErrInvalid, "that charge was by amount")
}

func TestRefundForgivesWhatIsOwedFirst(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{CreditLimit: dec("50")})
	b.give(w, "10", nil)
	c, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("30"), Shortfall: ledger.ShortfallOverdraft})
	require.NoError(t, err)
	b.give(w, "5", nil) // pays 5 of the 20 that are owed
	e := b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: c.Key, Amount: dec("18")})
	require.Equal(t, "-15", e.Debts[0].Amount.String())
	require.Equal(t, []string{"4.1 3"}, back(e), "then what paid the debt, then what paid the charge")
	e = b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: c.Key})
	require.Equal(t, []string{"4.1 2", "2.1 10"}, back(e))
	require.Equal(t, "15", b.available(w))
	require.Equal(t, "0", b.balance(w).Debt.String())
}

func TestRefundedCreditsPayOtherDebts(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{CreditLimit: dec("50")})
	b.give(w, "10", nil)
	c := b.mustCharge(w, "10")
	_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("4"), Shortfall: ledger.ShortfallOverdraft})
	require.NoError(t, err)
	b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: c.Key})
	require.Equal(t, "6", b.available(w))
	require.Equal(t, "0", b.balance(w).Debt.String())
}

func TestOverageIsNotThereToRefund(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	c, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("30"), Shortfall: ledger.ShortfallPartial})
	require.NoError(t, err)
	require.Equal(t, []string{"2.1 10"}, back(b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: c.Key})))
	require.Equal(t, "10", b.available(w))
}

func TestRefundPolicyOfTheRequestGoesBeforeTheWallets(t *testing.T) {
	t.Parallel()
	ends := noon.Add(day)
	for _, c := range []struct {
		name   string
		wallet ledger.RefundPolicy
		ask    *ledger.RefundPolicy
		want   string
	}{
		{"neither has a life", ledger.RefundPolicy{}, nil, "0"},
		{"the wallet's has", ledger.RefundPolicy{Life: expiry.Days(3)}, nil, "4"},
		{"the request's has", ledger.RefundPolicy{}, &ledger.RefundPolicy{Life: expiry.Days(3)}, "4"},
		{"the request's has none", ledger.RefundPolicy{Life: expiry.Days(3)}, &ledger.RefundPolicy{}, "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, ledger.Config{})
			w := b.wallet(ledger.Terms{Refunds: c.wallet})
			b.give(w, "10", until(ends))
			charge := b.mustCharge(w, "4")
			b.clock = ends.Add(-tick)
			b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: charge.Key, Amount: dec("1"), Policy: c.ask})
			require.Equal(t, "7", b.available(w), "before its end a grant takes it back")
			charge = b.mustCharge(w, "4")
			b.clock = ends
			b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: charge.Key, Policy: c.ask})
			require.Equal(t, c.want, b.available(w))
			require.Equal(t, "0", b.availableAt(w, ends.Add(3*day)))
		})
	}
}

func TestRefundReopensAGrantOfWhichNothingWasLeft(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	id := b.give(w, "10", until(noon.Add(30*day)))
	c := b.mustCharge(w, "10")
	for range 5 {
		b.give(w, "1", nil)
		b.clock = b.clock.Add(day)
	}
	e := b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: c.Key, Amount: dec("4")})
	require.Len(t, e.Reopened, 1)
	b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: c.Key})
	require.Equal(t, id, b.balance(w).Grants[0].ID)
	require.Equal(t, "5", b.availableAt(w, noon.Add(30*day)))
}

func TestRefundOfLateUseGoesBackToWhatHasEnded(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", until(noon.Add(day)))
	b.clock = noon.Add(day + hour)
	c, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("10"), At: noon.Add(day - time.Minute)})
	require.NoError(t, err)
	b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: c.Key})
	require.Equal(t, "0", b.available(w))
	_, err = b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("10"), At: noon.Add(day - time.Minute)})
	require.NoError(t, err, "it is there for use of its time, as before")
}
