package ledger

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// EncodeWallet returns the form in which stores keep w: JSON without insignificant
// space. Equal wallets have equal encodings.
func EncodeWallet(w *Wallet) []byte { return appendJSON(make([]byte, 0, 1024), w) }

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
func EncodeEntry(e *Entry) []byte { return appendJSON(make([]byte, 0, 1024), e) }

// Body returns what a store is to keep of e when it is written: what [EncodeEntry]
// returns, without encoding e again if its hash was just made of it.
func (e *Entry) Body() []byte {
	if e.body == nil {
		return EncodeEntry(e)
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
func (e *Entry) sealed(body []byte) { e.body, e.Hash = body, sha256.Sum256(body) }
