package postgres_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// TestFullDisk fills the disk that the tables are on, where this process may mount
// one. What does not fit is refused whole, and kept when there is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	url, _ := newServer(t)
	admin := newPoolOn(t, url)
	var data string
	require.NoError(t, admin.QueryRow(t.Context(), "SHOW data_directory").Scan(&data))
	disk, reserve := mountFor(t, data), bytes.Repeat([]byte{1}, 1<<20)
	_, err := admin.Exec(t.Context(), "CREATE TABLESPACE small LOCATION '"+disk+"'")
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := admin.Exec(context.Background(), "DROP TABLESPACE small")
		require.NoError(t, err)
	})
	require.NoError(t, os.WriteFile(filepath.Join(disk, "reserve"), reserve, 0o600))
	s := newStore(t, newPoolOn(t, url, func(c *pgxpool.Config) {
		c.ConnConfig.RuntimeParams["default_tablespace"] = "small"
	}), postgres.Config{})

	all := books(t, s, 10)
	for n := 0; ; n++ {
		require.Less(t, n, 10_000, "the disk was never full")
		var ids []ledger.WalletID
		var c ledger.Changes
		for _, b := range all {
			ids, c = append(ids, b.ID), join(c, b.post(keyed(fmt.Sprint(n))))
		}
		before := wallets(t, s, ids...)
		err := write(t.Context(), s, c)
		if err == nil {
			continue
		}
		var refused *pgconn.PgError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, "53100", refused.Code) // disk_full
		require.NotErrorIs(t, err, ledger.ErrConflict)
		require.NotErrorIs(t, err, ledger.ErrUnknownOutcome)
		require.ElementsMatch(t, before, wallets(t, s, ids...))

		require.NoError(t, os.Remove(filepath.Join(disk, "reserve")))
		require.NoError(t, write(t.Context(), s, c))
		for _, b := range all {
			require.Equal(t, []ledger.Wallet{b.Wallet}, wallets(t, s, b.ID))
			require.Len(t, journal(t, s, b.ID), n+2)
		}
		return
	}
}

// mountFor returns a small disk that belongs to whom the files at path belong.
func mountFor(t *testing.T, path string) (disk string) {
	t.Helper()
	disk, err := os.MkdirTemp("", "scrip-full") //nolint:usetesting // the server's user must be able to reach it
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(disk)) })
	var owner syscall.Stat_t
	require.NoError(t, syscall.Stat(path, &owner))
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprintf("size=4m,mode=0700,uid=%d,gid=%d", owner.Uid, owner.Gid)); err != nil {
		t.Skipf("cannot mount a file system: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(disk, 0)) })
	return disk
}
