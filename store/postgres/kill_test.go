package postgres_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
	"github.com/scrip-go/scrip/store/storetest"
)

// crashes is how often a test kills something.
func crashes() int {
	if testing.Short() {
		return 5
	}
	return 50
}

// A process that is killed loses nothing that it was told is done, and leaves nothing
// half done.
func TestKilledProcessesLoseNothing(t *testing.T) {
	t.Parallel()
	storetest.Kill(t, crashes(), storetest.Site{
		Make: func(t *testing.T) (schema string) {
			newStore(t, newPool(t, func(c *pgxpool.Config) { schema = c.ConnConfig.RuntimeParams["search_path"] }), postgres.Config{})
			return schema
		},
		Open: func(t *testing.T, schema string) (ledger.Store, func()) { return openStore(t, server(t), schema) },
	})
}

// A server that breaks down and recovers has lost nothing that it acknowledged, and
// of what it says that it failed it has kept nothing.
func TestCrashedServersLoseNothing(t *testing.T) {
	url, crash := newServer(t)
	schema := "crashing"
	admin, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	_, err = admin.Exec(t.Context(), "CREATE SCHEMA "+schema)
	require.NoError(t, err)
	require.NoError(t, admin.Close(t.Context()))
	s, done := openStore(t, url, schema)
	require.NoError(t, s.(*postgres.Store).Migrate(t.Context()))
	done()
	storetest.Outage(t, crashes(), func() (ledger.Store, func()) { return openStore(t, url, schema) }, crash)
}

// openStore returns a store on connections that end with done.
func openStore(t *testing.T, url, schema string) (s ledger.Store, done func()) {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	require.NoError(t, err)
	config.ConnConfig.RuntimeParams["search_path"] = schema
	pool, err := pgxpool.NewWithConfig(context.Background(), postgres.Configure(config))
	require.NoError(t, err)
	return postgres.New(pool, postgres.Config{}), pool.Close
}

// newServer starts a server that only this test uses, and that crash ends as a power
// failure would, and starts again.
func newServer(t *testing.T) (url string, crash func()) {
	t.Helper()
	server(t)                                   // or the test is skipped
	dir, err := os.MkdirTemp("", "scrip-crash") //nolint:usetesting // the server's user must be able to reach it
	require.NoError(t, err)
	control := func(command string) string {
		out, err := exec.Command("../../.ci/postgres", command, dir).Output() //nolint:gosec // this repository's
		require.NoError(t, err)
		return strings.TrimSpace(string(out))
	}
	t.Cleanup(func() { control("stop") })
	return control("start"), func() { control("crash") }
}
