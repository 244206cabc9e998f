package main

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/scrip-go/scrip/expiry"
	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/pricing"
	"github.com/scrip-go/scrip/store/sqlite"
)

//go:embed catalog.json
var catalogFile []byte

// opening is when the story begins.
var opening = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// byDefault is when credits end for which nothing else says so: a year after they
// were bought or given, and two weeks of grace.
var byDefault = expiry.Policy{Kind: expiry.PolicyAfter, After: expiry.Days(365), Grace: expiry.Days(14)}

// A portal is an agency's: a database with the requests of its clients and with the
// books, and a clock that the program sets so that it always prints the same. A
// server leaves Config.Now alone.
type portal struct {
	*ledger.Ledger
	workspace
	catalog *pricing.Catalog
	db      *sql.DB
	now     time.Time
	out     io.Writer
	close   func()

	organizations []*organization
	requests      int       // made so far
	payments      []payment // received so far
}

// openPortal opens the portal whose database is in the file at path; empty: in one
// that is removed when it is closed.
func openPortal(ctx context.Context, out io.Writer, path string) (_ *portal, err error) {
	p := &portal{now: opening, out: out}
	if p.catalog, err = pricing.Load(bytes.NewReader(catalogFile)); err != nil {
		return nil, err
	}
	dir := ""
	if path == "" {
		if dir, err = os.MkdirTemp("", "agencyportal"); err != nil {
			return nil, err
		}
		path = filepath.Join(dir, "books.db")
	}
	if p.db, err = sqlite.Open(path); err != nil {
		return nil, err
	}
	p.close = func() {
		_ = p.db.Close() // what was committed is on the disk
		if dir != "" {
			_ = os.RemoveAll(dir)
		}
	}
	store := sqlite.New(p.db, sqlite.Config{})
	p.Ledger = ledger.New(store, ledger.Config{
		Catalog: p.catalog, Expiry: byDefault, Alerts: alerts, Now: func() time.Time { return p.now },
	})
	if err := store.Migrate(ctx); err != nil {
		p.close()
		return nil, err
	}
	if _, err := p.db.ExecContext(ctx, requestTable); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *portal) later() { p.now = p.now.Add(time.Minute) }
