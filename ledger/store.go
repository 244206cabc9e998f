package ledger

import (
	"context"
	"fmt"
	"time"
)

// A Store keeps the books. Package store tells how to write one, and package
// store/storetest checks that it keeps this contract.
//
// A store holds whole records and does no arithmetic on amounts: what a wallet may
// do is decided by this package alone.
type Store interface {
	// Update calls fn, once or more, with a transaction that reads as if alone.
	// What fn wrote is kept, all of it, if fn returns nil, and not at all
	// otherwise; once Update has returned nil it survives a crash. An error of fn
	// is returned as it is.
	//
	// If fn panics, nothing is kept, no lock stays behind, and the panic goes on.
	//
	// Losing to another transaction is ErrConflict, after a bounded number of
	// attempts. An error that leaves open whether the change was kept wraps
	// ErrUnknownOutcome.
	Update(ctx context.Context, fn func(Tx) error) error

	// View is Update for reading: fn must not write, and what it reads is one
	// consistent state, but nothing is locked.
	View(ctx context.Context, fn func(Tx) error) error
}

// Tx is what an operation may ask of a [Store]. It is valid only during the call
// of fn that received it, and only for one goroutine. What is passed to it
// it does not modify, and nobody modifies the records that are written any more, so a
// store may keep them; slices passed, and those returned, belong to the caller.
//
// Reads come first, then at most one Write, last: a Tx need not show what it has
// written.
type Tx interface {
	// Wallets returns the wallets with these IDs, which are distinct, in any order,
	// without those that do not exist. In an Update it locks them until the transaction ends, in the
	// order of their IDs, before it reads them.
	Wallets(ctx context.Context, ids []WalletID) ([]Wallet, error)

	// Keyed returns the entries that carry these idempotency keys, which are
	// distinct, in any order. Keys compare byte by byte.
	Keyed(ctx context.Context, keys []EntryKey) ([]Entry, error)

	// Journal returns a page of one wallet's entries.
	Journal(ctx context.Context, q Page) ([]Entry, error)

	// List returns a page of wallets, which it does not lock.
	List(ctx context.Context, q WalletPage) ([]Wallet, error)

	// Write keeps changes. It, or the Update that it is part of, is ErrConflict, and
	// the transaction is lost, if a wallet's stored Seq is not the Put's From, or if an entry's (wallet, Seq) or
	// (wallet, Key) is taken.
	Write(ctx context.Context, c Changes) error

	// TakeNotices returns up to limit notices that are neither acknowledged nor
	// taken at now, oldest first where that costs nothing, and takes them until
	// the instant until: no other call gets them before. Concurrent callers do not
	// wait for each other.
	TakeNotices(ctx context.Context, now, until time.Time, limit int) ([]Delivery, error)

	// AckNotices removes notices for good. Those that are gone already are passed
	// over.
	AckNotices(ctx context.Context, ids []NoticeID) error
}

// An EntryKey names an entry by its idempotency key, which is unique in a wallet.
type EntryKey struct {
	WalletID WalletID
	Key      string
}

// A Page asks for entries of one wallet in the order of Seq.
type Page struct {
	WalletID   WalletID
	After      int64 // entries beyond this Seq: above it or, if Descending and not zero, below it
	Of         int64 // only entries with this Of; zero: all
	Late       bool  // only entries that are Late; false: all
	Descending bool
	Limit      int // at most so many; positive
}

// A WalletPage asks for wallets: all of them in the order of ID or, with DueBy,
// those whose DueAt is set and not after it, in the order of DueAt, then ID.
type WalletPage struct {
	DueBy time.Time    // zero: all wallets
	Owner string       // only wallets of this owner; empty: all. Not together with DueBy
	After WalletCursor // the last of the page before; zero: from the start
	Limit int          // at most so many; positive
}

// A WalletCursor is a place in the order of a [WalletPage].
type WalletCursor struct {
	DueAt time.Time // zero without DueBy
	ID    WalletID
}

// Changes are what one or more operations write.
type Changes struct {
	Wallets []Put    // at most one of each wallet
	Entries []*Entry // of each wallet in the order of Seq; their notices are to be delivered
}

// A Put is a wallet to keep, and the Seq that it was computed from: zero for a new
// wallet.
type Put struct {
	Wallet *Wallet
	From   int64
}

// A NoticeID names a notice by its entry and its place in it, from 0. It tells
// deliveries of the same notice apart from others.
type NoticeID struct {
	EntryID
	N int `json:"n"`
}

func (id NoticeID) String() string { return fmt.Sprintf("%v#%d", id.EntryID, id.N) }

// A Delivery is a notice on its way to the host.
type Delivery struct {
	ID     NoticeID `json:"id"`
	Notice Notice   `json:"notice"`
}
