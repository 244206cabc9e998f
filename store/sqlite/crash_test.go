package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

const (
	crashPath    = "SCRIP_CRASH_PATH" // tells the child which database to write to
	crashRound   = "SCRIP_CRASH_ROUND"
	crashWallets = 5
	crashCallers = 8
)

// An acknowledged charge is a line of the child's output: "key wallet seq".
type acknowledged struct {
	key    string
	wallet ledger.WalletID
	seq    int64
}

// A child process charges wallets from many goroutines and is killed at a random
// moment, again and again. Whatever it was told is done is there afterwards, repeats
// answer their first outcome, and the books verify.
func TestKilledProcessesLoseNothing(t *testing.T) {
	if os.Getenv(crashPath) != "" {
		t.Skip("this is the child")
	}
	t.Parallel()
	kills := 50
	if testing.Short() {
		kills = 5
	}
	path := filepath.Join(t.TempDir(), "books.db")
	random := rand.New(rand.NewPCG(1, 2))
	total := 0
	openCrashBooks(t, path)
	for round := range kills {
		done := killChild(t, path, round, time.Duration(random.IntN(40_000))*time.Microsecond)
		total += len(done)
		checkCrashBooks(t, path, done)
	}
	t.Logf("%d charges were acknowledged before %d kills", total, kills)
	require.Greater(t, total, kills)
}

// TestCrashChild is the program that is killed.
func TestCrashChild(t *testing.T) {
	path := os.Getenv(crashPath)
	if path == "" {
		t.Skip("only as a child of another test")
	}
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	books := ledger.New(sqlite.New(db, sqlite.Config{}), ledger.Config{})
	for caller := range crashCallers {
		go func() {
			for i := 0; ; i++ {
				id := ledger.WalletIDOf(strconv.Itoa((caller + i) % crashWallets))
				key := fmt.Sprintf("%s-%d-%d", os.Getenv(crashRound), caller, i)
				e, err := books.Charge(context.Background(), crashCharge(key, id))
				if err != nil {
					fmt.Println("failed", err)
					return
				}
				fmt.Println("charged", key, id, e.Seq)
			}
		}()
	}
	time.Sleep(time.Minute)
}

func crashCharge(key string, id ledger.WalletID) ledger.ChargeRequest {
	return ledger.ChargeRequest{Key: key, WalletID: id, Item: "sms", Amount: dec("1")}
}

// killChild runs the child, kills it a while after its first acknowledgement, and
// returns what it acknowledged.
func killChild(t *testing.T, path string, round int, life time.Duration) []acknowledged {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestCrashChild$") //nolint:gosec // this program
	child.Env = append(os.Environ(), crashPath+"="+path, fmt.Sprint(crashRound, "=", round))
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	var done []acknowledged
	var first sync.Once
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) { // a line without its end was not said
			break
		}
		require.NoError(t, err)
		f := strings.Fields(line)
		require.Equal(t, "charged", f[0], line)
		id, err := ledger.ParseWalletID(f[2])
		require.NoError(t, err)
		seq, err := strconv.ParseInt(f[3], 10, 64)
		require.NoError(t, err)
		done = append(done, acknowledged{f[1], id, seq})
		first.Do(func() { time.AfterFunc(life, func() { _ = child.Process.Kill() }) })
	}
	require.ErrorContains(t, child.Wait(), "killed")
	return done
}

func openCrashBooks(t *testing.T, path string) {
	t.Helper()
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	defer db.Close()
	s := sqlite.New(db, sqlite.Config{})
	require.NoError(t, s.Migrate(t.Context()))
	books := ledger.New(s, ledger.Config{})
	for i := range crashWallets {
		w, err := books.OpenWallet(t.Context(), ledger.OpenWalletRequest{
			Key: strconv.Itoa(i), Unit: pricing.Credits(), Terms: ledger.Terms{Owner: "acme"},
		})
		require.NoError(t, err)
		_, err = books.Grant(t.Context(), ledger.GrantRequest{
			Key: "grant", WalletID: w.ID, Amount: dec("1000000"), Source: ledger.SourcePromotion,
		})
		require.NoError(t, err)
	}
}

func checkCrashBooks(t *testing.T, path string, done []acknowledged) {
	t.Helper()
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	defer db.Close()
	require.Equal(t, []string{"ok"}, texts(t, db, `PRAGMA integrity_check`))
	books := ledger.New(sqlite.New(db, sqlite.Config{}), ledger.Config{})
	for _, a := range done {
		e, err := books.Charge(t.Context(), crashCharge(a.key, a.wallet))
		require.NoError(t, err)
		require.Equal(t, a.seq, e.Seq, "%v again", a)
	}
	for i := range crashWallets {
		require.NoError(t, books.Verify(t.Context(), ledger.WalletIDOf(strconv.Itoa(i))))
	}
}
