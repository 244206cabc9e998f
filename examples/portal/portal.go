package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	_ "embed"
	"errors"
	"log/slog"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

// agency is whose portal it is.
const agency = "Northlight Studio"

//go:embed catalog.json
var catalogFile []byte

//go:embed schema.sql
var schema string

// byDefault is when credits end for which nothing else says so.
var byDefault = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(365)}

// A config says what a portal would otherwise take from the world. The zero config is
// ready to use.
type config struct {
	now    func() time.Time // nil: time.Now
	log    *slog.Logger     // nil: slog.Default
	rounds int              // of the hashing of passwords; zero: passwordRounds
}

// A portal is the web application of an agency. Its own tables and those of the books
// are in one database.
type portal struct {
	config
	db       *sql.DB
	catalog  *pricing.Catalog
	books    *ledger.Ledger
	address  string // where browsers and the payment provider reach it, such as "https://portal.example.com"
	secret   []byte // that the payment provider signs with
	provider *provider
	attempts attempts
}

// open opens the portal whose database is in the file at path.
func open(ctx context.Context, path string, cfg config) (*portal, error) {
	catalog, err := pricing.Load(bytes.NewReader(catalogFile))
	if err != nil {
		return nil, err
	}
	db, err := sqlite.Open(path)
	if err != nil {
		return nil, err
	}
	p := newPortal(db, catalog, cfg)
	store := sqlite.New(db, sqlite.Config{})
	if err := store.Migrate(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return p, nil
}

// newPortal returns a portal whose tables are there.
func newPortal(db *sql.DB, catalog *pricing.Catalog, cfg config) *portal {
	if cfg.now == nil {
		cfg.now = time.Now
	}
	if cfg.log == nil {
		cfg.log = slog.Default()
	}
	if cfg.rounds == 0 {
		cfg.rounds = passwordRounds
	}
	p := &portal{config: cfg, db: db, catalog: catalog}
	p.books = ledger.New(sqlite.New(db, sqlite.Config{}), ledger.Config{
		Catalog: catalog, Now: cfg.now, Expiry: byDefault, Alerts: alerts,
	})
	p.secret = []byte(rand.Text()) // a host's comes from its settings
	p.provider = newProvider(p.secret, cfg)
	return p
}

// close ends the portal: what was accepted is carried out.
func (p *portal) close() error {
	return errors.Join(p.books.Close(context.Background()), p.db.Close())
}

// inTx calls fn with a transaction, and keeps what it wrote, in the portal's tables
// and in the books, if it returns nil.
func (p *portal) inTx(ctx context.Context, fn func(tx *sql.Tx, books *ledger.Ledger) error) error {
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	if err := fn(tx, p.books.In(sqlite.Within(tx))); err != nil {
		return err
	}
	return tx.Commit()
}
