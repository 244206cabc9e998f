package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// listCases are about [ledger.Tx.List].
var listCases = []testCase{
	{name: "List pages through wallets in the order of ID", check: func(k *kit) {
		k.allLists(k.crowd(), ledger.WalletPage{})
	}},
	{name: "List finds an owner byte by byte", check: func(k *kit) {
		all := k.crowd()
		for _, owner := range append(slices.Clone(owners), "ACME", "acm", "acme_", "nobody") {
			k.allLists(all, ledger.WalletPage{Owner: owner})
		}
	}},
	{name: "List pages through due wallets in the order of DueAt, then ID", check: func(k *kit) {
		all := k.crowd()
		for _, by := range append(slices.Clone(dues[1:]), tick(-1), tick(1_000_000), dues[0].Add(time.Microsecond)) {
			k.allLists(all, ledger.WalletPage{DueBy: by})
		}
	}},
	{name: "List follows what becomes of a wallet", check: func(k *kit) {
		w, _ := k.add("a", charge(""))
		owners := []string{"acme", "globex", "acme"}
		for i, due := range []time.Time{tick(5), {}, tick(7)} {
			w.DueAt, w.Owner = due, owners[i]
			_, changes := post(&w, charge(""))
			k.keep(changes)
			for _, q := range []ledger.WalletPage{{}, {DueBy: tick(6)}, {DueBy: tick(7)}, {Owner: "acme"}, {Owner: "globex"}} {
				k.allLists([]ledger.Wallet{w}, q)
			}
		}
	}},
}

var (
	owners = []string{"acme", "Acme", "acme ", "acm\u00e9", "acme%", "%"}
	dues   = []time.Time{{}, tick(0), tick(1), tick(1), tick(2), tick(1_000), time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)}
)

// crowd keeps wallets of various owners that are due at various times, and returns
// them ordered by ID.
func (k *kit) crowd() []ledger.Wallet {
	k.Helper()
	var all []ledger.Wallet
	var changes []ledger.Changes
	for i := range 21 {
		w := newWallet(fmt.Sprintf("wallet %d", i))
		w.Owner, w.DueAt = owners[i%len(owners)], dues[i%len(dues)]
		_, c := post(&w, charge(""))
		all, changes = append(all, w), append(changes, c)
	}
	k.keep(join(changes...))
	slices.SortFunc(all, byID)
	return all
}

// list returns a page of wallets.
func (k *kit) list(q ledger.WalletPage) []ledger.Wallet {
	k.Helper()
	return read(k, ledger.EncodeWallet, func(tx ledger.Tx) ([]ledger.Wallet, error) {
		return tx.List(k.Context(), q)
	})
}

// allLists asks for every page of wallets that are like q, of all that there are.
func (k *kit) allLists(all []ledger.Wallet, q ledger.WalletPage) {
	k.Helper()
	want := listed(all, q)
	for _, run := range k.both() {
		run(func(tx ledger.Tx) error {
			for after := range len(want) + 1 {
				if q.After = (ledger.WalletCursor{}); after > 0 {
					q.After = cursor(q, want[after-1])
				}
				for _, q.Limit = range []int{1, 3, 1_000} {
					got, err := tx.List(k.Context(), q)
					if err != nil {
						return err
					}
					rest := want[after:]
					same(k, fmt.Sprintf("%+v", q), ledger.EncodeWallet, got, rest[:min(len(rest), q.Limit)])
				}
			}
			return nil
		})
	}
}

func cursor(q ledger.WalletPage, w ledger.Wallet) ledger.WalletCursor {
	if q.DueBy.IsZero() {
		return ledger.WalletCursor{ID: w.ID}
	}
	return ledger.WalletCursor{DueAt: w.DueAt, ID: w.ID}
}

// listed says what q asks for in all its pages together, of wallets ordered by ID.
func listed(all []ledger.Wallet, q ledger.WalletPage) []ledger.Wallet {
	var found []ledger.Wallet
	for _, w := range all {
		due := q.DueBy.IsZero() || !w.DueAt.IsZero() && !w.DueAt.After(q.DueBy)
		if due && (q.Owner == "" || q.Owner == w.Owner) {
			found = append(found, w)
		}
	}
	if !q.DueBy.IsZero() {
		slices.SortFunc(found, func(a, b ledger.Wallet) int {
			return cmp.Or(a.DueAt.Compare(b.DueAt), a.ID.Compare(b.ID))
		})
	}
	return found
}
