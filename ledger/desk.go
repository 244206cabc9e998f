package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/scrip-go/scrip/pricing"
)

// A desk is where requests are worked on that share a transaction: the wallets as
// they are after the requests so far, and the entries to write. It reads nothing but
// through that transaction.
type desk struct {
	ctx     context.Context
	tx      Tx // nil: nothing but what was put on the desk is looked up
	catalog *pricing.Catalog

	wallets map[WalletID]*record
	known   map[EntryKey]*Entry // by key; nil: there is none
	entries []*Entry            // to be written
	sealed  int                 // how many of them are
	failed  error               // of the transaction, which must not be committed then

	// Of the request being worked on:
	now    time.Time
	drafts []*draft
	outcome
}

// outcome is what will answer a request.
type outcome struct {
	id          WalletID
	key         string
	fingerprint Hash
	entry       *Entry // the answer, nil if there is none yet
}

func newDesk(ctx context.Context, tx Tx, catalog *pricing.Catalog) *desk {
	return &desk{
		ctx: ctx, tx: tx, catalog: catalog,
		wallets: make(map[WalletID]*record), known: make(map[EntryKey]*Entry),
	}
}

// clear makes d as it was when it was new.
func (d *desk) clear() {
	clear(d.wallets)
	clear(d.known)
	d.entries, d.sealed, d.drafts, d.failed, d.outcome = nil, 0, nil, nil, outcome{}
}

// do works on one request and returns its answer, nil if it has none. An error leaves
// the desk as it was.
func (d *desk) do(r Request, fingerprint Hash, now time.Time) (*Entry, error) {
	id, key := r.header()
	if e := d.known[EntryKey{id, key}]; e != nil {
		return repeated(e, fingerprint)
	}
	d.now, d.drafts = d.latest(r, now), d.drafts[:0]
	d.outcome = outcome{id: id, key: key, fingerprint: fingerprint}
	err := d.decide(r)
	if f, ok := r.(final); err != nil && ok && f.refuseForGood() {
		if refusal := refusalOf(err); refusal != nil {
			return d.refuse(refusal)
		}
	}
	if err != nil {
		return nil, err
	}
	return d.keep(), nil
}

// latest returns now or, if one of the wallets of r is ahead of it because another
// machine's clock is, its instant: what leaves one of them must be live in the next.
func (d *desk) latest(r Request, now time.Time) time.Time {
	if _, several := r.(wider); !several {
		return now
	}
	for id := range walletsOf(r) {
		if w := d.wallets[id]; w != nil && w.wallet.SettledAt.After(now) {
			now = w.wallet.SettledAt
		}
	}
	return now
}

// decide lets r decide. A wallet whose record contradicts itself fails this request
// only, not those that share the desk with it.
func (d *desk) decide(r Request) (err error) {
	defer func() {
		if p := recover(); p != nil {
			broken, ok := p.(brokenInvariant)
			if !ok {
				panic(p)
			}
			err = fmt.Errorf("%w: %s", ErrCorrupt, string(broken))
		}
	}()
	return r.decide(d)
}

// A brokenInvariant is what rules panic with where a wallet cannot be as it is.
type brokenInvariant string

func broken(format string, args ...any) brokenInvariant {
	return brokenInvariant(fmt.Sprintf(format, args...))
}

// repeated returns the answer to a request whose key has made e.
func repeated(e *Entry, fingerprint Hash) (*Entry, error) {
	switch {
	case e.Fingerprint != fingerprint:
		return nil, &KeyReusedError{Key: e.Key, Entry: e.ID()}
	case e.Refusal != nil:
		return nil, e.Refusal.Err()
	}
	return e, nil
}

// forCaller returns e without what only the store needs; none if e is nil.
func (e *Entry) forCaller() Entry {
	if e == nil {
		return Entry{}
	}
	c := *e
	c.body = ""
	if c.stays() {
		return detached(c)
	}
	return c
}

// stays reports whether the wallet keeps something that e refers to.
func (e *Entry) stays() bool {
	return len(e.Grants)+len(e.Reopened)+len(e.Notices) > 0 ||
		e.Terms != nil || e.Subscription != nil || e.Hold != nil
}

// refuse posts that the request was refused for good.
func (d *desk) refuse(refusal *Refusal) (*Entry, error) {
	d.drafts = nil
	w, err := d.draft(d.id)
	if err != nil {
		return nil, err
	}
	d.answer(w, &Entry{Kind: KindRefuse, Refusal: refusal})
	d.keep()
	return nil, refusal.Err()
}

// draft returns the draft of a wallet for the request being worked on, settled to
// its time.
func (d *desk) draft(id WalletID) (*draft, error) {
	for _, w := range d.drafts {
		if w.w.ID == id {
			return w, nil
		}
	}
	r := d.wallets[id]
	if r == nil {
		return nil, notFound("wallet", id)
	}
	if r.wallet.Status == StatusClosed {
		return nil, closed("wallet", id)
	}
	if r.spare == nil {
		r.spare = new(Wallet)
	}
	w := &r.draft
	w.begin(r.wallet, r.spare, d.now, d.catalog)
	d.drafts = append(d.drafts, w)
	return w, nil
}

// answer posts e on w as the outcome of the request.
func (d *desk) answer(w *draft, e *Entry) {
	e.Key, e.Fingerprint = d.key, d.fingerprint
	w.post(e)
	d.outcome.entry = e
}

// keep makes the drafts what the desk has, and returns the answer, if there is one.
func (d *desk) keep() *Entry {
	for _, w := range d.drafts {
		w.tell(w.now)
		r := d.wallets[w.w.ID]
		if r == nil {
			r = &record{before: new(Hash), after: new(Hash)}
			d.wallets[w.w.ID] = r
		}
		r.keep(w.w)
		d.entries = append(d.entries, w.entries...)
	}
	answer := d.outcome.entry
	if answer == nil {
		return nil
	}
	d.known[EntryKey{answer.WalletID, answer.Key}] = answer
	return answer
}

// recorded reports whether there is an entry with the key of r.
func (d *desk) recorded(r Request) bool {
	id, key := r.header()
	return d.known[EntryKey{id, key}] != nil
}

// seal chains up to n more entries to those before them. The last ones before those of
// the desk must be sealed.
func (d *desk) seal(n int) {
	end := min(d.sealed+n, len(d.entries))
	for _, e := range d.entries[d.sealed:end] {
		d.wallets[e.WalletID].seal(e)
	}
	d.sealed = end
}

func (d *desk) sealAll() { d.seal(len(d.entries)) }

func (d *desk) isSealed() bool { return d.sealed == len(d.entries) }

// changes returns what the requests so far have changed, sealed.
func (d *desk) changes() Changes {
	d.sealAll()
	changed := make([]*record, 0, len(d.wallets))
	for _, r := range d.wallets {
		if r.changed() {
			changed = append(changed, r)
		}
	}
	slices.SortFunc(changed, func(a, b *record) int { return a.wallet.ID.Compare(b.wallet.ID) })
	puts := make([]Put, len(changed))
	for i, r := range changed {
		puts[i] = r.put()
	}
	return Changes{Wallets: puts, Entries: d.entries}
}

// fail remembers that the transaction failed.
func (d *desk) fail(err error) error {
	d.failed = err
	return err
}
