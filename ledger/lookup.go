package ledger

import (
	"errors"
	"iter"
	"slices"
)

// fetch puts the wallets and entries that requests need on the desk: first the
// wallets, locked, then the keys, so that whoever finds no entry for a key knows
// that there is none.
func (d *desk) fetch(requests []Request) error {
	var ids []WalletID
	var keys []EntryKey
	for _, r := range requests {
		ids = slices.AppendSeq(ids, walletsOf(r))
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
	slices.SortFunc(ids, WalletID.Compare)
	wallets, err := d.tx.Wallets(d.ctx, slices.Compact(ids))
	if err != nil {
		return err
	}
	for i := range wallets {
		d.wallets[wallets[i].ID] = found(tip{&wallets[i], &wallets[i].Hash})
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
	e, err := d.past(id.WalletID).at(id.Seq)
	if err != nil && !errors.Is(err, ErrNotFound) {
		d.failed = err
	}
	return &e, err
}

// past returns the history of a wallet as the transaction shows it.
func (d *desk) past(id WalletID) past { return past{ctx: d.ctx, tx: d.tx, id: id} }

// following returns the entries that unwind or carry on an entry, oldest first.
func (d *desk) following(id EntryID) ([]Entry, error) {
	var found []Entry
	if d.tx != nil {
		for e, err := range d.past(id.WalletID).journal(Page{Of: id.Seq}) {
			if err != nil {
				return nil, d.fail(err)
			}
			found = append(found, *e)
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
