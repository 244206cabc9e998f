package postgres

import (
	"regexp"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A Config says where the tables are. Its zero value is right for most hosts.
type Config struct {
	// Prefix begins the name of every table, index and view. Empty: "scrip_".
	// PostgreSQL cuts names after 63 bytes, so it should have at most 40.
	Prefix string

	// Schema is the schema of the tables, which must exist. Empty: the first of
	// the connection's search_path.
	Schema string

	// Sharded says that the tables are distributed over several nodes by wallet,
	// as on Citus: every statement that can is sent once per wallet.
	Sharded bool
}

const defaultPrefix = "scrip_"

var (
	ourName  = regexp.MustCompile(`\b` + defaultPrefix + `(\w+)`)
	oneShard = regexp.MustCompile(`/\* one shard: (.*?) \*/`)
)

// rewrite returns sql, which uses the default names, for c.
func (c Config) rewrite(sql string) string {
	if c.Sharded {
		sql = oneShard.ReplaceAllString(sql, "$1")
	}
	if c.Prefix == "" && c.Schema == "" {
		return sql
	}
	return ourName.ReplaceAllStringFunc(sql, func(name string) string { return c.identifier(name[len(defaultPrefix):]) })
}

// identifier returns the quoted name of what is called scrip_name by default.
func (c Config) identifier(name string) string {
	prefix := c.Prefix
	if prefix == "" {
		prefix = defaultPrefix
	}
	if c.Schema == "" {
		return pgx.Identifier{prefix + name}.Sanitize()
	}
	return pgx.Identifier{c.Schema, prefix + name}.Sanitize()
}

// A dialect is the statements of this package as they read under a Config. It is
// safe for concurrent use.
type dialect struct {
	Config
	rewritten sync.Map // from the default text to this Config's
}

// defaults is the dialect of the zero Config.
var defaults = new(dialect)

func (d *dialect) text(sql string) string {
	if d.Config == (Config{}) {
		return sql
	}
	if text, ok := d.rewritten.Load(sql); ok {
		return text.(string)
	}
	text := d.rewrite(sql)
	d.rewritten.Store(sql, text)
	return text
}

// Configure sets what the ledger's connections need to stay fast as tables grow,
// and returns config: the server plans each statement once per connection, looks
// every row up by an index, and compiles nothing. A plan that is made while a table
// is nearly empty would otherwise read all of it later.
//
// A connection pooler between host and server must let these settings pass, or make
// them itself: plan_cache_mode=force_generic_plan, and off for enable_seqscan,
// enable_bitmapscan, enable_hashjoin, enable_mergejoin and jit.
func Configure(config *pgxpool.Config) *pgxpool.Config {
	params := config.ConnConfig.RuntimeParams
	params["plan_cache_mode"] = "force_generic_plan"
	for _, name := range []string{"enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin", "jit"} {
		params[name] = "off"
	}
	return config
}
