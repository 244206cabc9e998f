package invoice

import (
	"context"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/ledger"
)

// Void gives all credits that a settled invoice drew, and that credit notes have not
// given back yet, to the grants that they came from, in the reverse of the order in
// which they were drawn; of several wallets all or nothing. It returns the entries
// that record it, one for each wallet that gets something back. What goes back to a
// grant that has ended becomes of it what the wallet's refund policy says.
//
// It cannot be undone, and twice is once. The ID is used up: settling the invoice
// again answers what was settled then, and draws nothing. It is an error wrapping
// [ledger.ErrNotFound] if v was not settled.
func Void(ctx context.Context, books *ledger.Ledger, v Invoice) ([]ledger.Entry, error) {
	v, err := v.settleable()
	if err != nil {
		return nil, err
	}
	var requests []ledger.Request
	for _, w := range v.Wallets {
		e, err := books.Entry(ctx, w.ID, v.ID)
		if err != nil {
			return nil, err
		}
		key := "void/" + v.ID
		open, err := outstanding(ctx, books, &e, key)
		if err != nil {
			return nil, err
		}
		if open {
			requests = append(requests, ledger.RefundRequest{Key: key, WalletID: w.ID, Charge: v.ID})
		}
	}
	if len(requests) == 0 {
		return nil, nil
	}
	return books.Together(ctx, requests...)
}

// outstanding reports whether there is something left to give back of what e drew,
// or whether the void with that key gave it back.
func outstanding(ctx context.Context, books *ledger.Ledger, e *ledger.Entry, key string) (bool, error) {
	left := e.Amount()
	for later, err := range books.Journal(ctx, ledger.JournalQuery{WalletID: e.WalletID, Of: e.Seq}) {
		if err != nil {
			return false, err
		}
		if later.Key == key {
			return true, nil
		}
		left = left.Sub(returned(&later))
	}
	return left.IsPositive(), nil
}

// returned returns how much of what was spent e gives back.
func returned(e *ledger.Entry) decimal.Decimal {
	total := decimal.Zero
	for _, m := range e.Moves {
		if m.From == ledger.PotSpent {
			total = total.Add(m.Amount)
		}
	}
	return total
}
