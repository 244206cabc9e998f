package report

import (
	"context"
	"iter"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// A Query says what a report is about.
type Query struct {
	Owner   string            // only wallets of this owner; empty: of all
	Wallets []ledger.WalletID // only these; empty: all

	From, To time.Time // what took effect in this time, From included, To not; zero: without bound
}

// A Group is how a report divides time.
type Group struct {
	Cycle expiry.Cycle // months, weeks, quarters; zero: not at all
	Zone  string       // the IANA time zone of their midnights; empty: UTC
}

// origin is where periods are counted from: a Monday, and the first of a year.
var origin = time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC)

// period returns the start of the period that contains t, or the zero time.
func (g Group) period(t time.Time) time.Time {
	if g.Cycle.IsZero() {
		return time.Time{}
	}
	p, _ := expiry.Schedule{Anchor: origin, Cycle: g.Cycle, Zone: g.Zone}.Containing(t)
	return p.Start
}

// has reports whether t lies in the time that q is about.
func (q *Query) has(t time.Time) bool { return !q.before(t) && q.soon(t) }

// before reports whether t lies before the time that q is about.
func (q *Query) before(t time.Time) bool { return t.Before(q.From) }

// soon reports whether t lies before the end of that time.
func (q *Query) soon(t time.Time) bool { return q.To.IsZero() || t.Before(q.To) }

// wallets returns the wallets that q is about.
func (q *Query) wallets(ctx context.Context, books *ledger.Ledger) iter.Seq2[ledger.Wallet, error] {
	return books.Wallets(ctx, ledger.WalletQuery{IDs: q.Wallets, Owner: q.Owner})
}

// entries returns the journal of w up to its Seq, but for what lies before or after
// all that q is about.
func (q *Query) entries(ctx context.Context, books *ledger.Ledger, w *ledger.Wallet) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		start, err := q.start(ctx, books, w)
		if err != nil {
			yield(ledger.Entry{}, err)
			return
		}
		for e, err := range books.Journal(ctx, ledger.JournalQuery{WalletID: w.ID, After: start}) {
			if err == nil && (e.Seq > w.Seq || q.over(&e, w)) {
				return
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// short is how many entries of a journal are read sooner than a place is found in it.
const short = 2_000

// start returns the Seq after which the journal of w is to be read: just before the
// last checkpoint that precedes the time that q is about, as that has every grant
// that is still open.
func (q *Query) start(ctx context.Context, books *ledger.Ledger, w *ledger.Wallet) (int64, error) {
	if q.From.IsZero() || w.Seq <= short {
		return 0, nil
	}
	first := w.Seq + 1
	for e, err := range books.Journal(ctx, ledger.JournalQuery{WalletID: w.ID, From: q.From}) {
		if err != nil {
			return 0, err
		}
		first = e.Seq
		break
	}
	checkpoints := ledger.JournalQuery{
		WalletID: w.ID, After: first, Descending: true, Kinds: []ledger.Kind{ledger.KindCheckpoint},
	}
	for e, err := range books.Journal(ctx, checkpoints) {
		return e.Seq - 1, err
	}
	return 0, nil
}

// over reports whether all that q is about precedes e, even if it was reported late.
func (q *Query) over(e *ledger.Entry, w *ledger.Wallet) bool {
	booked := e.EffectiveAt
	if e.Late {
		booked = e.RecordedAt
	}
	return !q.soon(booked.Add(-w.Lateness))
}

// Flows returns every flow of the wallets that q names, wallet by wallet, oldest
// first, read while the loop runs; q's times choose among them. It ends after the
// first error.
func Flows(ctx context.Context, books *ledger.Ledger, q Query) iter.Seq2[Flow, error] {
	return func(yield func(Flow, error) bool) {
		for w, err := range q.wallets(ctx, books) {
			if err != nil {
				yield(Flow{}, err)
				return
			}
			stopped := false
			emit := func(f Flow) bool {
				stopped = q.has(f.Entry.EffectiveAt) && !yield(f, nil)
				return !stopped
			}
			if err := q.walk(ctx, books, &w, emit, nil); err != nil && !stopped {
				yield(Flow{}, err)
				return
			}
			if stopped {
				return
			}
		}
	}
}

// walk emits the flows of one wallet and shows each of its entries after its flows
// to each, if that is not nil: with the charge that it gives back or pays, or with
// itself. Some of what it finds may lie outside the time that q is about.
func (q *Query) walk(ctx context.Context, books *ledger.Ledger, w *ledger.Wallet, emit func(Flow) bool, each func(e, use *ledger.Entry)) error {
	k := walker{
		wallet: w, grants: make(map[ledger.GrantID]*grant), emit: emit,
		charge: func(id ledger.EntryID) (*ledger.Entry, error) {
			e, err := books.EntryAt(ctx, id)
			return &e, err
		},
	}
	for e, err := range q.entries(ctx, books, w) {
		if err != nil {
			return err
		}
		use, err := k.entry(&e)
		if err != nil {
			return err
		}
		if each != nil {
			each(&e, use)
		}
		if k.over {
			return nil
		}
	}
	return nil
}
