package report_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/store/memory"
)

// histories calls check with so many random histories, a tenth with -short.
func histories(t *testing.T, n int, check func(b *books)) {
	if testing.Short() {
		n /= 10
	}
	for seed := range n {
		b := openOn(t, new(memory.Store), "history", uint64(seed))
		b.random(60)
		check(b)
		if t.Failed() {
			t.Fatalf("in the history of seed %d", seed)
		}
	}
}

// sums adds amounts up by currency.
type sums map[string]report.Amount

func (s sums) add(currency string, a report.Amount) { s[currency] = s[currency].Add(a) }

// same compares sums as numbers.
func (s sums) same(t *testing.T, o sums, what string) {
	t.Helper()
	text := func(s sums) string {
		out := make(map[string]string)
		for c, a := range s {
			if !a.Credits.IsZero() || !a.Money.IsZero() {
				out[c] = fmt.Sprint(a.Credits, " ", a.Money)
			}
		}
		return fmt.Sprint(out)
	}
	require.Equal(t, text(s), text(o), what)
}

// live returns what all wallets have at an instant.
func (b *books) live(at time.Time) sums {
	all := make(sums)
	for _, id := range b.ids {
		balance, err := b.Balance(b.ctx, id, at)
		require.NoError(b.t, err)
		for i := range balance.Grants {
			g := &balance.Grants[i]
			all.add(g.Paid.Currency, report.Amount{Credits: g.Live(), Money: g.Unearned().Amount})
		}
	}
	return all
}

func (b *books) rollForwards(q report.Query) (opening, closing sums, moved map[string]report.Movements) {
	rows, err := report.RollForwards(b.ctx, b.Ledger, q)
	require.NoError(b.t, err)
	opening, closing, moved = make(sums), make(sums), make(map[string]report.Movements)
	for _, r := range rows {
		opening.add(r.Currency, r.Opening)
		closing.add(r.Currency, r.Closing)
		moved[r.Currency] = r.Movements
	}
	return opening, closing, moved
}

func TestReportsTieOutWithTheBalances(t *testing.T) {
	t.Parallel()
	histories(t, 300, func(b *books) {
		_, closing, moved := b.rollForwards(report.Query{})
		closing.same(t, b.live(time.Time{}), "the roll-forward closes with what wallets have")
		for currency, m := range moved {
			require.True(t, m.Carried.Credits.IsZero(), "what is carried stays: %v", m.Carried.Credits)
			require.True(t, m.Carried.Money.IsZero(), "and so does its money: %v %s", m.Carried.Money, currency)
			require.True(t, m.Received.Sub(m.Sent).Credits.IsZero(), "what is sent is received")
			require.True(t, m.Received.Sub(m.Sent).Money.IsZero(), "with its money")
		}
		b.tieLiability(closing)
		b.tieUsage(moved)
		b.tieClients(moved)
		b.tieSales(moved)
	})
}

func (b *books) tieLiability(closing sums) {
	rows, err := report.Liabilities(b.ctx, b.Ledger, report.Query{}, time.Time{})
	require.NoError(b.t, err)
	owed := make(sums)
	for _, r := range rows {
		owed.add(r.Currency, report.Amount{Credits: r.Credits, Money: r.Money})
	}
	owed.same(b.t.(*testing.T), closing, "the liability is what the roll-forward closes with")
}

func (b *books) tieUsage(moved map[string]report.Movements) {
	by := report.UsageGroup{Group: report.Group{Cycle: expiry.Weeks(1)}, Actor: true, Owner: true}
	rows, err := report.Usages(b.ctx, b.Ledger, report.Query{}, by)
	require.NoError(b.t, err)
	var credits, want decimal.Decimal
	for _, r := range rows {
		credits = credits.Add(r.Credits)
	}
	for currency, m := range moved {
		want = want.Add(m.Used.Credits)
		earned := decimal.Zero
		for _, r := range rows {
			earned = earned.Add(r.Earned.In(currency).Amount)
		}
		require.True(b.t, earned.Equal(m.Used.Money), "items earned %v, use %v %s", earned, m.Used.Money, currency)
	}
	require.True(b.t, credits.Equal(want), "items used %v, wallets %v", credits, want)
}

func (b *books) tieClients(moved map[string]report.Movements) {
	var balance, net, sold, want decimal.Decimal
	for c, err := range report.Clients(b.ctx, b.Ledger, report.Query{}, nil) {
		require.NoError(b.t, err)
		balance = balance.Add(c.Balance)
		sold = sold.Add(c.Credits.Sold)
	}
	for _, id := range b.ids {
		w, err := b.Balance(b.ctx, id, time.Time{})
		require.NoError(b.t, err)
		net = net.Add(w.Total)
	}
	for _, m := range moved {
		want = want.Add(m.Sold.Credits)
	}
	require.True(b.t, balance.Equal(net), "clients have %v, wallets %v", balance, net)
	require.True(b.t, sold.Equal(want), "clients bought %v, %v was sold", sold, want)
}

