package ledger_test

import (
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// BenchmarkLedgerCharge charges from 128 goroutines for each processor, so that
// requests share transactions.
func BenchmarkLedgerCharge(b *testing.B) {
	for _, c := range []struct{ wallets, grants int }{
		{1, 1}, {1, 5}, {1, 10}, {1, 100}, {1, 1_000}, {1, 10_000}, {1_000, 5},
	} {
		b.Run(fmt.Sprintf("wallets=%d/grants=%d", c.wallets, c.grants), func(b *testing.B) {
			store := new(memory.Store)
			ids := make([]ledger.WalletID, c.wallets)
			for i := range ids {
				ids[i] = stock(b, store, strconv.Itoa(i), c.grants)
			}
			books := ledger.New(store, ledger.Config{})
			var n atomic.Int64
			b.ReportAllocs()
			b.SetParallelism(128)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					i := n.Add(1)
					charge := ledger.ChargeRequest{
						Key: strconv.FormatInt(i, 10), WalletID: ids[int(i)%len(ids)], Item: "sms", Amount: decimal.NewFromInt(3),
					}
					if _, err := books.Charge(b.Context(), charge); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "charges/s")
		})
	}
}

// stock keeps a wallet with so many grants, each expiring on a day of its own, in
// store.
func stock(b *testing.B, store ledger.Store, key string, grants int) ledger.WalletID {
	id := ledger.WalletIDOf(key)
	at := time.Now().UTC().Truncate(time.Microsecond)
	opened := ledger.Entry{
		WalletID: id, Seq: 1, Kind: ledger.KindOpen, Key: "open", EffectiveAt: at, RecordedAt: at,
		Opening: &ledger.Opening{Unit: pricing.Credits()}, Terms: &ledger.Terms{Owner: key},
	}
	granted := ledger.Entry{WalletID: id, Seq: 2, Kind: ledger.KindGrant, Key: "grant", EffectiveAt: at, RecordedAt: at}
	amount := decimal.New(1, 12)
	for n := range grants {
		g := &ledger.Grant{
			ID: ledger.GrantID{Seq: 2, N: n + 1}, Source: ledger.SourcePromotion, Amount: amount,
			Priority: ledger.DefaultPriority, IssuedAt: at, EffectiveAt: at, ExpiresAt: at.AddDate(0, 0, n+1),
		}
		granted.Grants = append(granted.Grants, g)
		granted.Moves = append(granted.Moves, ledger.Move{
			Grant: g.ID, From: ledger.PotPending, To: ledger.PotRemaining, Amount: amount,
		})
		granted.Change = granted.Change.Add(amount)
	}
	granted.Balance = granted.Change
	granted.Seal(opened.Seal(ledger.Hash{}))
	w, err := ledger.Replay(slices.Values([]ledger.Entry{opened, granted}))
	if err != nil {
		b.Fatal(err)
	}
	err = store.Update(b.Context(), func(tx ledger.Tx) error {
		return tx.Write(b.Context(), ledger.Changes{Wallets: []ledger.Put{{Wallet: &w}}, Entries: []*ledger.Entry{&opened, &granted}})
	})
	if err != nil {
		b.Fatal(err)
	}
	return id
}

// BenchmarkLedgerBalance asks for a balance in the middle of a journal.
func BenchmarkLedgerBalance(b *testing.B) {
	for _, entries := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("entries=%d", entries), func(b *testing.B) {
			store := new(memory.Store)
			id := stock(b, store, "balance", 5)
			clock := time.Now()
			books := ledger.New(store, ledger.Config{Now: func() time.Time { return clock }})
			start := clock
			for i := range entries {
				clock = start.Add(time.Duration(i+1) * time.Millisecond)
				charge := ledger.ChargeRequest{Key: strconv.Itoa(i), WalletID: id, Item: "sms", Amount: decimal.NewFromInt(3)}
				if _, err := books.Charge(b.Context(), charge); err != nil {
					b.Fatal(err)
				}
			}
			middle := start.Add(time.Duration(entries/2) * time.Millisecond)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := books.Balance(b.Context(), id, middle); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncodeEntry(b *testing.B) {
	e := ledger.Entry{
		WalletID: ledger.WalletIDOf("a"), Seq: 17, Kind: ledger.KindCharge, Key: "c1732", Fingerprint: ledger.Hash{1},
		EffectiveAt: noon, RecordedAt: noon, Change: dec("-3"), Balance: dec("49999937"),
		Parts:    []ledger.Part{{Item: ledger.Item{Kind: "meter", ID: "sms"}, Amount: dec("3")}},
		Moves:    []ledger.Move{{Grant: ledger.GrantID{Seq: 2, N: 1}, From: ledger.PotRemaining, To: ledger.PotSpent, Amount: dec("3")}},
		Previous: ledger.Hash{2},
	}
	b.ReportAllocs()
	for b.Loop() {
		ledger.EncodeEntry(&e)
	}
}
