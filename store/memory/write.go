package memory

import (
	"fmt"
	"slices"

	"github.com/scrip-go/scrip/ledger"
)

// write keeps c, or changes nothing if c does not follow what is stored.
func (s *Store) write(c ledger.Changes) error {
	for _, p := range c.Wallets {
		if seq := s.seq(p.Wallet.ID); seq != p.From {
			return fmt.Errorf("%w: wallet %v is at %d, not at %d", ledger.ErrConflict, p.Wallet.ID, seq, p.From)
		}
	}
	s.begin(c.Wallets)
	for n, e := range c.Entries {
		if err := s.add(e); err != nil {
			s.undo(c.Wallets, c.Entries[:n])
			return err
		}
	}
	for _, p := range c.Wallets {
		s.books[p.Wallet.ID].wallet = p.Wallet
	}
	return nil
}

// seq returns the Seq of a wallet, 0 if there is none.
func (s *Store) seq(id ledger.WalletID) int64 {
	if b, ok := s.books[id]; ok {
		return b.wallet.Seq
	}
	return 0
}

// begin lets entries come up to where wallets have them, in new books for those that
// are new.
func (s *Store) begin(wallets []ledger.Put) {
	if s.books == nil {
		s.books = make(map[ledger.WalletID]*book)
	}
	for _, p := range wallets {
		if p.From == 0 {
			s.books[p.Wallet.ID] = newBook()
		}
		s.books[p.Wallet.ID].until = p.Wallet.Seq
	}
}

// add appends e to its book, if its place is the next one and its key is not taken.
func (s *Store) add(e *ledger.Entry) error {
	b := s.books[e.WalletID]
	switch {
	case b == nil || e.Seq != int64(len(b.bodies))+1 || e.Seq > b.until:
		return fmt.Errorf("%w: entry %v is not the next one", ledger.ErrConflict, e.ID())
	case e.Key != "" && b.keyed[e.Key] != 0:
		return fmt.Errorf("%w: key %q of wallet %v is taken", ledger.ErrConflict, e.Key, e.WalletID)
	}
	b.add(e)
	return nil
}

// undo takes back what was begun and the entries that were added.
func (s *Store) undo(wallets []ledger.Put, entries []*ledger.Entry) {
	for _, e := range slices.Backward(entries) {
		s.books[e.WalletID].remove(e)
	}
	for _, p := range wallets {
		if p.From == 0 {
			delete(s.books, p.Wallet.ID)
		} else {
			s.books[p.Wallet.ID].until = p.From
		}
	}
}
