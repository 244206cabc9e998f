package ledger_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

func TestExplainSaysWhyEachGrantPaidOrDidNot(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	named := func(name string, edit func(*ledger.GrantRequest)) ledger.GrantID {
		return b.give(w, "10", func(r *ledger.GrantRequest) {
			r.Name = name
			if edit != nil {
				edit(r)
			}
		})
	}
	want := make(map[ledger.GrantID]ledger.Skip)
	want[named("pays first", func(r *ledger.GrantRequest) { r.Priority = 10 })] = ""
	want[named("pays the rest", func(r *ledger.GrantRequest) { r.Priority = 20 })] = ""
	want[named("not needed", func(r *ledger.GrantRequest) { r.Priority = 30 })] = ledger.SkipNotNeeded
	want[named("another item", func(r *ledger.GrantRequest) { r.Priority = 5; r.Scope = ledger.Scope{Items: []string{"other"}} })] = ledger.SkipScope
	want[named("tomorrow", func(r *ledger.GrantRequest) { r.Priority = 4; r.EffectiveAt = b.clock.Add(2 * day) })] = ledger.SkipPending
	want[named("ended", until(b.clock.Add(hour)))] = ledger.SkipExpired
	voided := named("voided", nil)
	want[voided] = ledger.SkipVoided
	_, err := b.Void(b.ctx, ledger.VoidRequest{Key: b.key(), WalletID: w, Grant: voided})
	require.NoError(t, err)
	want[named("used up", func(r *ledger.GrantRequest) { r.Priority = 1 })] = ledger.SkipEmpty
	b.mustCharge(w, "10")
	want[named("held", func(r *ledger.GrantRequest) { r.Priority = 1 })] = ledger.SkipHeld
	b.holdFor(w, "10", 2*day)
	want[named("moved", func(r *ledger.GrantRequest) { r.Priority = 1 })] = ledger.SkipMoved
	_, err = b.Transfer(b.ctx, ledger.TransferRequest{Key: b.key(), From: w, To: b.wallet(ledger.Terms{}), Amount: dec("10")})
	require.NoError(t, err)
	b.clock = b.clock.Add(day)

	charge := b.mustCharge(w, "14")
	x, err := b.Explain(b.ctx, charge.ID())
	require.NoError(t, err)
	require.Len(t, x.Considered, len(want))
	drawn := decimal.Zero
	for _, c := range x.Considered {
		require.Equal(t, want[c.Grant.ID], c.Skip, c.Grant.Name)
		require.Equal(t, c.Skip == "", c.Drawn.IsPositive(), c.Grant.Name)
		drawn = drawn.Add(c.Drawn)
	}
	require.Equal(t, "14", drawn.String())
	require.Equal(t, []string{"tomorrow", "another item", "pays first", "pays the rest", "not needed"}, order(x)[1:6], "the order of spending")
	require.Contains(t, x.String(), "- 4 credits of \"pays the rest\" (3.1), which never expires\n")
	require.Contains(t, x.String(), "- nothing of \"another item\" (5.1): it may not pay for this\n")

	_, err = b.Explain(b.ctx, ledger.EntryID{WalletID: w, Seq: 99})
	require.ErrorIs(t, err, ledger.ErrNotFound)
}

func order(x ledger.Explanation) []string {
	var names []string
	for _, c := range x.Considered {
		names = append(names, c.Grant.Name)
	}
	return names
}

func TestExplainTellsCreditsFromWhatTheyWerePaidFor(t *testing.T) {
	t.Parallel()
	x := ledger.Explanation{Unit: pricing.Credits(), Entry: ledger.Entry{
		Kind: ledger.KindCharge, Seq: 3, EffectiveAt: noon,
		Parts: []ledger.Part{{Item: ledger.Item{ID: "sms"}, Amount: dec("30"), Card: "list", Working: []pricing.Step{
			{Label: "free units", Quantity: dec("10")},
			{Label: "units", Quantity: dec("7"), Price: dec("4"), Amount: dec("28")},
			{Label: "minimum", Amount: dec("2")},
		}}},
	}}
	require.Equal(t, `charge 3 of 1 Mar 2026 12:00 UTC
30 credits for sms, priced by "list"; free units: 10; units: 7 at 4 = 28; minimum: 2
`, x.String())
}

