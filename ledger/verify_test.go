package ledger_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
)

// A tampered store shows other bytes than were written.
type tampered struct {
	ledger.Store
	bytes map[ledger.EntryID][]byte // nil: the entry is gone
}

func (s *tampered) View(ctx context.Context, fn func(ledger.Tx) error) error {
	return s.Store.View(ctx, func(tx ledger.Tx) error { return fn(&tamperedTx{tx, s.bytes}) })
}

type tamperedTx struct {
	ledger.Tx
	bytes map[ledger.EntryID][]byte
}

func (tx *tamperedTx) Journal(ctx context.Context, q ledger.Page) ([]ledger.Entry, error) {
	entries, err := tx.Tx.Journal(ctx, q)
	for i := range entries {
		data, ok := tx.bytes[entries[i].ID()]
		if !ok || err != nil {
			continue
		}
		if data == nil {
			return slices.Delete(entries, i, i+1), nil
		}
		if entries[i], err = ledger.DecodeEntry(data); err != nil {
			return nil, err
		}
	}
	return entries, err
}

// history is a wallet with some of everything that a journal records.
func history(b *books) ledger.WalletID {
	w, other := b.wallet(ledger.Terms{Owner: "acme", CreditLimit: dec("50")}), b.wallet(ledger.Terms{})
	b.give(w, "100", func(r *ledger.GrantRequest) { bought("9.99")(r); r.Metadata = map[string]string{"by": "card"} })
	b.give(w, "30", func(r *ledger.GrantRequest) { until(b.clock.Add(2 * day))(r) })
	c := b.mustCharge(w, "41")
	_, err := b.Transfer(b.ctx, ledger.TransferRequest{Key: b.key(), From: w, To: other, Amount: dec("7")})
	require.NoError(b.t, err)
	_, err = b.Refund(b.ctx, ledger.RefundRequest{Key: b.key(), WalletID: w, Charge: c.Key, Amount: dec("15")})
	require.NoError(b.t, err)
	h, err := b.Hold(b.ctx, ledger.HoldRequest{Key: b.key(), WalletID: w, Amount: dec("5"), Life: hour})
	require.NoError(b.t, err)
	_, err = b.Capture(b.ctx, ledger.CaptureRequest{Key: b.key(), WalletID: w, Hold: h.Hold.ID, Amount: dec("4")})
	require.NoError(b.t, err)
	b.clock = b.clock.Add(3 * day)
	b.mustCharge(w, "1")
	return w
}

func TestVerifyNamesTheEntryInWhichAByteWasChanged(t *testing.T) {
	t.Parallel()
	store := new(memory.Store)
	b := openOn(t, store, ledger.Config{})
	w := history(b)
	var entries []ledger.Entry
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w}) {
		require.NoError(t, err)
		entries = append(entries, e)
	}
	for i := range entries {
		body := ledger.EncodeEntry(&entries[i])
		for at := range body {
			changed := slices.Clone(body)
			changed[at] ^= 1
			named(t, b, store, entries[i].ID(), changed, fmt.Sprintf("byte %d, %q", at, body[at]))
		}
		named(t, b, store, entries[i].ID(), append(slices.Clone(body), ' '), "a space")
		named(t, b, store, entries[i].ID(), nil, "gone")
	}
}

// named checks that Verify names the entry in whose place other bytes stand.
func named(t *testing.T, b *books, store ledger.Store, id ledger.EntryID, bytes []byte, what string) {
	t.Helper()
	bad := &tampered{store, map[ledger.EntryID][]byte{id: bytes}}
	err := b.In(bad).Verify(b.ctx, id.WalletID)
	var wrong *ledger.CorruptError
	require.ErrorAs(t, err, &wrong, "%s of entry %d", what, id.Seq)
	require.ErrorIs(t, err, ledger.ErrCorrupt)
	require.Equal(t, id, wrong.Entry, "%s of entry %d: %v", what, id.Seq, err)
}

func TestVerifyGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	store := new(memory.Store)
	b := openOn(t, store, ledger.Config{})
	w := history(b)
	verified, err := b.VerifySince(b.ctx, ledger.Wallet{ID: w})
	require.NoError(t, err)
	second := ledger.EntryID{WalletID: w, Seq: 2}
	last := b.mustCharge(w, "1")

	bad := b.In(&tampered{store, map[ledger.EntryID][]byte{second: nil}})
	_, err = bad.VerifySince(b.ctx, verified)
	require.NoError(t, err, "what was verified before is not read again")
	kept, err := ledger.DecodeWallet(ledger.EncodeWallet(&verified))
	require.NoError(t, err)
	now, err := b.VerifySince(b.ctx, kept)
	require.NoError(t, err)
	require.Equal(t, last.Seq, now.Seq)

	_, err = b.In(&tampered{store, map[ledger.EntryID][]byte{last.ID(): nil}}).VerifySince(b.ctx, verified)
	var wrong *ledger.CorruptError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, last.ID(), wrong.Entry)
}

