package sqlite

// Queries are all statements of a store, by the name of their constant.
var Queries = map[string]string{
	"selectWallets": selectWallets, "listWallets": listWallets, "listOwner": listOwner, "listDue": listDue,
	"insertWallet": insertWallet, "updateWallet": updateWallet, "updateIndexed": updateIndexed,
	"selectKeyed": selectKeyed, "journalUp": journalUp, "journalDown": journalDown,
	"journalOfUp": journalOfUp, "journalOfDown": journalOfDown,
	"insertEntry": insertEntry, "insertNotice": insertNotice, "selectNotices": selectNotices,
	"takeNotice": takeNotice, "deleteNotice": deleteNotice, "lockAll": lockAll,
}

// AllQueries are those that a store prepares.
var AllQueries = queries

// CommitError is what Update makes of the error of COMMIT.
var CommitError = commitError
