package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/storetest"
)

// A stage is books in which every operation has something to work on.
type stage struct {
	store    ledger.Store
	clock    time.Time
	from, to ledger.WalletID
	hold     ledger.HoldID
	grant    ledger.GrantID
}

// newStage sets the stage; some of it falls due just before the operation comes.
func newStage(t *testing.T) *stage {
	s := &stage{store: newStore(), clock: noon}
	books := s.books(s.store)
	for i, id := range []*ledger.WalletID{&s.from, &s.to} {
		w, err := books.OpenWallet(t.Context(), ledger.OpenWalletRequest{
			Key: fmt.Sprint("wallet-", i), Unit: ledger.Unit{Name: "credits"}, Terms: ledger.Terms{CreditLimit: credits(50)},
		})
		require.NoError(t, err)
		*id = w.ID
	}
	must := func(e ledger.Entry, err error) ledger.Entry {
		require.NoError(t, err)
		return e
	}
	must(books.Grant(t.Context(), ledger.GrantRequest{
		Key: "ends", WalletID: s.from, Source: ledger.SourcePromotion, Amount: credits(30),
		Expiry: expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Hours(24)},
	}))
	s.grant = must(books.Grant(t.Context(), ledger.GrantRequest{
		Key: "stays", WalletID: s.from, Source: ledger.SourcePurchase, Amount: credits(100),
		Paid: ledger.Money{Amount: credits(10), Currency: "USD"},
	})).Grants[0].ID
	must(books.Purchase(t.Context(), ledger.PurchaseRequest{Key: "bought", WalletID: s.from, Package: "starter"}))
	must(books.Subscribe(t.Context(), ledger.SubscribeRequest{Key: "subscribed", WalletID: s.from, Offer: ledger.Offer{Plan: "pro"}}))
	must(books.Charge(t.Context(), ledger.ChargeRequest{Key: "charged", WalletID: s.from, Item: "sms", Amount: credits(40)}))
	s.hold = must(books.Hold(t.Context(), ledger.HoldRequest{
		Key: "held", WalletID: s.from, Item: "gpu", Amount: credits(20), Life: 30 * hour,
	})).Hold.ID
	s.clock = noon.Add(25 * hour)
	return s
}

func (s *stage) books(store ledger.Store) *ledger.Ledger {
	return ledger.New(store, ledger.Config{Catalog: machineCatalog, Now: func() time.Time { return s.clock }})
}

// everything returns all that is in the books.
func (s *stage) everything(t *testing.T) string {
	m := machine{ctx: t.Context(), store: s.store, ids: []ledger.WalletID{s.from, s.to}}
	all, err := m.everything()
	require.NoError(t, err)
	return all
}

