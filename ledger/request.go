package ledger

import (
	"errors"
	"iter"
	"reflect"
)

// A Request is one of the request types of this package that change a wallet. Its
// Key makes it idempotent: the same key with the same request answers the first
// outcome, whatever has happened since.
type Request interface {
	// header returns the wallet whose journal carries the request, and the key.
	header() (WalletID, string)

	// check refuses what can never work, and puts the rest into normal form.
	check() (Request, error)

	// decide posts the request's outcome on the desk's drafts.
	decide(d *desk) error
}

// Requests that touch more than the wallet of their header, or that read the
// journal, say so.
type (
	wider   interface{ others() []WalletID }
	reading interface{ reads() []EntryKey }
	final   interface{ refuseForGood() bool }
)

// prepare checks r and returns it in normal form, with its fingerprint.
func prepare(r Request) (Request, Hash, error) {
	_, key := r.header()
	if err := checkKey(key); err != nil {
		return nil, Hash{}, err
	}
	return prepareKeyless(r)
}

// prepareKeyless is prepare for a request that need not have a key.
func prepareKeyless(r Request) (Request, Hash, error) {
	id, key := r.header()
	if err := checkText("Key", key, MaxKey); err != nil {
		return nil, Hash{}, err
	}
	if id.IsZero() {
		return nil, Hash{}, invalid("WalletID", "is not set")
	}
	r, err := r.check()
	if err != nil {
		return nil, Hash{}, err
	}
	r = detached(r)
	return r, fingerprint(r), nil
}

// fingerprint tells requests apart: equal ones have equal fingerprints. It is
// stored, so it must be the same in every process and version, see [encoder].
func fingerprint(r Request) Hash { return digest(reflect.TypeOf(r).Name(), r) }

// walletsOf returns the wallets that r works on, that of its header first.
func walletsOf(r Request) iter.Seq[WalletID] {
	return func(yield func(WalletID) bool) {
		if id, _ := r.header(); !yield(id) {
			return
		}
		if w, ok := r.(wider); ok {
			for _, id := range w.others() {
				if !yield(id) {
					return
				}
			}
		}
	}
}

// keysOf returns the keys that r looks up.
func keysOf(r Request) []EntryKey {
	var keys []EntryKey
	if id, key := r.header(); key != "" {
		keys = append(keys, EntryKey{id, key})
	}
	if k, ok := r.(reading); ok {
		keys = append(keys, k.reads()...)
	}
	return keys
}

// A Refusal is the outcome of a request that asked to be refused for good if it
// could not be done at once.
type Refusal struct {
	Insufficient *InsufficientCreditsError `json:"insufficient,omitempty"`
	Limit        *LimitError               `json:"limit,omitempty"`
}

// refusalOf returns err as a refusal, or nil if it is not one.
func refusalOf(err error) *Refusal {
	var r Refusal
	if errors.As(err, &r.Insufficient) || errors.As(err, &r.Limit) {
		return &r
	}
	return nil
}

// Err returns the error that the request was answered with.
func (r *Refusal) Err() error {
	if r.Limit != nil {
		return r.Limit
	}
	return r.Insufficient
}
