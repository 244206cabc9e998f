package ledger

import (
	"context"
	"slices"

	"github.com/scrip-go/scrip/pricing"
)

// A batch is requests that share a transaction. Most are decided before it begins, on
// wallets that their lane remembers, with nothing read and nothing locked: the Seq of
// the wallets tells the store whether they are what it has. The others are decided
// in the transaction, when what they need has been read.
type batch struct {
	decided []*job
	unread  []*job
	desk    *desk
}

func newBatch(catalog *pricing.Catalog) *batch {
	return &batch{desk: newDesk(context.Background(), nil, catalog)}
}

func (b *batch) len() int { return len(b.decided) + len(b.unread) }

// add adds jobs to b, and decides those of which all is remembered.
func (b *batch) add(jobs []*job, recent *cache) {
	for _, j := range jobs {
		if !recent.load(b.desk, j.request) {
			b.unread = append(b.unread, j)
			continue
		}
		b.desk.answerTo(j)
		b.decided = append(b.decided, j)
	}
}

// begin takes the jobs from their callers. Those that were abandoned are dropped, and
// what was decided together with them is decided anew.
func (b *batch) begin(recent *cache) {
	abandoned := func(j *job) bool { return !j.begin() }
	b.unread = slices.DeleteFunc(b.unread, abandoned)
	n := len(b.decided)
	b.decided = slices.DeleteFunc(b.decided, abandoned)
	if len(b.decided) < n {
		b.decideAnew(recent)
	}
}

// decideAnew decides all jobs on what is remembered by now.
func (b *batch) decideAnew(recent *cache) {
	jobs := slices.Concat(b.decided, b.unread)
	b.clear()
	b.add(jobs, recent)
}

// write decides what is left to decide, and keeps all of it.
func (b *batch) write(ctx context.Context, store Store) error {
	if len(b.unread) == 0 && len(b.desk.entries) == 0 {
		return nil
	}
	return store.Update(ctx, func(tx Tx) error {
		b.desk.ctx, b.desk.tx = ctx, tx
		defer b.desk.detach()
		return b.desk.transact(b.unread)
	})
}

// undecided returns the jobs that are still to be done when b has been written: those
// that were refused without a trace on what was remembered. There was nothing that
// the store could have compared, so the refusal does not stand.
func (b *batch) undecided() []*job {
	var left []*job
	for _, j := range b.decided {
		if j.err != nil && !b.desk.recorded(j.request) {
			left = append(left, j)
		}
	}
	return left
}

// answer tells the callers, and empties b.
func (b *batch) answer() {
	for _, j := range b.decided {
		close(j.done)
	}
	for _, j := range b.unread {
		close(j.done)
	}
	b.clear()
}

// clear empties b.
func (b *batch) clear() {
	clear(b.decided)
	clear(b.unread)
	b.decided, b.unread = b.decided[:0], b.unread[:0]
	b.desk.clear()
}
