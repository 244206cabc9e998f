package sqlite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/store/sqlite"
)

// The same on a small file system that is really full, where this process may mount
// one.
func TestAFullDiskRefusesWholeUpdatesAndGoesOnWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("cannot mount a file system: %v", err)
	}
	// Detached, not only unmounted: a process that another test is just starting has the
	// files of this one until it runs its program.
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	reserve := filepath.Join(dir, "reserve")
	require.NoError(t, os.WriteFile(reserve, bytes.Repeat([]byte{1}, 1<<20), 0o600))

	db, err := sqlite.Open(filepath.Join(dir, "books.db"))
	require.NoError(t, err)
	defer db.Close()
	s := sqlite.New(db, sqlite.Config{})
	require.NoError(t, s.Migrate(t.Context()))
	wallets := fill(t, s, 10)
	last := fillUp(t, s, wallets)
	require.NoError(t, os.Remove(reserve))
	goOn(t, s, wallets, last)
	require.Equal(t, []string{"ok"}, texts(t, db, `PRAGMA integrity_check`))
}
