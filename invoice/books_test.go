package invoice_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/invoice"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// noon is when every test begins.
var noon = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

var (
	usd     = ledger.Unit{Name: "USD", Scale: 2}
	credits = pricing.Credits()
)

// books is a ledger on a store in memory with a clock that the test turns. At the
// end of the test every wallet is verified.
type books struct {
	*ledger.Ledger
	t     testing.TB
	ctx   context.Context
	clock time.Time
	keys  int
	opens []ledger.WalletID
}

func open(t testing.TB) *books { return openOn(t, new(memory.Store)) }

func openOn(t testing.TB, store ledger.Store) *books {
	b := &books{t: t, ctx: context.Background(), clock: noon}
	b.Ledger = ledger.New(store, ledger.Config{Now: func() time.Time { return b.clock }})
	t.Cleanup(func() {
		for _, id := range b.opens {
			if err := b.Verify(b.ctx, id); err != nil {
				t.Errorf("the books are wrong: %v", err)
			}
		}
	})
	return b
}

func (b *books) key() string {
	b.keys++
	return fmt.Sprintf("key-%d", b.keys)
}

func (b *books) wallet(unit ledger.Unit) ledger.WalletID {
	b.t.Helper()
	w, err := b.OpenWallet(b.ctx, ledger.OpenWalletRequest{Key: b.key(), Unit: unit})
	require.NoError(b.t, err)
	b.opens = append(b.opens, w.ID)
	return w.ID
}

// give grants credits on terms that edit may change.
func (b *books) give(w ledger.WalletID, amount string, edit func(*ledger.GrantRequest)) ledger.GrantID {
	b.t.Helper()
	r := ledger.GrantRequest{Key: b.key(), WalletID: w, Source: ledger.SourcePromotion, Amount: dec(amount)}
	if edit != nil {
		edit(&r)
	}
	e, err := b.Grant(b.ctx, r)
	require.NoError(b.t, err)
	return e.Grants[0].ID
}

func (b *books) available(w ledger.WalletID) string {
	b.t.Helper()
	balance, err := b.Balance(b.ctx, w, time.Time{})
	require.NoError(b.t, err)
	return balance.Available.String()
}

func (b *books) settle(v invoice.Invoice) invoice.Bill {
	b.t.Helper()
	bill, err := invoice.Settle(b.ctx, b.Ledger, v)
	require.NoError(b.t, err)
	return bill
}

// line returns a line of a meter that costs amount.
func line(id, amount string) invoice.Line {
	return invoice.Line{ID: id, Item: ledger.Item{ID: id, Kind: invoice.KindMeter}, Amount: dec(amount)}
}

// bill returns an invoice in USD, to be paid by wallets that count USD.
func bill(wallets []ledger.WalletID, lines ...invoice.Line) invoice.Invoice {
	v := invoice.Invoice{ID: "INV-1", Currency: "USD", Lines: lines}
	for _, id := range wallets {
		v.Wallets = append(v.Wallets, invoice.Wallet{ID: id})
	}
	return v
}

func TestCreditOnCertainMetersOnly(t *testing.T) {
	b := open(t)
	w := b.wallet(usd)
	b.give(w, "50", func(r *ledger.GrantRequest) {
		r.Name = "Referral"
		r.Scope = ledger.Scope{Items: []string{"tokens", "images"}}
	})
	v := bill([]ledger.WalletID{w}, line("tokens", "45"), line("images", "25"), line("storage", "30"))
	got := b.settle(v)
	require.Equal(t, "100", got.Subtotal.String())
	require.Equal(t, "50", got.Due.String())
	require.Equal(t, got, b.settle(v))
}
