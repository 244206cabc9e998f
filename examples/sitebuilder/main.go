// Command sitebuilder is an agency that gives its clients credits for the agents of a
// site builder. It follows a help page of such a product, "understanding client
// credits":
//
//   - When you add a client, allocate monthly credits, which reset each month, and
//     one-time credits, added by hand for projects: agency.addClient and
//     client.addOneTime. They are two buckets of the client's wallet.
//   - The credit cost reference, agent by agent, with its use case: the items and rates
//     of catalog.json, printed by agency.printAgents.
//   - Recommended allocations of 50, 100, 200 and 500 a month, for whom, and for about
//     how many edits: the plans of catalog.json, printed by agency.printAllocations,
//     which works the edits out.
//   - In the CRM, select the client, go to the credits tab, update the monthly credits,
//     enter an amount, save: client.setMonthly.
//   - The credits tab has the current balance, a progress bar of use, the reset date and
//     the allocation history: client.printTab.
//   - Tie credits to your own packages, 50 for $99, 150 for $199, 500 for $499: plans
//     with a price, printed by agency.printPackages.
//   - When clients exceed their allocation, add one-time credits, invoice the top-up and
//     track it in billing: client.topUp, client.printInvoice and agency.printBilling.
//   - When clients ask for more, check the history, understand the need and offer
//     options: client.ask. The answers are a one-time addition, an increased monthly
//     amount or a package upgrade: client.addOneTime, setMonthly and upgrade.
//   - Train clients to batch edits: a session of several is one charge, all or nothing,
//     client.edit. To use the preview: client.preview says what a session would cost,
//     by the rule that will charge it.
//   - Track profitability: 80 credits used in a month cost about $8, the client pays
//     $199, the margin is $191: agency.printProfit.
//
// What the page says about clear prompts and planning updates has no counterpart here.
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
		fmt.Fprintln(os.Stderr, "sitebuilder:", err)
		os.Exit(1)
	}
}

// run tells two months of an agency, with the books in the file at path.
func run(ctx context.Context, out io.Writer, path string) error {
	a, err := openBooks(ctx, out, path)
	if err != nil {
		return err
	}
	defer a.close()
	for _, step := range []func(context.Context) error{
		a.printAgents, a.printAllocations, a.printPackages,
		a.addClients, a.march, a.april, a.sweep, a.printTabs, a.printBilling, a.printProfit, a.verify,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}
