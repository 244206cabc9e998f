package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/sqlite"
	"github.com/scrip-go/scrip/store/storetest"
)

// A process that is killed loses nothing that it was told is done, and leaves nothing
// half done.
func TestKilledProcessesLoseNothing(t *testing.T) {
	t.Parallel()
	kills := 50
	if testing.Short() {
		kills = 5
	}
	storetest.Kill(t, kills, storetest.Site{Make: makeSite, Open: openSite})
}

func makeSite(t *testing.T) (path string) {
	path = filepath.Join(t.TempDir(), "books.db")
	store, done := openSite(t, path)
	defer done()
	require.NoError(t, store.(*sqlite.Store).Migrate(t.Context()))
	return path
}

// openSite opens the database at path, which must be sound.
func openSite(t *testing.T, path string) (ledger.Store, func()) {
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	require.Equal(t, []string{"ok"}, texts(t, db, `PRAGMA integrity_check`))
	return sqlite.New(db, sqlite.Config{}), func() { require.NoError(t, db.Close()) }
}
