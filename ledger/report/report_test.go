package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
)

func after(days int) expiry.Policy {
	return expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(days)}
}

// paid grants credits for money.
func (b *books) paid(w ledger.WalletID, amount, price string, ends expiry.Policy) {
	b.t.Helper()
	b.must(ledger.GrantRequest{
		Key: b.key(), WalletID: w, Source: ledger.SourcePurchase, Amount: dec(amount), Paid: usd(price), Expiry: ends,
	})
}

func (b *books) charge(w ledger.WalletID, item, amount string) ledger.Entry {
	b.t.Helper()
	return b.must(ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: item, Amount: dec(amount), Info: ledger.Info{Actor: "ann"}})
}

func (b *books) rollForward(q report.Query) report.RollForward {
	b.t.Helper()
	rows, err := report.RollForwards(b.ctx, b.Ledger, q)
	require.NoError(b.t, err)
	require.Len(b.t, rows, 1)
	return rows[0]
}

func TestDeferredRevenueIsEarnedAsCreditsAreUsed(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.wallet(ledger.Terms{})
	b.paid(w, "10000", "10000", expiry.Policy{})
	months := []string{"900", "1000", "1000", "1000", "1000", "1000", "1000", "1000", "1000", "1000", "1000", "1000"}
	overage := decimal.Zero
	for i, use := range months { // a commitment of 10,000 that lasts into the eleventh month
		from := b.clock
		e := b.must(ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "use", Amount: dec(use), Shortfall: ledger.ShortfallPartial})
		b.clock = b.clock.AddDate(0, 1, 0)
		r := b.rollForward(report.Query{From: from, To: b.clock})
		earned := dec(use).Sub(e.Overage())
		require.Equal(t, earned.String(), r.Used.Money.String(), "month %d", i+1)
		overage = overage.Add(e.Overage())
		if i == 9 {
			require.Equal(t, "100", r.Closing.Money.String(), "after month 10")
		}
		if i == 10 {
			require.Equal(t, "900", e.Overage().String(), "to be invoiced for month 11")
		}
	}
	require.Equal(t, "1900", overage.String())
	require.Equal(t, "0", b.rollForward(report.Query{}).Closing.Money.String())
}

func TestBreakageIsWhatEndsUnusedLessWhatLateUseTakesBack(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.wallet(ledger.Terms{})
	b.paid(w, "10", "1", after(1))
	b.charge(w, "use", "5")
	b.clock = b.clock.Add(36 * time.Hour)
	b.must(ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "use", Amount: dec("2"), At: noon.Add(time.Hour)})
	r := b.rollForward(report.Query{})
	require.Equal(t, "3 0.3", fmt.Sprint(r.Expired.Credits, " ", r.Expired.Money))
	require.Equal(t, "7 0.7", fmt.Sprint(r.Used.Credits, " ", r.Used.Money))
	require.Equal(t, "0.7", r.Redemption().String())
	require.Equal(t, "0.3", r.Expiration().String())
	require.Equal(t, "0.3", r.Breakage().Money.String())
}

func TestThirdsOfACentSumToThePrice(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.wallet(ledger.Terms{})
	b.paid(w, "3", "1.00", expiry.Policy{})
	var parts []string
	for range 3 {
		b.charge(w, "use", "1")
	}
	for f, err := range report.Flows(b.ctx, b.Ledger, report.Query{}) {
		require.NoError(t, err)
		if f.Class == report.Used {
			parts = append(parts, f.Money.Amount.String())
		}
	}
	require.Equal(t, []string{"0.33", "0.34", "0.33"}, parts)
}

func TestFlowsEndWhenTheLoopDoes(t *testing.T) {
	t.Parallel()
	b := open(t)
	for range 3 {
		b.paid(b.wallet(ledger.Terms{}), "3", "1.00", expiry.Policy{})
	}
	seen := 0
	for _, err := range report.Flows(b.ctx, b.Ledger, report.Query{}) {
		require.NoError(t, err)
		seen++
		break
	}
	require.Equal(t, 1, seen)
}

