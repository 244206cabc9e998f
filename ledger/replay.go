package ledger

import (
	"bytes"
	"fmt"
	"iter"
)

// Replay returns the wallet that entries lead to, bit for bit: a whole journal,
// oldest first. It is an error wrapping [ErrCorrupt] that names the entry if they
// are not one, if the chain of hashes is broken, or if an entry contradicts those
// before it.
func Replay(entries iter.Seq[Entry]) (w Wallet, err error) {
	defer func() {
		if p := recover(); p != nil {
			b, ok := p.(brokenInvariant)
			if !ok {
				panic(p)
			}
			err = fmt.Errorf("%w: %s", ErrCorrupt, string(b))
		}
	}()
	for e := range entries {
		if err := w.follow(&e); err != nil {
			return w, err
		}
	}
	return w, nil
}

// follow applies e, the next entry of w's journal, after checking that it can be.
func (w *Wallet) follow(e *Entry) error {
	corrupt := func(format string, args ...any) error {
		return fmt.Errorf("%w: entry %v %s", ErrCorrupt, e.ID(), fmt.Sprintf(format, args...))
	}
	switch {
	case e.Seq != w.Seq+1:
		return corrupt("follows entry %d", w.Seq)
	case w.Seq == 0 && (e.Kind != KindOpen || e.Opening == nil || e.Terms == nil):
		return corrupt("is the first, but opens no wallet")
	case w.Seq > 0 && e.WalletID != w.ID:
		return corrupt("is not of wallet %v", w.ID)
	case e.Previous != w.Hash:
		return corrupt("was chained to another entry than the one before")
	}
	sealed := *e
	if sealed.Seal(w.Hash) != e.Hash {
		return corrupt("is not what was hashed")
	}
	if change := changeOf(e.Moves, e.Debts); !change.Equal(e.Change) {
		return corrupt("states a change of %v, but makes one of %v", e.Change, change)
	}
	if balance := w.Balance.Add(e.Change); !balance.Equal(e.Balance) {
		return corrupt("states a balance of %v, which is %v", e.Balance, balance)
	}
	if e.Checkpoint != nil && !bytes.Equal(EncodeWallet(e.Checkpoint), EncodeWallet(w)) {
		return corrupt("is a checkpoint of another state than the one it follows")
	}
	w.apply(e)
	return nil
}
