package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
)

// A cost is what a charge comes to while a tenth of a journal is written.
type cost struct {
	together time.Duration // of many callers at once
	alone    time.Duration // of one caller, who waits for each answer
	again    time.Duration // a charge of the first tenth once more, which answers what it did
	bytes    int64         // that it adds to the store, with all indexes
}

// The millionth entry of a wallet costs what the tenth did: in rows, round trips and
// bytes, and in time. SCRIP_SCALE says how many entries the wallet gets; without it
// they are few, and how long they take is not compared.
//
//	SCRIP_SCALE=1000000 go test ./examples/load -run Millionth -v
//
// The first, the fifth and the last tenth of a million, on two cores of a busy machine:
//
//	            together  alone    again    bytes
//	SQLite      31 µs     0.25 ms  0.05 ms  709
//	            29 µs     0.36 ms  0.10 ms  712
//	            39 µs     0.43 ms  0.15 ms  711
//	PostgreSQL  76 µs     1.09 ms  0.24 ms  713
//	            48 µs     0.57 ms  0.61 ms  772
//	            86 µs     0.54 ms  0.41 ms  771
func TestTheMillionthEntryCostsWhatTheTenthDid(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("SCRIP_SCALE"))
	timed := n > 0
	if !timed {
		n = 10_000
	}
	for name, store := range sites(t) {
		t.Run(name, func(t *testing.T) {
			site, err := openSite(t.Context(), ownSchema(t, store))
			require.NoError(t, err)
			defer site.close()
			s := small(t, store)
			s.Wallets, s.Credits, s.Operations, s.Callers = 1, 1_000_000_000, n, 128
			costs := costsOf(t, s, site)
			steady(t, "bytes", 1.2, costs, func(c cost) int64 { return c.bytes })
			if timed {
				steady(t, "charges together", 2, costs, func(c cost) int64 { return int64(c.together) })
				steady(t, "a charge alone", 2, costs, func(c cost) int64 { return int64(c.alone) })
				steady(t, "a charge again", 2, costs, func(c cost) int64 { return int64(c.again) })
			}
		})
	}
}

// ownSchema returns store, where it is a server with a schema of its own for the test.
func ownSchema(t *testing.T, store string) string {
	t.Helper()
	if !strings.HasPrefix(store, "postgres") {
		return store
	}
	conn, err := pgx.Connect(t.Context(), store)
	require.NoError(t, err)
	schema := "scale_" + strings.ToLower(rand.Text())
	_, err = conn.Exec(t.Context(), "CREATE SCHEMA "+schema)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := conn.Exec(context.Background(), "DROP SCHEMA "+schema+" CASCADE")
		require.NoError(t, err)
		require.NoError(t, conn.Close(context.Background()))
	})
	u, err := url.Parse(store)
	require.NoError(t, err)
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// costsOf writes the journal of a wallet and returns what each tenth of it cost.
func costsOf(t *testing.T, s settings, site *site) []cost {
	t.Helper()
	l, err := newLoad(s)
	require.NoError(t, err)
	m := &meter{Store: site.store}
	books := l.newBooks(m)
	require.NoError(t, l.open(t.Context(), books, 0))
	costs := make([]cost, 10)
	for tenth := range costs {
		c, part, before := &costs[tenth], s.Operations/10, size(t, site)
		began := time.Now()
		require.NoError(t, each(part, s.Callers, func(i int) error {
			_, _, err := l.do(t.Context(), books, tenth*part+i)
			return err
		}))
		c.together = time.Since(began) / time.Duration(part)
		c.bytes = (size(t, site) - before) / int64(part)

		transactions, rows, trips := m.transactions.Load(), m.rows.Load(), site.sent()
		c.alone = median(t, func(i int) error {
			_, err := books.Charge(t.Context(), ledger.ChargeRequest{
				Key: fmt.Sprint("alone ", tenth, " ", i), WalletID: l.ids[0], Item: "sms", Amount: one,
			})
			return err
		})
		require.Equal(t, int64(lone), m.transactions.Load()-transactions)
		require.InDelta(t, 2*lone, m.rows.Load()-rows, 1) // there may have been a checkpoint
		if site.trips != nil {
			require.Equal(t, int64(lone), site.sent()-trips)
		}
		c.again = median(t, func(i int) error {
			_, _, err := l.do(t.Context(), books, i)
			return err
		})
		t.Logf("%8d entries: charges together %v, alone %v, again %v; %d bytes",
			(tenth+1)*(part+lone), c.together, c.alone, c.again, c.bytes)
	}
	require.NoError(t, books.Verify(t.Context(), l.ids[0]))
	return costs
}

// lone is how often something is done to see how long it takes.
const lone = 50

// median returns how long fn takes.
func median(t *testing.T, fn func(i int) error) time.Duration {
	t.Helper()
	took := make([]time.Duration, lone)
	for i := range took {
		began := time.Now()
		require.NoError(t, fn(i))
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// size returns how many bytes a store takes, without the logs of the database.
func size(t *testing.T, s *site) (bytes int64) {
	t.Helper()
	switch raw := s.raw.(type) {
	case rawPostgres:
		const sql = "SELECT pg_total_relation_size('scrip_entries')"
		require.NoError(t, raw.pool.QueryRow(t.Context(), sql).Scan(&bytes))
	case rawSQLite:
		const sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
		require.NoError(t, raw.db.QueryRowContext(t.Context(), sql).Scan(&bytes))
	}
	return bytes
}

// steady checks that the least of the second half is not much more than that of the
// first: others at work make a tenth dear, but not cheap.
func steady(t *testing.T, what string, most float64, costs []cost, measured func(cost) int64) {
	t.Helper()
	var all []int64
	for _, c := range costs {
		all = append(all, measured(c))
	}
	require.LessOrEqual(t, float64(slices.Min(all[5:])), most*float64(slices.Min(all[:5])), "%s: %v", what, all)
}
