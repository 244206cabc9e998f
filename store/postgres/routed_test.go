package postgres_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/postgres"
)

// A routed store has each wallet on one of two servers. A transaction that writes to
// both is prepared on the second, decided by what the first commits, and ended on the
// second accordingly. Whoever dies in between leaves it to resolve.
type routed struct {
	name    string // begins those of its prepared transactions
	pools   [2]*pgxpool.Pool
	stores  [2]*postgres.Store
	commits sync.RWMutex // shared by those on both servers; a View looks at both alone
}

var _ ledger.Store = (*routed)(nil)

// decisions is a table of the first server: which transactions on both were kept.
const decisions = `CREATE TABLE decisions (name text PRIMARY KEY, kept boolean NOT NULL)`

func route(name string, pools [2]*pgxpool.Pool) *routed {
	r := &routed{name: name, pools: pools}
	for n, pool := range pools {
		r.stores[n] = postgres.New(pool, postgres.Config{})
	}
	return r
}

// home returns the server that has the wallet.
func home(id ledger.WalletID) int {
	h := fnv.New32a()
	_, _ = h.Write(id[:])
	return int(h.Sum32() % 2)
}

// abandoned is how long a transaction can be prepared before it gets in the way.
const abandoned = 3 * time.Second

func (r *routed) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	name := r.name + rand.Text()
	err := r.update(ctx, name, fn)
	switch ctx = context.WithoutCancel(ctx); {
	case errors.Is(err, ledger.ErrUnknownOutcome):
		_ = r.finish(ctx, name)
	case errors.Is(err, ledger.ErrConflict): // perhaps with what somebody has left behind
		_ = r.resolve(ctx, abandoned)
	}
	return err
}

func (r *routed) update(ctx context.Context, name string, fn func(ledger.Tx) error) error {
	sql, end, err := r.begin(ctx, pgx.TxOptions{})
	defer end()
	if err != nil {
		return err
	}
	t := &routedTx{}
	if err := r.run(ctx, ledger.Store.Update, sql, t, fn); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.commit(context.WithoutCancel(ctx), name, sql, t.wrote); err != nil {
		return fmt.Errorf("%w: %w", ledger.ErrUnknownOutcome, err)
	}
	return nil
}

