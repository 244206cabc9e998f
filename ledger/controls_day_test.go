package ledger_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// TestADayOfAModelAPI holds each request at an upper estimate, streams its answer
// in chunks, and captures what it really took. Some crash half-way and are found by
// their reference or time out, some take more than was held, some are captured too
// late. In the end every token is paid to the last decimal.
//
// SCRIP_REQUESTS names a file with more requests than the excerpt has.
func TestADayOfAModelAPI(t *testing.T) {
	d := newModelDay(t, 20)
	requests := readRequests(t)
	for i := range max(len(requests), 1000) {
		r := requests[i%len(requests)]
		d.plan(i, noon.Add(time.Duration(d.IntN(24*3600))*time.Second), r[0], r[1])
	}
	d.run()

	d.clock = noon.Add(3 * day)
	d.sweepOnce()
	for i, w := range d.wallets {
		require.Equal(t, "0", d.balance(w).Held.String(), "nothing is held")
		spent, overage := d.audit(w)
		require.Equal(t, d.tokens[i].String(), spent.Add(overage).String(), "what was used is what was paid")
	}
	require.NotZero(t, d.crashed)
	require.NotZero(t, d.beyond)
	require.NotZero(t, d.tooLate)
}

// Prices of a token, in dollars.
var (
	inputPrice  = decimal.New(25, -7)
	outputPrice = decimal.New(15, -6)
)

func modelPrices(t testing.TB) *pricing.Catalog {
	t.Helper()
	per := func(price decimal.Decimal) pricing.Formula {
		return pricing.Formula{Model: pricing.ModelPerUnit, Price: price.Mul(decimal.New(1, 6)), Block: decimal.New(1, 6)}
	}
	catalog, err := pricing.New(pricing.Catalog{
		Unit:  pricing.Unit{Name: "USD", Scale: 8},
		Items: []pricing.ItemDef{{ID: "answer", Kind: "meter", Name: "Answer", Quantity: "token"}},
		RateCards: []pricing.RateCard{{Name: "list", Rates: []pricing.Rate{{Item: "answer", Formula: pricing.Formula{
			Model: pricing.ModelSum, Parts: map[string]pricing.Formula{"input": per(inputPrice), "output": per(outputPrice)},
		}}}}},
	})
	require.NoError(t, err)
	return catalog
}

// readRequests returns the input and output tokens of requests.
func readRequests(t testing.TB) [][2]int64 {
	t.Helper()
	name := "testdata/controls/requests.csv"
	if other := os.Getenv("SCRIP_REQUESTS"); other != "" {
		name = other
	}
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	requests := make([][2]int64, len(rows)-1)
	for i, row := range rows[1:] {
		for k := range 2 {
			requests[i][k], err = strconv.ParseInt(row[k+1], 10, 64)
			require.NoError(t, err)
		}
	}
	return requests
}

// A modelDay is the wallets of a model API and what is going to happen to them.
type modelDay struct {
	*books
	*rand.Rand
	wallets                  []ledger.WalletID
	tokens                   []decimal.Decimal // what was used by each wallet, in dollars
	events                   []modelEvent
	crashed, beyond, tooLate int
}

type modelEvent struct {
	at time.Time
	n  int
	do func()
}

func newModelDay(t testing.TB, wallets int) *modelDay {
	d := &modelDay{books: open(t, ledger.Config{Catalog: modelPrices(t)}), Rand: rand.New(rand.NewPCG(2023, 11))}
	for range wallets {
		w := d.walletIn(pricing.Unit{Name: "USD", Scale: 8}, ledger.Terms{
			Limits: []ledger.Limit{
				{Name: "open", Measure: ledger.MeasureHolds, Max: dec("50")},
				{Name: "tokens", Measure: ledger.MeasureQuantity, Max: dec("1e9"), Per: expiry.Minutes(1)},
			},
			Alerts: ledger.UsualAlerts(),
		})
		d.give(w, "0.2", func(r *ledger.GrantRequest) {
			r.Expiry = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Hours(12)}
		})
		d.give(w, "1", func(r *ledger.GrantRequest) { r.Scope = ledger.Scope{Items: []string{"answer"}} })
		d.give(w, "1000", bought("1000"))
		d.wallets, d.tokens = append(d.wallets, w), append(d.tokens, decimal.Zero)
	}
	return d
}

// at lets something happen at an instant.
func (d *modelDay) at(at time.Time, do func()) {
	d.events = append(d.events, modelEvent{at, len(d.events), do})
}

