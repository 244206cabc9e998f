package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMain lets a process that the program has started for its work be the program.
func TestMain(m *testing.M) {
	if _, ok := os.LookupEnv(workerEnv); ok {
		main()
		return
	}
	os.Exit(m.Run())
}

// sites returns the stores that can be tested here, each by where it is.
func sites(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"SQLite": filepath.Join(t.TempDir(), "books.db")}
	if url := os.Getenv("SCRIP_TEST_POSTGRES"); url != "" {
		all["PostgreSQL"] = url
	} else if os.Getenv("SCRIP_REQUIRE_DB") == "1" {
		t.Fatal("SCRIP_TEST_POSTGRES is not set")
	}
	return all
}

// small are settings for a test that has keys of its own.
func small(t *testing.T, store string) settings {
	return settings{
		Store: store, Operations: 1_000, Wallets: 10, Credits: 1_000_000, Callers: 8, Processes: 1, Lanes: 2,
		Seed: 1, Run: fmt.Sprint(t.Name(), time.Now().UnixNano()),
	}
}

// made returns what the program prints.
func made(t *testing.T, s settings) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, measure(t.Context(), s, &out))
	t.Log("\n" + out.String())
	return out.String()
}

// Four processes of eight goroutines each want more than the one wallet has: all of
// it is spent, and not a credit more.
func TestProcessesSpendAHotWalletExactly(t *testing.T) {
	t.Parallel()
	for name, store := range sites(t) {
		t.Run(name, func(t *testing.T) {
			s := small(t, store)
			s.Processes, s.Wallets, s.Credits, s.Operations = 4, 1, 1_000, 4*8*40
			out := made(t, s)
			require.Contains(t, out, "280 were refused")
			require.Contains(t, out, "1000 credits granted, 1000 spent, 0 left")
		})
	}
}

func TestLoadIsMeasuredBesideARawLoop(t *testing.T) {
	t.Parallel()
	for name, store := range sites(t) {
		t.Run(name, func(t *testing.T) {
			s := small(t, store)
			s.Raw, s.Hot = true, 1
			out := made(t, s)
			require.Contains(t, out, "1000 operations in ")
			require.Contains(t, out, "raw: 1000 entries in ")
			require.Contains(t, out, "10 wallets")
			require.Contains(t, out, "1000 spent")
		})
	}
}

func TestARepeatedRunSpendsNothingMore(t *testing.T) {
	t.Parallel()
	for name, store := range sites(t) {
		t.Run(name, func(t *testing.T) {
			s := small(t, store)
			s.Mix = true
			made(t, s)
			require.Contains(t, made(t, s), ", 800 spent, 9999200 left")
		})
	}
}

func TestAFileIsPricedAndReplayed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "calls.csv")
	require.NoError(t, os.WriteFile(file, []byte(`TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:17:03.9799600,4808,10
2023-11-16 18:17:04.0319600,1000,1001
2023-11-16 18:17:04.0781490,110,0
`), 0o600))
	s := small(t, inMemory)
	s.Usage, s.Operations = file, 0
	require.Contains(t, made(t, s), "16 spent") // 5 + 3, 1 + 6, 1
}

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*settings){
		"nobody calls":             func(s *settings) { s.Callers = 0 },
		"more hot wallets than":    func(s *settings) { s.Hot = 11 },
		"processes without a disk": func(s *settings) { s.Processes = 2 },
		"a file that is mixed":     func(s *settings) { s.Usage, s.Mix = "calls.csv", true },
		"a file that is not there": func(s *settings) { s.Usage = "none.csv" },
	} {
		t.Run(name, func(t *testing.T) {
			s := small(t, inMemory)
			edit(&s)
			require.Error(t, measure(t.Context(), s, new(bytes.Buffer)))
		})
	}
}

func TestAHistogramIsExactToTheThirtySecondPart(t *testing.T) {
	t.Parallel()
	var a, b histogram
	for d := time.Duration(1); d <= 1_000; d++ {
		a.add(d * time.Microsecond)
		b.add(time.Second)
	}
	for p := int64(1); p <= 1000; p++ {
		exact := time.Duration(p) * time.Microsecond
		got := a.perMille(p)
		require.GreaterOrEqual(t, got, exact)
		require.LessOrEqual(t, got, exact+exact/32)
	}
	a.merge(b)
	require.Equal(t, b.perMille(1), a.perMille(501))
}
