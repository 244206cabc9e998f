package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
)

// A credit is what staff enter to add one.
type credit struct {
	name     string
	amount   decimal.Decimal
	tokens   bool            // it counts free tokens; false: USD
	paid     decimal.Decimal // in USD, by a customer who prepaid; zero: it is promotional
	expires  time.Time       // zero: never
	priority int             // 1 to 100, lower is applied first; zero: 50
	scope    ledger.Scope    // zero: the entire invoice
}

// add saves a credit, whose name is its key: once saved it stays as it is.
func (a *account) add(ctx context.Context, c credit) (ledger.GrantID, error) {
	r := ledger.GrantRequest{
		Key: "credit " + c.name, WalletID: a.money, Source: ledger.SourcePromotion, Name: c.name,
		Amount: c.amount, Scope: c.scope, Priority: c.priority,
	}
	if c.tokens {
		r.WalletID = a.tokens
	}
	if c.paid.IsPositive() {
		r.Source, r.Paid = ledger.SourcePurchase, pricing.Money{Amount: c.paid, Currency: "USD"}
	}
	if !c.expires.IsZero() {
		r.Expiry = expiry.Policy{Kind: expiry.PolicyAt, At: c.expires}
	}
	e, err := a.Grant(ctx, r)
	if err != nil {
		return ledger.GrantID{}, err
	}
	return e.Grants[0].ID, nil
}

var errUnconfirmed = errors.New("confirm it, for it cannot be undone")

// void cancels what is left of a credit in USD.
func (a *account) void(ctx context.Context, id ledger.GrantID, confirmed bool) error {
	if !confirmed {
		return errUnconfirmed
	}
	_, err := a.Void(ctx, ledger.VoidRequest{
		Key: fmt.Sprintf("void %v at %s", id, a.now.Format(time.RFC3339)), WalletID: a.money, Grant: id,
	})
	return err
}

// printCredits is the account's view of credits: those that can be used, the first
// to be applied first.
func (a *account) printCredits(ctx context.Context) error {
	fmt.Fprintf(a.out, "\nCredits of %s on %s\n", a.name, a.now.Format("2 January 2006"))
	row := "  %-18s  %8s  %-41s  %-12s  %s\n"
	fmt.Fprintf(a.out, row, "name", "priority", "applies to", "until", "left")
	for _, w := range []struct {
		id   ledger.WalletID
		show func(decimal.Decimal) string
	}{{a.money, usd}, {a.tokens, tokens}} {
		balance, err := a.Balance(ctx, w.id, a.now)
		if err != nil {
			return err
		}
		for _, g := range balance.Grants {
			until := "-"
			if !g.ExpiresAt.IsZero() {
				until = g.ExpiresAt.Format("2 Jan 2006")
			}
			fmt.Fprintf(a.out, row, g.Name, strconv.Itoa(g.Priority), g.Scope.String(), until, w.show(g.Remaining))
		}
	}
	return nil
}

// try tells what became of something that was tried.
func (a *account) try(what string, err error) {
	outcome := "done"
	var invalid *ledger.InvalidError
	switch {
	case errors.As(err, &invalid):
		outcome = "refused: " + invalid.Field + " " + invalid.Reason
	case errors.Is(err, ledger.ErrKeyReused):
		outcome = "refused: a credit that was saved stays as it is"
	case errors.Is(err, ledger.ErrClosed):
		outcome = "refused: nothing is left of it"
	case err != nil:
		outcome = "refused: " + err.Error()
	}
	fmt.Fprintf(a.out, "  %-42s %s\n", what, outcome)
}

func usd(amount decimal.Decimal) string {
	return pricing.Money{Amount: amount, Currency: "USD"}.String()
}

// tokens returns a whole number of tokens, its digits in groups of three.
func tokens(number decimal.Decimal) string {
	s := number.String()
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s + " tokens"
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }
