package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations returns the files that make the tables and views, with the default
// names, for a host that has a tool of its own: NNNN_name.sql, to be run in the
// order of their names, each once and in a transaction.
func Migrations() fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(fmt.Sprintf("postgres: %v", err)) // the name is valid
	}
	return files
}

const (
	createMigrations = `
CREATE TABLE IF NOT EXISTS scrip_migrations (
	name text PRIMARY KEY,
	applied_at timestamptz NOT NULL DEFAULT now()
)`
	claimMigration = `INSERT INTO scrip_migrations (name) VALUES ($1) ON CONFLICT DO NOTHING`
)

// Migrate runs those of [Migrations] that have not been run yet, each in a
// transaction of its own, and notes them in the table scrip_migrations. Several
// processes may do so at once. It goes forward only, and needs the right to create
// tables and views in the schema.
func (s *Store) Migrate(ctx context.Context) error {
	names, err := fs.Glob(Migrations(), "*.sql") // sorted
	if err != nil {
		return err
	}
	return s.connect(ctx, func(c *pgx.Conn) error {
		if err := s.ensureMigrations(ctx, c); err != nil {
			return fmt.Errorf("postgres: table of migrations: %w", err)
		}
		for _, name := range names {
			if err := s.migrate(ctx, c, name); err != nil {
				return fmt.Errorf("postgres: migration %s: %w", name, err)
			}
		}
		return nil
	})
}

// ensureMigrations creates the table of migrations. Of two who do so at once one
// can fail, and finds it made when it tries again.
func (s *Store) ensureMigrations(ctx context.Context, c *pgx.Conn) error {
	create := s.dialect.rewrite(createMigrations)
	_, err := c.Exec(ctx, create)
	switch codeOf(err) {
	case codeUniqueViolation, codeDuplicateObject, codeDuplicateTable:
		_, err = c.Exec(ctx, create)
	}
	return err
}

// migrate runs one migration unless it has been run. Its claim comes first: who
// else makes it waits for the end of this transaction.
func (s *Store) migrate(ctx context.Context, c *pgx.Conn, name string) error {
	file, err := fs.ReadFile(Migrations(), name)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, c, func(t pgx.Tx) error {
		claim, err := t.Exec(ctx, s.dialect.rewrite(claimMigration), name)
		if err != nil || claim.RowsAffected() == 0 {
			return err
		}
		return s.define(ctx, t, string(file))
	})
}

// define runs the statements of a migration. The names of indexes take no schema,
// so it is set for the rest of the transaction instead.
func (s *Store) define(ctx context.Context, t pgx.Tx, file string) error {
	if schema := s.dialect.Schema; schema != "" {
		if _, err := t.Exec(ctx, "SET LOCAL search_path TO "+pgx.Identifier{schema}.Sanitize()); err != nil {
			return err
		}
	}
	_, err := t.Conn().PgConn().Exec(ctx, Config{Prefix: s.dialect.Prefix}.rewrite(file)).ReadAll()
	return err
}
