package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/pocketbase/pocketbase/core"
)

// The lock files of a data folder. openLock is held while a process creates the database and runs migrations; serveLock as long as
// a server runs, so that a command knows it must be polite.
const (
	openLock  = ".open.lock"
	serveLock = ".serve.lock"
)

// ErrServing is answered when a second server asks for the folder.
var ErrServing = errors.New("another Carrel already serves this folder")

// BindOpen makes every start of app run all migrations, one process at a time: two commands on a fresh folder would
// otherwise meet a locked database.
func BindOpen(app core.App) {
	app.OnBootstrap().BindFunc(func(e *core.BootstrapEvent) error {
		return Explain("store.Open", e.App.DataDir(), open(e))
	})
}

func open(e *core.BootstrapEvent) error {
	unlock, err := lockFolder(e.App.DataDir())
	if err != nil {
		return err
	}
	defer unlock()
	if err := e.Next(); err != nil {
		return err
	}
	return e.App.RunAllMigrations()
}

func lockFolder(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be made: %w", dir, err)
	}
	lock := flock.New(filepath.Join(dir, openLock))
	if err := lock.Lock(); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be written: %w", dir, err)
	}
	return func() { _ = lock.Unlock() }, nil
}

// Serve marks the folder as served until release is called.
func Serve(dir string) (release func(), err error) {
	lock := flock.New(filepath.Join(dir, serveLock))
	// a command that asks Served holds the lock for a moment
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err = lock.TryLockContext(ctx, 20*time.Millisecond)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, ErrServing
	}
	if err != nil {
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil
}

// Served tells whether a server holds the folder now.
func Served(dir string) bool {
	lock := flock.New(filepath.Join(dir, serveLock))
	locked, err := lock.TryRLock()
	if err != nil || !locked {
		return true
	}
	_ = lock.Unlock()
	return false
}
