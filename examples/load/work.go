package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// A tally is what one process, or all of them, came to.
type tally struct {
	Done, Refused       int64 // operations
	Spent               decimal.Decimal
	Latency             histogram
	Transactions, Rows  int64
	Trips               int64
	Elapsed, FirstTenth time.Duration // the latter until a tenth of the operations was done
}

// merge adds what another process came to at the same time.
func (t *tally) merge(other *tally) {
	t.Done += other.Done
	t.Refused += other.Refused
	t.Spent = t.Spent.Add(other.Spent)
	t.Latency.merge(other.Latency)
	t.Transactions += other.Transactions
	t.Rows += other.Rows
	t.Trips += other.Trips
	t.Elapsed = max(t.Elapsed, other.Elapsed)
	t.FirstTenth = max(t.FirstTenth, other.FirstTenth)
}

// work does this process's share of the load, from as many goroutines as there are
// callers, and counts what is done in done.
func (l *load) work(ctx context.Context, books *ledger.Ledger, m *meter, s *site, done *atomic.Int64) (*tally, error) {
	before := tally{Transactions: m.transactions.Load(), Rows: m.rows.Load(), Trips: s.sent()}
	callers := l.Callers * l.Processes
	tenth := int64(l.Operations / l.Processes / 10)
	var all tally
	var mu sync.Mutex
	began := time.Now()
	err := each(l.Callers, l.Callers, func(caller int) error {
		var mine tally
		for i := l.Worker*l.Callers + caller; i < l.Operations; i += callers {
			asked := time.Now()
			spent, refused, err := l.do(ctx, books, i)
			if err != nil {
				return err
			}
			mine.Latency.add(time.Since(asked))
			mine.Spent = mine.Spent.Add(spent)
			mine.Done++
			if refused {
				mine.Refused++
			}
			if done.Add(1) == tenth {
				mine.FirstTenth = time.Since(began)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		all.merge(&mine)
		return nil
	})
	all.Elapsed = time.Since(began)
	all.Transactions = m.transactions.Load() - before.Transactions
	all.Rows = m.rows.Load() - before.Rows
	all.Trips = s.sent() - before.Trips
	return &all, err
}

// sent returns how many round trips there were.
func (s *site) sent() int64 {
	if s.trips == nil {
		return 0
	}
	return s.trips()
}
