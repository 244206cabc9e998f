package holds_test

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// A call of a model, as it comes in.
type call struct {
	id        string // made by the client, and the same when it tries again
	user      string
	input     int64
	maxOutput int64
}

var large = map[string]string{"model": "large"}

func tokens(input, output int64) map[string]decimal.Decimal {
	return map[string]decimal.Decimal{"input": decimal.NewFromInt(input), "output": decimal.NewFromInt(output)}
}

// hold earmarks the most that a call can cost.
func (s *server) hold(c call) (ledger.Entry, error) {
	return s.Hold(ctx, ledger.HoldRequest{
		Key: c.id + "/hold", WalletID: s.wallet, Item: "completion", Attributes: large,
		Quantities: tokens(c.input, c.maxOutput), Life: 2 * time.Minute,
		Info: ledger.Info{Reference: c.id, Actor: c.user},
	})
}

// capture spends what the call did cost and gives the rest back.
func (s *server) capture(c call, hold ledger.HoldID, output int64) (ledger.Entry, error) {
	return s.Capture(ctx, ledger.CaptureRequest{
		Key: c.id + "/done", WalletID: s.wallet, Hold: hold, Item: "completion", Attributes: large,
		Quantities: tokens(c.input, output),
		OrCharge:   true,                    // the work was done, whatever became of the hold
		Shortfall:  ledger.ShortfallPartial, // and it is not lost if it took more than was there
		Info:       ledger.Info{Reference: c.id, Actor: c.user},
	})
}

// Hold the most that it can cost, call the model, capture what it took.
func Example_call() {
	s := start(ledger.Terms{})
	defer s.stop()
	c := call{id: "req-1", user: "ann", input: 2_000, maxOutput: 4_000}

	h := must(s.hold(c))
	s.show("during:")
	output := int64(750) // here a server calls the model
	e := must(s.capture(c, h.Hold.ID, output))
	fmt.Println("cost", e.Amount())
	s.show("after: ")
	// Output:
	// during: available 64 held 36
	// cost 10
	// after:  available 90 held 0
}

// A customer who cannot pay the most that a call can cost is told before the model is
// called, and how much is there.
func Example_refused() {
	s := start(ledger.Terms{})
	defer s.stop()
	_, err := s.hold(call{id: "req-1", input: 2_000, maxOutput: 16_000})

	var short *ledger.InsufficientCreditsError
	if errors.As(err, &short) {
		fmt.Println("it may cost", short.Want, "and there are", short.Have)
	}
	// Output:
	// it may cost 132 and there are 100
}

// A client that tries again gets the first answers, and pays once.
func Example_again() {
	s := start(ledger.Terms{})
	defer s.stop()
	c := call{id: "req-1", input: 2_000, maxOutput: 4_000}
	for range 2 {
		h := must(s.hold(c))
		e := must(s.capture(c, h.Hold.ID, 750))
		fmt.Println("hold", h.Hold.ID, "cost", e.Amount())
	}
	s.show("after:")
	// Output:
	// hold 3 cost 10
	// hold 3 cost 10
	// after: available 90 held 0
}

// A long stream pays as it goes. The hold grows with it and lives on, and the last
// capture gives back what is left of it.
func Example_stream() {
	s := start(ledger.Terms{})
	defer s.stop()
	h := must(s.Hold(ctx, ledger.HoldRequest{
		Key: "req-1/hold", WalletID: s.wallet, Item: "completion", Attributes: large,
		Quantities: tokens(2_000, 2_000), Life: time.Minute,
	}))
	pieces := []map[string]decimal.Decimal{tokens(2_000, 1_000), tokens(0, 1_000), tokens(0, 500)}
	for i, used := range pieces {
		s.now.wait(40 * time.Second)
		last := i == len(pieces)-1
		e := must(s.Capture(ctx, ledger.CaptureRequest{
			Key: fmt.Sprint("req-1/", i), WalletID: s.wallet, Hold: h.Hold.ID, Attributes: large, Quantities: used,
			More: !last, Shortfall: ledger.ShortfallPartial,
		}))
		fmt.Println("captured", e.Amount(), "still held", e.Hold.Amount())
		if last {
			break
		}
		next := must(s.Check(ctx, ledger.HoldRequest{ // what a thousand tokens more can cost
			WalletID: s.wallet, Item: "completion", Attributes: large, Quantities: tokens(0, 1_000), Life: time.Minute,
		}))
		must(s.Extend(ctx, ledger.ExtendRequest{
			Key: fmt.Sprint("req-1/more-", i), WalletID: s.wallet, Hold: h.Hold.ID,
			Amount: next.Hold.Amount(), Life: time.Minute,
		}))
	}
	s.show("after:")
	// Output:
	// captured 12 still held 8
	// captured 8 still held 8
	// captured 4 still held 0
	// after: available 76 held 0
}

