package ledger

import (
	"context"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/pricing"
)

// DefaultLateness is how late use may be reported unless [Config] says otherwise.
const DefaultLateness = 72 * time.Hour

// Config sets what a [Ledger] would otherwise take from the world. The zero Config
// is ready to use.
type Config struct {
	// Catalog has the items, rate cards, packages and plans that requests name.
	// Nil: requests state everything themselves.
	Catalog *pricing.Catalog

	// Now tells the time. It defaults to [time.Now].
	Now func() time.Time

	// Lateness is how late use may be reported and still draw on the credits that
	// were live when it happened. A wallet keeps the one that it was opened with.
	// Zero means [DefaultLateness], negative none at all.
	Lateness time.Duration

	// Expiry says when credits end if neither grant, package, bucket nor wallet
	// does. Zero: never.
	Expiry expiry.Policy

	// Alerts are those of a wallet that is opened without any. Zero: none.
	Alerts Alerts

	// Lanes is how many transactions may be under way at once, each with wallets
	// of its own. It defaults to 2; with a network between ledger and store, 4 to
	// 8 are better.
	Lanes int

	// MaxBatch is how many requests share a transaction at most. It defaults to
	// 1,000.
	MaxBatch int

	// MaxWaiting is how many requests may wait in a lane. Those beyond it wait for
	// a place, as long as their context lets them. It defaults to 10,000.
	MaxWaiting int
}

// A Ledger is the way in for an application: it reads wallets, lets the rules of
// this package decide, and writes what they decided, in one transaction. It is
// safe for concurrent use; requests that come at the same time share transactions.
//
// An operation whose context ends before its commit has begun has no effect. An
// error wrapping [ErrUnknownOutcome] leaves open whether it had one: repeat the
// request with the same key, and the answer tells.
type Ledger struct {
	store Store
	cfg   Config
	lanes []*lane // none: each request has a transaction of its own
}

// New returns a ledger whose books are in store. It panics if store is nil.
func New(store Store, cfg Config) *Ledger {
	if store == nil {
		panic("ledger: New needs a store")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Lateness == 0 {
		cfg.Lateness = DefaultLateness
	}
	if cfg.Lanes <= 0 {
		cfg.Lanes = 2
	}
	if cfg.MaxBatch <= 0 {
		cfg.MaxBatch = 1_000
	}
	if cfg.MaxWaiting <= 0 {
		cfg.MaxWaiting = 10_000
	}
	l := &Ledger{store: store, cfg: cfg, lanes: make([]*lane, cfg.Lanes)}
	for i := range l.lanes {
		l.lanes[i] = newLane(store, cfg)
	}
	return l
}

// In returns a ledger that does its work in store instead, usually one that an
// adapter bound to the caller's own transaction:
//
//	books.In(sqlite.Within(tx)).Charge(ctx, req)
//
// Each request goes straight through, alone and once: if one fails for any other
// reason than a refusal, roll the transaction back.
func (l *Ledger) In(store Store) *Ledger { return &Ledger{store: store, cfg: l.cfg} }

// Close refuses further requests and waits until those that were accepted have
// been answered, or until ctx ends. It does not close the store.
func (l *Ledger) Close(ctx context.Context) error {
	for _, lane := range l.lanes {
		lane.shut()
	}
	for _, lane := range l.lanes {
		if err := lane.ended(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Do carries out any request and returns the entry that records its outcome. The
// methods named after requests do the same.
func (l *Ledger) Do(ctx context.Context, r Request) (Entry, error) {
	r, print, err := prepare(l.adopt(r))
	if err != nil {
		return Entry{}, err
	}
	e, err := l.submit(ctx, r, print)
	return e.forCaller(), err
}

// adopt returns r with what the ledger's configuration adds to it.
func (l *Ledger) adopt(r Request) Request {
	if open, ok := r.(OpenWalletRequest); ok {
		open.defaults = l.cfg
		return open
	}
	return r
}

// submit has a request done that has been prepared.
func (l *Ledger) submit(ctx context.Context, r Request, fingerprint Hash) (*Entry, error) {
	j := &job{request: r, fingerprint: fingerprint, now: l.now()}
	if len(l.lanes) == 0 {
		return j.alone(ctx, l.store, l.cfg.Catalog)
	}
	id, _ := r.header()
	return l.lanes[int(id[0])%len(l.lanes)].submit(ctx, j)
}

// Check returns the entry that Do would make of r now, or its error, and changes
// nothing. r needs no key; if it has one that was used, the first answer is
// returned, or ErrKeyReused.
func (l *Ledger) Check(ctx context.Context, r Request) (Entry, error) {
	r, print, err := prepareKeyless(l.adopt(r))
	if err != nil {
		return Entry{}, err
	}
	now := l.now()
	var would Entry
	err = l.store.View(ctx, func(tx Tx) (err error) {
		d := newDesk(ctx, tx, l.cfg.Catalog)
		if err := d.fetch([]Request{r}); err != nil {
			return err
		}
		e, err := d.do(r, print, now)
		d.sealAll()
		would = e.forCaller()
		return err
	})
	return would, err
}

// now returns the time in the form in which every store gives it back.
func (l *Ledger) now() time.Time { return micros(l.cfg.Now()) }
