package ledger

import (
	"context"
	"slices"

	"github.com/scrip-go/scrip/pricing"
)

// A batch is requests that share a transaction, decided on wallets that their lane
// remembers, before anything is read or locked: the Seq of the wallets tells the store
// whether they are what it has.
type batch struct {
	jobs    []*job
	decided int   // how many of them
	desk    *desk // where they were
	blind   bool  // they cannot be decided without reading
}

func newBatch(catalog *pricing.Catalog) *batch {
	return &batch{desk: newDesk(context.Background(), nil, catalog)}
}

// decide decides the jobs that were added to b, if all that they need is remembered.
func (b *batch) decide(recent *cache) {
	added := b.jobs[b.decided:]
	if b.blind || len(added) == 0 {
		return
	}
	if !recent.load(b.desk, added) {
		b.blind = true
		return
	}
	doAll(b.desk, added)
	b.decided = len(b.jobs)
}

// begin takes the jobs from their callers. Those that were abandoned are dropped, and
// what was decided together with them is decided anew.
func (b *batch) begin(recent *cache) {
	n := len(b.jobs)
	b.jobs = slices.DeleteFunc(b.jobs, func(j *job) bool { return !j.begin() })
	if len(b.jobs) < n {
		b.decideAnew(recent)
	}
}

// decideAnew decides all jobs, on wallets that others have changed.
func (b *batch) decideAnew(recent *cache) {
	b.desk.clear()
	b.decided, b.blind = 0, false
	b.decide(recent)
}

// write keeps what was decided.
func (b *batch) write(ctx context.Context, store Store) error {
	if b.blind || len(b.desk.entries) == 0 {
		return nil
	}
	changes := b.desk.changes()
	return store.Update(ctx, func(tx Tx) error { return tx.Write(ctx, changes) })
}

// left returns the jobs that are still to be done when b has been written: all if
// nothing was decided, and those that were refused without a trace: there was nothing
// that the store could have compared, so the refusal does not stand.
func (b *batch) left() []*job {
	if b.blind {
		return b.jobs
	}
	var left []*job
	for _, j := range b.jobs {
		if j.err != nil && !b.desk.recorded(j.request) {
			left = append(left, j)
		}
	}
	return left
}

// answer tells the callers, and empties b.
func (b *batch) answer() {
	for _, j := range b.jobs {
		close(j.done)
	}
	b.clear()
}

// clear empties b.
func (b *batch) clear() {
	clear(b.jobs)
	b.jobs = b.jobs[:0]
	b.desk.clear()
	b.decided, b.blind = 0, false
}