func TestSalesTellPackagesAndPeriodsApart(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.wallet(ledger.Terms{})
	b.must(ledger.PurchaseRequest{Key: b.key(), WalletID: w, Package: "starter"})
	b.must(ledger.PurchaseRequest{Key: "second", WalletID: w, Package: "starter", Number: 2})
	b.clock = b.clock.AddDate(0, 1, 0)
	b.paid(w, "100", "50", expiry.Policy{})
	b.must(ledger.TakeBackRequest{Key: b.key(), WalletID: w, Purchase: "second"})
	rows, err := report.Sales(b.ctx, b.Ledger, report.Query{}, report.Group{Cycle: expiry.Months(1)})
	require.NoError(t, err)
	var text []string
	for _, r := range rows {
		text = append(text, fmt.Sprint(r.Period.Format("2006-01"), " ", r.Package, " ", r.Number, " ", r.Credits, " ", r.Money, " ", r.Average, " ", r.Returned))
	}
	require.Equal(t, []string{"2026-03 starter 2 90 29.97 14.99 0", "2026-04  1 100 50 50 0", "2026-04 starter 0 0 0 0 19.98"}, text)
}

func TestUsageTellsItemsAndActorsApart(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.wallet(ledger.Terms{CreditLimit: dec("100")})
	b.paid(w, "20", "2.00", expiry.Policy{})
	c := b.charge(w, "logo", "15")
	b.must(ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: c.Key, Amount: dec("5"), Info: ledger.Info{Actor: "support"}})
	b.must(ledger.ChargeRequest{
		Key: b.key(), WalletID: w, Item: "page", Amount: dec("30"), Shortfall: ledger.ShortfallOverdraft, Info: ledger.Info{Actor: "bob"},
	})
	b.paid(w, "20", "4.00", expiry.Policy{}) // pays what is owed for the page
	rows, err := report.Usages(b.ctx, b.Ledger, report.Query{}, report.UsageGroup{Actor: true})
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Equal(t, "page bob 30 5.00 USD", fmt.Sprint(rows[0].Item, " ", rows[0].Actor, " ", rows[0].Credits, " ", rows[0].Earned))
	require.Equal(t, "logo ann 10 1.00 USD", fmt.Sprint(rows[1].Item, " ", rows[1].Actor, " ", rows[1].Credits, " ", rows[1].Earned))
}

func TestClientsHaveMarginsAndDaysLeft(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.wallet(ledger.Terms{Owner: "acme"})
	b.paid(w, "100", "199", expiry.Policy{})
	b.charge(w, "page", "80")
	b.clock = b.clock.AddDate(0, 0, 20)
	cost := func(p ledger.Part) ledger.Money { return ledger.Money{Amount: p.Amount.Shift(-1), Currency: "USD"} }
	q := report.Query{From: noon, To: b.clock}
	for c, err := range report.Clients(b.ctx, b.Ledger, q, cost) {
		require.NoError(t, err)
		require.Equal(t, "acme 80 20 4 5", fmt.Sprint(c.Owner, " ", c.Credits.Used, " ", c.Balance, " ", c.Burn, " ", c.DaysLeft))
		require.Equal(t, "159.20 USD - 8.00 USD = 151.20 USD", fmt.Sprint(c.Earned, " - ", c.Cost, " = ", c.Margin))
	}
}

func TestLiabilityIsDividedByMonthOfExpiry(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.wallet(ledger.Terms{})
	b.paid(w, "100", "10", after(3))
	b.paid(w, "100", "20", after(40))
	b.paid(w, "100", "30", expiry.Policy{})
	b.charge(w, "use", "50")
	var text []string
	for _, at := range []time.Time{{}, noon.AddDate(0, 0, 3)} {
		rows, err := report.Liabilities(b.ctx, b.Ledger, report.Query{}, at)
		require.NoError(t, err)
		for _, r := range rows {
			text = append(text, fmt.Sprint(r.Month.Format("2006-01"), " ", r.Credits, " ", r.Money))
		}
	}
	require.Equal(t, []string{"0001-01 100 30", "2026-03 50 5", "2026-04 100 20", "0001-01 100 30", "2026-04 100 20"}, text)
}