// operations are all that can change books, each with the key "it".
var operations = map[string]func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error){
	"open": func(ctx context.Context, _ *stage, b *ledger.Ledger) (ledger.Entry, error) {
		_, err := b.OpenWallet(ctx, ledger.OpenWalletRequest{Key: "it", Unit: ledger.Unit{Name: "credits"}})
		return ledger.Entry{}, err
	},
	"amend": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Amend(ctx, ledger.AmendRequest{Key: "it", WalletID: s.from, Terms: ledger.Terms{Owner: "other"}})
	},
	"freeze": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Freeze(ctx, ledger.StatusRequest{Key: "it", WalletID: s.from})
	},
	"thaw": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Thaw(ctx, ledger.StatusRequest{Key: "it", WalletID: s.from})
	},
	"close": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.CloseWallet(ctx, ledger.StatusRequest{Key: "it", WalletID: s.from})
	},
	"grant": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Grant(ctx, ledger.GrantRequest{Key: "it", WalletID: s.from, Source: ledger.SourcePromotion, Amount: credits(5)})
	},
	"purchase": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Purchase(ctx, ledger.PurchaseRequest{Key: "it", WalletID: s.from, Package: "starter"})
	},
	"take back": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.TakeBack(ctx, ledger.TakeBackRequest{Key: "it", WalletID: s.from, Purchase: "bought"})
	},
	"charge": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Charge(ctx, ledger.ChargeRequest{Key: "it", WalletID: s.from, Item: "sms", Quantity: credits(3)})
	},
	"late charge": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Charge(ctx, ledger.ChargeRequest{Key: "it", WalletID: s.from, Amount: credits(3), At: noon.Add(hour)})
	},
	"overdraft": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Charge(ctx, ledger.ChargeRequest{Key: "it", WalletID: s.to, Amount: credits(3), Shortfall: ledger.ShortfallOverdraft})
	},
	"final refusal": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		e, err := b.Charge(ctx, ledger.ChargeRequest{Key: "it", WalletID: s.to, Amount: credits(3), Final: true})
		if errors.Is(err, ledger.ErrInsufficientCredits) {
			err = nil
		}
		return e, err
	},
	"refund": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Refund(ctx, ledger.RefundRequest{Key: "it", WalletID: s.from, Charge: "charged"})
	},
	"void": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Void(ctx, ledger.VoidRequest{Key: "it", WalletID: s.from, Grant: s.grant})
	},
	"adjust": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Adjust(ctx, ledger.AdjustRequest{
			Key: "it", WalletID: s.from, Amount: credits(-5), Info: ledger.Info{Reason: "a slip", Actor: "clerk"},
		})
	},
	"transfer": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Transfer(ctx, ledger.TransferRequest{Key: "it", From: s.from, To: s.to, Amount: credits(60)})
	},
	"subscribe": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Subscribe(ctx, ledger.SubscribeRequest{Key: "it", WalletID: s.to, Offer: ledger.Offer{Plan: "pro"}})
	},
	"change": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Change(ctx, ledger.ChangeRequest{Key: "it", WalletID: s.from, Offer: ledger.Offer{
			Buckets: []ledger.Bucket{{Name: "m1", Allowance: credits(80)}},
		}})
	},
	"cancel": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Cancel(ctx, ledger.CancelRequest{Key: "it", WalletID: s.from})
	},
	"hold": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Hold(ctx, ledger.HoldRequest{Key: "it", WalletID: s.from, Amount: credits(5), Life: hour})
	},
	"extend": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Extend(ctx, ledger.ExtendRequest{Key: "it", WalletID: s.from, Hold: s.hold, Amount: credits(5), Life: 40 * hour})
	},
	"capture": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Capture(ctx, ledger.CaptureRequest{Key: "it", WalletID: s.from, Hold: s.hold, Amount: credits(25)})
	},
	"release": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		return b.Release(ctx, ledger.ReleaseRequest{Key: "it", WalletID: s.from, Hold: s.hold})
	},
	"together": func(ctx context.Context, s *stage, b *ledger.Ledger) (ledger.Entry, error) {
		entries, err := b.Together(ctx,
			ledger.ChargeRequest{Key: "it", WalletID: s.from, Amount: credits(4)},
			ledger.GrantRequest{Key: "it", WalletID: s.to, Source: ledger.SourcePromotion, Amount: credits(4)},
		)
		if err != nil {
			return ledger.Entry{}, err
		}
		return entries[0], nil
	},
	"sweep": func(ctx context.Context, _ *stage, b *ledger.Ledger) (ledger.Entry, error) {
		_, err := b.Settle(ctx, 10)
		return ledger.Entry{}, err
	},
}

func TestAnOperationCutByAnyFaultAndRepeatedIsAsIfNothingHadHappened(t *testing.T) {
	t.Parallel()
	for name, do := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := newStage(t)
			want, err := do(t.Context(), whole, whole.books(whole.store))
			require.NoError(t, err)
			books, faults := whole.everything(t), 0
			for n := 1; ; n++ {
				plan, over := storetest.Once(n)
				s := newStage(t)
				faulty := s.books(storetest.Faulty(s.store, plan))
				got, err := do(t.Context(), s, faulty)
				if over() {
					break
				}
				faults++
				if err != nil {
					require.ErrorIs(t, err, storetest.ErrInjected)
					before := s.everything(t)
					got, err = do(t.Context(), s, faulty)
					require.NoError(t, err, "fault %d", n)
					if before != newStage(t).everything(t) {
						require.Equal(t, books, before, "fault %d left half of it behind", n)
					}
				}
				require.NoError(t, err, "fault %d", n)
				require.Equal(t, string(ledger.EncodeEntry(&want)), string(ledger.EncodeEntry(&got)), "fault %d", n)
				require.Equal(t, books, s.everything(t), "fault %d", n)
			}
			require.Greater(t, faults, 6, "too few places to fail")
		})
	}
}

// TestAStoreThatFailsAtRandomKeepsTheBooks lets a machine work on a store that
// conflicts, loses commits and repeats them, which is for the ledger to overcome.
func TestAStoreThatFailsAtRandomKeepsTheBooks(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		store := newStore()
		m := newMachine(storetest.Faulty(store, storetest.AtRandom(seed, map[storetest.Fault]int{
			storetest.FaultConflict: 5, storetest.FaultLost: 5, storetest.FaultKept: 5, storetest.FaultRepeat: 5,
		})))
		steps := make([]uint64, 60)
		for i := range steps {
			steps[i] = mix(seed*1000 + uint64(i))
		}
		require.NoError(t, m.run(steps), "seed %d", seed)
	}
}

