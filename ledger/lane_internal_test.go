package ledger

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestAnAbandonedRequestLeavesTheQueueWithItsPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLane(nil, Config{MaxWaiting: 10})
		l.busy = true
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				_, err := l.submit(ctx, new(job))
				require.ErrorIs(t, err, context.Canceled)
			})
		}
		synctest.Wait()
		require.Len(t, l.queue, 10)
		cancel()
		wg.Wait()
		require.Empty(t, l.queue)
		require.Empty(t, l.places)
	})
}
