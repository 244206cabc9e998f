package storetest

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// How many workers share how many wallets while a store crashes.
const (
	workers = 8
	shared  = 4
)

// A shift is what is known of the tasks of one worker, which it does one after the
// other: the answers to the first of them, and how the next one failed. Of that it is
// open whether it was done unless failed is something else than
// [ledger.ErrUnknownOutcome].
type shift struct {
	answers []string
	failed  error
}

// A task is what a worker asks for: which follows from its place alone, so that it
// can be asked again.
type task struct{ round, worker, n int }

// work does the tasks of one worker, until one fails or stop is closed.
func work(books *ledger.Ledger, round, worker int, stop <-chan struct{}, heard func(answer string)) error {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return nil
		default:
		}
		answer, err := task{round, worker, n}.do(books)
		if err != nil {
			return err
		}
		heard(answer)
	}
}

// do asks for what the task is and returns the answer: all of it, in one word, or why
// it was refused for good.
func (k task) do(books *ledger.Ledger) (answer string, err error) {
	ctx, requests := context.Background(), k.requests()
	var entries []ledger.Entry
	if len(requests) > 1 {
		entries, err = books.Together(ctx, requests...)
	} else {
		entries = make([]ledger.Entry, 1)
		entries[0], err = books.Do(ctx, requests[0])
	}
	if errors.Is(err, ledger.ErrInsufficientCredits) {
		return "refused: " + err.Error(), nil
	}
	var hashes []string
	for _, e := range entries {
		hashes = append(hashes, hex.EncodeToString(e.Hash[:]))
	}
	return strings.Join(hashes, " "), err
}

// keys returns the keys of the task's requests, each of which makes an entry.
func (k task) keys() []ledger.EntryKey {
	var keys []ledger.EntryKey
	for i := range k.requests() {
		keys = append(keys, ledger.EntryKey{WalletID: k.wallet(i), Key: k.key(i)})
	}
	return keys
}

func (k task) key(i int) string { return fmt.Sprintf("%d-%d-%d-%d", k.round, k.worker, k.n, i) }

// wallet returns the i-th wallet of the task.
func (k task) wallet(i int) ledger.WalletID { return sharedWallet(k.worker + k.n + i) }

func sharedWallet(i int) ledger.WalletID { return ledger.WalletIDOf(fmt.Sprint("shared ", i%shared)) }

// requests returns what the task asks for, together.
func (k task) requests() []ledger.Request {
	w, one := k.wallet(0), decimal.NewFromInt(1)
	charge := func(i int) ledger.Request {
		return ledger.ChargeRequest{Key: k.key(i), WalletID: k.wallet(i), Item: "sms", Amount: one}
	}
	switch k.n % 6 {
	case 0:
		return []ledger.Request{ledger.TransferRequest{Key: k.key(0), From: w, To: k.wallet(1), Amount: one}}
	case 1:
		return []ledger.Request{charge(0), charge(1)}
	case 2:
		return []ledger.Request{ledger.PurchaseRequest{Key: k.key(0), WalletID: w, Package: "pack"}}
	case 3:
		return []ledger.Request{ledger.ChargeRequest{
			Key: k.key(0), WalletID: w, Item: "sms", Amount: decimal.New(1, 20), Final: true,
		}}
	}
	return []ledger.Request{charge(0)}
}

// newBooks returns a ledger that knows what the tasks name.
func newBooks(store ledger.Store) *ledger.Ledger {
	catalog, err := pricing.New(pricing.Catalog{
		Unit: pricing.Credits(),
		Packages: []pricing.Package{{
			Name: "pack", Credits: decimal.NewFromInt(5), Price: pricing.Money{Amount: decimal.NewFromInt(5), Currency: "EUR"},
		}},
	})
	if err != nil {
		panic(err)
	}
	return ledger.New(store, ledger.Config{Catalog: catalog})
}

// openWallets opens the wallets that workers share.
func openWallets(t testing.TB, store ledger.Store) {
	t.Helper()
	books := newBooks(store)
	for i := range shared {
		w, err := books.OpenWallet(t.Context(), ledger.OpenWalletRequest{
			Key: fmt.Sprint("shared ", i), Unit: pricing.Credits(),
			Terms: ledger.Terms{Owner: "acme", Alerts: ledger.Alerts{Events: []ledger.NoticeKind{ledger.NoticePurchased}}},
		})
		if err == nil {
			_, err = books.Grant(t.Context(), ledger.GrantRequest{
				Key: "grant", WalletID: w.ID, Amount: decimal.NewFromInt(1_000_000), Source: ledger.SourcePromotion, Priority: 1,
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
