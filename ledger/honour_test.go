package ledger_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// What an invoice cannot have is told of by the name that its line has.
func TestAnAllocationThatCannotBeIsRefusedByTheNameOfItsLine(t *testing.T) {
	t.Parallel()
	b := open(t, ledger.Config{})
	w := b.wallet(ledger.Terms{})
	g := b.give(w, "10", func(r *ledger.GrantRequest) { r.Scope = ledger.Scope{Items: []string{"gpu"}} })
	gpu := ledger.Part{Line: "use/gpu", Item: ledger.Item{ID: "gpu"}, Amount: dec("4")}
	draw := ledger.Draw{Grant: g, Amount: dec("4")}
	for _, c := range []struct {
		name  string
		edit  func(*ledger.Part, *ledger.Draw)
		field string
		says  string
	}{
		{"a line that was used in the future", func(p *ledger.Part, _ *ledger.Draw) {
			p.At = noon.Add(time.Second)
		}, "At", `of line "use/gpu" is 2026-03-01 12:00:01 +0000 UTC, in the future`},
		{"a part that is of no line", func(p *ledger.Part, _ *ledger.Draw) {
			p.Line, p.At = "", noon.Add(time.Second)
		}, "At", "of part 0 is 2026-03-01 12:00:01 +0000 UTC, in the future"},
		{"a draw on a grant that is not there", func(_ *ledger.Part, d *ledger.Draw) {
			d.Grant.N++
		}, "Allocate", `draws on grant 2.2 for line "use/gpu", and nothing is left of it`},
		{"a draw for a part that is not there", func(_ *ledger.Part, d *ledger.Draw) {
			d.Part = 1
		}, "Allocate", "draws for part 1, and there are 1, from 0"},
		{"a draw of nothing", func(_ *ledger.Part, d *ledger.Draw) {
			d.Amount = dec("0")
		}, "Allocate", `draws 0 for line "use/gpu", which is not positive`},
		{"a draw of a number that nobody could print", func(_ *ledger.Part, d *ledger.Draw) {
			d.Amount = decimal.New(-1, 2_000_000_000)
		}, "Allocate", "has more than 26 digits before the point"},
		{"a grant that may not pay for the line", func(p *ledger.Part, _ *ledger.Draw) {
			p.Item.ID = "seats"
		}, "Allocate", `draws on grant 2.1 for line "use/gpu", which it may not pay for`},
		{"more than the grant has", func(p *ledger.Part, d *ledger.Draw) {
			p.Amount, d.Amount = dec("11"), dec("11")
		}, "Allocate", "draws more on grant 2.1 than it has"},
		{"less than the line costs", func(p *ledger.Part, _ *ledger.Draw) {
			p.Amount = dec("5")
		}, "Allocate", `says that line "use/gpu" costs 5, and draws 4 for it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, d := gpu, draw
			c.edit(&p, &d)
			_, err := b.Invoice(b.ctx, ledger.InvoiceRequest{
				Key: b.key(), Wallets: []ledger.WalletID{w},
				Allocate: func([]ledger.Wallet, time.Time) ([]ledger.Application, error) {
					return []ledger.Application{{Parts: []ledger.Part{p}, Draws: []ledger.Draw{d}}}, nil
				},
			})
			var refused *ledger.InvalidError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.field, refused.Field)
			require.Contains(t, refused.Reason, c.says)
		})
	}
}
