package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/scrip-go/scrip/ledger"
)

// A Config says how a store is set up. The zero value is ready to use.
type Config struct {
	// Prefix begins the name of every table, index and view. Empty: "scrip_".
	Prefix string
}

// A Store keeps the books of ledgers in an SQLite database. It may be used by any
// number of goroutines, and any number of stores, in this and in other processes,
// may share a database.
type Store struct {
	db     *sql.DB
	cfg    Config
	writer chan struct{} // holds an element while one of this store's transactions writes

	mu       sync.Mutex
	prepared statements // nil before the first use
}

var _ ledger.Store = (*Store)(nil)

// New returns a store in db, a handle of [Open] or one of the host's that has the
// same settings. It does not touch the database: [Store.Migrate] makes the tables,
// and the first use finds out whether they are there, and whether what a connection
// of db commits would survive a crash. The host closes db.
func New(db *sql.DB, cfg Config) *Store {
	return &Store{db: db, cfg: cfg, writer: make(chan struct{}, 1)}
}

// ready returns the store's statements. The first time it prepares them, and checks
// the database.
func (s *Store) ready(ctx context.Context) (statements, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prepared != nil {
		return s.prepared, nil
	}
	if err := checkDurable(ctx, s.db); err != nil {
		return nil, err
	}
	prepared, err := prepare(ctx, s.db, s.cfg)
	if err != nil {
		return nil, err
	}
	s.prepared = prepared
	return prepared, nil
}

// checkDurable returns an error if what a connection of db commits may be lost in
// a crash.
func checkDurable(ctx context.Context, db *sql.DB) error {
	var synchronous int
	if err := db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
		return translate(err)
	}
	if synchronous < 2 {
		return fmt.Errorf("sqlite: PRAGMA synchronous is %d, and must be 2 (FULL) or 3 (EXTRA)", synchronous)
	}
	var file, journal string
	if err := db.QueryRowContext(ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file); err != nil {
		return translate(err)
	}
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
		return translate(err)
	}
	if journal == "off" || journal == "memory" && file != "" {
		return fmt.Errorf("sqlite: PRAGMA journal_mode is %s, with which a crash ruins the file", journal)
	}
	return nil
}

// Update implements [ledger.Store]. Updates of one store wait for each other in the
// order in which they came, until their context ends. For other writers of the
// database they wait twice as long as its busy_timeout says; that the context has
// ended may be noticed only in between.
func (s *Store) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	select {
	case s.writer <- struct{}{}:
		defer func() { <-s.writer }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return twice(ctx, func() error { return s.update(ctx, fn) })
}

func (s *Store) update(ctx context.Context, fn func(ledger.Tx) error) error {
	prepared, err := s.ready(ctx)
	if err != nil {
		return ended(ctx, err)
	}
	t, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return ended(ctx, translate(err))
	}
	defer t.Rollback()
	x := newTx(t, s.cfg, prepared)
	if err := x.lock(ctx); err != nil {
		return ended(ctx, err)
	}
	if err := cmp.Or(fn(x), x.lost, ctx.Err()); err != nil {
		return ended(ctx, err)
	}
	return ended(ctx, commitError(t.Commit()))
}

// View implements [ledger.Store]. It waits for no writer, and none waits for it,
// if the database is in WAL mode.
func (s *Store) View(ctx context.Context, fn func(ledger.Tx) error) error {
	return twice(ctx, func() error { return s.view(ctx, fn) })
}

func (s *Store) view(ctx context.Context, fn func(ledger.Tx) error) error {
	prepared, err := s.ready(ctx)
	if err != nil {
		return ended(ctx, err)
	}
	t, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return ended(ctx, translate(err))
	}
	defer t.Rollback()
	x := newTx(t, s.cfg, prepared)
	x.readOnly = true
	return ended(ctx, fn(x))
}

// pause is between the two attempts of a transaction.
const pause = time.Millisecond

// twice calls fn, and once more if the database was busy: SQLite has waited then as
// long as busy_timeout says.
func twice(ctx context.Context, fn func() error) error {
	err := fn()
	if !isBusy(err) {
		return err
	}
	select {
	case <-time.After(pause):
		return fn()
	case <-ctx.Done():
		return ctx.Err()
	}
}
