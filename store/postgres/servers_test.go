package postgres_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
	"github.com/scrip-go/scrip/store/postgres"
	"github.com/scrip-go/scrip/store/storetest"
)

// servers are the URLs of two plain servers.
type servers [2]string

func newServers(t *testing.T) (two servers) {
	t.Helper()
	for n := range two {
		two[n], _ = newServer(t)
	}
	return two
}

// pools returns connections to an empty store on each server. They fail when they
// have waited for a lock for as long as a prepared transaction is let be.
func (two servers) pools(t *testing.T, settings ...func(*pgxpool.Config)) (pools [2]*pgxpool.Pool) {
	t.Helper()
	for n, url := range two {
		pools[n] = newPoolOn(t, url, append(settings, waitForLocks)...)
		newStore(t, pools[n], postgres.Config{})
	}
	_, err := pools[0].Exec(t.Context(), decisions)
	require.NoError(t, err)
	return pools
}

func waitForLocks(c *pgxpool.Config) {
	c.ConnConfig.RuntimeParams["lock_timeout"] = fmt.Sprint(abandoned.Milliseconds())
}

// store returns an empty store on both.
func (two servers) store(t *testing.T, settings ...func(*pgxpool.Config)) *routed {
	t.Helper()
	r := route(rand.Text(), two.pools(t, settings...))
	t.Cleanup(func() { require.NoError(t, r.resolve(context.Background(), 0)) })
	return r
}

// crossed returns how many transactions were kept on both servers.
func (r *routed) crossed(t *testing.T) (n int) {
	t.Helper()
	require.NoError(t, r.pools[0].QueryRow(t.Context(), "SELECT count(*) FROM decisions WHERE kept").Scan(&n))
	return n
}

// TestServers spreads wallets over servers that know nothing of each other.
func TestServers(t *testing.T) {
	t.Parallel()
	two := newServers(t)
	t.Run("keep the contract", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) ledger.Store { return two.store(t) })
	})
	t.Run("keep the books as memory does", func(t *testing.T) {
		seeds, rounds := uint64(3), 100
		if testing.Short() {
			seeds, rounds = 1, 50
		}
		for seed := range seeds {
			s := two.store(t)
			storetest.Compare(t, seed, rounds, new(memory.Store), s)
			require.Greater(t, s.crossed(t), 10)
		}
	})
	t.Run("keep both sides or none, wherever a connection is lost", func(t *testing.T) { testCuts(t, two) })
	t.Run("can have a ledger each", func(t *testing.T) { testLedgersApart(t, two) })
}

// A cutAt breaks the connection over which a statement is sent.
type cutAt struct {
	cutter
	sql string
	how cut
}

func (c *cutAt) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	if c.sql != "" && strings.HasPrefix(d.SQL, c.sql) {
		c.sql = ""
		c.next.Store(int32(c.how))
	}
	return ctx
}

func (c *cutAt) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (c *cutAt) watch(config *pgxpool.Config) {
	conns := config.MaxConns
	c.cutter.watch(config)
	config.MaxConns, config.ConnConfig.Tracer = conns, c
}

// testCuts breaks a connection at each step of a commit on both servers. The store
// leaves the outcome open, and nothing half done; the ledger finds it by the key.
func testCuts(t *testing.T, two servers) {
	var c cutAt
	s := two.store(t, c.watch)
	l := ledger.New(s, ledger.Config{})
	defer func() { require.NoError(t, l.Close(t.Context())) }()
	a, b := newBook(keyOn(0, "a")), newBook(keyOn(1, "b"))
	require.NoError(t, write(t.Context(), s, join(a.post(keyed("open")), b.post(keyed("open")))))
	from, to := openWallet(t, l, keyOn(0, "from")), openWallet(t, l, keyOn(1, "to"))
	cuts := 0
	for _, step := range []string{"PREPARE TRANSACTION", "INSERT INTO decisions", "commit", "COMMIT PREPARED"} {
		for _, how := range []cut{beforeItGoes, afterItCame} {
			cuts++
			wasA, wasB := *a, *b
			c.sql, c.how = step, how
			err := readAndWrite(t.Context(), s, join(a.post(ledger.Entry{}), b.post(ledger.Entry{})))
			require.ErrorIs(t, err, ledger.ErrUnknownOutcome)
			if kept := step == "COMMIT PREPARED" || step == "commit" && how == afterItCame; !kept {
				*a, *b = wasA, wasB
			}
			require.Equal(t, []ledger.Wallet{a.Wallet, b.Wallet}, wallets(t, s, a.ID, b.ID), "%s, %v", step, how)

			r := ledger.TransferRequest{Key: fmt.Sprint(cuts), From: from, To: to, Amount: decimal.NewFromInt(1)}
			c.sql, c.how = step, how
			e, err := l.Transfer(t.Context(), r)
			require.NoError(t, err, "%s, %v", step, how)
			again, err := l.Transfer(t.Context(), r)
			require.NoError(t, err)
			require.Equal(t, e.ID(), again.ID())
			requireBalance(t, l, from, 100-cuts)
			requireBalance(t, l, to, 100+cuts)
		}
	}
}

