package ledger_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/storetest"
)

// TestControlsTogether does everything that holds, limits, notices and top-ups are
// about in random order, on a store that fails at random and is asked again with
// the same key, and checks after every step what must hold whatever happens.
func TestControlsTogether(t *testing.T) {
	rounds := 40
	if testing.Short() {
		rounds = 5
	}
	for seed := range rounds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			m := newControls(t, uint64(seed))
			for range 150 {
				m.step()
				m.check()
			}
			m.checkLimit()
			again(t, func() error { return m.Verify(m.ctx, m.w) })
		})
	}
}

const (
	dailyMost = 300
	lowLevel  = 60
	topUpAt   = 20
)

// controls is one wallet under all of them.
type controls struct {
	*books
	*rand.Rand
	w       ledger.WalletID
	grants  []ledger.GrantID
	charges []string
	below   bool                      // whether the last notice said that the balance is low
	seen    map[ledger.NoticeID]bool  // all that were delivered
	asked   map[int64]ledger.Delivery // top-ups that were asked for and not answered
}

func newControls(t *testing.T, seed uint64) *controls {
	faults := storetest.AtRandom(seed, map[storetest.Fault]int{
		storetest.FaultBegin: 40, storetest.FaultCall: 40, storetest.FaultRepeat: 40, storetest.FaultConflict: 40,
		storetest.FaultCommit: 40, storetest.FaultLost: 40, storetest.FaultKept: 40,
	})
	b := openOn(t, storetest.Faulty(new(memory.Store), faults), ledger.Config{Catalog: packs(t)})
	m := &controls{
		books: b, Rand: rand.New(rand.NewPCG(seed, 6)), below: true,
		seen: make(map[ledger.NoticeID]bool), asked: make(map[int64]ledger.Delivery),
	}
	again(t, func() error {
		w, err := b.OpenWallet(b.ctx, ledger.OpenWalletRequest{Key: "w", Unit: ledger.Unit{Name: "credits"}, Terms: ledger.Terms{
			CreditLimit: dec("50"),
			Limits: []ledger.Limit{
				{Name: "daily", Measure: ledger.MeasureCredits, Max: decimal.NewFromInt(dailyMost), Per: expiry.Days(1)},
				{Name: "open", Measure: ledger.MeasureHolds, Max: dec("4")},
			},
			Alerts: ledger.Alerts{Low: []ledger.Level{{Amount: decimal.NewFromInt(lowLevel)}}, Expiring: []int{1}},
			TopUp:  ledger.TopUp{Package: "pack", Threshold: decimal.NewFromInt(topUpAt), MaxNumber: 20},
		}})
		m.w = w.ID
		return err
	})
	return m
}

// again repeats an operation that the store failed.
func again(t testing.TB, do func() error) {
	t.Helper()
	for range 100 {
		if err := do(); !injected(err) {
			require.NoError(t, err)
			return
		}
	}
	t.Fatal("the store never recovers")
}

func injected(err error) bool {
	return errors.Is(err, storetest.ErrInjected) || errors.Is(err, ledger.ErrUnknownOutcome) || errors.Is(err, ledger.ErrConflict)
}

// ask makes a request until the store lets it be answered, and reports whether it
// was not refused.
func (m *controls) ask(r ledger.Request) (e ledger.Entry, ok bool) {
	for range 100 {
		e, err := m.Do(m.ctx, r)
		switch {
		case err == nil:
			return e, true
		case !injected(err):
			require.NotErrorIs(m.t, err, ledger.ErrCorrupt)
			return e, false
		}
	}
	m.t.Fatal("the store never recovers")
	return e, false
}

func (m *controls) upTo(n int) decimal.Decimal { return decimal.NewFromInt(int64(1 + m.IntN(n))) }

// step does one thing at random.
func (m *controls) step() {
	key, info := m.key(), ledger.Info{Actor: fmt.Sprint("user-", m.IntN(3))}
	switch m.IntN(12) {
	case 0:
		r := ledger.GrantRequest{Key: key, WalletID: m.w, Source: ledger.SourcePromotion, Amount: m.upTo(80)}
		if m.IntN(2) == 0 {
			r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Hours(1 + m.IntN(60))}
		}
		if e, ok := m.ask(r); ok {
			m.grants = append(m.grants, e.Grants[0].ID)
		}
	case 1, 2:
		r := ledger.ChargeRequest{Key: key, WalletID: m.w, Item: "use", Amount: m.upTo(40), Info: info}
		if m.IntN(3) == 0 {
			r.Shortfall = ledger.ShortfallOverdraft
		}
		if _, ok := m.ask(r); ok {
			m.charges = append(m.charges, key)
		}
	case 3, 4:
		m.ask(ledger.HoldRequest{
			Key: key, WalletID: m.w, Item: "use", Amount: m.upTo(40), Life: time.Duration(1+m.IntN(5*3600)) * time.Second, Info: info,
		})
	case 5, 6:
		if _, ok := m.ask(ledger.CaptureRequest{
			Key: key, WalletID: m.w, Hold: m.someHold(), Amount: m.upTo(50), More: m.IntN(2) == 0, Shortfall: ledger.ShortfallPartial,
		}); ok {
			m.charges = append(m.charges, key)
		}
	case 7:
		m.ask(ledger.ReleaseRequest{Key: key, WalletID: m.w, Hold: m.someHold(), Amount: decimal.NewFromInt(int64(m.IntN(10)))})
	case 8:
		m.ask(ledger.ExtendRequest{Key: key, WalletID: m.w, Hold: m.someHold(), Amount: m.upTo(10), Life: hour})
	case 9:
		if len(m.charges) > 0 {
			m.ask(ledger.RefundRequest{Key: key, WalletID: m.w, Charge: m.charges[m.IntN(len(m.charges))], Amount: m.upTo(20)})
		}
	case 10:
		if len(m.grants) > 0 && m.IntN(4) == 0 {
			m.ask(ledger.VoidRequest{Key: key, WalletID: m.w, Grant: m.grants[m.IntN(len(m.grants))]})
		}
		m.answer(m.key())
	case 11:
		m.clock = m.clock.Add(time.Duration(m.IntN(4*3600)) * time.Second)
		again(m.t, func() error { _, err := m.Settle(m.ctx, 10); return err })
	}
}

