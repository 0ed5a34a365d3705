package store

import (
	"errors"
	"os"
	"syscall"

	"carrel/internal/fault"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Explain says in plain words what is wrong with the disk that holds dir when that is what err is about: full, not writable,
// failing, in use, damaged. Such a fault is a fault.Conflict, its word the part after "store.". Any other error comes back as it is.
func Explain(op, dir string, err error) error {
	var already *fault.Error
	if err == nil || errors.As(err, &already) {
		return err
	}
	word := wordOf(err)
	if word == "" {
		return err
	}
	return fault.New(op, fault.Conflict, "store."+word, dir).Named(word).Because(err)
}

func wordOf(err error) string {
	var failed *sqlite.Error
	switch {
	case errors.As(err, &failed):
		return sqliteWord(failed.Code())
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "disk_full"
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS):
		return "read_only"
	case errors.Is(err, syscall.EIO):
		return "disk_fails"
	}
	return ""
}

func sqliteWord(code int) string {
	if code == sqlite3.SQLITE_IOERR_SHMSIZE {
		return "disk_full" // the index of the write-ahead log finds no room
	}
	switch code & 0xff {
	case sqlite3.SQLITE_FULL:
		return "disk_full"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return "read_only"
	case sqlite3.SQLITE_IOERR:
		return "disk_fails"
	case sqlite3.SQLITE_BUSY:
		return "busy"
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return "damaged"
	}
	return ""
}
