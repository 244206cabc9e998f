package storetest_test

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/storetest"
)

// A server keeps the books in a log, from which it makes its memory anew after it has
// broken down.
type server struct {
	crashing
	down atomic.Bool

	mu    sync.Mutex
	log   []logged
	store *memory.Store
}

// A logged call is one that can be made again.
type logged struct {
	changes ledger.Changes
	acked   []ledger.NoticeID
}

func (l logged) again(ctx context.Context, tx ledger.Tx) error {
	if l.acked != nil {
		return tx.AckNotices(ctx, l.acked)
	}
	return tx.Write(ctx, l.changes)
}

// crashing is how a server breaks down.
type crashing struct {
	keeps func([]logged) []logged // what of the log is there afterwards; nil: everything
	doubt error                   // of a change that was kept while the server broke down
}

var errGone = errors.New("the server is gone")

func (s *server) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down.Load() {
		return errGone
	}
	var did []logged
	err := s.store.Update(ctx, func(tx ledger.Tx) error { return fn(logging{tx, &did}) })
	if err != nil {
		return err
	}
	s.log = append(s.log, did...)
	for range 10 {
		runtime.Gosched() // so that it can break down now
	}
	if s.down.Load() {
		return s.doubt
	}
	return nil
}

func (s *server) View(ctx context.Context, fn func(ledger.Tx) error) error {
	return s.store.View(ctx, fn)
}

// breakDown ends with a server that has read its log.
func (s *server) breakDown() {
	s.down.Store(true)
	time.Sleep(time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keeps != nil {
		s.log = s.keeps(s.log)
	}
	s.store = new(memory.Store)
	for _, l := range s.log {
		ctx := context.Background()
		if err := s.store.Update(ctx, func(tx ledger.Tx) error { return l.again(ctx, tx) }); err != nil {
			panic(err)
		}
	}
	s.down.Store(false)
}

type logging struct {
	ledger.Tx
	did *[]logged
}

func (l logging) Write(ctx context.Context, c ledger.Changes) error {
	*l.did = append(*l.did, logged{changes: c})
	return l.Tx.Write(ctx, c)
}

func (l logging) AckNotices(ctx context.Context, ids []ledger.NoticeID) error {
	*l.did = append(*l.did, logged{acked: ids})
	return l.Tx.AckNotices(ctx, ids)
}

// withoutLast loses the last changes.
func withoutLast(log []logged) []logged { return log[:len(log)-3] }

// halved keeps the last change of two wallets in one of them, and nothing after it.
func halved(log []logged) []logged {
	for i, l := range slices.Backward(log) {
		if len(l.changes.Wallets) < 2 {
			continue
		}
		half := logged{changes: ledger.Changes{Wallets: l.changes.Wallets[:1]}}
		for _, e := range l.changes.Entries {
			if e.WalletID == half.changes.Wallets[0].Wallet.ID {
				half.changes.Entries = append(half.changes.Entries, e)
			}
		}
		return append(log[:i:i], half)
	}
	return log
}

// withoutAcks loses what was acknowledged of notices.
func withoutAcks(log []logged) []logged {
	return slices.DeleteFunc(log, func(l logged) bool { return l.acked != nil })
}

func TestOutageFindsWhatACrashHasLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]crashing{
		"":                                   {doubt: ledger.ErrUnknownOutcome},
		"changes acknowledged, but not kept": {doubt: ledger.ErrUnknownOutcome, keeps: withoutLast},
		"changes kept by half":               {doubt: ledger.ErrUnknownOutcome, keeps: halved},
		"acknowledged notices come back":     {doubt: ledger.ErrUnknownOutcome, keeps: withoutAcks},
		"changes kept, but said to be lost":  {doubt: errGone},
	} {
		t.Run(cmp.Or(name, "a sound server passes"), func(t *testing.T) {
			t.Parallel()
			failed := storetest.Failures(t, func(tb testing.TB) {
				s := &server{crashing: c, store: new(memory.Store)}
				open := func() (ledger.Store, func()) { return s, func() {} }
				storetest.Outage(tb, 4, open, s.breakDown)
			})
			if (len(failed) > 0) != (name != "") {
				t.Errorf("found: %v", failed)
			}
		})
	}
}
