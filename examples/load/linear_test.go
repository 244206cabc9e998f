package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/storetest"
)

// An ask is a call about one wallet: to give it so many credits or, below zero, to
// spend them. Zero asks how many there are.
type ask struct {
	key    string
	amount int64
}

// An answer to it.
type answer struct {
	balance int64 // after it
	refused bool
	unknown bool // it may have been done or not
}

// A purse is what a wallet is in the model: what is left, and what each key that was
// used has answered, as "key=balance;".
type purse struct {
	left int64
	past string
}

// answered returns what key has answered.
func (p purse) answered(key string) (balance int64, ok bool) {
	_, rest, ok := strings.Cut(p.past, ";"+key+"=")
	if !ok {
		return 0, false
	}
	_, err := fmt.Sscan(rest[:strings.IndexByte(rest, ';')], &balance)
	return balance, err == nil
}

// step returns what the purse can be after an ask that was answered so: nothing if it
// cannot be answered so.
func (p purse) step(q ask, a answer) []any {
	if q.amount == 0 {
		return only(p, a.balance == p.left)
	}
	if balance, ok := p.answered(q.key); ok {
		return only(p, a.unknown || !a.refused && a.balance == balance)
	}
	if p.left+q.amount < 0 {
		return only(p, a.unknown || a.refused)
	}
	done := purse{p.left + q.amount, p.past + fmt.Sprintf("%s=%d;", q.key, p.left+q.amount)}
	if a.unknown {
		return []any{p, done}
	}
	return only(done, !a.refused && a.balance == done.left)
}

func only(p purse, possible bool) []any {
	if !possible {
		return nil
	}
	return []any{p}
}

var model = porcupine.NondeterministicModel{
	Init: func() []any { return []any{purse{past: ";"}} },
	Step: func(state, input, output any) []any { return state.(purse).step(input.(ask), output.(answer)) },
}

// A historian makes asks and writes down who heard what and when.
type historian struct {
	t     *testing.T
	books []*ledger.Ledger // on the same store
	id    ledger.WalletID
	began time.Time

	mu      sync.Mutex
	history []porcupine.Operation
}

// ask makes an ask of one of the ledgers, with little time now and then.
func (h *historian) ask(random *rand.Rand, client int, q ask) {
	ctx := h.t.Context()
	if random.IntN(4) == 0 {
		short, cancel := context.WithTimeout(ctx, rand.N(2*time.Millisecond))
		defer cancel()
		ctx = short
	}
	asked := time.Since(h.began).Nanoseconds()
	a, err := h.do(ctx, h.books[random.IntN(len(h.books))], q)
	heard := time.Since(h.began).Nanoseconds()
	switch {
	case errors.Is(err, ledger.ErrUnknownOutcome):
		a.unknown, heard = true, math.MaxInt64 // it may still be done, at any time
	case errors.Is(err, ledger.ErrInsufficientCredits):
		a.refused = true
	case err != nil:
		if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, ledger.ErrConflict) {
			h.t.Error(err)
		}
		return // nothing happened
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.history = append(h.history, porcupine.Operation{ClientId: client, Input: q, Call: asked, Output: a, Return: heard})
}

func (h *historian) do(ctx context.Context, books *ledger.Ledger, q ask) (a answer, err error) {
	var e ledger.Entry
	switch {
	case q.amount == 0:
		b, err := books.Balance(ctx, h.id, time.Time{})
		return answer{balance: b.Available.IntPart()}, err
	case q.amount < 0:
		e, err = books.Charge(ctx, ledger.ChargeRequest{Key: q.key, WalletID: h.id, Item: "sms", Amount: decimal.NewFromInt(-q.amount)})
	default:
		e, err = books.Grant(ctx, ledger.GrantRequest{
			Key: q.key, WalletID: h.id, Source: ledger.SourcePromotion, Amount: decimal.NewFromInt(q.amount),
		})
	}
	return answer{balance: e.Balance.IntPart()}, err
}

// record has clients make asks at the same time, of which some repeat those of others,
// and returns the history.
func record(t *testing.T, store ledger.Store, seed uint64) []porcupine.Operation {
	const clients, asks = 6, 20
	h := &historian{t: t, began: time.Now()}
	for range 2 { // as in two processes
		h.books = append(h.books, ledger.New(store, ledger.Config{}))
	}
	key := fmt.Sprint(t.Name(), time.Now().UnixNano())
	w, err := h.books[0].OpenWallet(t.Context(), ledger.OpenWalletRequest{Key: key, Unit: pricing.Credits()})
	require.NoError(t, err)
	h.id = w.ID
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(client)))
			for range asks {
				n := random.IntN(clients * asks)
				h.ask(random, client, ask{key: fmt.Sprint("k", n), amount: []int64{0, 3, 5, -1, -2, -4, -7}[n%7]})
			}
		})
	}
	wg.Wait()
	for _, b := range h.books {
		require.NoError(t, b.Close(t.Context()))
	}
	require.NoError(t, h.books[0].Verify(t.Context(), h.id))
	return h.history
}

// What concurrent callers of two ledgers hear of one wallet is what it would have
// answered them one after the other, in an order that no call contradicts: though
// transactions are lost, outcomes unknown, and requests repeated.
func TestHistoriesAreLinearizable(t *testing.T) {
	t.Parallel()
	stores := sites(t)
	stores["memory"] = inMemory
	for name, address := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site, err := openSite(t.Context(), address)
			require.NoError(t, err)
			defer site.close()
			unknown := 0
			for seed := range uint64(10) {
				faults := storetest.AtRandom(seed, map[storetest.Fault]int{
					storetest.FaultConflict: 20, storetest.FaultLost: 20, storetest.FaultKept: 10, storetest.FaultRepeat: 20,
				})
				history := record(t, storetest.Faulty(site.store, faults), seed)
				for _, o := range history {
					if o.Output.(answer).unknown {
						unknown++
					}
				}
				result := porcupine.CheckOperationsTimeout(model.ToModel(), history, time.Minute)
				require.Equal(t, porcupine.Ok, result, "seed %d", seed)
			}
			t.Logf("the outcome of %d calls was unknown", unknown)
		})
	}
}

// The checker finds a wallet that spends a credit twice.
func TestAHistoryThatIsNotLinearizableIsFound(t *testing.T) {
	t.Parallel()
	one := func(at int64, q ask, a answer) porcupine.Operation {
		return porcupine.Operation{Input: q, Output: a, Call: at, Return: at + 1}
	}
	given := one(0, ask{"a", 3}, answer{balance: 3})
	for name, history := range map[string][]porcupine.Operation{
		"spent twice":         {given, one(2, ask{"b", -2}, answer{balance: 1}), one(4, ask{"c", -2}, answer{balance: -1})},
		"a stale read":        {given, one(2, ask{"b", -2}, answer{balance: 1}), one(4, ask{}, answer{balance: 3})},
		"a key used twice":    {given, one(2, ask{"a", 3}, answer{balance: 6})},
		"refused though rich": {given, one(2, ask{"b", -2}, answer{refused: true})},
	} {
		require.False(t, porcupine.CheckOperations(model.ToModel(), history), name)
	}
}
