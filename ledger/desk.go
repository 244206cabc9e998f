package ledger

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/scrip-go/scrip/pricing"
)

// A desk is where requests are worked on within one transaction: the wallets as
// they are after the requests so far, and the entries to write. It reads and
// writes nothing but through its transaction.
type desk struct {
	ctx     context.Context
	tx      Tx // nil: nothing but what was put on the desk is looked up
	catalog *pricing.Catalog

	wallets map[WalletID]*record
	known   map[EntryKey]*Entry // by key; nil: there is none
	entries []*Entry            // to be written
	scratch []byte              // to encode in
	failed  error               // of the transaction, which must not be committed then

	// Of the request being worked on:
	now    time.Time
	drafts []*draft
	outcome
}

// A record is a wallet on the desk. Each request that changes it works on a draft in
// the space of spare, and when that is kept the two change places.
type record struct {
	wallet *Wallet
	spare  *Wallet // what the wallet was before, or nil
	shared bool    // others have the wallet too: it must stay as it is
	stored int64   // the Seq that the store has of it, 0 if none
}

// found returns the record of a wallet that was read.
func found(w *Wallet) *record { return &record{wallet: w, shared: true, stored: w.Seq} }

// keep makes w the wallet.
func (r *record) keep(w *Wallet) {
	r.spare = r.wallet
	if r.shared {
		r.spare = nil
	}
	r.wallet, r.shared = w, false
}

// outcome is what will answer a request.
type outcome struct {
	id          WalletID
	key         string
	fingerprint Hash
	draft       *draft
	index       int // of the answer in the draft's entries
}

func newDesk(ctx context.Context, tx Tx, catalog *pricing.Catalog) *desk {
	return &desk{
		ctx: ctx, tx: tx, catalog: catalog,
		wallets: make(map[WalletID]*record), known: make(map[EntryKey]*Entry),
		scratch: make([]byte, 0, 1024),
	}
}

// clear makes d as it was when it was new.
func (d *desk) clear() {
	clear(d.wallets)
	clear(d.known)
	d.entries, d.drafts, d.failed, d.outcome = nil, nil, nil, outcome{}
}

// detach ends d's working in a transaction.
func (d *desk) detach() { d.ctx, d.tx = context.Background(), nil }

// fetch puts the wallets and entries that requests need on the desk: first the
// wallets, locked, then the keys, so that whoever finds no entry for a key knows
// that there is none. It is ErrConflict if a wallet is on the desk already, and is not
// what the store has.
func (d *desk) fetch(requests []Request) error {
	var ids []WalletID
	var keys []EntryKey
	for _, r := range requests {
		ids = append(ids, walletsOf(r)...)
		for _, k := range keysOf(r) {
			if _, seen := d.known[k]; !seen {
				d.known[k] = nil
				keys = append(keys, k)
			}
		}
	}
	if err := d.fetchWallets(ids); err != nil {
		return err
	}
	return d.fetchKeys(keys)
}

func (d *desk) fetchWallets(ids []WalletID) error {
	if len(ids) == 0 {
		return nil
	}
	slices.SortFunc(ids, WalletID.Compare)
	wallets, err := d.tx.Wallets(d.ctx, slices.Compact(ids))
	if err != nil {
		return err
	}
	for i := range wallets {
		w := &wallets[i]
		if r := d.wallets[w.ID]; r == nil {
			d.wallets[w.ID] = found(w)
		} else if r.stored != w.Seq {
			return ErrConflict
		}
	}
	return nil
}

func (d *desk) fetchKeys(keys []EntryKey) error {
	if len(keys) == 0 {
		return nil
	}
	entries, err := d.tx.Keyed(d.ctx, keys)
	if err != nil {
		return err
	}
	for i := range entries {
		d.known[EntryKey{entries[i].WalletID, entries[i].Key}] = &entries[i]
	}
	return nil
}

