package sqlite_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/store/sqlite"
)

// plans are how SQLite is to find the rows that a statement is about, by how the
// statement goes on from its first WHERE. A sort would be a step more.
var plans = map[string]string{
	"id IN (SELECT value FROM json_each(?))": "SEARCH scrip_wallets USING INDEX sqlite_autoindex_scrip_wallets_1 (id=?)" +
		"; LIST SUBQUERY 1; SCAN json_each VIRTUAL TABLE INDEX 1:",
	"id > ? ORDER BY id LIMIT ?":               "SEARCH scrip_wallets USING INDEX sqlite_autoindex_scrip_wallets_1 (id>?)",
	"owner = ? AND id > ? ORDER BY id LIMIT ?": "SEARCH scrip_wallets USING INDEX scrip_wallets_owner (owner=? AND id>?)",
	"due_at <= ? AND (due_at, id) > (?, ?) ORDER BY due_at, id LIMIT ?": "SEARCH scrip_wallets " +
		"USING INDEX scrip_wallets_due ((due_at,id)>(?,?) AND due_at<?)",
	"id = ?1 AND seq = ?10": "SEARCH scrip_wallets USING INDEX sqlite_autoindex_scrip_wallets_1 (id=?)",
	"id = ?1 AND seq = ?10 AND owner = ?3 AND due_at IS ?4": "SEARCH scrip_wallets " +
		"USING INDEX sqlite_autoindex_scrip_wallets_1 (id=?)",

	"wallet_id = ? AND key = ?":                                               "SEARCH scrip_entries USING INDEX scrip_entries_key (wallet_id=? AND key=?)",
	"wallet_id = ? AND seq > ? ORDER BY seq LIMIT ?":                          "SEARCH scrip_entries USING INDEX sqlite_autoindex_scrip_entries_1 (wallet_id=? AND seq>?)",
	"wallet_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?":                     "SEARCH scrip_entries USING INDEX sqlite_autoindex_scrip_entries_1 (wallet_id=? AND seq<?)",
	"wallet_id = ? AND of = ? AND seq > ? ORDER BY seq LIMIT ?":               "SEARCH scrip_entries USING INDEX scrip_entries_of (wallet_id=? AND of=? AND seq>?)",
	"wallet_id = ? AND of = ? AND seq < ? ORDER BY seq DESC LIMIT ?":          "SEARCH scrip_entries USING INDEX scrip_entries_of (wallet_id=? AND of=? AND seq<?)",
	"wallet_id = ? AND late AND seq > ? ORDER BY seq LIMIT ?":                 "SEARCH scrip_entries USING INDEX scrip_entries_late (wallet_id=? AND seq>?)",
	"wallet_id = ? AND late AND seq < ? ORDER BY seq DESC LIMIT ?":            "SEARCH scrip_entries USING INDEX scrip_entries_late (wallet_id=? AND seq<?)",
	"wallet_id = ? AND of = ? AND late AND seq > ? ORDER BY seq LIMIT ?":      "SEARCH scrip_entries USING INDEX scrip_entries_of (wallet_id=? AND of=? AND seq>?)",
	"wallet_id = ? AND of = ? AND late AND seq < ? ORDER BY seq DESC LIMIT ?": "SEARCH scrip_entries USING INDEX scrip_entries_of (wallet_id=? AND of=? AND seq<?)",

	"n.taken_until <= ? ORDER BY n.taken_until, n.rowid LIMIT ?": "SEARCH n USING INDEX scrip_notices_taken (taken_until<?)" +
		"; SEARCH e USING INDEX sqlite_autoindex_scrip_entries_1 (wallet_id=? AND seq=?)",
	"rowid = ?":                           "SEARCH scrip_notices USING INTEGER PRIMARY KEY (rowid=?)",
	"wallet_id = ? AND seq = ? AND n = ?": "SEARCH scrip_notices USING INDEX sqlite_autoindex_scrip_notices_1 (wallet_id=? AND seq=? AND n=?)",
}

func TestEveryStatementFindsItsRowsByIndexAndInOrder(t *testing.T) {
	t.Parallel()
	_, db := books(t, sqlite.Config{})
	for _, query := range sqlite.Queries {
		_, where, found := strings.Cut(query, "WHERE ")
		if !found || where == "false" {
			continue // it looks for nothing
		}
		t.Run(where, func(t *testing.T) { require.Equal(t, plans[where], plan(t, db, query)) })
	}
}

func TestPeopleReadOneWalletByIndex(t *testing.T) {
	t.Parallel()
	_, db := books(t, sqlite.Config{})
	for _, view := range []string{"scrip_balances", "scrip_grants", "scrip_statement"} {
		require.Regexp(t, "^SEARCH", plan(t, db, "SELECT * FROM "+view+" WHERE wallet_id = ?"), view)
	}
}

// plan returns the steps that SQLite takes for query.
func plan(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN "+query, make([]any, strings.Count(query, "?"))...)
	require.NoError(t, err)
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
		steps = append(steps, detail)
	}
	require.NoError(t, rows.Err())
	return strings.Join(steps, "; ")
}
