package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/sqlite"
	"github.com/scrip-go/scrip/store/storetest"
)

func TestStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) ledger.Store {
		s, _ := books(t, sqlite.Config{})
		return s
	})
}

func TestFlawsAreNoticed(t *testing.T) {
	t.Parallel()
	storetest.RunFlawed(t, func(t *testing.T) ledger.Store {
		s, _ := books(t, sqlite.Config{})
		return s
	})
}

func TestStoreWithAnotherPrefixKeepsTheContract(t *testing.T) {
	if testing.Short() {
		t.Skip("it differs in the names only")
	}
	t.Parallel()
	storetest.Run(t, func(t *testing.T) ledger.Store {
		s, db := books(t, sqlite.Config{Prefix: `my "credit" `})
		t.Cleanup(func() { require.Empty(t, names(t, db, "scrip_")) })
		return s
	})
}

func TestWithinKeepsTheContract(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]sqlite.Config{"default names": {}, "another prefix": {Prefix: "my_"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.RunWithin(t, func(t *testing.T) storetest.Begin {
				s, db := books(t, cfg)
				bind := s.Within
				if cfg == (sqlite.Config{}) {
					bind = sqlite.Within
				}
				return func(ctx context.Context) (storetest.HostTx, error) { return begin(ctx, db, bind) }
			})
		})
	}
}

// begin begins a transaction as a host does that tries again when it is busy.
func begin(ctx context.Context, db *sql.DB, bind func(*sql.Tx) ledger.Store) (storetest.HostTx, error) {
	tx, err := db.BeginTx(ctx, nil)
	var busy interface{ Code() int }
	if errors.As(err, &busy) {
		return storetest.HostTx{}, errors.Join(ledger.ErrConflict, err)
	}
	if err != nil {
		return storetest.HostTx{}, err
	}
	return storetest.HostTx{Store: bind(tx), Commit: tx.Commit, Rollback: tx.Rollback}, nil
}
