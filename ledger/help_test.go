package ledger_test

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// until makes a grant end at an instant.
func until(t time.Time) func(*ledger.GrantRequest) {
	return func(r *ledger.GrantRequest) { r.Expiry = expiry.Policy{Kind: expiry.PolicyAt, At: t} }
}

// bought makes a grant one that was paid for.
func bought(amount string) func(*ledger.GrantRequest) {
	return func(r *ledger.GrantRequest) {
		r.Source, r.Paid = ledger.SourcePurchase, ledger.Money{Amount: dec(amount), Currency: "USD"}
	}
}

func allowance(name, amount string) ledger.Bucket {
	return ledger.Bucket{Name: name, Allowance: dec(amount)}
}

func (b *books) availableAt(w ledger.WalletID, at time.Time) string {
	b.t.Helper()
	balance, err := b.Balance(b.ctx, w, at)
	require.NoError(b.t, err)
	return balance.Available.String()
}

// sweep settles what is due, twice: the second time nothing is.
func (b *books) sweep() {
	b.t.Helper()
	_, err := b.Settle(b.ctx, 1000)
	require.NoError(b.t, err)
	n, err := b.Settle(b.ctx, 1000)
	require.NoError(b.t, err)
	require.Zero(b.t, n)
}

func (b *books) subscribe(w ledger.WalletID, r ledger.SubscribeRequest) ledger.Entry {
	b.t.Helper()
	r.Key, r.WalletID = b.key(), w
	e, err := b.Subscribe(b.ctx, r)
	require.NoError(b.t, err)
	return e
}

func (b *books) holdFor(w ledger.WalletID, amount string, life time.Duration) ledger.HoldID {
	b.t.Helper()
	e, err := b.Hold(b.ctx, ledger.HoldRequest{Key: b.key(), WalletID: w, Amount: dec(amount), Life: life})
	require.NoError(b.t, err)
	return e.Hold.ID
}

// seq returns the number of the wallet's last entry.
func (b *books) seq(w ledger.WalletID) int64 {
	b.t.Helper()
	for e, err := range b.Journal(b.ctx, ledger.JournalQuery{WalletID: w, Descending: true}) {
		require.NoError(b.t, err)
		return e.Seq
	}
	return 0
}
