package kiosk

import (
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/teaching"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// window is the class that is in the library now.
type window struct {
	homeroom collections.Homeroom
	until    time.Time
}

// longestWindow bounds a class window opened by hand: one that was forgotten ends with the morning.
const longestWindow = 3 * time.Hour

// OpenWindow lets a class use a kiosk until a time, whatever the schedule says. The codes are fault.NotFound (kiosk, homeroom) and
// fault.Invalid (until).
func OpenWindow(app core.App, id, homeroom string, until, now time.Time) error {
	const op = "kiosk.OpenWindow"
	if homeroom != "" && (!until.After(now) || until.Sub(now) > longestWindow) {
		return badSetting(op, "until")
	}
	_, err := changeDevice(app, op, id, func(app core.App, device *collections.Kiosk) (err error) {
		if homeroom != "" {
			if _, ok, err := collections.Find[collections.Homeroom](app, "id = {:id}", dbx.Params{"id": homeroom}); err != nil || !ok {
				return orUnknown(err, op)
			}
		}
		device.WindowHomeroom = homeroom
		device.WindowUntil, err = types.ParseDateTime(until)
		return err
	})
	return err
}

func orUnknown(err error, op string) error {
	if err != nil {
		return err
	}
	return fault.New(op, fault.NotFound, "kiosk.unknown_homeroom").At("homeroom")
}

// windowAt is the class window of a kiosk: the one opened by hand, else the homeroom whose hour it is.
func windowAt(app core.App, device collections.Kiosk, now time.Time) (w window, open bool, err error) {
	if device.WindowHomeroom != "" && device.WindowUntil.Time().After(now) {
		w.until = device.WindowUntil.Time()
		w.homeroom, open, err = collections.Find[collections.Homeroom](app, "id = {:id}", dbx.Params{"id": device.WindowHomeroom})
		return w, open, err
	}
	w.homeroom, w.until, open, err = teaching.VisitNow(app, now)
	return w, open, err
}
