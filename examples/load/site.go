package main

import (
	"context"
	"strings"

	"github.com/scrip-go/scrip/ledger"
	"github.com/scrip-go/scrip/store/memory"
)

const inMemory = "memory"

// A site is a store with what can be known about it.
type site struct {
	store ledger.Store
	raw   rawTables    // nil: it has none
	trips func() int64 // to the server and back so far; nil: there is none
	close func()
}

// rawTables are copies of a store's tables to which rows are written by whoever knows
// that they are right.
type rawTables interface {
	// copy makes the tables, with what the store has, and settles down.
	copy(ctx context.Context) error

	// write keeps rows in one transaction.
	write(ctx context.Context, r rows) error

	// writers is how many transactions can be under way at once.
	writers() int

	// drop ends the tables.
	drop(ctx context.Context) error
}

// openSite opens the store at address: in memory, the path of an SQLite database, or
// the URL of one of PostgreSQL. It brings the tables up to date.
func openSite(ctx context.Context, address string) (*site, error) {
	switch {
	case address == inMemory:
		return &site{store: new(memory.Store), close: func() {}}, nil
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		return openPostgres(ctx, address)
	}
	return openSQLite(ctx, address)
}
