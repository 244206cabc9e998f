package postgres_test

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// A cut is how a connection breaks.
type cut int32

const (
	whole        cut = iota
	beforeItGoes     // what is sent is lost, and so is the connection
	afterItCame      // what is sent arrives, and the answer is lost
)

// A cutter breaks the connections of a pool when told to.
type cutter struct{ next atomic.Int32 }

// watch makes the connections of a pool breakable.
func (c *cutter) watch(config *pgxpool.Config) {
	dial := config.ConnConfig.DialFunc
	config.MaxConns = 1
	config.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		return &breakable{Conn: conn, cutter: c}, err
	}
}

type breakable struct {
	net.Conn
	*cutter
}

func (b *breakable) Write(p []byte) (int, error) {
	if cut(b.next.Load()) == beforeItGoes {
		b.next.Store(int32(whole))
		return len(p), b.Close()
	}
	return b.Conn.Write(p)
}

func (b *breakable) Read(p []byte) (int, error) {
	n, err := b.Conn.Read(p)
	if cut(b.next.Load()) == afterItCame {
		b.next.Store(int32(whole))
		_ = b.Close()
		return 0, net.ErrClosed
	}
	return n, err
}

// TestConnectionLost checks what a lost connection means: during the commit that
// the outcome is unknown, and before it that nothing happened.
func TestConnectionLost(t *testing.T) {
	t.Parallel()
	ways := map[string]func(context.Context, ledger.Store, ledger.Changes, func()) error{
		"a lone statement": func(ctx context.Context, s ledger.Store, c ledger.Changes, lose func()) error {
			return s.Update(ctx, func(tx ledger.Tx) error {
				lose()
				return tx.Write(ctx, c)
			})
		},
		"a transaction": func(ctx context.Context, s ledger.Store, c ledger.Changes, lose func()) error {
			return s.Update(ctx, func(tx ledger.Tx) error {
				_, err := tx.Wallets(ctx, idsOf(c))
				lose()
				if err != nil {
					return err
				}
				return tx.Write(ctx, c)
			})
		},
	}
	for name, write := range ways {
		t.Run(name, func(t *testing.T) {
			var c cutter
			s := newStore(t, newPool(t, c.watch), postgres.Config{})
			a := books(t, s, 1)[0]
			require.NoError(t, write(t.Context(), s, a.post(keyed("so that statements are prepared")), func() {}))
			for _, cut := range []cut{beforeItGoes, afterItCame} {
				was := *a
				err := write(t.Context(), s, a.post(keyed("doubtful")), func() { c.next.Store(int32(cut)) })
				require.ErrorIs(t, err, ledger.ErrUnknownOutcome)
				if cut == beforeItGoes {
					*a = was
				}
				require.Equal(t, []ledger.Wallet{a.Wallet}, wallets(t, s, a.ID))
				require.NoError(t, write(t.Context(), s, a.post(ledger.Entry{}), func() {}))
			}

			c.next.Store(int32(afterItCame))
			err := s.Update(t.Context(), func(tx ledger.Tx) error {
				_, err := tx.Wallets(t.Context(), []ledger.WalletID{a.ID})
				require.Error(t, err)
				return tx.Write(t.Context(), a.post(keyed("never")))
			})
			require.Error(t, err)
			require.NotErrorIs(t, err, ledger.ErrUnknownOutcome)
		})
	}
}

// TestCommitFails checks what the store says of errors that a server reports when a
// transaction has come to its end: by a check that is put off until then.
func TestCommitFails(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]error{
		"40003": ledger.ErrUnknownOutcome, "08007": ledger.ErrUnknownOutcome, "08006": ledger.ErrUnknownOutcome,
		"57P01": ledger.ErrUnknownOutcome, "40001": ledger.ErrConflict, "40P01": ledger.ErrConflict,
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			pool := newPool(t)
			s := newStore(t, pool, postgres.Config{})
			a := books(t, s, 1)[0]
			raise := "RAISE SQLSTATE '" + code + "'"
			if code == "57P01" {
				raise = "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10)"
			}
			_, err := pool.Exec(t.Context(), `
				CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN `+raise+`; END $$;
				CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON scrip_entries
				DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()`)
			require.NoError(t, err)
			for _, write := range []func(context.Context, ledger.Store, ledger.Changes) error{write, readAndWrite} {
				b := *a
				err := write(t.Context(), s, b.post(keyed("doubtful")))
				for _, sentinel := range []error{ledger.ErrUnknownOutcome, ledger.ErrConflict} {
					require.Equal(t, errors.Is(want, sentinel), errors.Is(err, sentinel), "%v", err)
				}
			}
		})
	}
}
