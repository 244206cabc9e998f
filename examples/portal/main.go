// Command portal is a small web application for the clients of an agency that sells
// credits: a sample to copy from. It needs Go and a browser, and no JavaScript:
//
//	go run ./examples/portal                 # with sample data, in a temporary file
//	go run ./examples/portal portal.db       # in a file that stays
//
// It prints its address, and as whom one can sign in. What it does:
//
// Clients, on their own pages only (server.go: client)
//   - Balance, progress and the date of the reset: showOverview, progress.
//   - Buckets and grants with their expiry: showCredits, block.
//   - Usage by action and by person: showUsage.
//   - A chart of use and balance over time, as SVG within the page: chart.
//   - History with filters, paging and CSV: showHistory, linesQuery, exportHistory;
//     a receipt for each line: showEntry.
//   - A service is requested after its price has been shown; one who lacks the credits
//     is told so, and offered packages: showRequest, makeRequest, answerRequest. The
//     request and its charge are kept in one transaction: charge.
//   - Packages to buy: showPackages, buyPackage. The payment is a pretend one
//     (provider.go) and arrives as a webhook, signed, and twice: receivePayment. Credits
//     are granted once, with an invoice, in one transaction with the order: fulfil.
//   - Invoices of purchases and of the plan's months: showInvoices, showInvoice, issue,
//     invoicePlan.
//   - What the ledger has to tell, such as credits that will expire: deliver, words.
//
// Staff (server.go: staff)
//   - All clients: showOrganizations. One of them: showOrganization.
//   - Add, deduct, transfer: adjust, with one of actions. Refund: refund. Void: void.
//   - Explain an entry, a grant, a balance: explainEntry, explainGrant, explainWallet.
//
// Safety
//   - Passwords are hashed: password.go. Attempts to sign in are counted: attempts.go.
//     Sessions are random tokens in cookies that scripts and other sites cannot use:
//     session.go.
//   - Requests from other sites change nothing, pages load nothing from elsewhere and
//     run no script: handler, secured.
//   - Every output is escaped: html/template, and report.CSV for spreadsheets.
//   - Every form is done once, however often it is sent: keyOf.
//   - Every refusal is a sentence: tell. Nonsense in a form or an address is one, too:
//     numberOf, dayOf, cursorOf.
//
// What is due, such as a new month, is done while the portal runs: runDue.
//
// Its tests use it as people do, in Chromium, and leave that out where there is none.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

func main() {
	port := flag.Int("port", 8080, "`port` to listen on, at 127.0.0.1")
	flag.Parse() // the path of the database; none: a temporary file
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, flag.Arg(0), *port); err != nil {
		fmt.Fprintln(os.Stderr, "portal:", err)
		os.Exit(1)
	}
}

// run serves the portal whose database is in the file at path, empty: in one that is
// removed at the end, until ctx ends.
func run(ctx context.Context, out io.Writer, path string, port int) (err error) {
	if path == "" {
		dir, err := os.MkdirTemp("", "portal")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		path = filepath.Join(dir, "portal.db")
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	defer listener.Close() // does nothing after serving
	p, err := open(ctx, path, config{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.sample(ctx); err != nil {
		return err
	}
	p.address = "http://" + listener.Addr().String()
	welcome(out, p.address)
	return p.serve(ctx, listener)
}

// serve answers requests, and does what is due, until ctx ends. Requests that have
// begun are answered.
func (p *portal) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           p.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	due := make(chan struct{})
	go func() {
		defer close(due)
		p.runDue(ctx)
	}()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		stop()
		<-due
		return err
	case <-ctx.Done():
	}
	<-due
	enough, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return server.Shutdown(enough)
}

// welcome tells where the portal is, and how to sign in.
func welcome(out io.Writer, address string) {
	fmt.Fprintf(out, "The portal is at %s\n\nSign in with the password %q as\n", address, samplePassword)
	for _, u := range sampleUsers {
		fmt.Fprintf(out, "  %-24s  %s\n", u.email, about(u))
	}
	fmt.Fprintln(out, "\nStop it with Ctrl-C.")
}
