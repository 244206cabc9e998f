package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/scrip-go/scrip/ledger"
)

// A Store keeps the books in PostgreSQL. It is safe for concurrent use and holds
// nothing but its pool of connections, which belongs to the host.
type Store struct {
	connect connector
	dialect *dialect
}

var _ ledger.Store = (*Store)(nil)

// A connector lends use a connection, and returns its error.
type connector func(ctx context.Context, use func(*pgx.Conn) error) error

// New returns a store on the connections of pool. It reads and writes nothing; the
// tables are made by [Store.Migrate].
func New(pool *pgxpool.Pool, cfg Config) *Store {
	return &Store{
		dialect: &dialect{Config: cfg},
		connect: func(ctx context.Context, use func(*pgx.Conn) error) error {
			return pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error { return use(c.Conn()) })
		},
	}
}

// NewSQL is [New] for a host on database/sql. The driver of db must be that of
// pgx, package [stdlib]; with another one every call fails.
func NewSQL(db *sql.DB, cfg Config) *Store {
	return &Store{
		dialect: &dialect{Config: cfg},
		connect: func(ctx context.Context, use func(*pgx.Conn) error) error {
			conn, err := db.Conn(ctx)
			if err != nil {
				return err
			}
			defer conn.Close()
			return conn.Raw(func(driver any) error {
				c, ok := driver.(*stdlib.Conn)
				if !ok {
					return fmt.Errorf("postgres: the database/sql driver is %T, not that of pgx", driver)
				}
				return use(c.Conn())
			})
		},
	}
}

const (
	beginUpdate = "BEGIN ISOLATION LEVEL READ COMMITTED"
	beginView   = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
)

// Update implements [ledger.Store]. What fn writes is sent after fn has returned,
// so it is Update that reports a write that lost.
func (s *Store) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	return s.repeat(ctx, func(c *pgx.Conn) outcome {
		return attempt(ctx, &session{conn: c, begin: beginUpdate}, &tx{dialect: s.dialect}, fn)
	})
}

// View implements [ledger.Store].
func (s *Store) View(ctx context.Context, fn func(ledger.Tx) error) error {
	return s.repeat(ctx, func(c *pgx.Conn) outcome {
		return attempt(ctx, &session{conn: c, begin: beginView}, &tx{dialect: s.dialect, readOnly: true}, fn)
	})
}

// An outcome is how an attempt at a transaction ended: with err and, if it lost to
// another one, perhaps to be repeated.
type outcome struct {
	err  error
	lost bool
}

// maxAttempts bounds how often one transaction is tried.
const maxAttempts = 8

func (s *Store) repeat(ctx context.Context, attempt func(*pgx.Conn) outcome) error {
	for n := 0; ; n++ {
		var o outcome
		err := s.connect(ctx, func(c *pgx.Conn) error {
			o = attempt(c)
			return o.err
		})
		if !o.lost || n+1 == maxAttempts {
			return err
		}
		if err := pause(ctx, n); err != nil {
			return err
		}
	}
}

// pause waits at random, so that transactions that met do not meet again: longer
// after each of n attempts.
func pause(ctx context.Context, n int) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(rand.N(time.Millisecond << n)):
		return nil
	}
}

// attempt runs fn once in a transaction of its own.
func attempt(ctx context.Context, s *session, t *tx, fn func(ledger.Tx) error) outcome {
	defer s.end(ctx)
	t.runner = s
	err := fn(t)
	switch {
	case t.failure != nil && lost(t.failure):
		return outcome{translate(t.failure), true}
	case err != nil:
		return outcome{err, false}
	case t.failure != nil:
		return outcome{translate(t.failure), false}
	case t.readOnly || !t.changed && len(t.writes) == 0:
		return outcome{}
	}
	err = s.commit(ctx, t.writes)
	return outcome{translate(err), lost(err)}
}
