package invoice_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
)

// bigScene returns an invoice and a wallet whose grants may each pay a tenth of the
// lines.
func bigScene(lines, grants int) (invoice.Invoice, ledger.Wallet) {
	r := rand.New(rand.NewPCG(11, 12))
	w := ledger.Wallet{ID: ledger.WalletIDOf("w")}
	w.Unit = usd
	v := invoice.Invoice{ID: "INV", Currency: "USD", Wallets: []invoice.Wallet{{ID: w.ID}}}
	for i := range lines {
		l := line(fmt.Sprintf("item-%d", i), "0")
		l.Amount, l.Tax = decimal.New(int64(1+r.IntN(10_000)), -2), taxes[1+i%2]
		v.Lines = append(v.Lines, l)
	}
	for k := range grants {
		var scope ledger.Scope
		for _, p := range r.Perm(lines)[:max(lines/10, 1)] {
			scope.Items = append(scope.Items, v.Lines[p].Item.ID)
		}
		w.Grants = append(w.Grants, ledger.OpenGrant{
			Grant:     &ledger.Grant{ID: ledger.GrantID{Seq: int64(k + 2), N: 1}, Scope: scope},
			Remaining: decimal.New(int64(1+r.IntN(80_000)), -2),
		})
	}
	return v, w
}

func BenchmarkApply(b *testing.B) {
	for _, size := range [][2]int{{10, 5}, {100, 20}, {1_000, 100}} {
		for _, strategy := range []ledger.Strategy{ledger.StrategyInOrder, ledger.StrategyFullest} {
			b.Run(fmt.Sprintf("%dx%d/%s", size[0], size[1], strategy), func(b *testing.B) {
				v, w := bigScene(size[0], size[1])
				v.Strategy = strategy
				b.ReportAllocs()
				for b.Loop() {
					if _, _, err := v.Apply([]ledger.Wallet{w}, noon); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
