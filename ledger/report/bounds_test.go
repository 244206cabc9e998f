package report_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/store/memory"
)

// counting is a store that counts the entries that are read from it.
type counting struct {
	ledger.Store
	read *int
}

func (s counting) View(ctx context.Context, fn func(ledger.Tx) error) error {
	return s.Store.View(ctx, func(tx ledger.Tx) error { return fn(countingTx{tx, s.read}) })
}

type countingTx struct {
	ledger.Tx
	read *int
}

func (tx countingTx) Journal(ctx context.Context, p ledger.Page) ([]ledger.Entry, error) {
	entries, err := tx.Tx.Journal(ctx, p)
	*tx.read += len(entries)
	return entries, err
}

// long makes a journal of several thousand entries: packs that end, uses on time and
// late, and refunds of uses long ago.
func (b *books) long() ledger.Wallet {
	b.t.Helper()
	w := b.wallet(ledger.Terms{})
	b.paid(w, "1500", "99.99", expiry.Policy{}) // for what the packs leave
	for i := range 6_000 {
		b.clock = b.clock.Add(time.Hour)
		if i%50 == 0 {
			b.paid(w, "40", "3.33", after(10))
		}
		r := ledger.ChargeRequest{Key: fmt.Sprint("use ", i), WalletID: w, Item: "sms", Amount: dec("1"), Shortfall: ledger.ShortfallPartial}
		if i%7 == 0 {
			r.At = b.clock.Add(-time.Duration(b.n(72)) * time.Hour)
		}
		b.must(r)
		if i%100 == 99 {
			b.must(ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: fmt.Sprint("use ", i/2)})
		}
	}
	stored, err := b.Wallet(b.ctx, w)
	require.NoError(b.t, err)
	return stored
}

func TestAReportOfATimeTellsAllOfItAndReadsLittleElse(t *testing.T) {
	t.Parallel()
	read := 0
	b := openOn(t, counting{new(memory.Store), &read}, "long", 5)
	w := b.long()
	flows := func(q report.Query, has func(time.Time) bool) (all []string) {
		for f, err := range report.Flows(b.ctx, b.Ledger, q) {
			require.NoError(t, err)
			if has(f.Entry.EffectiveAt) {
				all = append(all, fmt.Sprint(f.Entry.ID(), f.Class, f.Grant.ID, f.Credits, f.Money))
			}
		}
		return all
	}
	_, closing, _ := b.rollForwards(report.Query{})
	closing.same(t, b.live(b.clock), "the credits and money left over")
	for range 10 {
		from := noon.Add(time.Duration(b.n(6_000)) * time.Hour)
		to := from.AddDate(0, 0, b.n(10))
		want := flows(report.Query{}, func(at time.Time) bool { return !at.Before(from) && at.Before(to) })
		read = 0
		got := flows(report.Query{From: from, To: to}, func(time.Time) bool { return true })
		require.Equal(t, want, got, "from %v to %v", from, to)
		require.Less(t, read, 2*1024+3*500+len(want), "of %d entries", w.Seq)
	}
}
