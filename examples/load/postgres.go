package main

import (
	"context"
	"net"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/scrip-go/scrip/store/postgres"
)

func openPostgres(ctx context.Context, url string) (*site, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	var trips atomic.Int64
	dial := config.ConnConfig.DialFunc
	config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return &countedConn{Conn: conn, trips: &trips}, err
	}
	config.MaxConns = max(config.MaxConns, 32)
	pool, err := pgxpool.NewWithConfig(ctx, postgres.Configure(config))
	if err != nil {
		return nil, err
	}
	store := postgres.New(pool, postgres.Config{})
	if err := store.Migrate(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return &site{store: store, raw: rawPostgres{pool}, trips: trips.Load, close: pool.Close}, nil
}

// A countedConn counts how often something is sent and then waited for.
type countedConn struct {
	net.Conn
	asked atomic.Bool
	trips *atomic.Int64
}

func (c *countedConn) Write(p []byte) (int, error) {
	c.asked.Store(true)
	return c.Conn.Write(p)
}

func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && c.asked.Swap(false) {
		c.trips.Add(1)
	}
	return n, err
}

// rawPostgres are tables beside those of the ledger, with the same indexes.
type rawPostgres struct{ pool *pgxpool.Pool }

func (r rawPostgres) writers() int { return 2 }

func (r rawPostgres) copy(ctx context.Context) error {
	if err := r.drop(ctx); err != nil {
		return err
	}
	if err := postgres.New(r.pool, postgres.Config{Prefix: "raw_"}).Migrate(ctx); err != nil {
		return err
	}
	for _, sql := range []string{
		"INSERT INTO raw_wallets SELECT * FROM scrip_wallets",
		"INSERT INTO raw_entries SELECT * FROM scrip_entries",
		"VACUUM ANALYZE raw_wallets", "VACUUM ANALYZE raw_entries",
		"VACUUM ANALYZE scrip_wallets", "VACUUM ANALYZE scrip_entries",
		"CHECKPOINT",
	} {
		if _, err := r.pool.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

func (r rawPostgres) drop(ctx context.Context) error {
	_, err := r.pool.Exec(ctx, `DROP TABLE IF EXISTS raw_wallets, raw_entries, raw_notices, raw_migrations CASCADE`)
	return err
}

func (r rawPostgres) write(ctx context.Context, c rows) error {
	wallets, entries := columnsOf(c.wallets), columnsOf(c.entries)
	var b pgx.Batch
	b.Queue("BEGIN")
	b.Queue(`UPDATE raw_wallets AS w SET seq = p.seq, due_at = p.due_at, body = p.body
		FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::text[]) AS p (id, seq, due_at, body)
		WHERE w.id = p.id`, wallets.ids, wallets.seqs, wallets.dues, wallets.bodies)
	b.Queue(`INSERT INTO raw_entries (wallet_id, seq, key, late, body)
		SELECT id, seq, nullif(key, ''), false, body
		FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) AS e (id, seq, key, body)`,
		entries.ids, entries.seqs, entries.keys, entries.bodies)
	b.Queue("COMMIT")
	return r.pool.SendBatch(ctx, &b).Close()
}

type columns struct {
	ids    [][16]byte
	seqs   []int64
	dues   []*time.Time
	keys   []string
	bodies []string
}

func columnsOf(rows []row) columns {
	var c columns
	for i := range rows {
		r := &rows[i]
		due := &r.due
		if due.IsZero() {
			due = nil
		}
		c.ids, c.seqs, c.dues = append(c.ids, r.id), append(c.seqs, r.seq), append(c.dues, due)
		c.keys, c.bodies = append(c.keys, r.key), append(c.bodies, r.body)
	}
	return c
}
