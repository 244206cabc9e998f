package sqlite_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scrip-go/scrip/store/sqlite"
)

// plans are how SQLite is to find the rows of each statement that looks for some.
var plans = map[string][]string{
	"selectWallets": {
		"SEARCH scrip_wallets USING INDEX sqlite_autoindex_scrip_wallets_1 (id=?)",
		"LIST SUBQUERY 1", "SCAN json_each VIRTUAL TABLE INDEX 1:",
	},
	"listWallets":   {"SEARCH scrip_wallets USING INDEX sqlite_autoindex_scrip_wallets_1 (id>?)"},
	"listOwner":     {"SEARCH scrip_wallets USING INDEX scrip_wallets_owner (owner=? AND id>?)"},
	"listDue":       {"SEARCH scrip_wallets USING INDEX scrip_wallets_due ((due_at,id)>(?,?) AND due_at<?)"},
	"updateWallet":  {"SEARCH scrip_wallets USING INDEX sqlite_autoindex_scrip_wallets_1 (id=?)"},
	"updateIndexed": {"SEARCH scrip_wallets USING INDEX sqlite_autoindex_scrip_wallets_1 (id=?)"},
	"selectKeyed":   {"SEARCH scrip_entries USING INDEX scrip_entries_key (wallet_id=? AND key=?)"},
	"journalUp":     {"SEARCH scrip_entries USING INDEX sqlite_autoindex_scrip_entries_1 (wallet_id=? AND seq>?)"},
	"journalDown":   {"SEARCH scrip_entries USING INDEX sqlite_autoindex_scrip_entries_1 (wallet_id=? AND seq<?)"},
	"journalOfUp":   {"SEARCH scrip_entries USING INDEX scrip_entries_of (wallet_id=? AND of=? AND seq>?)"},
	"journalOfDown": {"SEARCH scrip_entries USING INDEX scrip_entries_of (wallet_id=? AND of=? AND seq<?)"},
	"selectNotices": {
		"SEARCH n USING INDEX scrip_notices_taken (taken_until<?)",
		"SEARCH e USING INDEX sqlite_autoindex_scrip_entries_1 (wallet_id=? AND seq=?)",
	},
	"takeNotice":   {"SEARCH scrip_notices USING INTEGER PRIMARY KEY (rowid=?)"},
	"deleteNotice": {"SEARCH scrip_notices USING INDEX sqlite_autoindex_scrip_notices_1 (wallet_id=? AND seq=? AND n=?)"},
}

// looksForNothing are the statements that need no plan.
var looksForNothing = []string{"insertWallet", "insertEntry", "insertNotice", "lockAll"}

func TestEveryStatementFindsItsRowsByIndexAndInOrder(t *testing.T) {
	t.Parallel()
	require.Len(t, sqlite.Queries, len(sqlite.AllQueries))
	_, db := books(t, sqlite.Config{})
	for name, query := range sqlite.Queries {
		if !slices.Contains(looksForNothing, name) {
			t.Run(name, func(t *testing.T) { require.Equal(t, plans[name], plan(t, db, query)) })
		}
	}
}

func TestPeopleReadOneWalletByIndex(t *testing.T) {
	t.Parallel()
	_, db := books(t, sqlite.Config{})
	for _, view := range []string{"scrip_balances", "scrip_grants", "scrip_statement"} {
		require.Contains(t, plan(t, db, "SELECT * FROM "+view+" WHERE wallet_id = ?")[0], "SEARCH", view)
	}
}

// plan returns the steps that SQLite takes for query.
func plan(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	args := make([]any, strings.Count(query, "?"))
	rows, err := db.Query("EXPLAIN QUERY PLAN "+query, args...)
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
	return steps
}
