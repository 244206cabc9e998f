package sqlite

import (
	"database/sql"
	"errors"
	"runtime"
	"strings"

	_ "modernc.org/sqlite" // the driver that Open uses
)

// settings are what a handle should have, in the terms of the driver:
//
//   - In WAL mode readers and the writer do not wait for each other.
//   - With synchronous FULL a commit is on the disk before it is acknowledged.
//   - Transactions that may write are immediate: they wait for their turn at the
//     start, up to busy_timeout milliseconds, where waiting later could be in vain.
//   - The write-ahead log is carried over to the file every 64 MB: every 4 MB, the
//     default, would be after almost every batch of a thousand charges.
//   - The cache of a connection is 64 MB.
const settings = "?_txlock=immediate" +
	"&_busy_timeout=5000" +
	"&_journal_mode=WAL" +
	"&_synchronous=FULL" +
	"&_pragma=wal_autocheckpoint(16384)" +
	"&_pragma=cache_size(-65536)"

// Open returns a handle to the SQLite database in the file at path, which is
// created if it does not exist; its directory must. The handle is fit for [New],
// and for the host's own tables beside the ledger's. Open changes no tables, see
// [Migrate].
//
// Every transaction that is not begun as read-only in [sql.TxOptions] waits for the
// lock of the one writer that SQLite allows when it begins. The host closes the
// handle.
//
// There is no database in memory: package store/memory is for that.
func Open(path string) (*sql.DB, error) {
	if path == "" || path == ":memory:" {
		return nil, errors.New("sqlite: Open needs the path of a file")
	}
	escape := strings.NewReplacer("%", "%25", "?", "%3F", "#", "%23")
	db, err := sql.Open("sqlite", "file:"+escape.Replace(path)+settings)
	if err != nil {
		return nil, err
	}
	connections := 2 + runtime.GOMAXPROCS(0) // one writes; each holds its own cache
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	if err := db.Ping(); err != nil {
		return nil, errors.Join(translate(err), db.Close())
	}
	return db, nil
}
