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
	withText("", e, func(text []byte) { e.body, e.Hash = string(text), sha256.Sum256(text) })
	return e.Hash
}

// encode returns the JSON text of v, in no more space than it needs.
func encode(v any) (text []byte) {
	withText("", v, func(t []byte) { text = slices.Clone(t) })
	return text
}

// digest returns the SHA-256 of the JSON text of v after a prefix.
func digest(prefix string, v any) (h Hash) {
	withText(prefix, v, func(text []byte) { h = sha256.Sum256(text) })
	return h
}

// withText calls use with the JSON text of v after a prefix. The text is overwritten
// later.
func withText(prefix string, v any, use func(text []byte)) {
	text := texts.Get().(*[]byte)
	defer texts.Put(text)
	*text = appendJSON(append((*text)[:0], prefix...), v)
	use(*text)
}

var texts = sync.Pool{New: func() any { return new([]byte) }}
