package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/ledger/report"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

// TestReportsOnAMillionEntries measures verification and reports on as many entries
// as SCRIP_SCALE says over a hundredth as many wallets: each of them takes at most a
// minute for a million. It logs the most memory the process had, too.
//
// Measured for a million on two cores of a busy machine, seconds of the processor:
// liability 1.2, usage 29, verification 36; at most 155 MB.
func TestReportsOnAMillionEntries(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("SCRIP_SCALE"))
	if n == 0 {
		t.Skip("SCRIP_SCALE is not set")
	}
	path := os.Getenv("SCRIP_SCALE_FILE") // kept and used again
	if path == "" {
		path = filepath.Join(t.TempDir(), "books.db")
	}
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	defer db.Close()
	store := sqlite.New(db, sqlite.Config{})
	require.NoError(t, store.Migrate(t.Context()))
	books := ledger.New(store, ledger.Config{})
	var has int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM scrip_entries").Scan(&has))
	if has < n {
		writeMany(t, books, n)
	}
	measure := func(name string, report func() error) {
		t.Run(name, func(t *testing.T) {
			began, worked := time.Now(), processor(t)
			require.NoError(t, report())
			took := time.Since(began)
			worked = processor(t) - worked
			t.Logf("%v, of which the processor %v; at most %s", took.Round(time.Millisecond), worked.Round(time.Millisecond), peak())
			require.Less(t, worked, time.Duration(n)*60*time.Microsecond)
		})
	}
	ctx := t.Context()
	measure("liability", func() error {
		_, err := report.Liabilities(ctx, books, report.Query{}, time.Time{})
		return err
	})
	measure("usage", func() error {
		_, err := report.Usages(ctx, books, report.Query{}, report.UsageGroup{})
		return err
	})
	measure("roll-forward", func() error {
		_, err := report.RollForwards(ctx, books, report.Query{})
		return err
	})
	measure("verify", func() error {
		for v, err := range books.VerifyAll(ctx, ledger.WalletID{}) {
			if err != nil || v.Err != nil {
				return fmt.Errorf("%v: %w: %w", v.WalletID, err, v.Err)
			}
		}
		return nil
	})
}

// processor returns how long processors have worked for this process, which other
// work on the machine changes less than how long it took.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// peak returns the most memory that the process has had.
func peak() string {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown memory"
	}
	for line := range strings.Lines(string(status)) {
		if most, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(most)
		}
	}
	return "unknown memory"
}

// writeMany opens n/100 wallets, sells each 10,000 credits, and charges them.
func writeMany(t *testing.T, books *ledger.Ledger, n int) {
	var wg sync.WaitGroup
	wallets := make(chan int)
	for range 64 {
		wg.Go(func() {
			for i := range wallets {
				fillWallet(t, books, i)
			}
		})
	}
	for i := range n / 100 {
		wallets <- i
	}
	close(wallets)
	wg.Wait()
}

func fillWallet(t *testing.T, books *ledger.Ledger, i int) {
	ctx := t.Context()
	w, err := books.OpenWallet(ctx, ledger.OpenWalletRequest{Key: fmt.Sprint("org-", i), Unit: pricing.Credits()})
	require.NoError(t, err)
	_, err = books.Grant(ctx, ledger.GrantRequest{
		Key: "pack", WalletID: w.ID, Source: ledger.SourcePurchase, Amount: decimal.New(10_000, 0),
		Paid: ledger.Money{Amount: decimal.New(99, 0), Currency: "USD"},
	})
	require.NoError(t, err)
	for k := range 98 {
		_, err := books.Charge(ctx, ledger.ChargeRequest{
			Key: fmt.Sprint("use-", k), WalletID: w.ID, Item: fmt.Sprint("item-", k%20), Amount: decimal.New(int64(1+k%7), 0),
		})
		require.NoError(t, err)
	}
}
