// Command agencyportal is the portal of an agency whose clients buy packages of
// credits and spend them on its services. It follows a help page of such a product,
// "credits and credit-based billing":
//
// Overview and prerequisites
//   - Clients purchase packages and spend credits as they use services; top-ups:
//     the packages of catalog.json, organization.buy.
//   - The benefits, to agencies: advance purchases and predictable revenue, which is
//     deferred until it is earned, printRollForward. To clients: discounts, a balance to
//     budget with, showDashboard, and no invoice for each service, portal.bill.
//   - The credit module, the billing module and a payment integration, Stripe or
//     manual, are needed, and the Plus plan or a higher one: workspace.ready, without
//     which nobody can join.
//
// How credits work
//   - Purchase, allocation, consumption, tracking, renewal: the chapters of story.go.
//   - A credit-based service costs credits for each use, is deducted at once and has no
//     invoice of its own: request.create. A standard one costs currency, is invoiced
//     separately and paid in the usual way: portal.bill.
//   - A recurring service has credits of its own each month, and unused ones roll over
//     if its plan says so: the plan of catalog.json, organization.subscribe.
//
// Packages and discounts
//   - Name, credits, price, currency, description, expiration in days, active or not,
//     featured: the packages of catalog.json. The Classic one is not active, the
//     Partner one is not shown: portal.printCatalogue has neither. Small, medium and
//     large ones, the larger the cheaper per credit.
//   - 100 credits for $99 or $0.99 each, 500 for $449 or $0.898 each, 10 % off, 2000
//     for $1,599 or $0.80 each, 20 % off; 90, 180 and 365 days: printCatalogue works the
//     prices and discounts out.
//   - Bonus credits, "buy 100, get 110", on sale for a limited time at a lower price,
//     featured and announced: the New Year Sale, portal.announce.
//   - Anniversary, referral, loyalty and first purchase: the promotions of
//     catalog.json, organization.redeem.
//
// Services
//   - 25 credits a logo, one request at a time; 15 per 1000 words of a blog post, any
//     number of requests; 8 a graphic, up to 5 at once: the rates of catalog.json, and
//     openRequests, which are limits of the wallet. The revisions, formats and days of
//     delivery that a service includes are not the business of credits.
//
// Allocation and use
//   - All clients of an organization share its credits, and its owner manages them:
//     portal.join opens one wallet, and only organization.owner buys for it.
//   - What clients see, and the team on the organization's profile: balance,
//     expiration dates, history, usage, packages to buy: portal.showDashboard. Patterns
//     of usage: printUseByMonth.
//   - The client sees the cost and the balance and confirms: request.preview.
//   - The request is created and the credits deducted at once, or an error offers more
//     credits and there is no request: request.place does both in one transaction of
//     the portal's own database.
//   - Add credits, deduct credits, transfer them, refund them, each with a reason:
//     staff.go.
//
// Transactions
//   - Purchase, usage, manual addition, manual deduction, expiration, refund of credits
//     and of a payment: types in history.go; the others have a name of their own there.
//   - Date and time, type, amount with its sign, the balance after it, description,
//     service or package, team member: transaction.
//   - View, filter by type, export: organization.history, portal.showHistory.
//
// Expiration
//   - Package level: catalog.json. Global, with a grace period: byDefault. Rolling,
//     from the purchase date: all of these. None at all: never, of a compensation.
//   - Warnings 30 and 7 days before, a grace period, the deduction when it has ended
//     and its transaction, and mail about each: alerts and portal.until.
//   - Clear communication, generous periods of 90 days and more, several reminders, a
//     small grace period: printCatalogue, catalog.json, alerts, byDefault. A policy for
//     special circumstances: the exception at the end of people.spring.
//
// Reports and analytics
//   - Credits sold, consumed and left, revenue, averages per client:
//     portal.printTotals. Popular services and what they consume: printServiceUse,
//     which also tells their profitability. Usage patterns: printUseByMonth.
//   - Purchase patterns, frequency, average transaction, expiration rates:
//     printClients. Balance trends: printTrend.
//   - Sales by period, revenue per package, average price: printSales. Redemption
//     rates, and revenue recognition: printRollForward. Outstanding liability:
//     printLiability.
//
// Client experience
//   - Purchasing: select a package, check out, pay; the credits are there at once and a
//     mail confirms it: organization.buy, which organization.apply completes when the
//     payment is reported, and words in notices.go.
//   - Using: choose a service, see its cost and the balance, confirm; the credits are
//     deducted and the request is there: request.preview and request.create.
//   - Monitoring: the balance, recent transactions, upcoming expirations, quick links to
//     purchase, usage statistics: portal.showDashboard and printQuickLinks.
//
// Best practices
//   - Alerts of a low balance, which are reminders to purchase, confirmation of a
//     purchase, usage reports: words in notices.go, organization.printQuickLinks.
//     Clear prices, round numbers, three to five packages, incentives for volume and
//     bundles: catalog.json. The value of credits, explained: printCatalogue and
//     announce. Regular promotions: the promotions of catalog.json. Prices that are
//     aligned with services and adjusted to costs: printServiceUse has the profit of
//     each.
//   - Liability tracking, refund policy, revenue recognition, audit trail: the reports
//     above, organization.takeBack, and the journal.
//
// Troubleshooting
//   - Insufficient credits: the refusal says what is there, what it costs and what can
//     be bought; the history has what expired.
//   - Credits not applied after a purchase: portal.checkPayments finds the payment.
//   - Deduction issues, and the setup of a service: portal.support shows how a price
//     came about, and tries a manual deduction. A service without a rate is not
//     credit-based, and is refused, never free.
//   - Balance discrepancies: portal.reconcile compares every balance with its
//     transactions; portal.verify replays them, so none stands twice.
//   - Modules that are not enabled, packages that do not show: workspace.ready, and the
//     fields inactive, hidden and window of a package.
//
// What the page says about researching the market, contacting the payment processor
// and getting help has no counterpart here.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	flag.Parse() // the path of the database; none: a temporary file
	if err := run(context.Background(), os.Stdout, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "agencyportal:", err)
		os.Exit(1)
	}
}

// run tells four months of an agency, with its database in the file at path.
func run(ctx context.Context, out io.Writer, path string) error {
	p, err := openPortal(ctx, out, path)
	if err != nil {
		return err
	}
	defer p.close()
	return inTurn(ctx, p.setUp, p.printCatalogue, p.tell, p.checkPayments,
		p.showDashboard, p.showHistory, p.support, p.bill, p.analyse, p.account, p.reconcile, p.verify)
}
