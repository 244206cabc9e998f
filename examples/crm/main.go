// Command crm is a CRM whose customers pay for some of what they do in it with
// credits. It follows a help page of such a product, "understanding billing and
// credits":
//
//   - CRM credits are an in-platform currency, to fill out forms, send SMS messages and
//     use AI: the items of catalog.json, and account.do.
//   - Different actions consume different amounts: the rates of catalog.json, shown by
//     crm.printPrices.
//   - Every package includes free credits each month, which reset at the beginning of
//     the billing cycle: the plans of catalog.json and account.signUp; the ledger renews
//     them.
//   - More credits can be purchased: account.buy.
//   - The free monthly credits do not roll over, so make the most of them within the
//     month: a plan's bucket has no rollover, and account.newMonth shows both sides of
//     the boundary.
//   - Additional credits that were purchased do roll over: packages without expiry.
//   - Basic actions, handled by the platform, are free: logging in, the dashboard, the
//     settings. Actions that cost the provider something consume credits: SMS and AI.
//     Rates with the model "free" and with a price; what has neither is refused.
//   - The billing page, opened from the menu: account.printBilling. Its plan summary has
//     the plan, its cost and the credits used this month; its subscription card the
//     billing cycle, the status and the date of renewal, "July 1, 2025".
//   - Buy more credits, change the plan up or down, update payment details, cancel the
//     package: account.buy, upgrade, downgrade, payWith and cancel.
//   - The tab credits and usage has the overall usage, and which actions used how many
//     credits: account.printUsage.
//   - The tab billing history has all previous payments, and makes invoices of them:
//     account.invoices reads them off the journal, account.printHistory lists them.
//
// What the page says about its reasons to use credits, and about reaching the support
// team, has no counterpart here.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	path := strings.Join(os.Args[1:], "") // of the books; none: a temporary file
	if err := run(context.Background(), os.Stdout, path); err != nil {
		fmt.Fprintln(os.Stderr, "crm:", err)
		os.Exit(1)
	}
}

// run tells four months of a customer, with the books in the file at path.
func run(ctx context.Context, out io.Writer, path string) error {
	c, err := openBooks(ctx, out, path)
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.printPrices(); err != nil {
		return err
	}
	a := c.account("Brightside Dental")
	for _, step := range []func(context.Context) error{
		a.signUp, a.june, a.july, a.newMonth, a.august, a.leave, a.sweep, a.printHistory, a.verify,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// verify replays the journal and compares what it leads to with the wallet.
func (a *account) verify(ctx context.Context) error {
	if err := a.Verify(ctx, a.wallet); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.out, "\nThe books are right: the wallet, replayed from its journal.")
	return err
}
