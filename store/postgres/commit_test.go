package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// TestWriteLoses checks that a write whose comparison or key is lost leaves
// nothing of itself, in each of the ways in which it can be sent.
func TestWriteLoses(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	s := newStore(t, pool, postgres.Config{})
	ways := map[string]func(context.Context, ledger.Store, ledger.Changes) error{
		"in a lone statement": write,
		"after a read":        readAndWrite,
	}
	losses := []struct {
		name    string
		changes func(a, b *book) ledger.Changes
	}{
		{"when one of two wallets has moved", func(a, b *book) ledger.Changes {
			b.next(keyed("unknown to the store"))
			return join(a.post(keyed("a2")), b.post(keyed("b3")))
		}},
		{"when a wallet to be opened is there", func(a, b *book) ledger.Changes {
			c := join(a.post(keyed("a2")), b.post(keyed("b2")))
			c.Wallets[1].From = 0
			return c
		}},
		{"when a wallet to be updated is not there", func(a, _ *book) ledger.Changes {
			other := newBook("never opened")
			other.next(keyed("unknown to the store"))
			return join(a.post(keyed("a2")), other.post(keyed("2")))
		}},
		{"when a key is taken", func(a, b *book) ledger.Changes {
			return join(a.post(keyed("a2")), b.post(keyed("open")))
		}},
		{"when a place in the journal is taken", func(a, b *book) ledger.Changes {
			c := join(a.post(keyed("a2")), b.post(keyed("b2")))
			c.Entries[1].Seq = 1
			return c
		}},
	}
	for name, write := range ways {
		for _, l := range losses {
			t.Run(name+" "+l.name, func(t *testing.T) {
				a, b := newBook(t.Name()+" a"), newBook(t.Name()+" b")
				require.NoError(t, write(t.Context(), s, join(a.post(keyed("open")), b.post(keyed("open")))))
				before := wallets(t, s, a.ID, b.ID)

				err := write(t.Context(), s, l.changes(a, b))

				require.ErrorIs(t, err, ledger.ErrConflict)
				require.ElementsMatch(t, before, wallets(t, s, a.ID, b.ID))
				require.Len(t, journal(t, s, a.ID), 1)
				require.Len(t, journal(t, s, b.ID), 1)
				require.NoError(t, pool.Ping(t.Context()))
			})
		}
	}
}

// TestWriteWaits checks that a lone statement that meets a wallet in the hands of
// another transaction compares the wallet as that transaction leaves it.
func TestWriteWaits(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	s := newStore(t, pool, postgres.Config{})
	a := books(t, s, 1)[0]
	mine, theirs := *a, *a
	done := make(chan error)

	err := s.Update(t.Context(), func(tx ledger.Tx) error {
		if _, err := tx.Wallets(t.Context(), []ledger.WalletID{a.ID}); err != nil {
			return err
		}
		go func() { done <- write(context.Background(), s, theirs.post(keyed("theirs"))) }()
		waitForLock(t, pool)
		return tx.Write(t.Context(), mine.post(keyed("mine")))
	})

	require.NoError(t, err)
	require.ErrorIs(t, <-done, ledger.ErrConflict)
	require.Equal(t, []ledger.Wallet{mine.Wallet}, wallets(t, s, a.ID))
}

// waitForLock returns when a transaction waits for a lock.
func waitForLock(t *testing.T, pool interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
},
) {
	t.Helper()
	require.Eventually(t, func() bool {
		var waiting bool
		err := pool.QueryRow(t.Context(), `SELECT EXISTS (
			SELECT FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
			WHERE NOT l.granted AND a.query LIKE '%scrip_wallets%'
			AND EXISTS (SELECT FROM pg_locks AS m WHERE m.pid = l.pid AND m.relation = 'scrip_wallets'::regclass))`).Scan(&waiting)
		return err == nil && waiting
	}, 10*time.Second, time.Millisecond)
}

// TestDeadlock checks that of two transactions that wait for each other one is
// repeated, and both take effect.
func TestDeadlock(t *testing.T) {
	t.Parallel()
	s := newStore(t, newPool(t), postgres.Config{})
	both := books(t, s, 2)
	var attempts [2]int
	locked := [2]chan struct{}{make(chan struct{}), make(chan struct{})}
	lockBoth := func(n int) error {
		return s.Update(t.Context(), func(tx ledger.Tx) error {
			attempts[n]++
			first, err := tx.Wallets(t.Context(), []ledger.WalletID{both[n].ID})
			if err != nil {
				return err
			}
			if attempts[n] == 1 {
				close(locked[n])
				<-locked[1-n]
			}
			second, err := tx.Wallets(t.Context(), []ledger.WalletID{both[1-n].ID})
			if err != nil {
				return err
			}
			a, b := book{first[0]}, book{second[0]}
			return tx.Write(t.Context(), join(a.post(ledger.Entry{}), b.post(ledger.Entry{})))
		})
	}
	other := make(chan error)
	go func() { other <- lockBoth(1) }()
	require.NoError(t, lockBoth(0))
	require.NoError(t, <-other)

	require.GreaterOrEqual(t, attempts[0]+attempts[1], 3, "one of them was begun anew")
	for _, b := range both {
		require.Len(t, journal(t, s, b.ID), 3)
	}
}

