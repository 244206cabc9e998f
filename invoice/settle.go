package invoice

import (
	"context"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// A Quote is what an invoice would come to if it were settled now.
type Quote struct {
	Bill
	Unused []Unused `json:"unused,omitempty"` // of an invoice that is settled already: none
}

// Preview returns what [Settle] would answer now, and which credits it would leave.
// Nothing changes. Its errors are those of Settle.
func Preview(ctx context.Context, books *ledger.Ledger, v Invoice) (Quote, error) {
	v, err := v.settleable()
	if err != nil {
		return Quote{}, err
	}
	var a *application
	e, err := books.Check(ctx, v.request(&a))
	if err != nil {
		return Quote{}, err
	}
	if a == nil {
		bill, err := v.settled(ctx, books, e)
		return Quote{Bill: bill}, err
	}
	return Quote{a.finish(a.credits), a.unused()}, nil
}

// Settle puts the credits of v.Wallets against v, all or nothing, and returns what
// it comes to. Each wallet's journal has one entry for it, with v.ID as its key, and
// its draws line by line.
//
// The same invoice again answers the same and changes nothing; another one with the
// same ID is [ledger.ErrKeyReused]. It is [ledger.ErrInvalid] if v is not valid or
// names no wallet, [ledger.ErrNotFound], [ledger.ErrClosed] or [ledger.ErrFrozen] if
// one of them is not there to pay.
func Settle(ctx context.Context, books *ledger.Ledger, v Invoice) (Bill, error) {
	v, err := v.settleable()
	if err != nil {
		return Bill{}, err
	}
	var a *application
	e, err := books.Invoice(ctx, v.request(&a))
	if err != nil {
		return Bill{}, err
	}
	return v.settled(ctx, books, e)
}

// settleable returns v in normal form, if there is a wallet to pay it.
func (v Invoice) settleable() (Invoice, error) {
	v, err := v.check()
	if err == nil && len(v.Wallets) == 0 {
		err = invalid("wallets", "are not set; what an invoice comes to without credits is its Bill")
	}
	return v, err
}

// request returns v as the ledger takes it. What it applies is left in applied.
func (v Invoice) request(applied **application) ledger.InvoiceRequest {
	ids := make([]ledger.WalletID, len(v.Wallets))
	for i, w := range v.Wallets {
		ids[i] = w.ID
	}
	return ledger.InvoiceRequest{
		Key: v.ID, Wallets: ids, Content: ledger.HashOf(v), At: v.At,
		Allocate: func(wallets []ledger.Wallet, at time.Time) ([]ledger.Application, error) {
			a, err := v.apply(wallets, at)
			if err != nil {
				return nil, err
			}
			*applied = a
			return a.applications(), nil
		},
	}
}

// settled returns the bill of v from the books. First is the entry of its first
// wallet.
func (v Invoice) settled(ctx context.Context, books *ledger.Ledger, first ledger.Entry) (Bill, error) {
	var credits []Credit
	for i := range v.Wallets {
		e := first
		if i > 0 {
			var err error
			if e, err = books.Entry(ctx, v.Wallets[i].ID, v.ID); err != nil {
				return Bill{}, err
			}
		}
		paid, err := v.paid(ctx, books, i, &e)
		if err != nil {
			return Bill{}, err
		}
		credits = append(credits, paid...)
	}
	return v.price().finish(credits), nil
}

// paid returns what the wallet with index i paid of v by its entry e.
func (v Invoice) paid(ctx context.Context, books *ledger.Ledger, i int, e *ledger.Entry) ([]Credit, error) {
	draws := e.Draws()
	if len(draws) == 0 {
		return nil, nil
	}
	ids := make([]ledger.GrantID, len(draws))
	for k, d := range draws {
		ids[k] = d.Grant
	}
	wallet, err := books.Wallet(ctx, e.WalletID)
	if err != nil {
		return nil, err
	}
	grants, err := books.Grants(ctx, e.WalletID, ids)
	if err != nil {
		return nil, err
	}
	worth, err := v.worthOf(i, wallet.Unit)
	if err != nil {
		return nil, err
	}
	credits := make([]Credit, len(draws))
	for k, d := range draws {
		credits[k] = Credit{
			Line: e.Parts[d.Part].Line, WalletID: e.WalletID, Grant: d.Grant, Name: grants[k].Name,
			Amount: worth.payable(d.Amount).Normalize(), Credits: d.Amount.Normalize(), Step: worth.money,
		}
	}
	return credits, nil
}