func TestPaymentsAreCheckedAgainstPurchases(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.wallet(ledger.Terms{})
	for _, ref := range []string{"agrees", "differs", "not paid", "booked twice", "booked twice", "paid twice"} {
		b.must(ledger.PurchaseRequest{Key: b.key(), WalletID: w, Package: "starter", Info: ledger.Info{Reference: ref}})
	}
	b.must(ledger.PurchaseRequest{Key: "by key", WalletID: w, Package: "starter"})
	received := []report.Payment{
		{"agrees", usd("9.99")},
		{"differs", usd("9.98")},
		{"booked twice", usd("9.99")},
		{"by key", usd("9.99")},
		{"paid twice", usd("9.99")},
		{"paid twice", usd("9.99")},
		{"not granted", usd("9.99")},
	}
	wrong, err := report.Payments(b.ctx, b.Ledger, report.Query{}, slices.Values(received))
	require.NoError(t, err)
	faults := make(map[string]report.Fault)
	for _, m := range wrong {
		faults[m.Reference] = m.Fault
	}
	require.Equal(t, map[string]report.Fault{
		"differs": report.Differs, "not paid": report.NotPaid, "not granted": report.NotGranted,
		"booked twice": report.Doubled, "paid twice": report.Doubled,
	}, faults)
}

func TestProgressTellsUsedFromLost(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.wallet(ledger.Terms{})
	bucket := ledger.Bucket{Name: "monthly", Allowance: dec("100"), Rollover: expiry.Rollover{Kind: expiry.RolloverAmount, Max: dec("30")}}
	b.must(ledger.SubscribeRequest{Key: b.key(), WalletID: w, Offer: ledger.Offer{Buckets: []ledger.Bucket{bucket}, Cycle: expiry.Months(1)}})
	b.charge(w, "page", "60")
	b.clock = b.clock.AddDate(0, 1, 1)
	c := b.charge(w, "page", "45")
	b.must(ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: c.Key, Amount: dec("5")})
	b.must(ledger.AdjustRequest{Key: b.key(), WalletID: w, Amount: dec("-7"), Info: ledger.Info{Reason: "a slip", Actor: "ann"}})
	all, err := report.Progresses(b.ctx, b.Ledger, w)
	require.NoError(t, err)
	require.Len(t, all, 1)
	p := all[0]
	require.Equal(t, "100 + 30 = 40 + 83 + 0 + 7", fmt.Sprint(p.Given, " + ", p.Carried, " = ", p.Used, " + ", p.Left, " + ", p.Held, " + ", p.Lost))
	require.Equal(t, "2026-05-01", p.ResetsAt.Format(time.DateOnly))

	balance, err := b.Balance(b.ctx, w, time.Time{})
	require.NoError(t, err)
	require.Equal(t, "83", report.Expirations(balance, p.ResetsAt.AddDate(0, 1, 0))[0].Credits.String())
	_, err = report.Progresses(b.ctx, b.Ledger, ledger.WalletIDOf("nobody"))
	require.ErrorIs(t, err, ledger.ErrNotFound)
}

func TestCSVKeepsTextsFromBeingFormulas(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.wallet(ledger.Terms{Owner: `=HYPERLINK("x")`})
	var out strings.Builder
	require.NoError(t, report.CSV(&out, report.Clients(b.ctx, b.Ledger, report.Query{}, nil)))
	require.Contains(t, out.String(), `,"'=HYPERLINK(""x"")",credits,0,0,`)
}

func TestExportsEndWithTheFirstError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	rows := func(yield func(report.Sale, error) bool) {
		_ = yield(report.Sale{}, nil) && yield(report.Sale{}, broken)
	}
	require.ErrorIs(t, report.CSV(new(strings.Builder), rows), broken)
	require.ErrorIs(t, report.JSONLines(new(strings.Builder), rows), broken)
}

func TestAnExportedJournalCanBeVerified(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.wallet(ledger.Terms{})
	b.paid(w, "100", "10", after(3))
	b.charge(w, "use", "50")
	var out bytes.Buffer
	require.NoError(t, report.Journal(b.ctx, b.Ledger, report.Query{}, &out))
	var entries []ledger.Entry
	for line := range bytes.Lines(out.Bytes()) {
		require.True(t, json.Valid(line))
		e, err := ledger.DecodeEntry(bytes.TrimSuffix(line, []byte("\n")))
		require.NoError(t, err)
		entries = append(entries, e)
	}
	replayed, err := ledger.Replay(slices.Values(entries))
	require.NoError(t, err)
	stored, err := b.Wallet(b.ctx, w)
	require.NoError(t, err)
	require.Equal(t, ledger.EncodeWallet(&stored), ledger.EncodeWallet(&replayed))
}
