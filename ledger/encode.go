package ledger

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// EncodeWallet returns the form in which stores keep w: JSON without insignificant
// space. Equal wallets have equal encodings.
func EncodeWallet(w *Wallet) []byte { return encode(w) }

// DecodeWallet returns the wallet that [EncodeWallet] encoded, or an error
// wrapping [ErrCorrupt].
func DecodeWallet(data []byte) (Wallet, error) {
	var w Wallet
	if err := json.Unmarshal(data, &w); err != nil {
		return w, fmt.Errorf("%w: wallet: %w", ErrCorrupt, err)
	}
	return w, nil
}

// EncodeEntry returns the form in which stores keep e: JSON without insignificant
// space. Its SHA-256 is the entry's hash, so a store must give back every byte.
func EncodeEntry(e *Entry) []byte { return encode(e) }

// Body returns what a store is to keep of e when it is written: what [EncodeEntry]
// returns, without encoding e again if its hash was just made of it.
func (e *Entry) Body() string {
	if e.body == "" {
		return string(EncodeEntry(e))
	}
	return e.body
}

// DecodeEntry returns the entry that [EncodeEntry] encoded, with its Hash, or an
// error wrapping [ErrCorrupt].
func DecodeEntry(data []byte) (Entry, error) {
	var e Entry
	if err := json.Unmarshal(data, &e); err != nil {
		return e, fmt.Errorf("%w: entry: %w", ErrCorrupt, err)
	}
	e.Hash = sha256.Sum256(data)
	return e, nil
}

// Seal chains e to the entry before it, whose hash is previous, and returns the
// hash of e: the SHA-256 of its encoding, which includes previous.
func (e *Entry) Seal(previous Hash) Hash {
	e.Previous = previous
	e.sealed(EncodeEntry(e))
	return e.Hash
}

// sealed makes body the encoding of e.
func (e *Entry) sealed(body []byte) { e.body, e.Hash = string(body), sha256.Sum256(body) }

// encode returns the JSON text of v, in no more space than it needs.
func encode(v any) []byte {
	text := texts.Get().(*[]byte)
	defer texts.Put(text)
	*text = appendJSON((*text)[:0], v)
	return slices.Clone(*text)
}

// texts are buffers for texts that are copied or hashed when they are complete.
var texts = sync.Pool{New: func() any { return new([]byte) }}