func TestVerifyAllTellsOfEveryWalletAndBeginsAfterAny(t *testing.T) {
	t.Parallel()
	store := new(memory.Store)
	b := openOn(t, store, ledger.Config{})
	for range 5 {
		b.give(b.wallet(ledger.Terms{}), "1", nil)
	}
	bad := ledger.EntryID{WalletID: b.opens[2], Seq: 2}
	l := b.In(&tampered{store, map[ledger.EntryID][]byte{bad: nil}})
	var seen []ledger.WalletID
	var wrong []error
	for v, err := range l.VerifyAll(b.ctx, ledger.WalletID{}) {
		require.NoError(t, err)
		require.EqualValues(t, 2, v.Entries)
		seen = append(seen, v.WalletID)
		if v.Err != nil {
			wrong = append(wrong, v.Err)
		}
	}
	require.ElementsMatch(t, b.opens, seen)
	require.Len(t, wrong, 1)
	var corrupt *ledger.CorruptError
	require.ErrorAs(t, wrong[0], &corrupt)
	require.Equal(t, bad, corrupt.Entry)

	var rest []ledger.WalletID
	for v, err := range l.VerifyAll(b.ctx, seen[1]) {
		require.NoError(t, err)
		rest = append(rest, v.WalletID)
	}
	require.Equal(t, seen[2:], rest)
}

// Whoever can compute hashes can forge a journal, but not what follows from it.
func TestVerifyFindsWhatHashesDoNot(t *testing.T) {
	t.Parallel()
	for name, forge := range map[string]func(*ledger.Entry){
		"a refund of more than was drawn": func(e *ledger.Entry) {
			e.Moves[0].Amount, e.Change, e.Balance = dec("42"), dec("42"), e.Balance.Add(dec("27"))
		},
		"a draw of more than the grant has": func(e *ledger.Entry) {
			e.Moves[0].From, e.Moves[0].To, e.Moves[0].Amount = ledger.PotHeld, ledger.PotRemaining, dec("15")
			e.Change, e.Balance = dec("0"), e.Balance.Sub(dec("15"))
		},
		"a key that stands twice":         func(e *ledger.Entry) { e.Key = "key-4" },
		"credits from nowhere":            func(e *ledger.Entry) { e.Change = dec("16") },
		"another balance":                 func(e *ledger.Entry) { e.Balance = dec("16") },
		"a transfer that nobody received": func(e *ledger.Entry) { e.Kind, e.Of = ledger.KindReceive, 0 },
		"a second opening":                func(e *ledger.Entry) { e.Kind = ledger.KindOpen },
		"a checkpoint of nothing":         func(e *ledger.Entry) { e.Kind = ledger.KindCheckpoint },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := new(memory.Store)
			b := openOn(t, store, ledger.Config{})
			w := history(b)
			bad := &tampered{store, make(map[ledger.EntryID][]byte)}
			var forged ledger.EntryID
			var previous ledger.Hash
			for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w}) {
				require.NoError(t, err)
				if e.Kind == ledger.KindRefund {
					forge(&e)
					forged = e.ID()
				}
				previous = e.Seal(previous)
				bad.bytes[e.ID()] = ledger.EncodeEntry(&e)
			}
			var wrong *ledger.CorruptError
			err := b.In(bad).Verify(b.ctx, w)
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, forged, wrong.Entry, err)
		})
	}
}

func TestVerifyFindsAKeyThatStandsOnADistantEntryToo(t *testing.T) {
	t.Parallel()
	store := new(memory.Store)
	b := openOn(t, store, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "10000", nil)
	for range 600 {
		b.mustCharge(w, "1")
	}
	bad := &tampered{store, make(map[ledger.EntryID][]byte)}
	var previous ledger.Hash
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w}) {
		require.NoError(t, err)
		if e.Seq == 590 {
			e.Key = "key-5"
		}
		previous = e.Seal(previous)
		bad.bytes[e.ID()] = ledger.EncodeEntry(&e)
	}
	var wrong *ledger.CorruptError
	require.ErrorAs(t, b.In(bad).Verify(b.ctx, w), &wrong)
	require.Equal(t, ledger.EntryID{WalletID: w, Seq: 590}, wrong.Entry, wrong)
}

func TestVerifyAnswersOtherErrorsAsTheyAre(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	require.ErrorIs(t, b.Verify(b.ctx, ledger.WalletIDOf("nobody")), ledger.ErrNotFound)
	w := history(b)
	ctx, cancel := context.WithCancel(b.ctx)
	cancel()
	err := b.Verify(ctx, w)
	require.Error(t, err)
	require.NotErrorIs(t, err, ledger.ErrCorrupt)
}
