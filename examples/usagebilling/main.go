// Command usagebilling bills usage and puts promotional and prepaid credits against
// the invoices. It follows a help page of such a product, "what are credits?":
//
//   - Credits are a form of value that a business gives its customers, as free usage
//     units or as an amount of a currency: account has a wallet for either,
//     account.money in USD and account.tokens in tokens with a price.
//   - Customers may purchase credits upfront, at a discounted price, and apply them to
//     future usage: "Prepaid" of account.addAll, with what was paid for it.
//   - Credits apply to the entire invoice: a credit without a scope.
//   - Credits apply to a line, such as an add-on, a fixed fee, a usage meter or a licence
//     fee: a scope that names items.
//   - Credits apply to all fixed fees, all licences, all usage meters: a scope that
//     names kinds.
//   - Go to the customers, create a new one or select an existing one, open the account:
//     billing.customer does either.
//   - View and manage the credit balances: account.printCredits.
//   - Add credits by name and amount, with an expiry date, a priority and a scope:
//     account.add.
//   - The priority is 1 to 100 and the lower is applied first: account.add refuses
//     others, and the invoices show the order.
//   - The scope may be all meters and add-ons, or individual ones: "Launch offer" and
//     "Referral".
//   - A credit that was saved cannot be modified: account.add with other terms is
//     refused.
//   - The credits are used for future invoices, for the entire invoice as for its
//     lines: account.bill settles an invoice, and printDraws says what paid which line.
//   - Void credits, after confirming that it cannot be undone: account.void.
//   - The example: John Wick uses ChatPPT, from August to 1 September, and gets $50 for
//     bringing a customer, on certain usage meters only; he has to pay 100 - 50 = $50:
//     johnWick.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	flag.Parse() // the path of the books; none: a temporary file
	if err := run(context.Background(), os.Stdout, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "usagebilling:", err)
		os.Exit(1)
	}
}

// run bills two customers for August, with the books in the file at path.
func run(ctx context.Context, out io.Writer, path string) error {
	b, err := openBilling(ctx, out, path)
	if err != nil {
		return err
	}
	defer b.close()
	if err := b.johnWick(ctx); err != nil {
		return err
	}
	if err := b.sofia(ctx); err != nil {
		return err
	}
	return b.verify(ctx)
}
