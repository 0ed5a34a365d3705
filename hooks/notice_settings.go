package hooks

import (
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

func (d *Door) noticeSettings(e *core.RequestEvent) error {
	settings, err := site.LoadNotices(e.App)
	if err != nil {
		return err
	}
	return ok(e, settings)
}

// saveNoticeSettings changes what the body names and leaves the rest.
func (d *Door) saveNoticeSettings(e *core.RequestEvent) error {
	settings, err := site.LoadNotices(e.App)
	if err != nil {
		return err
	}
	if err := read(e, &settings); err != nil {
		return err
	}
	if err := site.SaveNotices(e.App, settings); err != nil {
		return err
	}
	return ok(e, settings)
}