func (b *books) tieSales(moved map[string]report.Movements) {
	rows, err := report.Sales(b.ctx, b.Ledger, report.Query{}, report.Group{Cycle: expiry.Days(1)})
	require.NoError(b.t, err)
	sold := make(sums)
	for _, r := range rows {
		sold.add(r.Currency, report.Amount{Credits: r.Credits, Money: r.Money})
		sold.add("returned "+r.Currency, report.Amount{Money: r.Returned})
	}
	want := make(sums)
	for currency, m := range moved {
		want.add(currency, m.Sold)
		if currency != "" {
			want.add("returned "+currency, report.Amount{Money: m.Returned.Money})
		}
	}
	sold.same(b.t.(*testing.T), want, "what packages sold is what was sold")
}

func TestAdjoiningTimesMakeTheTimeOfBoth(t *testing.T) {
	t.Parallel()
	histories(t, 300, func(b *books) {
		dice := rand.New(rand.NewPCG(uint64(b.keys), 3))
		span := b.clock.Sub(noon) + time.Hour
		cut := noon.Add(time.Duration(dice.Int64N(int64(span)))).Truncate(time.Microsecond)
		_, closing, first := b.rollForwards(report.Query{To: cut})
		reopening, end, second := b.rollForwards(report.Query{From: cut})
		reopening.same(t, closing, "one time opens with what the other closed with")
		_, all, both := b.rollForwards(report.Query{})
		end.same(t, all, "the end of the second is the end of both")
		for currency, m := range both {
			x, y := first[currency], second[currency]
			require.True(t, x.Used.Add(y.Used).Money.Equal(m.Used.Money), "used in %q", currency)
			require.True(t, x.Expired.Add(y.Expired).Credits.Equal(m.Expired.Credits), "expired in %q", currency)
		}
		b.tieCredits(closing, cut)
		b.tieStatements(cut)
	})
}

// tieCredits compares credits, whose past is exact even where use was reported late.
func (b *books) tieCredits(closing sums, cut time.Time) {
	var have, want decimal.Decimal
	for _, a := range closing {
		have = have.Add(a.Credits)
	}
	for _, id := range b.ids {
		then, err := b.Balance(b.ctx, id, cut.Add(-time.Microsecond))
		require.NoError(b.t, err)
		want = want.Add(then.Total).Add(then.Debt).Add(then.Pending)
	}
	require.True(b.t, have.Equal(want), "the roll-forward closes with %v, the balances are %v", have, want)
}

func (b *books) tieStatements(cut time.Time) {
	from, to := noon.Add(-time.Hour), b.clock.AddDate(1, 0, 0)
	for _, id := range b.ids {
		first, err := b.Statement(b.ctx, id, from, cut)
		require.NoError(b.t, err)
		second, err := b.Statement(b.ctx, id, cut, to)
		require.NoError(b.t, err)
		both, err := b.Statement(b.ctx, id, from, to)
		require.NoError(b.t, err)
		require.True(b.t, first.Closing.Equal(second.Opening))
		require.True(b.t, second.Closing.Equal(both.Closing))
		require.Equal(b.t, seqs(both.Lines), append(seqs(first.Lines), seqs(second.Lines)...))
		b.tiePages(both)
	}
}

// tiePages reads a statement again in pages, from its start and from its end.
func (b *books) tiePages(s ledger.Statement) {
	q := ledger.LinesQuery{WalletID: s.WalletID, From: s.From, To: s.To, Limit: 3}
	require.Equal(b.t, seqs(s.Lines), seqs(b.pages(q)))
	q.Descending = true
	back := b.pages(q)
	slices.Reverse(back)
	require.Equal(b.t, seqs(s.Lines), seqs(back))
}

// pages returns all lines that q asks for, page by page.
func (b *books) pages(q ledger.LinesQuery) (lines []ledger.Line) {
	for {
		page, err := b.Lines(b.ctx, q)
		require.NoError(b.t, err)
		if len(page) == 0 {
			return lines
		}
		lines = append(lines, page...)
		q.After = page[len(page)-1].Cursor()
	}
}

func seqs(lines []ledger.Line) []string {
	s := []string{}
	for _, l := range lines {
		s = append(s, fmt.Sprint(l.Seq, " ", l.Running))
	}
	return s
}
