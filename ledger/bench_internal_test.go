package ledger

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/pricing"
)

// BenchmarkRuleCharge is a charge in the pure rule: from the wallet as it was to the
// wallet as it becomes and the entry that says why, neither sealed nor stored.
func BenchmarkRuleCharge(b *testing.B) {
	for _, grants := range []int{1, 5, 10, 100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("grants=%d", grants), func(b *testing.B) {
			now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
			w := walletOf(grants, now)
			r := ChargeRequest{Key: "k", WalletID: w.ID, Item: "sms", Amount: decimal.NewFromInt(3)}
			request, _, err := prepare(r)
			if err != nil {
				b.Fatal(err)
			}
			d := newDesk(b.Context(), nil, nil)
			d.wallets[w.ID] = found(tip{w, &w.Hash})
			b.ReportAllocs()
			for b.Loop() {
				d.now, d.drafts = now, nil
				if err := d.decide(request); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRuleExpire lets all grants of a wallet expire at one instant.
func BenchmarkRuleExpire(b *testing.B) {
	for _, grants := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("grants=%d", grants), func(b *testing.B) {
			now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
			w := walletOf(grants, now)
			for i := range w.Grants {
				w.Grants[i].ExpiresAt = now.Add(time.Hour)
			}
			w.DueAt = w.nextDue()
			b.ReportAllocs()
			for b.Loop() {
				if d := newDraft(w, now.Add(time.Hour)); len(d.entries) != 1 {
					b.Fatal(len(d.entries))
				}
			}
		})
	}
}

// walletOf returns a wallet with so many grants, each of 1,000,000 credits and
// expiring on a day of its own.
func walletOf(grants int, now time.Time) *Wallet {
	w := new(Wallet)
	id := WalletIDOf("bench")
	w.apply(&Entry{
		WalletID: id, Seq: 1, Kind: KindOpen, EffectiveAt: now, RecordedAt: now,
		Opening: &Opening{Unit: pricing.Credits(), Lateness: DefaultLateness}, Terms: &Terms{Owner: "bench"},
	})
	e := Entry{WalletID: id, Seq: 2, Kind: KindGrant, EffectiveAt: now, RecordedAt: now}
	amount := decimal.NewFromInt(1_000_000)
	for n := range grants {
		g := &Grant{
			ID: GrantID{2, n + 1}, Source: SourcePromotion, Amount: amount, Priority: DefaultPriority,
			IssuedAt: now, EffectiveAt: now, ExpiresAt: now.AddDate(0, 0, n+1),
		}
		e.Grants = append(e.Grants, g)
		e.Moves = append(e.Moves, Move{Grant: g.ID, From: PotPending, To: PotRemaining, Amount: amount})
	}
	e.Change = changeOf(e.Moves, nil)
	e.Balance = e.Change
	w.apply(&e)
	return w
}
