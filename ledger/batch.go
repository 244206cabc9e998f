package ledger

import (
	"context"
	"slices"

	"github.com/scrip-go/scrip/pricing"
)

// A batch is requests that came together. Most are decided at once, on wallets that
// their lane remembers, with nothing read and nothing locked, and share a transaction:
// the Seq of the wallets tells the store whether they are what it has. The others need
// something read, and share the next.
type batch struct {
	decided []*job
	unread  []*job
	desk    *desk // where they were decided
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

// write keeps what was decided.
func (b *batch) write(ctx context.Context, store Store) error {
	if len(b.desk.entries) == 0 {
		return nil
	}
	changes := b.desk.changes()
	return store.Update(ctx, func(tx Tx) error { return tx.Write(ctx, changes) })
}

// settle answers the jobs that are done when b has been written, and returns the
// others: those that need something read, and those that were refused without a trace.
// There was nothing that the store could have compared, so the refusal does not stand.
func (b *batch) settle() (left []*job) {
	left = slices.Clone(b.unread)
	for _, j := range b.decided {
		if j.err != nil && !b.desk.recorded(j.request) {
			left = append(left, j)
		} else {
			j.answer()
		}
	}
	return left
}

// clear empties b.
func (b *batch) clear() {
	clear(b.decided)
	clear(b.unread)
	b.decided, b.unread = b.decided[:0], b.unread[:0]
	b.desk.clear()
}
