// Command load puts a store under load, measures it, and verifies the books:
//
//	go run ./examples/load                                     # in memory
//	go run ./examples/load -store books.db -raw                # SQLite, beside a loop without rules
//	go run ./examples/load -store postgres://... -callers 256
//	go run ./examples/load -store postgres://... -processes 4 -wallets 1 -credits 1000
//	go run ./examples/load -usage calls.csv                    # a row for each call of a model
//
// Without -usage it makes up charges of one credit, on wallets chosen by -seed, of
// which -hot get half of them. With it, each row, of the columns TIMESTAMP,
// ContextTokens and GeneratedTokens, is a charge that catalog.json prices; the rows
// go to the wallets in turn.
//
// It prints how many operations a second it came to, how long they took, and what
// each of them cost the store. With -raw it then writes the rows that it has written
// once more, into other tables, in batches of 1,000 and with nothing to decide: what
// the store itself can do. In the end every wallet is verified, and all that was
// granted must be what is left and what was spent.
//
// A service has more in memory than this program, so that garbage is collected less
// often there: unless the environment sets GOGC, it is 400 here.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"time"
)

// Settings say what load to make.
type settings struct {
	Store      string // see openSite
	Usage      string // a file of requests; empty: made up
	Operations int    // all processes together; with Usage, zero: a row each
	Wallets    int
	Hot        int   // wallets that get half of the operations
	Credits    int64 // granted to each wallet
	Callers    int   // that wait for an answer each, in every process
	Processes  int
	Lanes      int
	Mix        bool // holds, captures, refunds and transfers among the charges
	Alone      bool // a transaction for each operation
	Raw        bool // compare with a loop that decides nothing
	Seed       uint64
	Run        string // keeps the keys of runs apart; the same again repeats a run
	Worker     int    // of Processes; this one
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(400)
	}
	run := func() error { return measure(ctx, parse(), os.Stdout) }
	if text, ok := os.LookupEnv(workerEnv); ok {
		run = func() error { return beWorker(ctx, text) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func parse() settings {
	var s settings
	flag.StringVar(&s.Store, "store", "memory", "`where` the books are: memory, the path of an SQLite database, or postgres://...")
	flag.StringVar(&s.Usage, "usage", "", "`file` of requests to replay; none: made up")
	flag.IntVar(&s.Operations, "operations", 0, "how many; 0: 100,000, or the rows of the file")
	flag.IntVar(&s.Wallets, "wallets", 1_000, "how many there are")
	flag.IntVar(&s.Hot, "hot", 0, "how many of them get half of the operations")
	flag.Int64Var(&s.Credits, "credits", 1_000_000_000, "granted to each wallet")
	flag.IntVar(&s.Callers, "callers", 32, "how many wait for an answer each, in every process")
	flag.IntVar(&s.Processes, "processes", 1, "how many work at once")
	flag.IntVar(&s.Lanes, "lanes", 2, "transactions under way at once, in every process")
	flag.BoolVar(&s.Mix, "mix", false, "holds, captures, refunds and transfers among the charges")
	flag.BoolVar(&s.Alone, "alone", false, "a transaction for each operation, to compare with")
	flag.BoolVar(&s.Raw, "raw", false, "compare with a loop that writes the same rows and decides nothing")
	flag.Uint64Var(&s.Seed, "seed", 1, "decides what is made up")
	flag.StringVar(&s.Run, "run", time.Now().UTC().Format("20060102T150405.000"), "`name` in the keys; the same name repeats a run")
	flag.Parse()
	return s
}

// check refuses settings that can never work.
func (s *settings) check() error {
	switch {
	case s.Wallets < 1 || s.Callers < 1 || s.Processes < 1 || s.Lanes < 1 || s.Credits < 1 || s.Operations < 0:
		return fmt.Errorf("numbers must be positive")
	case s.Hot < 0 || s.Hot > s.Wallets:
		return fmt.Errorf("of %d wallets %d cannot be hot", s.Wallets, s.Hot)
	case s.Mix && s.Usage != "":
		return fmt.Errorf("a file is replayed as it is, without -mix")
	case s.Store == inMemory && (s.Processes > 1 || s.Raw):
		return fmt.Errorf("what is in memory is in one process, and has no tables")
	case s.Raw && s.Processes > 1:
		return fmt.Errorf("rows are kept for -raw by one process only")
	}
	return nil
}

func (s *settings) encode() string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}
