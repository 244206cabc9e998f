package ledger

import (
	"bytes"
	"iter"
)

// Replay returns the wallet that entries lead to, bit for bit: a whole journal,
// oldest first. It is a [*CorruptError] that names the entry if they are not one,
// if the chain of hashes is broken, or if an entry contradicts those before it.
func Replay(entries iter.Seq[Entry]) (w Wallet, err error) {
	for e := range entries {
		if err := w.next(&e); err != nil {
			return w, err
		}
	}
	return w, nil
}

// next is follow for an entry that may contradict the wallet in any way.
func (w *Wallet) next(e *Entry) (err error) {
	defer func() {
		if p := recover(); p != nil {
			b, ok := p.(brokenInvariant)
			if !ok {
				panic(p)
			}
			err = corrupt(e.ID(), "cannot be applied: %s", string(b))
		}
	}()
	return w.follow(e)
}

// follow applies e, the next entry of w's journal, after checking that it can be.
func (w *Wallet) follow(e *Entry) error {
	wrong := func(format string, args ...any) error { return corrupt(e.ID(), format, args...) }
	switch {
	case e.Seq != w.Seq+1:
		return wrong("follows entry %d", w.Seq)
	case w.Seq == 0 && (e.Kind != KindOpen || e.Opening == nil || e.Terms == nil):
		return wrong("is the first, but opens no wallet")
	case w.Seq > 0 && e.Kind == KindOpen:
		return wrong("opens a wallet that there is")
	case (e.Kind == KindCheckpoint) != (e.Checkpoint != nil):
		return wrong("is no checkpoint, or one of nothing")
	case w.Seq > 0 && e.WalletID != w.ID:
		return wrong("is not of wallet %v", w.ID)
	case e.Previous != w.Hash:
		return wrong("was chained to another entry than the one before")
	}
	sealed := *e
	if sealed.Seal(w.Hash) != e.Hash {
		return wrong("is not what was hashed")
	}
	if change := changeOf(e.Moves, e.Debts); !change.Equal(e.Change) {
		return wrong("states a change of %v, but makes one of %v", e.Change, change)
	}
	if balance := w.Balance.Add(e.Change); !balance.Equal(e.Balance) {
		return wrong("states a balance of %v, which is %v", e.Balance, balance)
	}
	if e.Checkpoint != nil && !bytes.Equal(EncodeWallet(e.Checkpoint), EncodeWallet(w)) {
		return wrong("is a checkpoint of another state than the one it follows")
	}
	w.apply(e)
	return nil
}
