package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scrip-go/scrip/pricing"
)

// maxAttempts is how often a transaction is begun anew after it lost to another.
const maxAttempts = 5

// A lane gathers the requests of some wallets and commits them together: while one
// batch is being committed the next one gathers. There is no timer: a request that
// finds the lane idle is committed at once, by its own goroutine.
type lane struct {
	store    Store
	catalog  *pricing.Catalog
	maxBatch int
	places   chan struct{} // one for each request that waits or is worked on

	mu     sync.Mutex
	queue  []*job
	busy   bool
	closed bool
	idle   *sync.Cond // signalled when busy ends

	recent cache // only for whoever made the lane busy
}

// A job is a request on its way through a lane.
type job struct {
	request     Request
	fingerprint Hash
	now         time.Time

	state atomic.Int32 // who has it: see below
	done  chan struct{}
	entry *Entry // the answer, nil if there is none
	err   error

	doubtful bool // an attempt may have done it or not, and no later one has told
}

// A job is abandoned by its caller, or begun by the lane, never both.
const (
	jobWaiting = iota
	jobBegun
	jobAbandoned
)

func newLane(store Store, cfg Config) *lane {
	l := &lane{
		store: store, catalog: cfg.Catalog, maxBatch: cfg.MaxBatch,
		places: make(chan struct{}, cfg.MaxWaiting),
	}
	l.idle = sync.NewCond(&l.mu)
	return l
}

// submit has j done and returns its answer.
func (l *lane) submit(ctx context.Context, j *job) (Entry, error) {
	if err := ctx.Err(); err != nil {
		return Entry{}, err
	}
	select {
	case l.places <- struct{}{}:
	case <-ctx.Done():
		return Entry{}, ctx.Err()
	}
	defer func() { <-l.places }()

	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return Entry{}, ErrShutdown
	}
	if !l.busy {
		l.busy = true
		l.mu.Unlock()
		defer l.pass()
		l.commit(ctx, []*job{j})
		return j.entry.forCaller(), j.err
	}
	j.done = make(chan struct{})
	l.queue = append(l.queue, j)
	l.mu.Unlock()
	return j.wait(ctx)
}

// wait returns the answer to a job in the queue.
func (j *job) wait(ctx context.Context) (Entry, error) {
	select {
	case <-j.done:
		return j.entry.forCaller(), j.err
	case <-ctx.Done():
	}
	if j.state.CompareAndSwap(jobWaiting, jobAbandoned) {
		return Entry{}, ctx.Err()
	}
	select {
	case <-j.done:
		return j.entry.forCaller(), j.err
	default:
		return Entry{}, errors.Join(ErrUnknownOutcome, ctx.Err())
	}
}

// pass ends the lane's being busy, or has the queue worked off by a goroutine that
// lives as long as there is one.
func (l *lane) pass() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) > 0 {
		go l.drain()
		return
	}
	l.busy = false
	l.idle.Broadcast()
}

// drain commits batch after batch until nobody waits.
func (l *lane) drain() {
	for {
		l.mu.Lock()
		batch := l.gather()
		if len(batch) == 0 && len(l.queue) == 0 {
			l.busy = false
			l.idle.Broadcast()
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		l.commit(context.Background(), batch)
		for _, j := range batch {
			close(j.done)
		}
	}
}

// gather takes the next batch from the queue.
func (l *lane) gather() []*job {
	n := min(len(l.queue), l.maxBatch)
	batch := make([]*job, 0, n)
	for _, j := range l.queue[:n] {
		if j.state.CompareAndSwap(jobWaiting, jobBegun) {
			batch = append(batch, j)
		}
	}
	clear(l.queue[:n])
	l.queue = l.queue[n:]
	if len(l.queue) == 0 {
		l.queue = nil
	}
	return batch
}

// close refuses further requests and waits until the lane is idle.
func (l *lane) close(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.idle.Broadcast()
	})
	defer stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for l.busy && ctx.Err() == nil {
		l.idle.Wait()
	}
	if l.busy {
		return ctx.Err()
	}
	return nil
}

