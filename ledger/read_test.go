package ledger_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// busy makes a wallet with a bit of everything, a step an hour.
func busy(b *books) (w ledger.WalletID, charge ledger.Entry) {
	w = b.wallet(ledger.Terms{})
	next := func() { b.clock = b.clock.Add(hour) }
	next()
	b.give(w, "10", until(noon.Add(day)))
	next()
	b.give(w, "20", func(r *ledger.GrantRequest) { r.Reference = "gift-1" })
	next()
	charge, err := b.Charge(b.ctx, ledger.ChargeRequest{
		Key: b.key(), WalletID: w, Uses: []ledger.Use{{Item: "sms", Amount: dec("3")}, {Item: "mail", Amount: dec("8")}},
		Info: ledger.Info{Actor: "ada", Reference: "job-1"},
	})
	require.NoError(b.t, err)
	next()
	b.mustRefund(ledger.RefundRequest{WalletID: w, Charge: charge.Key, Part: "mail", Amount: dec("1"), Info: ledger.Info{Actor: "eve"}})
	b.clock = noon.Add(day + hour)
	b.mustCharge(w, "1")
	return w, charge
}

func TestJournalFilters(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w, charge := busy(b) // 1 open, 2 grant, 3 grant, 4 charge, 5 refund, 6 charge
	for _, c := range []struct {
		name  string
		query ledger.JournalQuery
		want  []int64
	}{
		{"all", ledger.JournalQuery{}, []int64{1, 2, 3, 4, 5, 6}},
		{"newest first", ledger.JournalQuery{Descending: true}, []int64{6, 5, 4, 3, 2, 1}},
		{"after one", ledger.JournalQuery{After: 4}, []int64{5, 6}},
		{"before one", ledger.JournalQuery{After: 3, Descending: true}, []int64{2, 1}},
		{"after the last", ledger.JournalQuery{After: 6}, nil},
		{"of one kind", ledger.JournalQuery{Kinds: []ledger.Kind{ledger.KindCharge}}, []int64{4, 6}},
		{"of two kinds", ledger.JournalQuery{Kinds: []ledger.Kind{ledger.KindRefund, ledger.KindGrant}}, []int64{2, 3, 5}},
		{"of a kind that is none", ledger.JournalQuery{Kinds: []ledger.Kind{"x"}}, nil},
		{"from an instant on", ledger.JournalQuery{From: noon.Add(3 * hour)}, []int64{4, 5, 6}},
		{"up to an instant, not included", ledger.JournalQuery{To: noon.Add(3 * hour)}, []int64{1, 2, 3}},
		{"between two", ledger.JournalQuery{From: noon.Add(hour), To: noon.Add(2*hour + tick)}, []int64{2, 3}},
		{"that unwinds a charge", ledger.JournalQuery{Of: charge.Seq}, []int64{5}},
		{"with an item", ledger.JournalQuery{Item: "mail"}, []int64{4}},
		{"with another item", ledger.JournalQuery{Item: "use"}, []int64{6}},
		{"of a grant", ledger.JournalQuery{Grant: ledger.GrantID{Seq: 2, N: 1}}, []int64{2, 4}},
		{"of another grant", ledger.JournalQuery{Grant: ledger.GrantID{Seq: 3, N: 1}}, []int64{3, 4, 5, 6}},
		{"of a grant that is not there", ledger.JournalQuery{Grant: ledger.GrantID{Seq: 3, N: 2}}, nil},
		{"with a reference", ledger.JournalQuery{Reference: "job-1"}, []int64{4}},
		{"by an actor", ledger.JournalQuery{Actor: "eve"}, []int64{5}},
		{"by an actor, of another kind", ledger.JournalQuery{Actor: "eve", Kinds: []ledger.Kind{ledger.KindCharge}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.query.WalletID = w
			var got []int64
			for e, err := range b.Journal(b.ctx, c.query) {
				require.NoError(t, err)
				got = append(got, e.Seq)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestReadsOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w, nobody := b.wallet(ledger.Terms{}), ledger.WalletIDOf("nobody's")
	_, err := b.Wallet(b.ctx, nobody)
	require.ErrorIs(t, err, ledger.ErrNotFound)
	_, err = b.Balance(b.ctx, nobody, time.Time{})
	require.ErrorIs(t, err, ledger.ErrNotFound)
	_, err = b.Statement(b.ctx, nobody, noon, noon.Add(hour))
	require.ErrorIs(t, err, ledger.ErrNotFound)
	require.ErrorIs(t, b.Verify(b.ctx, nobody), ledger.ErrNotFound)
	_, err = b.Entry(b.ctx, w, "no such key")
	require.ErrorIs(t, err, ledger.ErrNotFound)
	_, err = b.Statement(b.ctx, w, noon, noon)
	require.ErrorIs(t, err, ledger.ErrInvalid, "a statement of no time")
	_, err = b.Balance(b.ctx, w, time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC))
	require.ErrorIs(t, err, ledger.ErrInvalid)
	_, err = b.Settle(b.ctx, 0)
	require.ErrorIs(t, err, ledger.ErrInvalid)
	balance, err := b.Balance(b.ctx, w, noon.Add(-tick))
	require.NoError(t, err, "a wallet before it was opened has nothing")
	require.True(t, balance.Total.IsZero())
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: nobody}) {
		require.Fail(t, "an entry of no wallet", "%v %v", e, err)
	}
}

// TestStatementsTie cuts a wallet's life in two anywhere: what closes the first opens
// the second, and the lines of both are those of the whole.
func TestStatementsTie(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w, _ := busy(b)
	_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("5"), At: noon.Add(day - tick)})
	require.NoError(t, err)
	from, to := noon, noon.Add(2*day)
	whole, err := b.Statement(b.ctx, w, from, to)
	require.NoError(t, err)
	require.Equal(t, "0", whole.Opening.String())
	require.Equal(t, b.balance(w).Total.String(), whole.Closing.String())
	for _, l := range whole.Lines {
		for _, cut := range []time.Time{l.EffectiveAt.Add(-tick), l.EffectiveAt, l.EffectiveAt.Add(tick)} {
			if !cut.After(from) {
				continue
			}
			first, err := b.Statement(b.ctx, w, from, cut)
			require.NoError(t, err)
			second, err := b.Statement(b.ctx, w, cut, to)
			require.NoError(t, err)
			require.Equal(t, first.Closing.String(), second.Opening.String())
			require.Equal(t, whole.Closing.String(), second.Closing.String())
			require.Len(t, whole.Lines, len(first.Lines)+len(second.Lines))
			at, err := b.Balance(b.ctx, w, cut.Add(-tick))
			require.NoError(t, err)
			require.Equal(t, at.Total.String(), first.Closing.String(), "at %v", cut)
		}
	}
	require.True(t, slices.IsSortedFunc(whole.Lines, func(a, b ledger.Line) int { return a.EffectiveAt.Compare(b.EffectiveAt) }))
}

