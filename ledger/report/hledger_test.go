package report_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/store/memory"
)

// hledger returns the path of the program, or skips the test if it is not there and
// need not be.
func hledger(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("hledger")
	if err != nil && os.Getenv("SCRIP_REQUIRE_DB") == "1" {
		t.Fatal("hledger is not installed")
	}
	if err != nil {
		t.Skip("hledger is not installed")
	}
	return path
}

func TestHledgerAgreesOnTheBooksOfRandomHistories(t *testing.T) {
	t.Parallel()
	program := hledger(t)
	n := 1000
	if testing.Short() {
		n = 50
	}
	store := new(memory.Store)
	var last *books
	var ids []ledger.WalletID
	for seed := range n {
		last = openOn(t, store, fmt.Sprint("history ", seed), uint64(seed))
		last.random(40)
		ids = append(ids, last.ids...)
	}
	path := filepath.Join(t.TempDir(), "books.journal")
	file, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, report.Hledger(t.Context(), last.Ledger, report.Query{}, file))
	require.NoError(t, file.Close())

	run(t, program, "check", "-f", path)
	written, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, len(ids), bytes.Count(written, []byte(" balances of ")), "every wallet is asserted")
	total := run(t, program, "balance", "-f", path, "credits", "--depth", "1", "--format", "%(total)", "--no-total")
	require.Empty(t, string(bytes.TrimSpace(total)), "no credit is made or lost")
}

func TestHledgerDisagreesWithBooksThatAreWrong(t *testing.T) {
	t.Parallel()
	program := hledger(t)
	b := open(t)
	w := b.wallet(ledger.Terms{})
	b.must(ledger.PurchaseRequest{Key: b.key(), WalletID: w, Package: "starter"})
	b.must(ledger.ChargeRequest{Key: b.key(), WalletID: w, Item: "sms", Quantity: dec("3")})
	var right bytes.Buffer
	require.NoError(t, report.Hledger(t.Context(), b.Ledger, report.Query{}, &right))
	require.NoError(t, check(t, program, right.Bytes()))
	for _, wrong := range [][2]string{
		{"credits:used  3 ", "credits:used  4 "},                             // a transaction that does not balance
		{":available  0 \"credits\" = 27", ":available  0 \"credits\" = 28"}, // a balance that is another
	} {
		require.Contains(t, right.String(), wrong[0])
		changed := bytes.Replace(right.Bytes(), []byte(wrong[0]), []byte(wrong[1]), 1)
		require.Error(t, check(t, program, changed), wrong[1])
	}
}

// check has hledger check a journal.
func check(t *testing.T, program string, journal []byte) error {
	path := filepath.Join(t.TempDir(), fmt.Sprint("books-", time.Now().UnixNano(), ".journal"))
	require.NoError(t, os.WriteFile(path, journal, 0o600))
	return exec.CommandContext(t.Context(), program, "check", "-f", path).Run()
}

func run(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out[:min(len(out), 2000)])
	return out
}
