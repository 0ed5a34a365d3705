package kiosk

import (
	"carrel/internal/live"

	"github.com/labstack/echo/v5"
)

// changes are the kinds of things that a request of a kiosk may change, by its path.
var changes = map[string][]live.Kind{
	"/kiosk/pair":      {live.Kiosks},
	"/kiosk/checkouts": {live.Loans, live.Holds, live.Items},
	"/kiosk/returns":   {live.Loans, live.Holds, live.Items, live.Notices},
	"/kiosk/replay":    {live.Loans, live.Holds, live.Items, live.Notices, live.Questions},
}

// tell lets the staff apps know when a request has changed something. Of a queue that was cut off, the first acts are done.
func (d *Door) tell(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		err := next(c)
		if err == nil || c.Path() == "/kiosk/replay" {
			live.Tell(d.app, changes[c.Path()]...)
		}
		return err
	}
}
