package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/memory"
)

// noon is when every test begins.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

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

func open(t testing.TB, cfg ledger.Config) *books { return openOn(t, new(memory.Store), cfg) }

func openOn(t testing.TB, store ledger.Store, cfg ledger.Config) *books {
	b := &books{t: t, ctx: context.Background(), clock: noon}
	cfg.Now = func() time.Time { return b.clock }
	b.Ledger = ledger.New(store, cfg)
	t.Cleanup(func() {
		for _, id := range b.opens {
			if err := b.Verify(b.ctx, id); err != nil {
				t.Errorf("the books are wrong: %v", err)
			}
		}
	})
	return b
}

// key returns a key that has not been used.
func (b *books) key() string {
	b.keys++
	return fmt.Sprintf("key-%d", b.keys)
}

// wallet opens a wallet that counts credits.
func (b *books) wallet(terms ledger.Terms) ledger.WalletID {
	return b.walletIn(pricing.Credits(), terms)
}

func (b *books) walletIn(unit ledger.Unit, terms ledger.Terms) ledger.WalletID {
	b.t.Helper()
	w, err := b.OpenWallet(b.ctx, ledger.OpenWalletRequest{Key: b.key(), Unit: unit, Terms: terms})
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

func (b *books) charge(w ledger.WalletID, amount string) (ledger.Entry, error) {
	return b.Charge(b.ctx, ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "use", Amount: dec(amount)})
}

func (b *books) mustCharge(w ledger.WalletID, amount string) ledger.Entry {
	b.t.Helper()
	e, err := b.charge(w, amount)
	require.NoError(b.t, err)
	return e
}

func (b *books) balance(w ledger.WalletID) ledger.Balance {
	b.t.Helper()
	balance, err := b.Balance(b.ctx, w, time.Time{})
	require.NoError(b.t, err)
	return balance
}

func (b *books) available(w ledger.WalletID) string { return b.balance(w).Available.String() }

// draws returns who paid, as "grant amount" in the order of drawing.
func draws(e ledger.Entry) []string {
	var s []string
	for _, d := range e.Draws() {
		s = append(s, fmt.Sprintf("%v %v", d.Grant, d.Amount))
	}
	return s
}

// kinds returns the kinds of a wallet's entries from a Seq on.
func (b *books) kinds(w ledger.WalletID, after int64) []ledger.Kind {
	b.t.Helper()
	var kinds []ledger.Kind
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w, After: after}) {
		require.NoError(b.t, err)
		kinds = append(kinds, e.Kind)
	}
	return kinds
}
