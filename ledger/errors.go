package ledger

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Errors that callers branch on. Test for them with [errors.Is]; an error that
// carries more has its own type, which unwraps to one of these.
//
// An operation looks for them in this order: invalid, the outcome of an earlier
// request with the same key, not found, closed, frozen, limit, insufficient
// credits, conflict.
var (
	// ErrInvalid means that the request cannot succeed as written: a field is out of
	// its range, or does not fit what it is about. Nothing was stored. See
	// [InvalidError].
	ErrInvalid = errors.New("ledger: invalid request")

	// ErrNotFound means that there is no such wallet, grant, hold, charge,
	// bucket, plan or package.
	ErrNotFound = errors.New("ledger: not found")

	// ErrClosed means that what the request is about has ended: a closed wallet,
	// a hold that was released or timed out, a grant of which nothing is left, a
	// charge that has been given back in full.
	ErrClosed = errors.New("ledger: closed")

	// ErrFrozen means that the wallet is frozen: nothing may be taken from it
	// until it is thawed.
	ErrFrozen = errors.New("ledger: wallet is frozen")

	// ErrInsufficientCredits means that the wallet could not pay in full. See
	// [InsufficientCreditsError].
	ErrInsufficientCredits = errors.New("ledger: insufficient credits")

	// ErrLimit means that a limit set on the wallet forbids it. See [LimitError].
	ErrLimit = errors.New("ledger: limit reached")

	// ErrKeyReused means that the idempotency key belongs to an earlier, different
	// request. The same request again is not an error: it answers the first
	// outcome.
	ErrKeyReused = errors.New("ledger: idempotency key reused")

	// ErrConflict means that another transaction got there first, again and
	// again. Nothing was stored, and the whole operation can be tried again.
	ErrConflict = errors.New("ledger: conflicting transaction")

	// ErrUnknownOutcome means that the connection or the context ended while the
	// change was being made durable. It may have happened or not: repeat the
	// request with the same key, and the answer tells.
	ErrUnknownOutcome = errors.New("ledger: outcome unknown, repeat with the same key")

	// ErrCorrupt means that a stored record contradicts itself or the journal.
	ErrCorrupt = errors.New("ledger: corrupt record")

	// ErrShutdown means that the ledger has been closed.
	ErrShutdown = errors.New("ledger: shut down")
)

// An InvalidError names the field of a request that makes it invalid. It unwraps
// to [ErrInvalid].
type InvalidError struct {
	Field  string
	Reason string
}

func (e *InvalidError) Error() string { return fmt.Sprintf("%v: %s %s", ErrInvalid, e.Field, e.Reason) }

// Unwrap returns [ErrInvalid].
func (e *InvalidError) Unwrap() error { return ErrInvalid }

func invalid(field, format string, args ...any) error {
	return &InvalidError{Field: field, Reason: fmt.Sprintf(format, args...)}
}

// An InsufficientCreditsError says by how much a charge or hold fell short. It
// unwraps to [ErrInsufficientCredits].
type InsufficientCreditsError struct {
	WalletID WalletID        `json:"wallet_id"`
	Want     decimal.Decimal `json:"want"` // what was asked for
	Have     decimal.Decimal `json:"have"` // what could have paid for it; less than Want
}

func (e *InsufficientCreditsError) Error() string {
	return fmt.Sprintf("%v: want %v, have %v", ErrInsufficientCredits, e.Want, e.Have)
}

// Unwrap returns [ErrInsufficientCredits].
func (e *InsufficientCreditsError) Unwrap() error { return ErrInsufficientCredits }

// A LimitError says which limit forbids a charge or hold. It unwraps to
// [ErrLimit].
type LimitError struct {
	Limit   string          `json:"limit"`             // the limit's name
	Actor   string          `json:"actor,omitempty"`   // of a limit that counts each actor apart: whose use is at it
	Want    decimal.Decimal `json:"want"`              // what was asked for, in what the limit counts
	Left    decimal.Decimal `json:"left"`              // what it still allows now
	FreesAt time.Time       `json:"frees_at,omitzero"` // when a window ends or a hold times out, so that it allows more; zero if time alone does not help
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%v: %s: want %v, left %v", ErrLimit, e.Limit, e.Want, e.Left)
}

// Unwrap returns [ErrLimit].
func (e *LimitError) Unwrap() error { return ErrLimit }

// A KeyReusedError names the key that an earlier, different request has used. It
// unwraps to [ErrKeyReused].
type KeyReusedError struct {
	Key   string
	Entry EntryID // the entry of the earlier request
}

func (e *KeyReusedError) Error() string {
	return fmt.Sprintf("%v: %q was used by another request, which made entry %v", ErrKeyReused, e.Key, e.Entry)
}

// Unwrap returns [ErrKeyReused].
func (e *KeyReusedError) Unwrap() error { return ErrKeyReused }

func notFound(what string, id any) error { return fmt.Errorf("%w: %s %v", ErrNotFound, what, id) }

// uncatalogued is notFound where there is no catalog to look into.
func uncatalogued(what string, id any) error {
	return fmt.Errorf("%w: the ledger has no catalog, and so no %s %v", ErrNotFound, what, id)
}

func frozen(id WalletID) error { return fmt.Errorf("%w: %v", ErrFrozen, id) }

func closed(what string, id any) error { return fmt.Errorf("%w: %s %v", ErrClosed, what, id) }
