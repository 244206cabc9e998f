// Command audit answers, from the command line, what support, finance and auditors
// ask of the books in an SQLite file:
//
//	audit -db books.db balance KEY [INSTANT]
//	audit -db books.db statement KEY FROM TO
//	audit -db books.db explain KEY [SEQ | GRANT]
//	audit -db books.db verify [AFTER]
//	audit -db books.db liability
//	audit -db books.db export journal | hledger | clients | usage | sales | deferred
//
// KEY is the key with which a wallet was opened. It changes nothing in the books.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/store/sqlite"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "audit:", err)
		os.Exit(1)
	}
}

// errUsage means that the command line says nothing that there is.
var errUsage = errors.New("usage: audit -db FILE balance | statement | explain | verify | liability | export, with what each needs")

// run does what the command line says. Progress goes to notes.
func run(ctx context.Context, args []string, out, notes io.Writer) error {
	flags := flag.NewFlagSet("audit", flag.ContinueOnError)
	flags.SetOutput(notes)
	file := flags.String("db", "books.db", "the SQLite file with the books")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if _, err := os.Stat(*file); err != nil {
		return err // opening it would make an empty one
	}
	db, err := sqlite.Open(*file)
	if err != nil {
		return err
	}
	defer db.Close()
	a := audit{books: ledger.New(sqlite.New(db, sqlite.Config{}), ledger.Config{}), out: out, notes: notes}
	if flags.NArg() == 0 {
		return errUsage
	}
	return a.command(ctx, flags.Arg(0), flags.Args()[1:])
}

type audit struct {
	books *ledger.Ledger
	out   io.Writer
	notes io.Writer
}

func (a *audit) command(ctx context.Context, name string, args []string) error {
	switch {
	case name == "balance" && (len(args) == 1 || len(args) == 2):
		return a.balance(ctx, args)
	case name == "statement" && len(args) == 3:
		return a.statement(ctx, args)
	case name == "explain" && (len(args) == 1 || len(args) == 2):
		return a.explain(ctx, args)
	case name == "verify" && len(args) <= 1:
		return a.verify(ctx, args)
	case name == "liability" && len(args) == 0:
		rows, err := report.Liabilities(ctx, a.books, report.Query{}, time.Time{})
		return table(a.out, rows, err)
	case name == "export" && len(args) == 1:
		return a.export(ctx, args[0])
	}
	return errUsage
}

func (a *audit) balance(ctx context.Context, args []string) error {
	var at time.Time
	if len(args) == 2 {
		var err error
		if at, err = time.Parse(time.RFC3339, args[1]); err != nil {
			return err
		}
	}
	b, err := a.books.Balance(ctx, ledger.WalletIDOf(args[0]), at)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "available %v, held %v, owed %v, to come %v\n", b.Available, b.Held, b.Debt, b.Pending)
	for i := range b.Grants {
		g := &b.Grants[i]
		fmt.Fprintf(a.out, "%8v of %v  %-6v %s\n", g.Live(), g.Amount, g.ID, g.Source)
	}
	return nil
}

func (a *audit) statement(ctx context.Context, args []string) error {
	from, err := time.Parse(time.DateOnly, args[1])
	if err != nil {
		return err
	}
	to, err := time.Parse(time.DateOnly, args[2])
	if err != nil {
		return err
	}
	q := ledger.LinesQuery{WalletID: ledger.WalletIDOf(args[0]), From: from, To: to}
	for {
		page, err := a.books.Lines(ctx, q)
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			line := &page[i]
			fmt.Fprintf(a.out, "%s  %-10s %8v %8v  %s %s\n", line.EffectiveAt.Format(time.DateTime), line.Movement,
				line.Change, line.Running, line.Reference, line.Actor)
		}
		q.After = page[len(page)-1].Cursor()
	}
}

// explain explains a wallet, one of its entries or one of its grants.
func (a *audit) explain(ctx context.Context, args []string) (err error) {
	id := ledger.WalletIDOf(args[0])
	var text fmt.Stringer
	switch {
	case len(args) == 1:
		text, err = a.books.ExplainWallet(ctx, id)
	case strings.Contains(args[1], "."):
		var grant ledger.GrantID
		if grant, err = ledger.ParseGrantID(args[1]); err == nil {
			text, err = a.books.ExplainGrant(ctx, id, grant)
		}
	default:
		var seq int64
		if seq, err = strconv.ParseInt(args[1], 10, 64); err == nil {
			text, err = a.books.Explain(ctx, ledger.EntryID{WalletID: id, Seq: seq})
		}
	}
	if err == nil {
		fmt.Fprint(a.out, text)
	}
	return err
}

// verify verifies all wallets after one, and tells which is the last that it did:
// whoever interrupts it goes on there.
func (a *audit) verify(ctx context.Context, args []string) (err error) {
	var after ledger.WalletID
	if len(args) == 1 {
		if after, err = ledger.ParseWalletID(args[0]); err != nil {
			return err
		}
	}
	wallets, entries, wrong := 0, int64(0), 0
	for v, err := range a.books.VerifyAll(ctx, after) {
		if err != nil {
			fmt.Fprintf(a.notes, "\ngo on with: audit verify %v\n", after)
			return err
		}
		if v.Err != nil {
			wrong++
			fmt.Fprintln(a.out, v.Err)
		}
		wallets, entries, after = wallets+1, entries+v.Entries, v.WalletID
		fmt.Fprintf(a.notes, "\r%s %d wallets, %d entries", bar(v.WalletID), wallets, entries)
	}
	fmt.Fprintf(a.notes, "\r%s %d wallets, %d entries\n", bar(ledger.WalletID{0xff}), wallets, entries)
	if wrong > 0 {
		return fmt.Errorf("%d wallets are wrong", wrong)
	}
	fmt.Fprintf(a.out, "%d wallets with %d entries are right\n", wallets, entries)
	return nil
}

// bar shows how far along the IDs of wallets, which are spread evenly, one is.
func bar(id ledger.WalletID) string {
	const width = 32
	done := int(id[0]) * width / 255
	return "[" + strings.Repeat("#", done) + strings.Repeat(".", width-done) + "]"
}

func (a *audit) export(ctx context.Context, what string) error {
	var all report.Query
	monthly := report.Group{Cycle: expiry.Months(1)}
	switch what {
	case "journal":
		return report.Journal(ctx, a.books, all, a.out)
	case "hledger":
		return report.Hledger(ctx, a.books, all, a.out)
	case "clients":
		return report.CSV(a.out, report.Clients(ctx, a.books, all, nil))
	case "usage":
		rows, err := report.Usages(ctx, a.books, all, report.UsageGroup{Group: monthly})
		return table(a.out, rows, err)
	case "sales":
		rows, err := report.Sales(ctx, a.books, all, monthly)
		return table(a.out, rows, err)
	case "deferred":
		rows, err := report.RollForwards(ctx, a.books, all)
		return table(a.out, rows, err)
	}
	return errUsage
}

// table writes the rows of a report as CSV.
func table[R any](out io.Writer, rows []R, err error) error {
	if err != nil {
		return err
	}
	return report.CSV(out, report.Rows(rows))
}