func (r *routed) View(ctx context.Context, fn func(ledger.Tx) error) error {
	sql, end, err := r.begin(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	defer end()
	if err == nil {
		err = r.look(ctx, sql)
	}
	if err != nil {
		return err
	}
	return r.run(ctx, ledger.Store.View, sql, &routedTx{}, fn)
}

// begin begins transactions on both servers, and returns how to end them unless they
// are committed.
func (r *routed) begin(ctx context.Context, o pgx.TxOptions) (sql [2]pgx.Tx, end func(), err error) {
	end = func() {
		for _, tx := range sql {
			if tx != nil {
				_ = tx.Rollback(context.WithoutCancel(ctx))
			}
		}
	}
	for n, pool := range r.pools {
		if sql[n], err = pool.BeginTx(ctx, o); err != nil {
			return sql, end, err
		}
	}
	return sql, end, nil
}

// look settles what both transactions see, while no commit is half done.
func (r *routed) look(ctx context.Context, sql [2]pgx.Tx) error {
	r.commits.Lock()
	defer r.commits.Unlock()
	_, first := sql[0].Exec(ctx, "SELECT")
	_, second := sql[1].Exec(ctx, "SELECT")
	return errors.Join(first, second)
}

// run calls fn with t in both transactions. What fn has written is then sent to the
// first before the second, the order in which they are locked.
func (r *routed) run(
	ctx context.Context, how func(ledger.Store, context.Context, func(ledger.Tx) error) error,
	sql [2]pgx.Tx, t *routedTx, fn func(ledger.Tx) error,
) error {
	return how(r.stores[1].Within(sql[1]), ctx, func(second ledger.Tx) error {
		return how(r.stores[0].Within(sql[0]), ctx, func(first ledger.Tx) error {
			t.on = [2]ledger.Tx{first, second}
			return fn(t)
		})
	})
}

// commit keeps what was written.
func (r *routed) commit(ctx context.Context, name string, sql [2]pgx.Tx, wrote [2]bool) error {
	switch wrote {
	case [2]bool{true, true}:
		return r.commitBoth(ctx, name, sql)
	case [2]bool{true, false}:
		return sql[0].Commit(ctx)
	case [2]bool{false, true}:
		return sql[1].Commit(ctx)
	}
	return nil
}

func (r *routed) commitBoth(ctx context.Context, name string, sql [2]pgx.Tx) error {
	r.commits.RLock()
	defer r.commits.RUnlock()
	if _, err := sql[1].Exec(ctx, "PREPARE TRANSACTION '"+name+"'"); err != nil {
		return err
	}
	if _, err := sql[0].Exec(ctx, "INSERT INTO decisions VALUES ($1, true)", name); err != nil {
		return err
	}
	if err := sql[0].Commit(ctx); err != nil {
		return err
	}
	_, err := sql[1].Exec(ctx, "COMMIT PREPARED '"+name+"'")
	return err
}

// resolve finishes what was prepared so long ago.
func (r *routed) resolve(ctx context.Context, age time.Duration) error {
	rows, _ := r.pools[1].Query(ctx,
		"SELECT gid FROM pg_prepared_xacts WHERE starts_with(gid, $1) AND prepared <= now() - $2::interval", r.name, age)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, name := range names {
		err = errors.Join(err, r.finish(ctx, name))
	}
	return err
}

// finish ends a prepared transaction as the first server has decided. If it has not,
// it now decides against it.
func (r *routed) finish(ctx context.Context, name string) error {
	_, err := r.pools[0].Exec(ctx, "INSERT INTO decisions VALUES ($1, false) ON CONFLICT DO NOTHING", name)
	if err != nil {
		return err
	}
	var kept bool
	if err := r.pools[0].QueryRow(ctx, "SELECT kept FROM decisions WHERE name = $1", name).Scan(&kept); err != nil {
		return err
	}
	end := "ROLLBACK"
	if kept {
		end = "COMMIT"
	}
	_, err = r.pools[1].Exec(ctx, end+" PREPARED '"+name+"'")
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "42704" { // undefined_object: it has ended
		return nil
	}
	return err
}

// A routedTx asks the servers for what they have, and puts it together.
type routedTx struct {
	on    [2]ledger.Tx
	wrote [2]bool
}

// part returns the items of wallets on the n-th server.
func part[T any](n int, items []T, wallet func(T) ledger.WalletID) []T {
	return slices.DeleteFunc(slices.Clone(items), func(item T) bool { return home(wallet(item)) != n })
}

// gather returns what both servers answer.
func gather[T any](t *routedTx, ask func(n int, tx ledger.Tx) ([]T, error)) ([]T, error) {
	first, err := ask(0, t.on[0])
	if err != nil {
		return nil, err
	}
	second, err := ask(1, t.on[1])
	return append(first, second...), err
}

func (t *routedTx) Wallets(ctx context.Context, ids []ledger.WalletID) ([]ledger.Wallet, error) {
	return gather(t, func(n int, tx ledger.Tx) ([]ledger.Wallet, error) {
		return tx.Wallets(ctx, part(n, ids, func(id ledger.WalletID) ledger.WalletID { return id }))
	})
}

func (t *routedTx) Keyed(ctx context.Context, keys []ledger.EntryKey) ([]ledger.Entry, error) {
	return gather(t, func(n int, tx ledger.Tx) ([]ledger.Entry, error) {
		return tx.Keyed(ctx, part(n, keys, func(k ledger.EntryKey) ledger.WalletID { return k.WalletID }))
	})
}

func (t *routedTx) Journal(ctx context.Context, q ledger.Page) ([]ledger.Entry, error) {
	return t.on[home(q.WalletID)].Journal(ctx, q)
}

func (t *routedTx) List(ctx context.Context, q ledger.WalletPage) ([]ledger.Wallet, error) {
	all, err := gather(t, func(_ int, tx ledger.Tx) ([]ledger.Wallet, error) { return tx.List(ctx, q) })
	slices.SortFunc(all, func(a, b ledger.Wallet) int {
		if q.DueBy.IsZero() {
			return a.ID.Compare(b.ID)
		}
		return cmp.Or(a.DueAt.Compare(b.DueAt), a.ID.Compare(b.ID))
	})
	return all[:min(len(all), q.Limit)], err
}

func (t *routedTx) Write(ctx context.Context, c ledger.Changes) error {
	for n, tx := range t.on {
		mine := ledger.Changes{
			Wallets: part(n, c.Wallets, func(p ledger.Put) ledger.WalletID { return p.Wallet.ID }),
			Entries: part(n, c.Entries, func(e *ledger.Entry) ledger.WalletID { return e.WalletID }),
		}
		if len(mine.Wallets)+len(mine.Entries) == 0 {
			continue
		}
		t.wrote[n] = true
		if err := tx.Write(ctx, mine); err != nil {
			return err
		}
	}
	return nil
}

func (t *routedTx) TakeNotices(ctx context.Context, now, until time.Time, limit int) ([]ledger.Delivery, error) {
	return gather(t, func(n int, tx ledger.Tx) ([]ledger.Delivery, error) {
		taken, err := tx.TakeNotices(ctx, now, until, limit)
		limit -= len(taken)
		t.wrote[n] = t.wrote[n] || len(taken) > 0
		return taken, err
	})
}

func (t *routedTx) AckNotices(ctx context.Context, ids []ledger.NoticeID) error {
	for n, tx := range t.on {
		mine := part(n, ids, func(id ledger.NoticeID) ledger.WalletID { return id.WalletID })
		t.wrote[n] = t.wrote[n] || len(mine) > 0
		if err := tx.AckNotices(ctx, mine); err != nil {
			return err
		}
	}
	return nil
}
