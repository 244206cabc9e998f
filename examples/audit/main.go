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
	"cmp"
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
var errUsage = errors.New(`usage: audit [-db FILE] COMMAND, where FILE is books.db unless named, and COMMAND
    balance KEY [INSTANT]
    statement KEY FROM TO
    explain KEY [SEQ | GRANT]
    verify [AFTER]
    liability
    export journal | hledger | clients | usage | sales | deferred`)

// run does what the command line says. Progress goes to notes.
func run(ctx context.Context, args []string, out, notes io.Writer) error {
	flags := flag.NewFlagSet("audit", flag.ContinueOnError)
	flags.SetOutput(notes)
	flags.Usage = func() {} // told once, by the error
	file := flags.String("db", "books.db", "the SQLite file with the books")
	if err := flags.Parse(args); err != nil {
		return errUsage
	}
	if flags.NArg() == 0 {
		return errUsage
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

// wallet returns the wallet that was opened with a key.
func (a *audit) wallet(ctx context.Context, key string) (ledger.WalletID, error) {
	w, err := a.books.Wallet(ctx, ledger.WalletIDOf(key))
	if errors.Is(err, ledger.ErrNotFound) {
		err = fmt.Errorf("there is no wallet with the key %q", key)
	}
	return w.ID, err
}

// day returns when a day begins, in UTC.
func day(text string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		err = fmt.Errorf("%q is not a day such as 2026-03-01", text)
	}
	return t, err
}

func (a *audit) balance(ctx context.Context, args []string) error {
	var at time.Time
	if len(args) == 2 {
		var err error
		if at, err = time.Parse(time.RFC3339, args[1]); err != nil {
			return fmt.Errorf("%q is not an instant such as 2026-03-01T12:00:00Z", args[1])
		}
	}
	id, err := a.wallet(ctx, args[0])
	if err != nil {
		return err
	}
	b, err := a.books.Balance(ctx, id, at)
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
	from, err1 := day(args[1])
	to, err2 := day(args[2])
	id, err3 := a.wallet(ctx, args[0])
	if err := cmp.Or(err1, err2, err3); err != nil {
		return err
	}
	q := ledger.LinesQuery{WalletID: id, From: from, To: to}
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
func (a *audit) explain(ctx context.Context, args []string) error {
	id, err := a.wallet(ctx, args[0])
	if err != nil {
		return err
	}
	var text fmt.Stringer
	if len(args) == 1 {
		text, err = a.books.ExplainWallet(ctx, id)
	} else {
		text, err = a.explainPart(ctx, id, args[1])
	}
	if err == nil {
		fmt.Fprint(a.out, text)
	}
	return err
}

// explainPart explains an entry, such as 3, or a grant, such as 2.1.
func (a *audit) explainPart(ctx context.Context, id ledger.WalletID, name string) (fmt.Stringer, error) {
	if grant, err := ledger.ParseGrantID(name); err == nil {
		return a.books.ExplainGrant(ctx, id, grant)
	}
	seq, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%q is neither an entry, such as 3, nor a grant, such as 2.1", name)
	}
	return a.books.Explain(ctx, ledger.EntryID{WalletID: id, Seq: seq})
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