// TestThePastOfALongJournal asks a journal of some thousand entries, with checkpoints
// and late use in it, for balances that were written down meanwhile.
func TestThePastOfALongJournal(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	b := open(t, ledger.Config{Lateness: 2 * time.Minute})
	w := b.wallet(ledger.Terms{})
	used := make(map[time.Time]decimal.Decimal) // by instant of use
	for i := range 2_500 {
		b.clock = b.clock.Add(time.Second)
		if i%100 == 0 {
			b.give(w, "1000", nil)
			used[b.clock] = used[b.clock].Sub(dec("1000"))
			continue
		}
		at := b.clock
		if i > 200 && random.IntN(5) == 0 {
			at = at.Add(-time.Duration(random.IntN(120)) * time.Second)
		}
		amount := decimal.NewFromInt(random.Int64N(5) + 1)
		_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: fmt.Sprint("c", i), WalletID: w, Amount: amount, At: at})
		require.NoError(t, err)
		used[at] = used[at].Add(amount)
	}
	var checkpoints int
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w, Kinds: []ledger.Kind{ledger.KindCheckpoint}}) {
		require.NoError(t, err)
		require.Zero(t, e.Seq%1024)
		checkpoints++
	}
	require.Equal(t, 2, checkpoints)
	for range 60 {
		at := noon.Add(time.Duration(random.IntN(2_600)) * time.Second)
		want := decimal.Zero
		for t, amount := range used {
			if !t.After(at) {
				want = want.Sub(amount)
			}
		}
		require.Equal(t, want.String(), b.availableAt(w, at), "at %v", at)
	}
}

