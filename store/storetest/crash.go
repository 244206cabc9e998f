package storetest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// A Site is where the books of a store are that outlives its process.
type Site struct {
	// Make makes an empty store and returns what Open needs to find it. It leaves
	// its end to t.Cleanup.
	Make func(t *testing.T) (address string)

	// Open opens the store, in this process or in another one, until done is called.
	Open func(t *testing.T, address string) (store ledger.Store, done func())
}

// Kill has a child process, which is this test once more, work on a store through a
// ledger, kills it at a random moment, and looks at what it has left behind, so many
// times. Afterwards
//
//   - what was acknowledged is there, and the same request again answers the same;
//   - what was not is there in full or not at all, in every wallet that it touched,
//     and can be repeated until it is acknowledged;
//   - every notice of the journal is there to be delivered, and no other one;
//   - every wallet verifies.
//
// Call it from a test of its own that does nothing else.
func Kill(t *testing.T, times int, site Site) {
	if address, ok := os.LookupEnv(siteOfChild); ok {
		store, _ := site.Open(t, address)
		workUntilKilled(t, store)
		return
	}
	address := site.Make(t)
	crash(t, times, func() (ledger.Store, func()) { return site.Open(t, address) }, func(round int) []shift {
		return killChild(t, address, round)
	})
}

// Outage has a ledger work on a store whose server breaks down meanwhile, so many
// times, and checks what [Kill] does; and that nothing is there of what failed with
// another error than [ledger.ErrUnknownOutcome]. breakDown returns when the server is
// back. open opens the store, until done is called.
func Outage(t testing.TB, times int, open func() (store ledger.Store, done func()), breakDown func()) {
	crash(t, times, open, func(round int) []shift {
		store, done := open()
		defer done()
		books := newBooks(store)
		shifts := make([]shift, workers)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for i := range shifts {
			s := &shifts[i]
			wg.Go(func() {
				s.failed = work(books, round, i, stop, func(answer string) { s.answers = append(s.answers, answer) })
			})
		}
		time.Sleep(randomly(100 * time.Millisecond))
		breakDown()
		close(stop)
		wg.Wait()
		return shifts
	})
}

// crash lets round after round of work end badly, and inspects what is left.
func crash(t testing.TB, times int, open func() (ledger.Store, func()), work func(round int) []shift) {
	t.Helper()
	store, done := open()
	openWallets(t, store)
	done()
	acknowledged := 0
	found := newInspection()
	for round := range times {
		shifts := work(round)
		for _, s := range shifts {
			acknowledged += len(s.answers)
		}
		store, done := open()
		found.inspect(t, store, round, shifts)
		done()
	}
	t.Logf("%d requests were acknowledged before %d crashes; %d were in doubt, of which %d had been done",
		acknowledged, times, found.doubtful, found.done)
	if acknowledged < times {
		t.Fatal("there was hardly anything to lose")
	}
}

// What a child process has to know.
const (
	siteOfChild  = "SCRIP_STORETEST_SITE"
	roundOfChild = "SCRIP_STORETEST_ROUND"
)

// killChild runs a child process until a random moment after its first
// acknowledgement, and returns what it acknowledged.
func killChild(t *testing.T, address string, round int) []shift {
	t.Helper()
	pattern := "^" + strings.ReplaceAll(t.Name(), "/", "$/^") + "$"
	child := exec.Command(os.Args[0], "-test.run="+pattern, "-test.count=1") //nolint:gosec // this program
	child.Env = append(os.Environ(), siteOfChild+"="+address, fmt.Sprintf("%s=%d", roundOfChild, round))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	shifts := make([]shift, workers)
	var first sync.Once
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) { // a line without its end was not said
			break
		}
		var i int
		var answer string
		if n, _ := fmt.Sscanf(line, acknowledgement, &i, &answer); err != nil || n != 2 {
			_ = child.Process.Kill()
			rest, _ := io.ReadAll(lines)
			t.Fatalf("the child says: %s%s %v", line, rest, err)
		}
		shifts[i].answers = append(shifts[i].answers, answer)
		first.Do(func() {
			time.AfterFunc(randomly(50*time.Millisecond), func() { _ = child.Process.Kill() })
		})
	}
	if err := child.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the child was not killed: %v", err)
	}
	return shifts
}

// acknowledgement is a line that a child says: which worker heard what answer.
const acknowledgement = "worker %d heard %q\n"

// workUntilKilled is what a child process does.
func workUntilKilled(t *testing.T, store ledger.Store) {
	var round int
	if _, err := fmt.Sscan(os.Getenv(roundOfChild), &round); err != nil {
		t.Fatal(err)
	}
	books := newBooks(store)
	failed := make(chan error, workers)
	for i := range workers {
		go func() {
			failed <- work(books, round, i, nil, func(answer string) { fmt.Printf(acknowledgement, i, answer) }) //nolint:forbidigo // to the parent
		}()
	}
	t.Fatal(<-failed)
}

// randomly returns a time up to most.
func randomly(most time.Duration) time.Duration { return rand.N(most) }