// plan plans the n-th request: what comes in, and what goes out in chunks.
func (d *modelDay) plan(n int, at time.Time, in, out int64) {
	i := n % len(d.wallets)
	r := &modelRequest{d: d, i: i, w: d.wallets[i], name: fmt.Sprint("request-", n), in: in, left: out}
	estimate := out*5/4 + 1
	switch fate := d.IntN(100); {
	case fate < 5:
		r.crash = 1 + d.IntN(3)
	case fate < 10:
		r.crash, r.found = 1+d.IntN(3), true
	case fate < 20:
		estimate = out/2 + 1
	case fate < 22:
		r.late = true
	}
	d.at(at, func() { r.begin(estimate) })
	chunks := 1 + d.IntN(5)
	for k := range chunks {
		at = at.Add(time.Duration(1+d.IntN(20_000)) * time.Millisecond)
		if r.late && k == chunks-1 {
			at = at.Add(hour)
		}
		d.at(at, func() { r.chunk(k+1, k == chunks-1) })
	}
	if r.found {
		d.at(at.Add(time.Minute), r.recover)
	}
}

// run lets everything happen in order of time.
func (d *modelDay) run() {
	slices.SortFunc(d.events, func(a, b modelEvent) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return a.n - b.n
	})
	for _, e := range d.events {
		d.clock = e.at
		e.do()
	}
}

// audit returns what the journal says that a wallet spent, and what it could not
// pay, and checks that it never went below zero.
func (d *modelDay) audit(w ledger.WalletID) (spent, overage decimal.Decimal) {
	for e, err := range d.Journal(d.ctx, ledger.JournalQuery{WalletID: w}) {
		require.NoError(d.t, err)
		require.False(d.t, e.Balance.IsNegative())
		overage = overage.Add(e.Overage())
		for _, draw := range e.Draws() {
			spent = spent.Add(draw.Amount)
		}
	}
	return spent, overage
}

// A modelRequest is one request on its way.
type modelRequest struct {
	d        *modelDay
	i        int // of its wallet
	w        ledger.WalletID
	name     string
	hold     ledger.HoldID
	in, left int64
	crash    int  // after so many chunks; zero: it does not
	found    bool // the hold of a crashed one is found later
	late     bool // the last chunk comes too late
}

func (r *modelRequest) begin(estimate int64) {
	e, err := r.d.Hold(r.d.ctx, ledger.HoldRequest{
		Key: r.name, WalletID: r.w, Item: "answer", Life: 30 * time.Minute,
		Quantities: tokens(r.in, estimate), Info: ledger.Info{Reference: r.name},
	})
	require.NoError(r.d.t, err)
	r.hold = e.Hold.ID
}

func tokens(in, out int64) map[string]decimal.Decimal {
	return map[string]decimal.Decimal{"input": decimal.NewFromInt(in), "output": decimal.NewFromInt(out)}
}

// chunk captures a part of the answer; the first, what came in besides.
func (r *modelRequest) chunk(n int, last bool) {
	if r.crash > 0 && n > r.crash {
		r.d.crashed++
		return
	}
	out := r.left
	if !last {
		out = r.left / 2
	}
	r.take(fmt.Sprint(r.name, "/", n), r.in, out, !last)
	r.in, r.left = 0, r.left-out
}

// recover finds the hold that a crash left open, and captures what is left.
func (r *modelRequest) recover() {
	holds, err := r.d.Holds(r.d.ctx, r.w, r.name)
	require.NoError(r.d.t, err)
	for _, h := range holds {
		require.Equal(r.d.t, r.hold, h.ID)
		r.take(r.name+"/found", r.in, r.left, false)
	}
}

func (r *modelRequest) take(key string, in, out int64, more bool) {
	if in+out == 0 {
		return
	}
	e, err := r.d.Capture(r.d.ctx, ledger.CaptureRequest{
		Key: key, WalletID: r.w, Hold: r.hold, Item: "answer", Quantities: tokens(in, out), More: more,
		OrCharge: true, Shortfall: ledger.ShortfallPartial,
	})
	require.NoError(r.d.t, err)
	price := inputPrice.Mul(decimal.NewFromInt(in)).Add(outputPrice.Mul(decimal.NewFromInt(out)))
	r.d.tokens[r.i] = r.d.tokens[r.i].Add(price)
	switch {
	case e.Hold == nil:
		r.d.tooLate++
	case slices.ContainsFunc(e.Moves, func(m ledger.Move) bool { return m.From == ledger.PotRemaining }):
		r.d.beyond++
	}
}