// Two machines' clocks are never quite the same: whoever looks after a charge sees it,
// though the charge was made by the one that is ahead.
func TestTheBalanceOfNowHasWhatIsInTheBooks(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", nil)
	b.clock = noon.Add(hour)
	b.mustCharge(w, "4")
	b.clock = noon.Add(hour / 2)

	now, err := b.Balance(b.ctx, w, time.Time{})
	require.NoError(t, err)
	require.Equal(t, "6", now.Available.String())
	require.Equal(t, noon.Add(hour), now.At)
	then, err := b.Balance(b.ctx, w, b.clock)
	require.NoError(t, err)
	require.Equal(t, "10", then.Available.String(), "of an instant that is named it is the past")
}

func TestBalanceByBucketSourceAndItem(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{Buckets: []ledger.Bucket{{Name: "sms", Scope: ledger.Scope{Items: []string{"sms"}}}}})
	b.give(w, "10", func(r *ledger.GrantRequest) { r.Bucket = "sms" })
	b.give(w, "20", bought("2"))
	b.give(w, "5", func(r *ledger.GrantRequest) { r.EffectiveAt = noon.Add(hour) })
	b.holdFor(w, "3", hour)
	balance := b.balance(w)
	require.Equal(t, "27 3 5", fmt.Sprint(balance.Available, " ", balance.Held, " ", balance.Pending))
	require.Equal(t, "map[:17 sms:10]", fmt.Sprint(balance.By(func(g *ledger.Grant) string { return g.Bucket })))
	require.Equal(t, "map[promotion:10 purchase:17]", fmt.Sprint(balance.By(func(g *ledger.Grant) string { return string(g.Source) })))
	require.Equal(t, "27", balance.For(ledger.Item{ID: "sms"}).String())
	require.Equal(t, "17", balance.For(ledger.Item{ID: "mail"}).String())
}

