package postgres_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// shards are stores on databases of their own, each with some of the wallets.
type shards []*postgres.Store

// of returns the store that has that wallet.
func (s shards) of(id ledger.WalletID) *postgres.Store {
	h := fnv.New32a()
	_, _ = h.Write(id[:])
	return s[h.Sum32()%uint32(len(s))]
}

// newDatabase returns connections to a database that nobody else uses.
func newDatabase(t *testing.T) func(*pgxpool.Config) {
	t.Helper()
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, server(t))
	require.NoError(t, err)
	name := fmt.Sprintf("shard_%d", time.Now().UnixNano())
	_, err = admin.Exec(ctx, "CREATE DATABASE "+name)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := admin.Exec(ctx, "DROP DATABASE "+name)
		require.NoError(t, err)
		require.NoError(t, admin.Close(ctx))
	})
	return func(c *pgxpool.Config) {
		c.ConnConfig.Database = name
		c.ConnConfig.RuntimeParams["search_path"] = "public"
	}
}

// TestShards routes wallets to two databases by hash. All that there is about a
// wallet is in one of them, sweeps and reports run on one after the other, and
// together they have every wallet and notice once.
func TestShards(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var stores shards
	for range 2 {
		stores = append(stores, newStore(t, newPool(t, newDatabase(t)), postgres.Config{}))
	}
	const n, entries = 100, 4
	all := make([]*book, n)
	var group errgroup.Group
	group.SetLimit(8)
	for i := range all {
		b := newBook(fmt.Sprint("wallet ", i))
		b.DueAt = noon
		all[i] = b
		group.Go(func() error {
			for e := range entries {
				noted := keyed(fmt.Sprint(e))
				noted.Notices = []ledger.Notice{{Kind: "low", Name: b.Owner}}
				if err := readAndWrite(ctx, stores.of(b.ID), b.post(noted)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())

	for _, b := range all {
		home := stores.of(b.ID)
		for _, s := range stores {
			found, lines := wallets(t, s, b.ID), journal(t, s, b.ID)
			if s == home {
				require.Equal(t, []ledger.Wallet{b.Wallet}, found)
				require.Len(t, lines, entries)
			} else {
				require.Empty(t, found)
				require.Empty(t, lines)
			}
		}
		require.ErrorIs(t, write(ctx, home, b.post(keyed("0"))), ledger.ErrConflict)
	}

	due, notices := map[ledger.WalletID]bool{}, map[ledger.NoticeID]bool{}
	for _, s := range stores {
		require.NoError(t, s.Update(ctx, func(tx ledger.Tx) error {
			page, err := tx.List(ctx, ledger.WalletPage{DueBy: noon, Limit: n})
			require.NoError(t, err)
			require.NotEmpty(t, page)
			for _, w := range page {
				require.Same(t, s, stores.of(w.ID))
				due[w.ID] = true
			}
			taken, err := tx.TakeNotices(ctx, noon, noon.Add(time.Hour), n*entries)
			for _, d := range taken {
				require.Same(t, s, stores.of(d.ID.WalletID))
				notices[d.ID] = true
			}
			return err
		}))
	}
	require.Len(t, due, n)
	require.Len(t, notices, n*entries)
}
