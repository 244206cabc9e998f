package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations returns the files that make the tables and views, with the default
// names, for a host that has a tool of its own: NNNN_name.sql, to be run in the
// order of their names, each once and in a transaction.
func Migrations() fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is a constant
	}
	return files
}

const (
	createMigrations = `CREATE TABLE IF NOT EXISTS scrip_migrations (
    name       TEXT NOT NULL PRIMARY KEY, -- of the file
    applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT`

	recordMigration = `INSERT INTO scrip_migrations (name) VALUES (?) ON CONFLICT DO NOTHING`
)

// Migrate brings the schema up to date, in one transaction: it runs those of
// [Migrations] that have not been run, and records them in the table
// scrip_migrations. It may be called at any time, by several processes at once, and
// leaves alone what a newer version of this module has added.
//
// It is for hosts without a migration tool of their own; never use both.
func (s *Store) Migrate(ctx context.Context) error {
	return twice(ctx, func() error { return s.migrate(ctx) })
}

func (s *Store) migrate(ctx context.Context) error {
	if _, err := s.db.ExecContext(ctx, s.cfg.rewrite(createMigrations)); err != nil {
		return translate(err)
	}
	t, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return translate(err)
	}
	defer t.Rollback()
	names, err := fs.Glob(Migrations(), "*.sql") // sorted
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.apply(ctx, t, name); err != nil {
			return fmt.Errorf("migration %s: %w", name, translate(err))
		}
	}
	return ended(ctx, commitError(t.Commit()))
}

// apply runs one migration unless it has been run. It records it first, which both
// takes the writer's lock and tells.
func (s *Store) apply(ctx context.Context, t *sql.Tx, name string) error {
	result, err := t.ExecContext(ctx, s.cfg.rewrite(recordMigration), name)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	script, err := fs.ReadFile(Migrations(), name)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, s.cfg.rewrite(string(script)))
	return err
}