// A call that took more than was held is paid from what else is there. What is not
// there is overage: it is on the books, to be invoiced or written off.
func Example_more() {
	s := start(ledger.Terms{})
	defer s.stop()
	c := call{id: "req-1", input: 2_000, maxOutput: 4_000}
	h := must(s.hold(c))
	e := must(s.capture(c, h.Hold.ID, 14_000))
	fmt.Println("cost", e.Amount(), "paid", e.Change.Neg(), "overage", e.Overage())

	// With the default, ShortfallRefuse, such a capture fails as a whole, and not even
	// what was held is spent.
	other := start(ledger.Terms{})
	defer other.stop()
	h = must(other.hold(c))
	_, err := other.Capture(ctx, ledger.CaptureRequest{
		Key: "req-1/done", WalletID: other.wallet, Hold: h.Hold.ID, Attributes: large, Quantities: tokens(2_000, 14_000),
	})
	fmt.Println(err)
	other.show("then:")
	// Output:
	// cost 116 paid 100 overage 16
	// ledger: insufficient credits: want 116, have 100
	// then: available 64 held 36
}

// A call that failed gives everything back. Released twice is released once.
func Example_failed() {
	s := start(ledger.Terms{})
	defer s.stop()
	c := call{id: "req-1", input: 2_000, maxOutput: 4_000}
	h := must(s.hold(c))
	for range 2 {
		must(s.Release(ctx, ledger.ReleaseRequest{
			Key: c.id + "/failed", WalletID: s.wallet, Hold: h.Hold.ID, Info: ledger.Info{Reason: "the model timed out"},
		}))
	}
	s.show("after:")
	// Output:
	// after: available 100 held 0
}

// The process dies between the hold and the capture. The next one finds what was
// under way, and settles it: here the model's own log says what it took.
func Example_crash() {
	s := start(ledger.Terms{})
	defer s.stop()
	c := call{id: "req-1", user: "ann", input: 2_000, maxOutput: 4_000}
	must(s.hold(c))
	// Here it dies.

	next := restart(s.path, s.now)
	defer next.stop()
	for _, h := range must(next.Holds(ctx, next.wallet, "")) {
		fmt.Println("found", h.Reference, "of", h.Actor, "with", h.Amount(), "held")
		output, ok := map[string]int64{"req-1": 750}[h.Reference]
		if !ok {
			continue // never begun: let it time out
		}
		must(next.capture(c, h.ID, output))
	}
	next.show("after:")
	// Output:
	// found req-1 of ann with 36 held
	// after: available 90 held 0
}

// Nobody comes back. The hold ends when its life does, by itself. Whoever reports the
// call after that charges for it all the same.
func Example_timeOut() {
	s := start(ledger.Terms{})
	defer s.stop()
	c := call{id: "req-1", input: 2_000, maxOutput: 4_000}
	h := must(s.hold(c))
	s.show("at nine:  ")
	s.now.wait(2 * time.Minute)
	s.show("at 9:02:  ")
	e := must(s.capture(c, h.Hold.ID, 750))
	s.show("captured: ")
	fmt.Println("from the hold:", e.Hold != nil)
	// Output:
	// at nine:   available 64 held 36
	// at 9:02:   available 100 held 0
	// captured:  available 90 held 0
	// from the hold: false
}

// Credits that end while they are held can still be captured: a call that began in
// time is paid.
func Example_expires() {
	s := start(ledger.Terms{})
	defer s.stop()
	must(s.Grant(ctx, ledger.GrantRequest{
		Key: "trial", WalletID: s.wallet, Source: ledger.SourcePromotion, Amount: decimal.NewFromInt(36),
		Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Minutes(1)},
	}))
	c := call{id: "req-1", input: 2_000, maxOutput: 4_000}
	h := must(s.hold(c))
	s.now.wait(90 * time.Second)
	e := must(s.capture(c, h.Hold.ID, 750))
	for _, d := range e.Draws() {
		fmt.Println(d.Amount, "from grant", d.Grant)
	}
	s.show("after:") // the rest of the trial has lapsed
	// Output:
	// 10 from grant 3.1
	// after: available 100 held 0
}