func TestExplainGrantFindsEveryCredit(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := history(b)
	var grants int
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w}) {
		require.NoError(t, err)
		for _, g := range e.Grants {
			grants++
			x, err := b.ExplainGrant(b.ctx, w, g.ID)
			require.NoError(t, err)
			all := decimal.Zero
			for _, d := range x.Pots {
				require.True(t, d.IsPositive())
				all = all.Add(d)
			}
			require.True(t, all.Equal(g.Amount), "%v of grant %v", all, g.ID)
		}
	}
	require.Equal(t, 2, grants)
	x, err := b.ExplainGrant(b.ctx, w, ledger.GrantID{Seq: 2, N: 1})
	require.NoError(t, err)
	require.Contains(t, x.String(), "100 credits, issued 1 Mar 2026 12:00 UTC for 9.99 USD, never expires\n")
	_, err = b.ExplainGrant(b.ctx, w, ledger.GrantID{Seq: 2, N: 2})
	require.ErrorIs(t, err, ledger.ErrNotFound)
}

func TestExplainWalletAddsUpToTheBalance(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := history(b)
	b.give(w, "12", until(b.clock.Add(hour)))
	b.clock = b.clock.Add(2 * hour) // what is due now is not booked yet
	x, err := b.ExplainWallet(b.ctx, w)
	require.NoError(t, err)
	total := decimal.Zero
	for _, d := range x.By {
		total = total.Add(d)
	}
	now, err := b.Balance(b.ctx, w, time.Time{})
	require.NoError(t, err)
	require.True(t, total.Equal(now.Total), "the movements make %v, the balance is %v", total, now.Total)
	require.Equal(t, now.Available.String(), x.Balance.Available.String())
	require.Equal(t, []string{
		now.Available.String() + " credits available on 4 Mar 2026 14:00 UTC",
		"- 92 left of 100 from \"purchase\" (2.1), never expires",
		"How the balance of 92 came about:",
		"- expiration: -12", "- grant: +42", "- purchase: +100", "- refund: +15", "- transfer: -7", "- usage: -46",
		"What was used, less refunds, is 31:",
		"- 4 for no item in particular", "- 27 for use",
	}, strings.Split(strings.TrimSpace(x.String()), "\n"))
}

func TestExplainWalletTellsOverageUntilItIsBilled(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("14"), Shortfall: ledger.ShortfallPartial})
	require.NoError(t, err)
	x, err := b.ExplainWallet(b.ctx, w)
	require.NoError(t, err)
	require.Equal(t, "4", x.Overage.String())
	require.Contains(t, x.String(), "\nOverage that is yet to be billed: 4\n")

	b.must(b.Do(b.ctx, ledger.BillRequest{Key: b.key(), WalletID: w}))
	x, err = b.ExplainWallet(b.ctx, w)
	require.NoError(t, err)
	require.Equal(t, "0", x.Overage.String())
	require.NotContains(t, x.String(), "Overage")
}

func TestExplainWalletSaysWhatEveryCreditWasUsedFor(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{CreditLimit: dec("50")})
	b.give(w, "100", until(b.clock.Add(day)))
	charge := func(item, amount string) ledger.Entry {
		e, err := b.Charge(b.ctx, ledger.ChargeRequest{
			Key: b.key(), WalletID: w, Item: item, Amount: dec(amount), Shortfall: ledger.ShortfallOverdraft,
		})
		require.NoError(t, err)
		return e
	}
	refund := func(e ledger.Entry, amount string) {
		_, err := b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: e.Key, Amount: dec(amount)})
		require.NoError(t, err)
	}
	refund(charge("sms", "20"), "5")
	refund(charge("mms", "7"), "7") // nothing of it is left to tell
	_, err := b.Invoice(b.ctx, ledger.InvoiceRequest{
		Key: "INV-7", Wallets: []ledger.WalletID{w},
		Allocate: func(wallets []ledger.Wallet, _ time.Time) ([]ledger.Application, error) {
			g := wallets[0].Grants[0].ID
			return []ledger.Application{{
				Parts: []ledger.Part{{Line: "seats", Item: ledger.Item{ID: "seats"}, Amount: dec("30")}},
				Draws: []ledger.Draw{{Grant: g, Amount: dec("30")}},
			}}, nil
		},
	})
	require.NoError(t, err)
	late := charge("voice", "60") // 5 of it owed
	refund(late, "2")             // which are forgiven first
	b.give(w, "10", nil)          // and the rest of them paid
	b.clock = b.clock.Add(2 * day)
	refund(late, "4") // 3 come back, and 1 to credits that have ended

	x, err := b.ExplainWallet(b.ctx, w)
	require.NoError(t, err)
	total := decimal.Zero
	for _, sums := range []map[string]decimal.Decimal{x.Items, x.Invoices} {
		for _, d := range sums {
			total = total.Add(d)
		}
	}
	require.Equal(t, x.By[ledger.MovementUsage].Add(x.By[ledger.MovementRefund]).Neg().String(), total.String())
	require.Equal(t, []string{
		"What was used, less refunds, is 100:", "- 15 for sms", "- 55 for voice", "- 30 for invoice \"INV-7\"",
	}, strings.Split(strings.TrimSpace(x.String()), "\n")[6:])
}
