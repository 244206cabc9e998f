package storetest

import (
	"fmt"
	"slices"

	"github.com/scrip-go/scrip/ledger"
)

// sizeCases are about what one transaction can carry.
var sizeCases = []testCase{
	{name: "a thousand wallets go through one transaction", check: func(k *kit) {
		var ids []ledger.WalletID
		var want []ledger.Wallet
		var changes []ledger.Changes
		for i := range 1_000 {
			w := newWallet(fmt.Sprintf("wallet %d", i))
			e := charge("first")
			e.Notices = []ledger.Notice{{Kind: "opened"}}
			_, c := post(&w, e, charge("second"))
			ids, want, changes = append(ids, w.ID), append(want, w), append(changes, c)
		}
		all := join(changes...)
		k.keep(all)
		slices.SortFunc(want, byID)
		same(k, "wallets", ledger.EncodeWallet, k.wallets(ids...), want)
		if got := len(k.keyedAll(all.Entries)); got != len(all.Entries) {
			k.Errorf("Keyed returned %d entries, want %d", got, len(all.Entries))
		}
		notices := k.take(noon, tick(1), 10_000)
		if len(notices) != len(ids) {
			k.Fatalf("TakeNotices returned %d notices, want %d", len(notices), len(ids))
		}
		var acked []ledger.NoticeID
		for _, n := range notices {
			acked = append(acked, n.ID)
		}
		k.ack(acked...)
		if got := k.take(tick(2), tick(3), 10_000); len(got) > 0 {
			k.Errorf("%d notices were not acknowledged", len(got))
		}
	}},
}

// keyedAll returns the entries that have the keys of these.
func (k *kit) keyedAll(entries []*ledger.Entry) []ledger.Entry {
	k.Helper()
	var keys []ledger.EntryKey
	for _, e := range entries {
		keys = append(keys, ledger.EntryKey{WalletID: e.WalletID, Key: e.Key})
	}
	var found []ledger.Entry
	k.view(func(tx ledger.Tx) (err error) {
		found, err = tx.Keyed(k.Context(), keys)
		return err
	})
	return found
}