// TestRepeatsAreBounded checks that a transaction that loses every time is given
// up, and what it says then.
func TestRepeatsAreBounded(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	s := newStore(t, pool, postgres.Config{})
	_, err := pool.Exec(t.Context(), `
		CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE serialization_failure; END $$;
		CREATE TRIGGER lose BEFORE INSERT ON scrip_entries EXECUTE FUNCTION lose()`)
	require.NoError(t, err)
	attempts := 0
	err = s.Update(t.Context(), func(tx ledger.Tx) error {
		attempts++
		return tx.Write(t.Context(), newBook("a").post(keyed("open")))
	})
	require.ErrorIs(t, err, ledger.ErrConflict)
	require.Equal(t, 8, attempts)

	ctx, cancel := context.WithCancel(t.Context())
	err = s.Update(ctx, func(tx ledger.Tx) error {
		cancel()
		return tx.Write(ctx, newBook("a").post(keyed("open")))
	})
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, ledger.ErrUnknownOutcome)
}

// TestContextEnds checks what a context that ends leaves behind: before the commit
// nothing, during it a doubt that the key settles.
func TestContextEnds(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	s := newStore(t, pool, postgres.Config{})
	all := books(t, s, 2)

	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx ledger.Tx) error {
		_, err := tx.Wallets(ctx, []ledger.WalletID{all[0].ID})
		require.NoError(t, err)
		cancel()
		return tx.Write(ctx, all[0].post(keyed("late")))
	})
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, ledger.ErrUnknownOutcome)
	require.Len(t, journal(t, s, all[0].ID), 1)

	ctx, cancel = context.WithCancel(t.Context())
	done := make(chan error)
	err = s.Update(t.Context(), func(tx ledger.Tx) error {
		_, err := tx.Wallets(t.Context(), []ledger.WalletID{all[1].ID})
		require.NoError(t, err)
		go func() { done <- write(ctx, s, all[1].post(keyed("during"))) }()
		waitForLock(t, pool)
		cancel()
		err = <-done
		require.ErrorIs(t, err, ledger.ErrUnknownOutcome)
		require.ErrorIs(t, err, context.Canceled)
		return nil
	})
	require.NoError(t, err)
}

// TestFnFails checks that an error of fn is returned as it is and undoes the write
// before it, that a failed read cannot be passed over, and that a panic leaves no
// transaction open.
func TestFnFails(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	s := newStore(t, pool, postgres.Config{})
	a := books(t, s, 1)[0]
	id := []ledger.WalletID{a.ID}
	errFn := errors.New("fn")

	err := s.Update(t.Context(), func(tx ledger.Tx) error {
		_, err := tx.Wallets(t.Context(), id)
		require.NoError(t, err)
		require.NoError(t, tx.Write(t.Context(), a.post(keyed("undone"))))
		return errFn
	})
	require.Equal(t, errFn, err)

	err = s.Update(t.Context(), func(tx ledger.Tx) error {
		_, err := tx.Journal(t.Context(), ledger.Page{WalletID: a.ID, Limit: -1})
		require.Error(t, err)
		return nil
	})
	require.Error(t, err)

	require.Panics(t, func() {
		_ = s.Update(t.Context(), func(tx ledger.Tx) error {
			_, err := tx.Wallets(t.Context(), id)
			require.NoError(t, err)
			panic("fn")
		})
	})
	require.ErrorContains(t, s.View(t.Context(), func(tx ledger.Tx) error {
		return tx.Write(t.Context(), ledger.Changes{})
	}), "must not write")

	require.Len(t, journal(t, s, a.ID), 1)
	var open int
	require.NoError(t, pool.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
		WHERE state LIKE 'idle in transaction%' AND query LIKE '%' || $1 || '%'`, "scrip_wallets").Scan(&open))
	require.Zero(t, pool.Stat().AcquiredConns())
}

// TestViewIsConsistent checks that a view does not see what happens meanwhile.
func TestViewIsConsistent(t *testing.T) {
	t.Parallel()
	s := newStore(t, newPool(t), postgres.Config{})
	a := books(t, s, 1)[0]
	was := a.Wallet
	require.NoError(t, s.View(t.Context(), func(tx ledger.Tx) error {
		_, err := tx.Wallets(t.Context(), []ledger.WalletID{a.ID})
		require.NoError(t, err)
		require.NoError(t, write(t.Context(), s, a.post(keyed("meanwhile"))))
		again, err := tx.Wallets(t.Context(), []ledger.WalletID{a.ID})
		require.Equal(t, []ledger.Wallet{was}, again)
		return err
	}))
}
