package hooks

import (
	"time"

	"carrel/internal/today"

	"github.com/pocketbase/pocketbase/core"
)

// today is the first screen of the day.
func (d *Door) today(e *core.RequestEvent) error {
	look, err := today.Look(e.App, today.Asker{Head: isHead(e), Lang: langOf(e), Now: time.Now()})
	if err != nil {
		return err
	}
	return ok(e, look)
}
