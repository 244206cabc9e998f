package ledger_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

func BenchmarkLedgerCharge(b *testing.B) {
	ctx := context.Background()
	for _, wallets := range []int{1, 1000} {
		b.Run(fmt.Sprintf("wallets=%d", wallets), func(b *testing.B) {
			b.ReportAllocs()
			l := ledger.New(new(memory.Store), ledger.Config{})
			ids := make([]ledger.WalletID, wallets)
			for i := range ids {
				w, err := l.OpenWallet(ctx, ledger.OpenWalletRequest{Key: fmt.Sprint(i), Unit: pricing.Credits()})
				if err != nil {
					b.Fatal(err)
				}
				ids[i] = w.ID
				for k := range 5 {
					_, err := l.Grant(ctx, ledger.GrantRequest{Key: fmt.Sprint("g", k), WalletID: w.ID, Source: ledger.SourcePromotion, Amount: decimal.New(1, 12)})
					if err != nil {
						b.Fatal(err)
					}
				}
			}
			var n atomic.Int64
			b.SetParallelism(16)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					i := n.Add(1)
					_, err := l.Charge(ctx, ledger.ChargeRequest{Key: fmt.Sprintf("c%d", i), WalletID: ids[int(i)%wallets], Item: "sms", Amount: decimal.NewFromInt(3)})
					if err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "charges/s")
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