// commit answers a batch of jobs, each on its own merits: what makes the
// transaction fail as a whole is sought out by doing its jobs one by one.
func (l *lane) commit(ctx context.Context, batch []*job) {
	left, err := l.attempt(ctx, batch)
	if err == nil {
		return
	}
	if len(left) == 1 {
		left[0].fail(err)
		return
	}
	for _, j := range left {
		l.commit(ctx, []*job{j})
	}
}

// fail answers j with err, which leaves open what an earlier attempt has left open.
func (j *job) fail(err error) {
	if j.doubtful && !errors.Is(err, ErrUnknownOutcome) {
		err = fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
	}
	j.entry, j.err = nil, err
}

// attempt does batch in one transaction: first with the wallets that the lane
// remembers, nothing read and nothing locked, and if that loses, or if one of them
// is not remembered, with all that it needs read under lock. An unknown outcome is
// resolved by repeating it: the keys tell. If it fails, attempt returns the jobs that
// are still to be done.
func (l *lane) attempt(ctx context.Context, batch []*job) (left []*job, err error) {
	left, err = l.remembered(ctx, batch)
	if len(left) == 0 || err != nil && !retryable(err) {
		return left, err
	}
	for range maxAttempts {
		doubt(left, err)
		if err = ctx.Err(); err != nil {
			return left, err
		}
		if err = l.locked(ctx, left); !retryable(err) {
			return left, err
		}
	}
	doubt(left, err)
	return left, err
}

// doubt remembers that it is open whether jobs were done, if err says so.
func doubt(jobs []*job, err error) {
	if !errors.Is(err, ErrUnknownOutcome) {
		return
	}
	for _, j := range jobs {
		j.doubtful = true
	}
}

func retryable(err error) bool {
	return errors.Is(err, ErrConflict) || errors.Is(err, ErrUnknownOutcome)
}

// remembered does batch with the wallets in memory, if they all are, and returns
// the jobs that are still to be done. The Seq of the wallets tells the store
// whether they are what it has; a refusal that writes nothing has nothing that could
// be compared, so it does not stand.
func (l *lane) remembered(ctx context.Context, batch []*job) (left []*job, err error) {
	d := newDesk(ctx, nil, l.catalog)
	if !l.recent.load(d, batch) {
		return batch, nil
	}
	doAll(d, batch)
	if len(d.entries) > 0 {
		changes := d.changes()
		err = l.store.Update(ctx, func(tx Tx) error { return tx.Write(ctx, changes) })
	}
	l.recent.keep(d, err)
	if err != nil {
		return batch, err
	}
	for _, j := range batch {
		if j.err != nil && !d.recorded(j.request) {
			left = append(left, j)
		}
	}
	return left, nil
}

// locked does batch with its wallets read under lock.
func (l *lane) locked(ctx context.Context, batch []*job) error {
	var d *desk
	err := l.store.Update(ctx, func(tx Tx) error {
		d = newDesk(ctx, tx, l.catalog)
		return transact(d, batch)
	})
	if d != nil {
		l.recent.keep(d, err)
	}
	return err
}

// alone does j in a transaction of its own, once.
func (j *job) alone(ctx context.Context, store Store, catalog *pricing.Catalog) (Entry, error) {
	err := store.Update(ctx, func(tx Tx) error {
		return transact(newDesk(ctx, tx, catalog), []*job{j})
	})
	if err != nil {
		return Entry{}, err
	}
	return j.entry.forCaller(), j.err
}

// transact reads what batch needs, does it, and writes what came of it.
func transact(d *desk, batch []*job) error {
	requests := make([]Request, len(batch))
	for i, j := range batch {
		requests[i] = j.request
	}
	if err := d.fetch(requests); err != nil {
		return err
	}
	doAll(d, batch)
	if d.failed != nil || len(d.entries) == 0 {
		return d.failed
	}
	return d.tx.Write(d.ctx, d.changes())
}

// doAll answers each job of batch on the desk.
func doAll(d *desk, batch []*job) {
	d.entries = slices.Grow(d.entries, len(batch))
	for _, j := range batch {
		j.entry, j.err = d.do(j.request, j.fingerprint, j.now)
	}
}