// mix returns a number that depends on every bit of n.
func mix(n uint64) uint64 {
	n = (n + 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

func TestAHotWalletSpendsWhatItHasAndNoMore(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "1000", nil)
	var paid, refused atomic.Int64
	var wg sync.WaitGroup
	for g := range 20 {
		wg.Go(func() {
			for i := range 75 {
				_, err := b.Charge(b.ctx, ledger.ChargeRequest{Key: fmt.Sprint(g, "/", i), WalletID: w, Amount: credits(1)})
				switch {
				case err == nil:
					paid.Add(1)
				case errors.Is(err, ledger.ErrInsufficientCredits):
					refused.Add(1)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, int64(1000), paid.Load())
	require.Equal(t, int64(500), refused.Load())
	require.Equal(t, "0", b.available(w))
}

// TestACancelledRequestIsThereWholeOrNotAtAll cancels requests at all moments of
// their way through a slow store. The key tells what became of each.
func TestACancelledRequestIsThereWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := openOn(t, slowStore{newStore(), 10 * time.Millisecond}, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		b.give(w, "1000", nil)
		request := func(i int) ledger.ChargeRequest {
			return ledger.ChargeRequest{Key: fmt.Sprint("use ", i), WalletID: w, Amount: credits(1)}
		}
		outcomes := make([]error, 200)
		var wg sync.WaitGroup
		for i := range outcomes {
			wg.Go(func() {
				time.Sleep(time.Duration(mix(uint64(i))%100) * time.Millisecond)
				ctx, cancel := context.WithTimeout(b.ctx, time.Duration(mix(uint64(-i))%40)*time.Millisecond)
				defer cancel()
				_, outcomes[i] = b.Charge(ctx, request(i))
			})
		}
		wg.Wait()
		require.NoError(t, b.Close(b.ctx), "what was begun has ended")

		there := make(map[string]bool)
		for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w, Kinds: []ledger.Kind{ledger.KindCharge}}) {
			require.NoError(t, err)
			require.False(t, there[e.Key], "%s is there twice", e.Key)
			there[e.Key] = true
		}
		var done, not, open int
		for i, err := range outcomes {
			switch key := request(i).Key; {
			case err == nil:
				done++
				require.True(t, there[key], "%s was acknowledged", key)
			case errors.Is(err, ledger.ErrUnknownOutcome):
				open++
			default:
				not++
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.False(t, there[key], "%s was said to have had no effect", key)
			}
		}
		require.Positive(t, done)
		require.Positive(t, not)
		require.Positive(t, open)
		require.Equal(t, fmt.Sprint(1000-len(there)), b.available(w))
	})
}

// A slowStore takes its time for every transaction.
type slowStore struct {
	ledger.Store
	delay time.Duration
}

func (s slowStore) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	time.Sleep(s.delay)
	return s.Store.Update(context.WithoutCancel(ctx), fn)
}

func TestCloseAnswersWhatWasAcceptedAndRefusesTheRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := openOn(t, slowStore{newStore(), time.Second}, ledger.Config{})
		w := b.wallet(ledger.Terms{})
		b.give(w, "1000", nil)
		errs := make([]error, 20)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = b.Charge(b.ctx, ledger.ChargeRequest{Key: fmt.Sprint("use ", i), WalletID: w, Amount: credits(1)})
			})
		}
		synctest.Wait()
		short, cancel := context.WithTimeout(b.ctx, time.Millisecond)
		defer cancel()
		require.ErrorIs(t, b.Close(short), context.DeadlineExceeded)
		_, err := b.charge(w, "1")
		require.ErrorIs(t, err, ledger.ErrShutdown)
		require.NoError(t, b.Close(b.ctx))
		wg.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		require.Equal(t, "980", b.available(w))
	})
}

// A pickyStore refuses to write one wallet.
type pickyStore struct {
	ledger.Store
	bad atomic.Pointer[ledger.WalletID]
}

type pickyTx struct {
	ledger.Tx
	s *pickyStore
}

var errPicky = errors.New("not that one")

func (s *pickyStore) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	time.Sleep(time.Millisecond) // so that batches gather
	return s.Store.Update(ctx, func(tx ledger.Tx) error { return fn(pickyTx{tx, s}) })
}

func (t pickyTx) Write(ctx context.Context, c ledger.Changes) error {
	if bad := t.s.bad.Load(); bad != nil && slices.ContainsFunc(c.Wallets, func(p ledger.Put) bool { return p.Wallet.ID == *bad }) {
		return errPicky
	}
	return t.Tx.Write(ctx, c)
}

func TestAFailingMemberOfABatchFailsNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &pickyStore{Store: newStore()}
		b := openOn(t, store, ledger.Config{Lanes: 1})
		wallets := make([]ledger.WalletID, 10)
		for i := range wallets {
			wallets[i] = b.wallet(ledger.Terms{})
			b.give(wallets[i], "100", nil)
		}
		store.bad.Store(&wallets[3])
		errs := make([]error, 100)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = b.Charge(b.ctx, ledger.ChargeRequest{Key: fmt.Sprint("use ", i), WalletID: wallets[i%10], Amount: credits(1)})
			})
		}
		wg.Wait()
		for i, err := range errs {
			if i%10 == 3 {
				require.ErrorIs(t, err, errPicky)
			} else {
				require.NoError(t, err)
			}
		}
		require.NoError(t, b.Close(b.ctx))
	})
}
