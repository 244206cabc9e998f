package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
)

// spenderEnv has the settings of a process that is to spend what limits allow.
const spenderEnv = "SCRIP_LOAD_SPENDER"

// Four processes of eight goroutines each want more than the limits of a wallet of
// plenty allow. A goroutine of each process is the same actor, who tries 160 times.
func TestProcessesNeverExceedALimit(t *testing.T) {
	if text, ok := os.LookupEnv(spenderEnv); ok {
		spendToTheLimit(t, text)
		return
	}
	t.Parallel()
	for name, store := range sites(t) {
		for _, c := range []struct {
			name         string
			all, perHead int64
		}{
			{"all of them together reach theirs", 1_000, 150},
			{"each actor reaches its own", 2_000, 125},
		} {
			t.Run(name+": "+c.name, func(t *testing.T) {
				s := small(t, store)
				s.Processes, s.Wallets, s.Operations = 4, 1, 4*8*40
				books, id := openLimited(t, s, c.all, c.perHead)
				all := spendTogether(t, s)
				require.Equal(t, int64(280), all.Refused)
				require.Equal(t, "1000", all.Spent.String())

				require.NoError(t, books.Verify(t.Context(), id))
				w, err := books.Wallet(t.Context(), id)
				require.NoError(t, err)
				require.Equal(t, "999000", w.Balance.String())
				for caller := range s.Callers {
					require.LessOrEqual(t, spentBy(t, books, id, actor(caller)), c.perHead)
				}
			})
		}
	}
}

func actor(caller int) string { return fmt.Sprint("actor ", caller) }

// openLimited opens the wallet, which may spend so much in all and for each actor.
func openLimited(t *testing.T, s settings, all, perHead int64) (*ledger.Ledger, ledger.WalletID) {
	t.Helper()
	books, l := spender(t, s)
	require.NoError(t, l.open(t.Context(), books, 0))
	_, err := books.Amend(t.Context(), ledger.AmendRequest{Key: "limits", WalletID: l.ids[0], Terms: ledger.Terms{Limits: []ledger.Limit{
		{Name: "all", Measure: ledger.MeasureCredits, Max: decimal.NewFromInt(all), Per: expiry.Days(1)},
		{Name: "each", Measure: ledger.MeasureCredits, Max: decimal.NewFromInt(perHead), Per: expiry.Days(1), PerActor: true},
	}}})
	require.NoError(t, err)
	return books, l.ids[0]
}

// spender returns the ledger of a process, until the test ends.
func spender(t *testing.T, s settings) (*ledger.Ledger, *load) {
	t.Helper()
	l, err := newLoad(s)
	require.NoError(t, err)
	site, err := openSite(t.Context(), s.Store)
	require.NoError(t, err)
	t.Cleanup(site.close)
	return l.newBooks(site.store), l
}

// spendTogether starts the processes, lets them spend at once, and returns what all
// of them came to.
func spendTogether(t *testing.T, s settings) (all tally) {
	t.Helper()
	workers := make([]*worker, s.Processes)
	for i := range workers {
		s.Worker = i
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProcessesNeverExceedALimit$")
		c.Env, c.Stderr = append(os.Environ(), spenderEnv+"="+s.encode()), os.Stderr
		start, err := c.StdinPipe()
		require.NoError(t, err)
		out, err := c.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, c.Start())
		workers[i] = &worker{command: c, start: start, says: json.NewDecoder(out)}
		require.NoError(t, workers[i].says.Decode(new(message)))
	}
	tallies := make([]*tally, len(workers))
	require.NoError(t, each(len(workers), len(workers), func(i int) (err error) {
		tallies[i], err = workers[i].work()
		return err
	}))
	for _, one := range tallies {
		all.merge(one)
	}
	return all
}

// spendToTheLimit is one of these processes: it charges a credit at a time, and takes
// no answer but an entry and a [ledger.LimitError].
func spendToTheLimit(t *testing.T, text string) {
	var s settings
	require.NoError(t, json.NewDecoder(strings.NewReader(text)).Decode(&s))
	books, l := spender(t, s)
	say := json.NewEncoder(os.Stdout)
	require.NoError(t, say.Encode(message{}))
	_, err := io.Copy(io.Discard, os.Stdin)
	require.NoError(t, err)
	var all tally
	var mu sync.Mutex
	require.NoError(t, each(s.Callers, s.Callers, func(caller int) error {
		for i := s.Worker*s.Callers + caller; i < s.Operations; i += s.Callers * s.Processes {
			e, err := books.Charge(t.Context(), ledger.ChargeRequest{
				Key: l.key(i), WalletID: l.ids[0], Item: "sms", Amount: one, Info: ledger.Info{Actor: actor(caller)},
			})
			var limit *ledger.LimitError
			if err != nil && !errors.As(err, &limit) {
				fmt.Fprintln(os.Stderr, "a spender:", err) // its test's own output is not read
				return err
			}
			mu.Lock()
			all.Spent = all.Spent.Add(e.Amount())
			all.Done++
			if limit != nil {
				all.Refused++
			}
			mu.Unlock()
		}
		return nil
	}))
	require.NoError(t, say.Encode(message{Tally: &all}))
	require.NoError(t, books.Close(t.Context()))
}

// spentBy returns what an actor has spent by the wallet's journal.
func spentBy(t *testing.T, books *ledger.Ledger, id ledger.WalletID, actor string) int64 {
	t.Helper()
	var sum decimal.Decimal
	for e, err := range books.Journal(t.Context(), ledger.JournalQuery{WalletID: id, Actor: actor}) {
		require.NoError(t, err)
		sum = sum.Add(e.Amount())
	}
	return sum.IntPart()
}
