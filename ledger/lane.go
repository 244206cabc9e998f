package ledger

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scrip-go/scrip/pricing"
)

// A lane gathers the requests of some wallets and commits them together: while one
// batch is being written the next one gathers, and is decided on the wallets that the
// first will leave. There is no timer: a request that finds the lane idle is committed
// at once, by its own goroutine.
type lane struct {
	store    Store
	catalog  *pricing.Catalog
	maxBatch int
	places   chan struct{} // one for each request that waits or is worked on
	arrived  chan struct{} // has something in it if there may be a queue

	mu     sync.Mutex
	queue  []*job
	busy   bool
	closed bool
	idle   *sync.Cond // signalled when busy ends

	// Only for whoever made the lane busy:
	recent   cache
	next     *batch // gathers
	spare    *batch // gathers after it
	arrivals []*job
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

// begin reports whether the lane has the job from now on.
func (j *job) begin() bool { return j.state.CompareAndSwap(jobWaiting, jobBegun) }

// answer tells the caller, if it waits.
func (j *job) answer() {
	if j.done != nil {
		close(j.done)
	}
}

func newLane(store Store, cfg Config) *lane {
	l := &lane{
		store: store, catalog: cfg.Catalog, maxBatch: cfg.MaxBatch,
		places:  make(chan struct{}, cfg.MaxWaiting),
		arrived: make(chan struct{}, 1),
		next:    newBatch(cfg.Catalog),
		spare:   newBatch(cfg.Catalog),
	}
	l.idle = sync.NewCond(&l.mu)
	return l
}

// submit has j done and returns its answer.
func (l *lane) submit(ctx context.Context, j *job) (*Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case l.places <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-l.places }()

	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil, ErrShutdown
	}
	if !l.busy {
		l.busy = true
		l.mu.Unlock()
		defer l.pass()
		l.lead(ctx, j)
		return j.entry, j.err
	}
	j.done = make(chan struct{})
	l.queue = append(l.queue, j)
	l.mu.Unlock()
	l.signal()
	return l.wait(ctx, j)
}

// signal says that there may be a queue.
func (l *lane) signal() {
	select {
	case l.arrived <- struct{}{}:
	default:
	}
}

// lead commits j alone, which found the lane idle.
func (l *lane) lead(ctx context.Context, j *job) {
	b := l.next
	defer b.clear() // also if the store panics
	b.add([]*job{j}, &l.recent)
	err := b.write(ctx, l.store)
	if err == nil {
		l.recent.keep(b.desk)
	}
	l.finish(ctx, b, err)
}

// wait returns the answer to a job that was put into the queue.
func (l *lane) wait(ctx context.Context, j *job) (*Entry, error) {
	select {
	case <-j.done:
		return j.entry, j.err
	case <-ctx.Done():
	}
	if j.state.CompareAndSwap(jobWaiting, jobAbandoned) {
		l.forget(j)
		return nil, ctx.Err()
	}
	select {
	case <-j.done:
		return j.entry, j.err
	default:
		return nil, errors.Join(ErrUnknownOutcome, ctx.Err())
	}
}

// forget takes an abandoned job out of the queue, if it is still there: it has given
// its place away.
func (l *lane) forget(j *job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.queue, j); i >= 0 {
		l.queue = slices.Delete(l.queue, i, i+1)
	}
}

// pass ends the lane's being busy, or has the queue worked off by a goroutine that
// lives as long as there is one.
func (l *lane) pass() {
	if !l.rest() {
		go l.drain()
	}
}

// rest ends the lane's being busy unless somebody waits.
func (l *lane) rest() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) > 0 {
		return false
	}
	l.busy = false
	l.idle.Broadcast()
	return true
}

// drain commits batch after batch until nobody waits.
func (l *lane) drain() {
	for {
		l.gather()
		if l.next.len() > 0 {
			l.write()
		} else if l.rest() {
			return
		}
	}
}

// few is how many requests are decided before anything else has its turn.
const few = 64

// gather moves a few requests from the queue to the next batch, unless it is full, and
// decides them.
func (l *lane) gather() {
	l.mu.Lock()
	n := min(len(l.queue), l.maxBatch-l.next.len(), few)
	l.arrivals = append(l.arrivals[:0], l.queue[:n]...)
	l.queue = slices.Delete(l.queue, 0, n)
	more := n > 0 && len(l.queue) > 0
	l.mu.Unlock()
	if more {
		l.signal()
	}
	l.next.add(l.arrivals, &l.recent)
	clear(l.arrivals)
}

// dear is how long a transaction takes that is worth sharing with more requests.
const dear = 100 * time.Microsecond

// write commits the next batch, and lets another gather meanwhile.
func (l *lane) write() {
	began := time.Now() //nolint:forbidigo // measures, and books nothing
	ctx, b := context.Background(), l.next
	l.next, l.spare = l.spare, b
	b.begin(&l.recent)
	l.recent.keep(b.desk)
	l.recent.leave(b.unread)
	sealed, written := make(chan struct{}), make(chan error, 1)
	go func() {
		b.desk.sealAll()
		close(sealed)
		written <- b.write(ctx, l.store)
	}()
	if b.len() > few {
		runtime.Gosched() // or the queue would be gathered before that has begun
	}
	err := l.gatherUntil(sealed, written)
	l.finish(ctx, b, err)
	b.clear()
	if err != nil {
		l.next.decideAnew(&l.recent)
	}
	if time.Since(began) > dear && l.next.len() < few { //nolint:forbidigo // likewise
		runtime.Gosched() // what the callers just answered ask now can share the next one
	}
}

// gatherUntil gathers what arrives until it hears what became of the batch before. Once
// that batch is sealed and nothing arrives, it seals what it has gathered.
func (l *lane) gatherUntil(sealed <-chan struct{}, written <-chan error) error {
	for {
		idle := sealed
		if len(l.arrived) > 0 || l.next.desk.isSealed() {
			idle = nil
		}
		select {
		case <-l.arrived:
			l.gather()
		case <-idle:
			l.next.desk.seal(few)
		case err := <-written:
			return err
		}
	}
}

// shut refuses further requests.
func (l *lane) shut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}

// ended waits until the lane is idle.
func (l *lane) ended(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.idle.Broadcast()
	})
	defer stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.busy && ctx.Err() == nil {
		l.idle.Wait()
	}
	if l.busy {
		return ctx.Err()
	}
	return nil
}
