// Package store opens the data folder: the connection that does not lose what it acknowledged, the lock that lets several
// commands share a folder, and the polite writer for long work.
package store

import (
	"database/sql"

	"github.com/pocketbase/dbx"
)

// pragmas differ from PocketBase's own in two ways. synchronous=FULL, because with NORMAL a power cut loses loans that
// were already shown as done. And transactions begin as writers: one that begins as a reader and then writes
// fails at once, without waiting, when another process wrote in between.
const pragmas = "?_txlock=immediate" +
	"&_pragma=busy_timeout(10000)" +
	"&_pragma=journal_mode(WAL)" +
	"&_pragma=journal_size_limit(200000000)" +
	"&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(ON)" +
	"&_pragma=temp_store(MEMORY)" +
	"&_pragma=cache_size(-8000)"

// Connect opens a database file for PocketBase.
func Connect(path string) (*dbx.DB, error) {
	db, err := sql.Open(driverName, path+pragmas)
	if err != nil {
		return nil, err
	}
	return dbx.NewFromDB(db, "sqlite"), nil
}