// do works on one request and returns its answer, nil if it has none. An error leaves
// the desk as it was.
func (d *desk) do(r Request, fingerprint Hash, now time.Time) (*Entry, error) {
	id, key := r.header()
	if e := d.known[EntryKey{id, key}]; e != nil {
		return repeated(e, fingerprint)
	}
	d.now, d.drafts = d.latest(r, now), nil
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
	for _, id := range walletsOf(r) {
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
	c.body = nil
	return c
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
	w := newDraft(r.wallet, r.spare, d.now, d.catalog)
	d.drafts = append(d.drafts, w)
	return w, nil
}

// answer posts e on w as the outcome of the request.
func (d *desk) answer(w *draft, e *Entry) {
	e.Key, e.Fingerprint = d.key, d.fingerprint
	w.post(e)
	d.outcome.draft, d.index = w, w.last
}

// keep makes the drafts what the desk has, and returns the answer, if there is one.
func (d *desk) keep() *Entry {
	for _, w := range d.drafts {
		w.tell(w.now)
		d.scratch = w.seal(d.scratch)
		r := d.wallets[w.w.ID]
		if r == nil {
			r = new(record)
			d.wallets[w.w.ID] = r
		}
		r.keep(w.w)
		d.entries = append(d.entries, w.entries...)
	}
	if d.outcome.draft == nil {
		return nil
	}
	answer := d.outcome.draft.entries[d.index]
	d.known[EntryKey{answer.WalletID, answer.Key}] = answer
	return answer
}

// recorded reports whether there is an entry with the key of r.
func (d *desk) recorded(r Request) bool {
	id, key := r.header()
	return d.known[EntryKey{id, key}] != nil
}

// changes returns what the requests so far have changed.
func (d *desk) changes() Changes {
	changed := make([]*record, 0, len(d.wallets))
	for _, r := range d.wallets {
		if r.wallet.Seq != r.stored {
			changed = append(changed, r)
		}
	}
	slices.SortFunc(changed, func(a, b *record) int { return a.wallet.ID.Compare(b.wallet.ID) })
	puts := make([]Put, len(changed))
	for i, r := range changed {
		puts[i] = Put{Wallet: r.wallet, From: r.stored}
	}
	return Changes{Wallets: puts, Entries: d.entries}
}

// keyed returns the entry that carries a key, written before or on this desk.
func (d *desk) keyed(k EntryKey) (*Entry, error) {
	if e, ok := d.known[k]; ok || d.tx == nil {
		if e == nil {
			return nil, notFound("entry with key", k.Key)
		}
		return e, nil
	}
	entries, err := d.tx.Keyed(d.ctx, []EntryKey{k})
	if err != nil {
		return nil, d.fail(err)
	}
	if len(entries) == 0 {
		return nil, notFound("entry with key", k.Key)
	}
	return &entries[0], nil
}

// entry returns one entry of a wallet.
func (d *desk) entry(id EntryID) (*Entry, error) {
	for e := range d.posted(id.WalletID) {
		if e.Seq == id.Seq {
			return e, nil
		}
	}
	if d.tx == nil {
		return nil, notFound("entry", id)
	}
	entries, err := d.tx.Journal(d.ctx, Page{WalletID: id.WalletID, After: id.Seq - 1, Limit: 1})
	if err != nil {
		return nil, d.fail(err)
	}
	if len(entries) == 0 || entries[0].Seq != id.Seq {
		return nil, notFound("entry", id)
	}
	return &entries[0], nil
}

// following returns the entries that unwind or carry on an entry, oldest first.
func (d *desk) following(id EntryID) ([]Entry, error) {
	var found []Entry
	if d.tx != nil {
		for page := (Page{WalletID: id.WalletID, Of: id.Seq, Limit: pageSize}); ; {
			entries, err := d.tx.Journal(d.ctx, page)
			if err != nil {
				return nil, d.fail(err)
			}
			found = append(found, entries...)
			if len(entries) < pageSize {
				break
			}
			page.After = entries[len(entries)-1].Seq
		}
	}
	for e := range d.posted(id.WalletID) {
		if e.Of == id.Seq {
			found = append(found, *e)
		}
	}
	return found, nil
}

// posted returns the entries of a wallet that the transaction does not show: those
// of earlier requests on this desk, and what fell due before the one being worked on.
func (d *desk) posted(id WalletID) iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for _, e := range d.entries {
			if e.WalletID == id && !yield(e) {
				return
			}
		}
		for _, w := range d.drafts {
			for _, e := range w.entries {
				if e.WalletID == id && !yield(e) {
					return
				}
			}
		}
	}
}

// fail remembers that the transaction failed.
func (d *desk) fail(err error) error {
	d.failed = err
	return err
}

// pageSize is how many entries are read at once.
const pageSize = 500