// someHold returns one of the open holds, if there are any.
func (m *controls) someHold() ledger.HoldID {
	w := m.state()
	if len(w.Holds) == 0 {
		return 1
	}
	return w.Holds[m.IntN(len(w.Holds))].ID
}

func (m *controls) state() (w ledger.Wallet) {
	again(m.t, func() (err error) { w, err = m.Wallet(m.ctx, m.w); return err })
	return w
}

// answer buys, or fails to buy, what a top-up asked for.
func (m *controls) answer(key string) {
	for seq, d := range m.asked {
		delete(m.asked, seq)
		if m.IntN(3) == 0 {
			_, ok := m.ask(ledger.TopUpFailedRequest{Key: key, WalletID: m.w, TopUp: seq})
			require.True(m.t, ok)
			return
		}
		_, ok := m.ask(ledger.PurchaseRequest{
			Key: key, WalletID: m.w, Package: d.Notice.Name, Number: d.Notice.Number, TopUp: seq,
		})
		require.True(m.t, ok)
		return
	}
}

// check checks what must hold after every step.
func (m *controls) check() {
	m.hear()
	w := m.state()
	held := decimal.Zero
	for _, h := range w.Holds {
		held = held.Add(h.Amount())
		require.True(m.t, h.ExpiresAt.After(m.clock))
	}
	b := w.BalanceNow()
	require.Equal(m.t, held.String(), b.Held.String(), "what holds earmark is what is held")
	require.Equal(m.t, b.Available.Add(b.Held).Sub(b.Debt).String(), b.Total.String())
	require.False(m.t, b.Total.Add(w.CreditLimit).IsNegative(), "below the floor")
	require.LessOrEqual(m.t, len(w.Holds), 4)

	free := b.Available.Sub(b.Debt)
	require.Equal(m.t, free.LessThanOrEqual(decimal.NewFromInt(lowLevel)), m.below, "%v is available, and the last notice says else", free)
	require.LessOrEqual(m.t, len(m.asked), 1)
	waits := w.TopUpState.Notice != 0 || w.TopUpState.NotBefore.After(m.clock)
	if free.LessThanOrEqual(decimal.NewFromInt(topUpAt)) && w.Seq > 1 {
		require.True(m.t, waits, "%v is available, and nobody was asked to buy", free)
	}
	require.Equal(m.t, w.TopUpState.Notice != 0, len(m.asked) == 1)
}

// hear takes the notices of a step: crossings alternate, and each comes once.
func (m *controls) hear() {
	var taken []ledger.Delivery
	again(m.t, func() (err error) {
		m.clock = m.clock.Add(time.Microsecond) // beyond an attempt that took some and did not say so
		taken, err = m.TakeNotices(m.ctx, 100, time.Microsecond)
		return err
	})
	for _, d := range taken {
		require.False(m.t, m.seen[d.ID], "%v comes twice", d.ID)
		m.seen[d.ID] = true
		again(m.t, func() error { return m.AckNotices(m.ctx, d.ID) })
		switch d.Notice.Kind { // about other things
		case ledger.NoticeLow:
			require.False(m.t, m.below, "low twice")
			m.below = true
		case ledger.NoticeRecovered:
			require.True(m.t, m.below, "recovered twice")
			m.below = false
		case ledger.NoticeTopUp:
			m.asked[d.ID.Seq] = d
		}
	}
}

// checkLimit adds up from the journal what each day counts.
func (m *controls) checkLimit() {
	days := make(map[string]decimal.Decimal)
	charged := make(map[int64]string)
	again(m.t, func() error {
		clear(days)
		for e, err := range m.Journal(m.ctx, ledger.JournalQuery{WalletID: m.w}) {
			if err != nil {
				return err
			}
			day := e.EffectiveAt.Format(time.DateOnly)
			switch e.Kind { // the others do not count
			case ledger.KindCharge, ledger.KindCapture:
				charged[e.Seq] = day
				days[day] = days[day].Add(e.Amount())
			case ledger.KindRefund:
				for _, move := range e.Moves {
					if move.From == ledger.PotSpent {
						days[charged[e.Of]] = days[charged[e.Of]].Sub(move.Amount)
					}
				}
				for _, debt := range e.Debts {
					days[charged[e.Of]] = days[charged[e.Of]].Add(debt.Amount)
				}
			}
		}
		return nil
	})
	for day, amount := range days {
		require.True(m.t, amount.LessThanOrEqual(decimal.NewFromInt(dailyMost)), "%v on %s", amount, day)
		for _, c := range m.state().Counters {
			if strings.HasPrefix(c.Name, "#limit:credits:daily") && c.From.Format(time.DateOnly) == day {
				require.Equal(m.t, amount.String(), c.Quantity.String(), day)
			}
		}
	}
}
