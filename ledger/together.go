package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// Together carries out requests in one transaction, in this order: all of them take
// effect, or none does. It returns the entries that record their outcomes. Each
// keeps its own key: of a repetition, those that were done answer what they did.
//
// An error says which request failed and wraps its error.
func (l *Ledger) Together(ctx context.Context, requests ...Request) ([]Entry, error) {
	if len(requests) == 0 || len(requests) > MaxParts {
		return nil, invalid("requests", "are %d, not 1 to %d", len(requests), MaxParts)
	}
	t := &together{
		members: make([]Request, len(requests)),
		prints:  make([]Hash, len(requests)),
		entries: make([]*Entry, len(requests)),
	}
	for i, r := range requests {
		var err error
		if t.members[i], t.prints[i], err = prepare(l.adopt(r)); err != nil {
			return nil, fmt.Errorf("request %d: %w", i, err)
		}
	}
	if _, err := l.submit(ctx, t, Hash{}); err != nil {
		return nil, err
	}
	entries := make([]Entry, len(t.entries))
	for i, e := range t.entries {
		entries[i] = e.forCaller()
	}
	return entries, nil
}

// together is several requests as one. It has no key of its own.
type together struct {
	members []Request
	prints  []Hash
	entries []*Entry // the answers
}

func (t *together) header() (WalletID, string) {
	id, _ := t.members[0].header()
	return id, ""
}

func (t *together) others() []WalletID {
	var ids []WalletID
	for _, r := range t.members {
		ids = slices.AppendSeq(ids, walletsOf(r))
	}
	return ids
}

func (t *together) reads() []EntryKey {
	var keys []EntryKey
	for _, r := range t.members {
		keys = append(keys, keysOf(r)...)
	}
	return keys
}

func (t *together) check() (Request, error) { return t, nil }

func (t *together) decide(d *desk) error {
	before := d.snapshot()
	for i, r := range t.members {
		e, err := d.do(r, t.prints[i], d.now)
		if err != nil {
			d.rewind(before)
			return fmt.Errorf("request %d: %w", i, err)
		}
		t.entries[i] = e
	}
	d.drafts, d.outcome = nil, outcome{} // each member has kept its own
	return nil
}

// A snapshot is what a desk had at some moment. Its wallets stay as they are.
type snapshot struct {
	wallets map[WalletID]record
	known   map[EntryKey]*Entry
	entries int
}

func (d *desk) snapshot() snapshot {
	s := snapshot{wallets: make(map[WalletID]record), known: maps.Clone(d.known), entries: len(d.entries)}
	for id, r := range d.wallets {
		r.shared, r.spare = true, nil
		s.wallets[id] = *r
	}
	return s
}

func (d *desk) rewind(s snapshot) {
	d.wallets = make(map[WalletID]*record, len(s.wallets))
	for id, r := range s.wallets {
		d.wallets[id] = &r
	}
	d.known, d.entries, d.drafts = s.known, d.entries[:s.entries], nil
}
