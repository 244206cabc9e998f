package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// TestTakersDoNotWait checks that while one transaction is taking notices another
// one takes others, and does not wait.
func TestTakersDoNotWait(t *testing.T) {
	t.Parallel()
	for _, sharded := range []bool{false, true} {
		t.Run(fmt.Sprintf("sharded %v", sharded), func(t *testing.T) {
			s := newStore(t, newPool(t), postgres.Config{Sharded: sharded})
			a := newBook("a")
			noted := keyed("open")
			noted.Notices = []ledger.Notice{{Kind: "low"}, {Kind: "lower"}, {Kind: "lowest"}}
			require.NoError(t, write(t.Context(), s, a.post(noted)))
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			take := func(tx ledger.Tx, limit int) []ledger.Delivery {
				taken, err := tx.TakeNotices(ctx, noon, noon.Add(time.Hour), limit)
				require.NoError(t, err)
				return taken
			}

			require.NoError(t, s.Update(ctx, func(one ledger.Tx) error {
				first := take(one, 1)
				require.Len(t, first, 1)
				return s.Update(ctx, func(two ledger.Tx) error {
					rest := take(two, 3)
					require.Len(t, rest, 2)
					require.NotContains(t, rest, first[0])
					return nil
				})
			}))
		})
	}
}
