package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// defaultPrefix begins the names of tables as they are written in this package.
const defaultPrefix = "scrip_"

var ourName = regexp.MustCompile(`\b` + defaultPrefix + `(\w+)`)

// rewrite returns query, which uses the default names, for c.
func (c Config) rewrite(query string) string {
	if c.Prefix == "" || c.Prefix == defaultPrefix {
		return query
	}
	return ourName.ReplaceAllStringFunc(query, func(name string) string {
		name = c.Prefix + name[len(defaultPrefix):]
		return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
	})
}

// statements are prepared ones by their text with the default names.
type statements map[string]*sql.Stmt

// prepare prepares all queries in db, which also shows that the tables and columns
// are there.
func prepare(ctx context.Context, db *sql.DB, cfg Config) (statements, error) {
	prepared := make(statements)
	for _, query := range queries {
		s, err := db.PrepareContext(ctx, cfg.rewrite(query)) //nolint:sqlclosecheck // it is used as long as db
		if err != nil {
			return nil, errors.Join(prepareError(err), prepared.close())
		}
		prepared[query] = s
	}
	return prepared, nil
}

func (s statements) close() error {
	var errs []error
	for _, one := range s {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

// prepareError says what it means that one of queries cannot be prepared: none has
// a fault of its own.
func prepareError(err error) error {
	if codeOf(err) == codeError {
		return fmt.Errorf("sqlite: the schema is missing or out of date, run Migrate first: %w", err)
	}
	return translate(err)
}

// queries are all that a store sends besides BEGIN, COMMIT and savepoints.
var queries = allQueries()

func allQueries() []string {
	all := []string{
		lockAll,
		selectWallets, listWallets, listOwner, listDue,
		insertWallet, updateWallet, updateIndexed,
		selectKeyed, insertEntry,
		insertNotice, selectNotices, takeNotice, deleteNotice,
	}
	for _, k := range pageKinds {
		all = append(all, k.query())
	}
	return all
}
