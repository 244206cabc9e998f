package ledger_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/storetest"
)

// An outage lets some commits pass, keeps one of which nobody hears, and from then on
// the store cannot be reached. It has not begun before it is given a number.
type outage struct{ commits atomic.Int32 }

func (o *outage) plan(f storetest.Fault) bool {
	switch f { // the others do not happen
	case storetest.FaultKept:
		return o.commits.Load() > 0 && o.commits.Add(-1) == 0 && o.commits.CompareAndSwap(0, -1)
	case storetest.FaultBegin:
		return o.commits.Load() < 0
	}
	return false
}

// What a lost connection has left open stays open if the store cannot be asked any
// more: of what is in the books nobody says that it is not.
func TestAnUnknownOutcomeStaysUnknownWhileTheStoreIsGone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		callers int
		commits int32
	}{"a request alone": {1, 1}, "several in a batch": {50, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var o outage
			b := openOn(t, storetest.Faulty(new(memory.Store), o.plan), ledger.Config{Lanes: 1})
			w := b.wallet(ledger.Terms{})
			b.give(w, "100", nil)
			o.commits.Store(c.commits)
			answers := make(map[string]error)
			var mu sync.Mutex
			var wg sync.WaitGroup
			for range c.callers {
				r := ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "use", Amount: dec("1")}
				wg.Go(func() {
					_, err := b.Charge(context.Background(), r)
					mu.Lock()
					defer mu.Unlock()
					answers[r.Key] = err
				})
			}
			wg.Wait()
			o.commits.Store(0)

			var done []string
			for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w, Kinds: []ledger.Kind{ledger.KindCharge}}) {
				require.NoError(t, err)
				done = append(done, e.Key)
			}
			require.NotEmpty(t, done)
			for key, err := range answers {
				if err != nil && !errors.Is(err, ledger.ErrUnknownOutcome) {
					require.NotContains(t, done, key)
				}
			}
			require.True(t, slices.ContainsFunc(done, func(key string) bool { return answers[key] != nil }), "nothing was left open")
		})
	}
}

// A refusal that is in the books has been answered: asking the store again could only
// fail.
func TestARefusalForGoodIsOneTransaction(t *testing.T) {
	t.Parallel()
	var begun atomic.Int32
	count := func(f storetest.Fault) bool {
		if f == storetest.FaultBegin {
			begun.Add(1)
		}
		return false
	}
	b := openOn(t, storetest.Faulty(new(memory.Store), count), ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "1", nil)
	r := ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "use", Amount: dec("2"), Final: true}
	before := begun.Load()
	_, err := b.Charge(b.ctx, r)
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
	require.Equal(t, before+1, begun.Load())

	b.give(w, "10", nil)
	_, err = b.Charge(b.ctx, r)
	require.ErrorIs(t, err, ledger.ErrInsufficientCredits)
}