// keyOn returns the key of a wallet that the n-th server has.
func keyOn(n int, prefix string) string {
	for i := 0; ; i++ {
		if key := fmt.Sprint(prefix, i); home(ledger.WalletIDOf(key)) == n {
			return key
		}
	}
}

// openWallet opens a wallet with 100 credits.
func openWallet(t *testing.T, l *ledger.Ledger, key string) ledger.WalletID {
	t.Helper()
	w, err := l.OpenWallet(t.Context(), ledger.OpenWalletRequest{Key: key, Unit: ledger.Unit{Name: "credits"}})
	require.NoError(t, err)
	_, err = l.Grant(t.Context(), ledger.GrantRequest{
		Key: "grant", WalletID: w.ID, Source: ledger.SourcePromotion, Amount: decimal.NewFromInt(100),
	})
	require.NoError(t, err)
	return w.ID
}

// requireBalance checks what a wallet has, and its journal.
func requireBalance(t *testing.T, l *ledger.Ledger, id ledger.WalletID, want int) {
	t.Helper()
	w, err := l.Wallet(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(want), w.Balance.String())
	require.NoError(t, l.Verify(t.Context(), id))
}

// testLedgersApart has a ledger for each server, as a host that routes by itself: what
// is to go from one to the other is taken there and given here, each by a key of its
// own that can be repeated.
func testLedgersApart(t *testing.T, two servers) {
	var books [2]*ledger.Ledger
	for n, pool := range two.pools(t) {
		books[n] = ledger.New(postgres.New(pool, postgres.Config{}), ledger.Config{})
		defer func() { require.NoError(t, books[n].Close(t.Context())) }()
	}
	from, to := openWallet(t, books[0], keyOn(0, "from")), openWallet(t, books[1], keyOn(1, "to"))
	three := decimal.NewFromInt(3)
	_, err := books[home(from)].Transfer(t.Context(), ledger.TransferRequest{Key: "at once", From: from, To: to, Amount: three})
	require.ErrorIs(t, err, ledger.ErrNotFound)
	for range 2 {
		_, err := books[home(from)].Adjust(t.Context(), ledger.AdjustRequest{
			Key: "gift", WalletID: from, Amount: three.Neg(), Info: ledger.Info{Reason: "gift", Actor: "host"},
		})
		require.NoError(t, err)
		_, err = books[home(to)].Grant(t.Context(), ledger.GrantRequest{
			Key: "gift", WalletID: to, Amount: three, Source: ledger.SourceTransfer,
		})
		require.NoError(t, err)
	}
	requireBalance(t, books[0], from, 97)
	requireBalance(t, books[1], to, 103)
}

// TestKilledProcessesLeaveNothingHalf kills processes that write to two servers at
// once. What they have left prepared is resolved when the next one begins.
func TestKilledProcessesLeaveNothingHalf(t *testing.T) {
	t.Parallel()
	storetest.Kill(t, crashes()/5, storetest.Site{
		Make: func(t *testing.T) string {
			var urls []string
			for _, pool := range newServers(t).pools(t) {
				c := pool.Config().ConnConfig
				urls = append(urls, c.ConnString()+"&search_path="+c.RuntimeParams["search_path"])
			}
			return strings.Join(urls, " ")
		},
		Open: func(t *testing.T, address string) (ledger.Store, func()) {
			var pools [2]*pgxpool.Pool
			for n, url := range strings.Fields(address) {
				config, err := pgxpool.ParseConfig(url)
				require.NoError(t, err)
				waitForLocks(config)
				pools[n], err = pgxpool.NewWithConfig(context.Background(), postgres.Configure(config))
				require.NoError(t, err)
			}
			r := route("kill", pools)
			require.Eventually(t, func() bool { return r.resolve(context.Background(), 0) == nil }, 10*time.Second, time.Millisecond)
			return r, func() {
				pools[0].Close()
				pools[1].Close()
			}
		},
	})
}
