package storetest

import (
	"context"
	"errors"
	"fmt"

	"github.com/scrip-go/scrip/ledger"
)

// flaws are what [RunFlawed] plants.
var flaws = []flaw{
	{
		name:   "a write that ignores what the wallet was computed from",
		breaks: "a wallet computed from an older state is refused",
		tx:     func(tx ledger.Tx) ledger.Tx { return ignoresFrom{tx} },
	},
	{
		name:   "a write that ignores a taken key",
		breaks: "an entry is refused if its key is taken",
		tx:     func(tx ledger.Tx) ledger.Tx { return ignoresKeys{tx} },
	},
	{
		name:   "amounts that pass through floating point",
		breaks: "every field of a wallet comes back exactly",
		tx:     func(tx ledger.Tx) ledger.Tx { return inexact{tx} },
	},
	{
		name:   "times that are cut to milliseconds",
		breaks: "every field of a wallet comes back exactly",
		tx:     func(tx ledger.Tx) ledger.Tx { return coarse{tx} },
	},
	{
		name:   "a write that drops notices",
		breaks: "every notice of an entry is delivered exactly as it is",
		tx:     func(tx ledger.Tx) ledger.Tx { return dropsNotices{tx} },
	},
	{
		name:   "notices that are not hidden when taken",
		breaks: "a notice that is taken is not visible until its time, but then again",
		tx:     func(tx ledger.Tx) ledger.Tx { return showsTaken{tx} },
	},
	{
		name:   "notices that are hidden a moment too long",
		breaks: "a notice that is taken is not visible until its time, but then again",
		tx:     func(tx ledger.Tx) ledger.Tx { return hidesLonger{tx} },
	},
	{
		name:   "notices that are gone when taken",
		breaks: "a notice that is taken is not visible until its time, but then again",
		tx:     func(tx ledger.Tx) ledger.Tx { return acksTaken{tx} },
	},
	{
		name:   "an acknowledgement of a whole entry",
		breaks: "an acknowledged notice is gone for good, and no other",
		tx:     func(tx ledger.Tx) ledger.Tx { return acksEntry{tx} },
	},
	{
		name:   "more notices than the limit",
		breaks: "at most limit notices are taken, and the others stay",
		tx:     func(tx ledger.Tx) ledger.Tx { return takesMore{tx} },
	},
	{
		name:   "a journal that grows downwards",
		breaks: "Journal returns any page of entries in the order of Seq",
		tx:     func(tx ledger.Tx) ledger.Tx { return reversed{tx} },
	},
	{
		name:   "a page that begins with the last of the one before",
		breaks: "Journal returns any page of entries in the order of Seq",
		tx:     func(tx ledger.Tx) ledger.Tx { return inclusive{tx} },
	},
	{
		name:   "a journal in the order of text",
		breaks: "Journal returns any page of entries in the order of Seq",
		tx:     func(tx ledger.Tx) ledger.Tx { return ordersText{tx} },
	},
	{
		name:   "a journal that passes over Of",
		breaks: "Journal returns any page of entries in the order of Seq",
		tx:     func(tx ledger.Tx) ledger.Tx { return ignoresOf{tx} },
	},
	{
		name:   "a journal that passes over Late",
		breaks: "Journal returns any page of entries in the order of Seq",
		tx:     func(tx ledger.Tx) ledger.Tx { return ignoresLate{tx} },
	},
	{
		name:   "a list without a second order",
		breaks: "List pages through due wallets in the order of DueAt, then ID",
		tx:     func(tx ledger.Tx) ledger.Tx { return unstable{tx} },
	},
	{
		name:   "a list that leaves out what is due just now",
		breaks: "List pages through due wallets in the order of DueAt, then ID",
		tx:     func(tx ledger.Tx) ledger.Tx { return exclusive{tx} },
	},
	{
		name:   "an owner in any case",
		breaks: "List finds an owner byte by byte",
		tx:     func(tx ledger.Tx) ledger.Tx { return foldsOwners{tx} },
	},
	{
		name:   "a key in any case",
		breaks: "keys compare byte by byte",
		tx:     func(tx ledger.Tx) ledger.Tx { return foldsKeys{tx} },
	},
	{
		name:   "a key that is looked for in all wallets",
		breaks: "a key belongs to its wallet",
		tx:     func(tx ledger.Tx) ledger.Tx { return anyWallet{tx} },
	},
	{
		name:   "IDs that are sorted where they lie",
		breaks: "what is passed to a Tx is not modified",
		tx:     func(tx ledger.Tx) ledger.Tx { return sortsInPlace{tx} },
	},
	{
		name:   "an error for a wallet that does not exist",
		breaks: "Wallets returns those that exist, without those that do not",
		tx:     func(tx ledger.Tx) ledger.Tx { return missing{tx} },
	},
	{
		name:   "a field that is forgotten",
		breaks: "every field of a wallet comes back exactly",
		tx:     func(tx ledger.Tx) ledger.Tx { return forgets{tx} },
	},
	{
		name:   "an encoding that escapes differently",
		breaks: "every byte of an entry comes back",
		tx:     func(tx ledger.Tx) ledger.Tx { return rehashes{tx} },
	},
	{
		name:   "a write that is not undone",
		breaks: "nothing is kept if fn returns an error",
		update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
			var err error
			return errors.Join(s.Update(ctx, func(tx ledger.Tx) error { err = fn(tx); return nil }), err)
		},
	},
	{
		name:   "wallets that are kept without their entries",
		breaks: "an entry is refused if its Seq is taken",
		update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
			var c ledger.Changes
			err := s.Update(ctx, func(tx ledger.Tx) error { return fn(puts{tx, &c}) })
			if err != nil {
				return err
			}
			return s.Update(ctx, func(tx ledger.Tx) error { return tx.Write(ctx, c) })
		},
	},
	{
		name:   "a batch that is kept wallet by wallet",
		breaks: "a wallet computed from an older state is refused",
		update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
			var c ledger.Changes
			if err := s.Update(ctx, func(tx ledger.Tx) error { return fn(writesLater{tx, &c}) }); err != nil {
				return err
			}
			for _, part := range apart(c) {
				if err := s.Update(ctx, func(tx ledger.Tx) error { return tx.Write(ctx, part) }); err != nil {
					return err
				}
			}
			return nil
		},
	},
	{
		name:   "a lock that is taken after reading",
		breaks: "a wallet is locked before it is read",
		update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
			late := &lateLock{s: s}
			if err := fn(late); err != nil {
				return err
			}
			return s.Update(ctx, late.write)
		},
	},
	{
		name:   "a view that reads call by call",
		breaks: "what a View reads is one consistent state",
		view: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
			return fn(&lateLock{s: s})
		},
	},
	{
		name:   "an error that is dressed up",
		breaks: "an error of fn is returned as it is",
		update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
			if err := s.Update(ctx, fn); err != nil {
				return fmt.Errorf("update: %w", err)
			}
			return nil
		},
	},
	{
		name:   "a panic that is taken for success",
		breaks: "a panic of fn leaves nothing behind, and no lock held",
		update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
			return s.Update(ctx, func(tx ledger.Tx) (err error) {
				defer func() { _ = recover() }()
				return fn(tx)
			})
		},
	},
	{
		name:   "a context that is passed over",
		breaks: "a context that has ended keeps everything as it was",
		update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
			return s.Update(context.WithoutCancel(ctx), fn)
		},
	},
	{
		name:   "a context that is looked at only at the start",
		breaks: "a context that ends before fn returns keeps everything as it was",
		update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return s.Update(context.WithoutCancel(ctx), fn)
		},
	},
	{
		name:   "a conflict that is forgotten",
		breaks: "a transaction that was refused is lost, also if fn passes over it",
		update: func(ctx context.Context, s ledger.Store, fn func(ledger.Tx) error) error {
			var fnErr error
			err := s.Update(ctx, func(tx ledger.Tx) error { fnErr = fn(tx); return fnErr })
			if errors.Is(err, ledger.ErrConflict) && fnErr == nil {
				return nil
			}
			return err
		},
	},
}
