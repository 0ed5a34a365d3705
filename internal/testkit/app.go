// Package testkit opens real apps for tests: the store is migrated once a test binary and copied for each test, which
// costs milliseconds instead of the tenth of a second of a fresh folder.
package testkit

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"carrel/internal/store"
	_ "carrel/pb_migrations"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations"
)

var (
	once     sync.Once
	template string
	failed   error
)

// App opens a fresh library of the contract's defaults in a folder of its own; it is closed when the test ends.
func App(t testing.TB) core.App {
	t.Helper()
	once.Do(migrate)
	if failed != nil {
		t.Fatal(failed)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
		t.Fatal(err)
	}
	app := Open(t, dir)
	return app
}

// Open opens an existing folder as a second process would.
func Open(t testing.TB, dir string) core.App {
	t.Helper()
	app, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(app) })
	return app
}

// shut ends an app as a server does: the platform's logger must stop before the store is closed under it.
func shut(app core.App) {
	_ = app.OnTerminate().Trigger(&core.TerminateEvent{App: app}, func(*core.TerminateEvent) error { return nil })
	_ = app.ResetBootstrapState()
}

func open(dir string) (core.App, error) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
	store.BindOpen(app)
	return app, app.Bootstrap()
}

// migrate makes the template once; the operating system clears its folder of temporary files.
func migrate() {
	var app core.App
	if template, failed = os.MkdirTemp("", "carrel-template"); failed != nil {
		return
	}
	if app, failed = open(template); failed != nil {
		return
	}
	if failed = app.ResetBootstrapState(); failed != nil {
		return
	}
	leftovers, _ := filepath.Glob(filepath.Join(template, "*.lock"))
	for _, name := range leftovers {
		_ = os.Remove(name)
	}
}