func TestSettleTakesTheLongestOverdueFirst(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	var wallets []ledger.WalletID
	for i := range 7 {
		w := b.wallet(ledger.Terms{})
		b.give(w, "1", until(noon.Add(time.Duration(7-i)*hour)))
		wallets = append(wallets, w)
	}
	b.clock = noon.Add(7*hour - tick)
	n, err := b.Settle(b.ctx, 2)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	for i, w := range wallets {
		require.Equal(t, i >= 5, slices.Contains(b.kinds(w, 0), ledger.KindExpire), "wallet %d", i)
	}
	n, err = b.Settle(b.ctx, 100)
	require.NoError(t, err)
	require.Equal(t, 4, n, "the first ends only now")
	b.clock = b.clock.Add(tick)
	n, err = b.Settle(b.ctx, 100)
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

func TestIDsRoundTrip(t *testing.T) {
	t.Parallel()
	w := ledger.WalletIDOf("org-42")
	parsed, err := ledger.ParseWalletID(w.String())
	require.NoError(t, err)
	require.Equal(t, w, parsed)
	require.NotEqual(t, w, ledger.WalletIDOf("org-43"))
	require.False(t, w.IsZero())
	_, err = ledger.ParseWalletID("org-42")
	require.ErrorIs(t, err, ledger.ErrInvalid)
	for _, text := range []string{"1.1", "12.3", "9223372036854775807.2147483647"} {
		id, err := ledger.ParseGrantID(text)
		require.NoError(t, err)
		require.Equal(t, text, id.String())
	}
	for _, text := range []string{"1", "1.", ".1", "0.1", "1.0", "-1.1", "1.-1", "01.1", "1.01", "+1.1", "1.1.1", " 1.1", "1.1 ", "9223372036854775808.1"} {
		_, err := ledger.ParseGrantID(text)
		require.ErrorIs(t, err, ledger.ErrInvalid, text)
	}
	id, err := ledger.ParseGrantID("")
	require.NoError(t, err)
	require.True(t, id.IsZero())
	require.Negative(t, ledger.GrantID{Seq: 9, N: 2}.Compare(ledger.GrantID{Seq: 10, N: 1}))
	require.Negative(t, ledger.GrantID{Seq: 9, N: 2}.Compare(ledger.GrantID{Seq: 9, N: 10}))
}

func TestErrorsSayWhatTheyCarry(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	_, err := b.charge(w, "5")
	require.EqualError(t, err, "ledger: insufficient credits: want 5, have 0")
	_, err = b.Grant(b.ctx, ledger.GrantRequest{Key: "key-1", WalletID: w, Source: ledger.SourcePromotion, Amount: dec("1")})
	require.EqualError(t, err, fmt.Sprintf(`ledger: idempotency key reused: "key-1" was used by another request, which made entry %v/1`, w))
	_, err = b.Grant(b.ctx, ledger.GrantRequest{Key: "k", WalletID: w, Source: ledger.SourcePromotion})
	require.EqualError(t, err, "ledger: invalid request: Amount must be positive, not 0")
	for _, sentinel := range []error{ledger.ErrInvalid, ledger.ErrNotFound, ledger.ErrClosed, ledger.ErrFrozen, ledger.ErrInsufficientCredits, ledger.ErrLimit, ledger.ErrKeyReused, ledger.ErrConflict} {
		require.Equal(t, errors.Is(sentinel, ledger.ErrInvalid), errors.Is(err, sentinel))
	}
}

func TestOpenWalletAgainAnswersItAsItWasOpened(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	r := ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits(), Terms: ledger.Terms{Owner: "acme"}}
	first, err := b.OpenWallet(b.ctx, r)
	require.NoError(t, err)
	b.opens = append(b.opens, first.ID)
	b.give(first.ID, "10", nil)
	b.clock = noon.Add(day)
	again, err := b.OpenWallet(b.ctx, r)
	require.NoError(t, err)
	require.Equal(t, ledger.EncodeWallet(&first), ledger.EncodeWallet(&again))
	r.Owner = "globex"
	_, err = b.OpenWallet(b.ctx, r)
	require.ErrorIs(t, err, ledger.ErrKeyReused)
}

func TestFreezeThawAndClose(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10", until(noon.Add(day)))
	b.subscribe(w, ledger.SubscribeRequest{Offer: monthly("5")})
	h := b.holdFor(w, "2", 40*day)
	frozen(b, w)
	b.give(w, "1", nil)
	b.clock = noon.Add(31 * day)
	require.Equal(t, "6", b.available(w), "credits come, end and renew while it is frozen")
	_, err := b.Capture(b.ctx, ledger.CaptureRequest{Key: b.key(), WalletID: w, Hold: h, Amount: dec("1"), More: true})
	require.NoError(t, err, "what is held can be captured")
	_, err = b.Thaw(b.ctx, ledger.StatusRequest{Key: b.key(), WalletID: w})
	require.NoError(t, err)
	b.mustCharge(w, "1")
	e, err := b.CloseWallet(b.ctx, ledger.StatusRequest{Key: b.key(), WalletID: w})
	require.NoError(t, err)
	require.Equal(t, "-6", e.Change.String(), "5 that can be spent and 1 that is held")
	b.clock = b.clock.AddDate(1, 0, 0)
	n, err := b.Settle(b.ctx, 10)
	require.NoError(t, err)
	require.Zero(t, n, "nothing falls due any more")
	require.Equal(t, "0", b.balance(w).Total.String())
}
