// Command quickstart meters a file of real model calls with credits, from the first
// allowance to the last invoice:
//
//	go run ./examples/quickstart                           # the sample that ships with it
//	go run ./examples/quickstart -books b.db calls.csv     # another file, in books that stay
//
// The file has a row for each call of a language model: when it arrived, and how
// many tokens went in and came out. A call costs 1 credit for each started 1,000
// input tokens and 3 for each started 1,000 output tokens, see catalog.json. The
// rows name no customer, so they go to four in turn, who are on two plans.
//
// What each file does:
//
//   - usage.go reads the calls.
//   - books.go opens the books, a ledger on SQLite with a clock that follows the
//     calls, and verifies them at the end.
//   - customers.go opens wallets and subscribes them to plans, which give credits each
//     month. The month ends while the calls of the sample come in: what is left lapses
//     or, on one of the plans, is carried over.
//   - meter.go holds an estimate before a call and captures what it took after it.
//   - notices.go buys the packs that the ledger asks for when credits run low.
//   - account.go adds up from the journal what was used and what paid for it.
//   - invoices.go lets the month end, and invoices fees, packs and overage.
//
// Every request has a key made of the row that it is for, so the program can be
// stopped at any time and run again on the same books: no call is charged twice.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
)

// sample is the file that ships with the program, see README.md.
//
//go:embed usage.csv
var sample []byte

func main() {
	path := flag.String("books", "", "`file` to keep the books in; none: a temporary one")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := meterFile(ctx, flag.Arg(0), *path); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// meterFile meters the calls in the file at usage, or the sample, in the books in the
// file at path.
func meterFile(ctx context.Context, usage, path string) error {
	if usage == "" {
		return run(ctx, os.Stdout, "usage.csv", bytes.NewReader(sample), path)
	}
	file, err := os.Open(usage)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return run(ctx, os.Stdout, filepath.Base(usage), watched(file, info.Size(), os.Stderr), path)
}

// run meters the calls of a usage file of that name in the books at path, and prints
// the account.
func run(ctx context.Context, out io.Writer, name string, usage io.Reader, path string) error {
	b, err := openBooks(ctx, path)
	if err != nil {
		return err
	}
	defer b.close()
	if err := b.meter(ctx, name, calls(usage)); err != nil {
		return err
	}
	if err := b.printAccounts(ctx, out, name); err != nil {
		return err
	}
	if err := b.endMonth(ctx); err != nil {
		return err
	}
	if err := b.printInvoices(ctx, out); err != nil {
		return err
	}
	return b.verify(ctx, out)
}
