// Command reseller is a white-label reseller that sells credits on to its own
// clients. It follows a help page of such a product, "give users access to the
// wallet and purchase credits so you can re-bill them":
//
//   - Set a credit rate and re-bill users for credits purchased in their sub-account:
//     reseller.enable and subAccount.buy.
//   - Plans with white-label features can offer their subscribers access to the wallet,
//     where they buy additional credits for their accounts: reseller.grantAccess
//     opens a wallet for each sub-account.
//   - Re-billing takes only a few steps: the steps of run, in order.
//   - The payment integration must be set up before re-billing is enabled and access
//     is granted: reseller.enable and reseller.grantAccess refuse until it is.
//   - Set the price above the wholesale cost; 25 cents a credit with a minimum
//     wholesale cost of 12 cents is profitable: pricing.Resale, whose Validate refuses
//     a retail price below the floor, for single credits and for packages.
//   - Clients buy as many credits as they need; they choose the number and pay by
//     card, at once, in their own sub-account, without the provider adjusting
//     anything: subAccount.buy.
//   - Every purchase of additional credits is tracked, and viewed on the payments tab:
//     reseller.purchases reads them from the journals.
//   - A freemium model lets users explore free of charge, but they must purchase credits
//     for significant activities such as searches: the plan and the rates of
//     catalog.json, and subAccount.do.
//   - Packages for diverse needs, smaller and larger: the packages of catalog.json.
//   - Credits that clients add do not deplete the reseller's own pool: the pool is
//     a wallet of its own, printed before and after.
//   - Less work with many sub-accounts: nothing above is done by hand but the setting
//     of prices; reseller.printMargins tells what it earned.
//
// What the page says about contacting support has no counterpart here.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/shopspring/decimal"
)

func main() {
	flag.Parse() // the path of the books; none: a temporary file
	if err := run(context.Background(), os.Stdout, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "reseller:", err)
		os.Exit(1)
	}
}

// run tells a reseller's first two days, with the books in the file at path.
func run(ctx context.Context, out io.Writer, path string) error {
	b, err := openBooks(ctx, path)
	if err != nil {
		return err
	}
	defer b.close()
	r := &reseller{books: b, out: out}
	for _, step := range []func(context.Context) error{r.fillPool, r.setUp, r.offer, r.explore, r.sell, r.report, r.verify} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func credits(n int64) decimal.Decimal { return decimal.NewFromInt(n) }
