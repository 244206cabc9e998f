package ledger_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

func TestJournalFromAnInstantHasAllThatTookEffectSince(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	b.give(w, "100", nil)
	for range 6 {
		b.clock = b.clock.Add(hour)
		b.mustCharge(w, "1")
	}
	late := ledger.ChargeRequest{Key: b.key(), WalletID: w, Amount: dec("1"), At: noon.Add(90 * time.Minute)}
	_, err := b.Charge(b.ctx, late)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		from time.Time
		want []int64
	}{
		"before all":        {noon.Add(-hour), []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}},
		"at an entry":       {noon.Add(3 * hour), []int64{5, 6, 7, 8}},
		"before a late one": {noon.Add(90 * time.Minute), []int64{4, 5, 6, 7, 8, 9}},
		"after the last":    {noon.Add(7 * hour), nil},
	} {
		var seqs []int64
		for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w, From: c.from}) {
			require.NoError(t, err)
			seqs = append(seqs, e.Seq)
		}
		require.Equal(t, c.want, seqs, name)
	}
}

func TestLinesAreChosenByMovementAndKeepTheRunningBalance(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := history(b)
	q := ledger.LinesQuery{WalletID: w, From: noon, To: noon.AddDate(0, 1, 0)}
	q.Movements = []ledger.Movement{ledger.MovementPurchase, ledger.MovementRefund}
	lines, err := b.Lines(b.ctx, q)
	require.NoError(t, err)
	require.Len(t, lines, 2)
	require.Equal(t, "100", lines[0].Running.String())
	require.Equal(t, ledger.MovementRefund, lines[1].Movement)
	require.Equal(t, "97", lines[1].Running.String())
	q.Descending = true
	back, err := b.Lines(b.ctx, q)
	require.NoError(t, err)
	require.Equal(t, []ledger.Line{lines[1], lines[0]}, back)
	for _, bad := range []ledger.LinesQuery{
		{WalletID: w}, {WalletID: w, From: noon, To: noon}, {WalletID: w, From: noon, To: noon.Add(hour), Limit: -1},
	} {
		_, err := b.Lines(b.ctx, bad)
		require.ErrorIs(t, err, ledger.ErrInvalid)
	}
	q.WalletID = ledger.WalletIDOf("nobody")
	_, err = b.Lines(b.ctx, q)
	require.ErrorIs(t, err, ledger.ErrNotFound)
}

func TestWalletsAreListedByOwnerAndID(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	var acme []ledger.WalletID
	for i := range 9 {
		owner := []string{"acme", "globex", "initech"}[i%3]
		id := b.wallet(ledger.Terms{Owner: owner})
		if owner == "acme" {
			acme = append(acme, id)
		}
	}
	list := func(q ledger.WalletQuery) []ledger.WalletID {
		var ids []ledger.WalletID
		for w, err := range b.Wallets(b.ctx, q) {
			require.NoError(t, err)
			ids = append(ids, w.ID)
		}
		return ids
	}
	all := list(ledger.WalletQuery{})
	require.ElementsMatch(t, b.opens, all)
	require.IsIncreasing(t, texts(all))
	require.ElementsMatch(t, acme, list(ledger.WalletQuery{Owner: "acme"}))
	require.Equal(t, all[4:], list(ledger.WalletQuery{After: all[3]}))
	require.ElementsMatch(t, acme, list(ledger.WalletQuery{IDs: append(acme, acme[0])}))
	require.ElementsMatch(t, acme, list(ledger.WalletQuery{IDs: b.opens, Owner: "acme"}))
}

func texts(ids []ledger.WalletID) []string {
	var s []string
	for _, id := range ids {
		s = append(s, id.String())
	}
	return s
}
