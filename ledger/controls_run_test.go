package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// noticing opens n wallets that have something to tell.
func noticing(t testing.TB, l *ledger.Ledger, n int) []ledger.WalletID {
	t.Helper()
	wallets := make([]ledger.WalletID, n)
	for i := range wallets {
		w, err := l.OpenWallet(t.Context(), ledger.OpenWalletRequest{
			Key: fmt.Sprint("w", i), Unit: pricing.Credits(), Terms: ledger.Terms{Alerts: ledger.Alerts{Low: levels("5")}},
		})
		require.NoError(t, err)
		_, err = l.Grant(t.Context(), ledger.GrantRequest{
			Key: "g", WalletID: w.ID, Source: ledger.SourcePromotion, Amount: dec("10"),
		})
		require.NoError(t, err)
		wallets[i] = w.ID
	}
	return wallets
}

func TestNoticesAreHiddenWhileTheyAreTakenAndComeAgain(t *testing.T) {
	b := open(t, ledger.Config{})
	noticing(t, b.Ledger, 3)
	first, err := b.TakeNotices(b.ctx, 2, time.Minute)
	require.NoError(t, err)
	second, err := b.TakeNotices(b.ctx, 2, time.Minute)
	require.NoError(t, err)
	require.Len(t, append(first, second...), 3)
	third, err := b.TakeNotices(b.ctx, 2, time.Minute)
	require.NoError(t, err)
	require.Empty(t, third)
	require.NoError(t, b.AckNotices(b.ctx, first[0].ID, first[1].ID))
	require.NoError(t, b.AckNotices(b.ctx, first[0].ID))
	require.NoError(t, b.AckNotices(b.ctx))
	b.clock = noon.Add(time.Minute)
	again, err := b.TakeNotices(b.ctx, 10, time.Minute)
	require.NoError(t, err)
	require.Equal(t, second, again)

	_, err = b.TakeNotices(b.ctx, 0, time.Minute)
	require.ErrorIs(t, err, ledger.ErrInvalid)
	_, err = b.TakeNotices(b.ctx, 1, 0)
	require.ErrorIs(t, err, ledger.ErrInvalid)
	_, err = b.TakeNotices(b.ctx, 1, ledger.MaxVisibility+1)
	require.ErrorIs(t, err, ledger.ErrInvalid)
}

func TestConsumersNeverGetTheSameNoticeAtOnce(t *testing.T) {
	b := open(t, ledger.Config{})
	noticing(t, b.Ledger, 60)
	var mu sync.Mutex
	seen := make(map[ledger.NoticeID]int)
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			for {
				taken, err := b.TakeNotices(b.ctx, 7, time.Minute)
				if err != nil || len(taken) == 0 {
					return
				}
				mu.Lock()
				for _, d := range taken {
					seen[d.ID]++
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	require.Len(t, seen, 60)
	for id, n := range seen {
		require.Equal(t, 1, n, "%v", id)
	}
}

func TestRunSettlesAndDeliversUntilItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := ledger.New(new(memory.Store), ledger.Config{})
		wallets := noticing(t, l, 5)
		_, err := l.Hold(t.Context(), ledger.HoldRequest{Key: "h", WalletID: wallets[0], Amount: dec("8"), Life: time.Minute})
		require.NoError(t, err)
		delivered := make(map[ledger.NoticeID]int)
		failures := 3
		ctx, stop := context.WithCancel(t.Context())
		var log bytes.Buffer
		ended := make(chan error)
		go func() {
			ended <- l.Run(ctx, ledger.RunConfig{
				Batch: 2, Visibility: time.Minute, Logger: slog.New(slog.NewTextHandler(&log, nil)),
				Handle: func(_ context.Context, d ledger.Delivery) error {
					if failures > 0 {
						failures--
						return errors.New("mail server is down")
					}
					delivered[d.ID]++
					return nil
				},
			})
		}()
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		require.Len(t, delivered, 7, "five recovered at first, one is low, and recovers when its hold times out")
		for id, n := range delivered {
			require.Equal(t, 1, n, "%v", id)
		}
		require.Contains(t, log.String(), "mail server is down")
		w, err := l.Wallet(t.Context(), wallets[0])
		require.NoError(t, err)
		require.Equal(t, ledger.Hold{}, firstHold(w))
		stop()
		require.ErrorIs(t, <-ended, context.Canceled)
	})
}

func firstHold(w ledger.Wallet) ledger.Hold {
	if len(w.Holds) == 0 {
		return ledger.Hold{}
	}
	return w.Holds[0]
}

func TestRunBacksOffFromAStoreThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &countingStore{}
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		var log bytes.Buffer
		err := ledger.New(store, ledger.Config{}).Run(ctx, ledger.RunConfig{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 9, store.calls, "at 0, 1, 3, 7, 15, 25, 35, 45 and 55 seconds")
		require.Contains(t, log.String(), "no disk")
	})
}

// countingStore fails, and counts how often it is asked.
type countingStore struct{ calls int }

func (s *countingStore) Update(context.Context, func(ledger.Tx) error) error { return s.fail() }
func (s *countingStore) View(context.Context, func(ledger.Tx) error) error   { return s.fail() }

func (s *countingStore) fail() error {
	s.calls++
	return errors.New("no disk")
}