// Prices that round up do so for each capture. What is paid in pieces needs a unit
// that is fine enough, or a rate over the period.
func Example_rounding() {
	catalog := must(pricing.New(pricing.Catalog{
		Unit:  pricing.Credits(),
		Items: []pricing.ItemDef{{ID: "each", Kind: "model"}, {ID: "period", Kind: "model"}},
		RateCards: []pricing.RateCard{{Name: "models", Rates: []pricing.Rate{
			{Item: "each", Formula: pricing.Formula{
				Model: pricing.ModelPackage, Over: pricing.OverUse, Price: decimal.NewFromInt(1), Block: decimal.NewFromInt(1_000),
			}},
			{Item: "period", Formula: pricing.Formula{
				Model: pricing.ModelPackage, Over: pricing.OverPeriod, Price: decimal.NewFromInt(1), Block: decimal.NewFromInt(1_000),
			}},
		}}},
	}))
	books := ledger.New(new(memory.Store), ledger.Config{Catalog: catalog})
	w := must(books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "org-42", Unit: pricing.Credits()}))
	must(books.Grant(ctx, ledger.GrantRequest{
		Key: "pi_1", WalletID: w.ID, Source: ledger.SourcePurchase, Amount: decimal.NewFromInt(100),
	}))
	for _, item := range []string{"each", "period"} {
		sum := decimal.Zero
		for piece := range 4 {
			e := must(books.Charge(ctx, ledger.ChargeRequest{
				Key: fmt.Sprint(item, piece), WalletID: w.ID, Item: item, Quantity: decimal.NewFromInt(500),
			}))
			sum = sum.Add(e.Amount())
		}
		fmt.Println("4 pieces of 500 tokens,", item+":", sum)
	}
	// Output:
	// 4 pieces of 500 tokens, each: 4
	// 4 pieces of 500 tokens, period: 2
}

// A wallet's limits are kept in the same transaction as the hold that they refuse, so
// that a burst gets as many as are allowed and no more.
func Example_atOnce() {
	s := start(ledger.Terms{Limits: []ledger.Limit{
		{Name: "calls at once", Measure: ledger.MeasureHolds, Max: decimal.NewFromInt(3), PerActor: true},
	}})
	defer s.stop()
	refused := make(chan error, 10)
	var burst sync.WaitGroup
	for i := range 10 {
		burst.Go(func() {
			_, err := s.hold(call{id: fmt.Sprint("req-", i), user: "ann", input: 100, maxOutput: 100})
			refused <- err
		})
	}
	burst.Wait()
	close(refused)

	var passed int
	var limit *ledger.LimitError
	for err := range refused {
		if !errors.As(err, &limit) {
			passed++
		}
	}
	fmt.Println(passed, "passed;", limit.Actor, "is at", limit.Limit, "and may try at", limit.FreesAt.Format(time.TimeOnly))
	_, err := s.hold(call{id: "req-99", user: "bob", input: 100, maxOutput: 100})
	fmt.Println("bob:", err)
	// Output:
	// 3 passed; ann is at calls at once and may try at 09:02:00
	// bob: <nil>
}

// A budget for each API key, which is the actor: what is held counts, so a key cannot
// begin what it could not pay.
func Example_budget() {
	s := start(ledger.Terms{Limits: []ledger.Limit{
		{Name: "budget of a key", Measure: ledger.MeasureCredits, Max: decimal.NewFromInt(50), Per: expiry.Days(1), PerActor: true},
	}})
	defer s.stop()
	must(s.hold(call{id: "req-1", user: "key-a", input: 2_000, maxOutput: 4_000}))
	_, err := s.hold(call{id: "req-2", user: "key-a", input: 2_000, maxOutput: 4_000})
	var limit *ledger.LimitError
	if errors.As(err, &limit) {
		fmt.Println(limit.Limit, "has", limit.Left, "left of 50, wanted", limit.Want)
	}
	// Output:
	// budget of a key has 14 left of 50, wanted 36
}
