package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// A sent is a statement as it went to the server.
type sent struct {
	sql  string
	args []any
}

// A recorder notes what a pool sends: the statements, and the round trips.
type recorder struct {
	mu         sync.Mutex
	statements []sent
	trips      int
}

// watch makes the connections of a pool report to r.
func (r *recorder) watch(c *pgxpool.Config) { c.ConnConfig.Tracer = r }

// take returns what was sent since it was last called.
func (r *recorder) take() (statements []sent, trips int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	statements, trips = r.statements, r.trips
	r.statements, r.trips = nil, 0
	return statements, trips
}

func (r *recorder) note(sql string, args []any, trips int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trips += trips
	if sql != "" {
		r.statements = append(r.statements, sent{sql, args})
	}
}

func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	r.note(d.SQL, d.Args, 1)
	return ctx
}

func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (r *recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	r.note("", nil, 1)
	return ctx
}

func (r *recorder) TraceBatchQuery(_ context.Context, _ *pgx.Conn, d pgx.TraceBatchQueryData) {
	r.note(d.SQL, d.Args, 0)
}

func (r *recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// exercise does all that a store can do, on two wallets at a time.
func exercise(t *testing.T, s ledger.Store) {
	t.Helper()
	ctx := t.Context()
	a, b := newBook("a"), newBook("b")
	ids := []ledger.WalletID{a.ID, b.ID}
	noted := keyed("noted")
	noted.Of, noted.Notices = 1, []ledger.Notice{{Kind: "low"}}
	require.NoError(t, write(ctx, s, join(a.post(keyed("open")), b.post(keyed("open")))))
	require.NoError(t, readAndWrite(ctx, s, join(a.post(noted), b.post(noted))))
	require.NoError(t, s.View(ctx, func(tx ledger.Tx) error {
		_, err := tx.Wallets(ctx, ids)
		require.NoError(t, err)
		found, err := tx.Keyed(ctx, []ledger.EntryKey{{WalletID: a.ID, Key: "open"}, {WalletID: b.ID, Key: "noted"}})
		require.Len(t, found, 2)
		require.NoError(t, err)
		for n := range 8 {
			page := ledger.Page{WalletID: a.ID, Of: int64(n & 1), Late: n&2 != 0, Descending: n&4 != 0, Limit: 10}
			_, err := tx.Journal(ctx, page)
			require.NoError(t, err)
		}
		for _, page := range []ledger.WalletPage{{}, {Owner: a.Owner}, {DueBy: noon}} {
			page.Limit = 10
			_, err := tx.List(ctx, page)
			require.NoError(t, err)
		}
		return nil
	}))
	require.NoError(t, s.Update(ctx, func(tx ledger.Tx) error {
		taken, err := tx.TakeNotices(ctx, noon, noon.Add(time.Hour), 10)
		require.NoError(t, err)
		require.Len(t, taken, 2)
		return tx.AckNotices(ctx, []ledger.NoticeID{taken[0].ID, taken[1].ID})
	}))
}

// sweeps are the statements that name no wallet, because looking for wallets is
// what they are for.
var sweeps = map[string]string{
	"list all wallets":              "SELECT id, seq, owner, due_at, body FROM scrip_wallets WHERE id > $1 ORDER BY id LIMIT $2",
	"list the wallets of an owner":  "SELECT id, seq, owner, due_at, body FROM scrip_wallets WHERE owner = $3 AND (owner, id) > ($3, $1) ORDER BY owner, id LIMIT $2",
	"list the wallets that are due": "SELECT id, seq, owner, due_at, body FROM scrip_wallets WHERE due_at <= $3 AND (due_at, id) > ($4, $1) ORDER BY due_at, id LIMIT $2",
	"find wallets with notices":     "SELECT wallet_id FROM scrip_notices WHERE taken_until <= $1 ORDER BY taken_until, recorded_at, wallet_id, seq, n LIMIT $2",
}

// takesNotices begins the statement that takes notices on one server.
const takesNotices = "WITH free AS ( SELECT wallet_id, seq, n FROM scrip_notices WHERE taken_until <= $1 "

var (
	spaces     = regexp.MustCompile(`\s+`)
	remarks    = regexp.MustCompile(`/\*.*?\*/|(?m:--.*$)`)
	control    = regexp.MustCompile(`^(?i:BEGIN|COMMIT|ROLLBACK)\b`)
	insert     = regexp.MustCompile(`INSERT INTO scrip_\w+ \((id|wallet_id), .*?\) SELECT (\*|wallet_id, .*?) FROM unnest\(\$\d+::uuid\[\], `)
	bound      = regexp.MustCompile(`\b(id|wallet_id) = (ANY \(\$|ANY \(ARRAY\[[a-z]\.|\$\d|[a-z]\.(id|wallet_id)\b)`)
	table      = regexp.MustCompile(`\b(FROM|JOIN|UPDATE) scrip_`)
	notOneNode = regexp.MustCompile(`(?i)\b(sequence|serial|bigserial|nextval|currval|identity|\w*advisory\w*|trigger|temp|temporary|` +
		`references|foreign|lock table|listen|notify|declare|savepoint)\b`)
)

// plain returns sql in one line, without remarks.
func plain(sql string) string {
	return strings.TrimSpace(spaces.ReplaceAllString(remarks.ReplaceAllString(sql, " "), " "))
}

// TestStatementsNameTheWallet reads every statement that stores send. Each names
// the wallet for every table that it touches, or is a known sweep, and none uses
// what databases of many servers lack.
func TestStatementsNameTheWallet(t *testing.T) {
	t.Parallel()
	for _, sharded := range []bool{false, true} {
		for _, within := range []bool{false, true} {
			t.Run(fmt.Sprintf("sharded %v, within %v", sharded, within), func(t *testing.T) {
				statements := statementsOf(t, postgres.Config{Sharded: sharded}, within)
				require.Greater(t, len(statements), 15)
				swept := map[string]bool{}
				for _, s := range statements {
					sql := plain(s.sql)
					require.NotRegexp(t, notOneNode, sql)
					if name, ok := sweepOf(sql); ok {
						swept[name] = true
						continue
					}
					if !sharded && strings.HasPrefix(sql, takesNotices) {
						continue
					}
					requireWallet(t, sql)
					if sharded {
						require.LessOrEqual(t, len(walletsOf(s)), 1, "%s names several wallets", sql)
						require.NotContains(t, s.sql, "one shard")
					}
				}
				want := len(sweeps)
				if !sharded {
					want--
				}
				require.Len(t, swept, want)
			})
		}
	}
}

// statementsOf returns what a store sends when it does all that it can.
func statementsOf(t *testing.T, cfg postgres.Config, within bool) []sent {
	t.Helper()
	var r recorder
	pool := newPool(t, r.watch)
	s := newStore(t, pool, cfg)
	r.take()
	if within {
		tx, err := pool.Begin(t.Context())
		require.NoError(t, err)
		exercise(t, s.Within(tx))
		require.NoError(t, tx.Commit(t.Context()))
	} else {
		exercise(t, s)
	}
	statements, _ := r.take()
	return statements
}

func sweepOf(sql string) (string, bool) {
	for name, text := range sweeps {
		if sql == text {
			return name, true
		}
	}
	return "", false
}

// requireWallet checks that sql says, for each table in it, which wallets it means.
func requireWallet(t *testing.T, sql string) {
	t.Helper()
	if control.MatchString(sql) {
		return
	}
	inserts := strings.Count(sql, "INSERT INTO")
	tables := len(table.FindAllString(sql, -1))
	require.Positive(t, inserts+tables, "%s touches no table", sql)
	require.Len(t, insert.FindAllString(sql, -1), inserts, "%s inserts without the wallet", sql)
	require.GreaterOrEqual(t, len(bound.FindAllString(sql, -1)), tables, "%s lacks the wallet", sql)
}

// walletsOf returns the wallets that the arguments of s name.
func walletsOf(s sent) map[[16]byte]bool {
	named := map[[16]byte]bool{}
	for _, arg := range s.args {
		switch arg := arg.(type) {
		case [16]byte:
			named[arg] = true
		case [][16]byte:
			for _, id := range arg {
				named[id] = true
			}
		}
	}
	return named
}

// TestMigrationsUseNothingSpecial checks that the tables need nothing that
// databases of many servers lack, and that their keys lead with the wallet.
func TestMigrationsUseNothingSpecial(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(postgres.Migrations(), "*.sql")
	require.NoError(t, err)
	primary := 0
	for _, name := range files {
		file, err := fs.ReadFile(postgres.Migrations(), name)
		require.NoError(t, err)
		sql := plain(string(file))
		require.NotRegexp(t, notOneNode, sql, name)
		for _, key := range regexp.MustCompile(`PRIMARY KEY \((\w+)|UNIQUE INDEX \w+ ON \w+ \((\w+)|\b(\w+) uuid NOT NULL PRIMARY KEY`).FindAllStringSubmatch(sql, -1) {
			require.Contains(t, []string{"id", "wallet_id"}, strings.Join(key[1:], ""))
			primary++
		}
	}
	require.Equal(t, 4, primary)
}

// TestRoundTrips counts how often an operation waits for the server.
func TestRoundTrips(t *testing.T) {
	t.Parallel()
	for _, sharded := range []bool{false, true} {
		var r recorder
		s := newStore(t, newPool(t, r.watch), postgres.Config{Sharded: sharded})
		a, b := newBook("a"), newBook("b")
		noted := keyed("3")
		noted.Notices = []ledger.Notice{{Kind: "low"}}
		tests := []struct {
			name       string
			write      func(context.Context, ledger.Store, ledger.Changes) error
			changes    ledger.Changes
			statements int
			trips      int
		}{
			{"open a wallet", write, a.post(keyed("1")), 4, 1},
			{"open another", write, b.post(keyed("1")), 4, 1},
			{"write without having read", write, a.post(keyed("2")), 1, 1},
			{"write with a notice", write, a.post(noted), 4, 1},
			{"read and write", readAndWrite, a.post(keyed("4")), 4, 2},
		}
		for _, tt := range tests {
			r.take()
			require.NoError(t, tt.write(t.Context(), s, tt.changes))
			statements, trips := r.take()
			require.Len(t, statements, tt.statements, tt.name)
			require.Equal(t, tt.trips, trips, tt.name)
		}
	}
}

// TestPlans checks how the server means to do each statement, however many rows it
// believes are there: by an index with a condition for every table, in the order of
// the index where there is a limit, and wallet by wallet in the order of the
// arguments where it locks.
func TestPlans(t *testing.T) {
	t.Parallel()
	distinct := map[string]bool{}
	for _, s := range statementsOf(t, postgres.Config{}, false) {
		distinct[s.sql] = true
	}
	pool := newPool(t)
	s := newStore(t, pool, postgres.Config{})
	rows := 0
	for _, more := range []int{0, 1, 9, 990} {
		addBooks(t, s, rows, more)
		rows += more
		for _, analyze := range []string{"", "ANALYZE scrip_wallets, scrip_entries, scrip_notices"} {
			_, err := pool.Exec(t.Context(), analyze)
			require.NoError(t, err)
			for _, sql := range slices.Sorted(maps.Keys(distinct)) {
				if !control.MatchString(plain(sql)) {
					requireIndexes(t, sql, explain(t, pool, sql))
				}
			}
		}
	}
}

// addBooks stores n wallets, the first of that number, each with a notice.
func addBooks(t *testing.T, s ledger.Store, first, n int) {
	t.Helper()
	var all []ledger.Changes
	for i := range n {
		noted := keyed("open")
		noted.Of, noted.Notices = 1, []ledger.Notice{{Kind: "low"}}
		b := newBook(fmt.Sprint("wallet ", first+i))
		b.DueAt = noon.Add(time.Duration(i) * time.Second)
		all = append(all, b.post(noted))
	}
	require.NoError(t, write(t.Context(), s, join(all...)))
}

// A node is a step of a plan.
type node map[string]any

func (n node) is(types ...string) bool { return slices.Contains(types, n["Node Type"].(string)) }

func (n node) children() []node {
	var children []node
	plans, _ := n["Plans"].([]any)
	for _, p := range plans {
		children = append(children, p.(map[string]any))
	}
	return children
}

// explain returns the generic plan of sql.
func explain(t *testing.T, pool *pgxpool.Pool, sql string) node {
	t.Helper()
	parameters := 0
	for _, p := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(remarks.ReplaceAllString(sql, ""), -1) {
		n := 0
		_, err := fmt.Sscan(p[1], &n)
		require.NoError(t, err)
		parameters = max(parameters, n)
	}
	conn, err := pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	_, err = conn.Exec(t.Context(), "PREPARE it AS "+sql, pgx.QueryExecModeSimpleProtocol)
	require.NoError(t, err, sql)
	nulls := strings.TrimSuffix(strings.Repeat("NULL, ", parameters), ", ")
	var text string
	require.NoError(t, conn.QueryRow(t.Context(), "EXPLAIN (FORMAT JSON) EXECUTE it ("+nulls+")", pgx.QueryExecModeSimpleProtocol).Scan(&text), sql)
	_, err = conn.Exec(t.Context(), "DEALLOCATE it")
	require.NoError(t, err)
	var plans []struct{ Plan node }
	require.NoError(t, json.Unmarshal([]byte(text), &plans))
	return plans[0].Plan
}

func requireIndexes(t *testing.T, sql string, n node) {
	t.Helper()
	require.False(t, n.is("Seq Scan", "Hash Join", "Merge Join"), "%s\n%v", sql, n)
	if n.is("Index Scan", "Index Only Scan", "Bitmap Index Scan") {
		require.Contains(t, n, "Index Cond", "%s\n%v", sql, n)
	}
	if n.is("Nested Loop") {
		require.True(t, n.children()[0].is("Function Scan", "CTE Scan"), "%s\n%v", sql, n)
	}
	for _, child := range n.children() {
		require.False(t, n.is("Limit") && child.is("Sort", "Incremental Sort"), "%s\n%v", sql, n)
		if n.is("Limit") && !strings.Contains(sql, "of = $4 AND late") { // few entries unwind the same one
			require.NotContains(t, child, "Filter", "%s\n%v", sql, n)
		}
		requireIndexes(t, sql, child)
	}
}
