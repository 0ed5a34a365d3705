package kiosk

import (
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/labstack/echo/v5"
)

// windowAnswer is the class window as the kiosk shows it. Children are named only where they tap their faces.
type windowAnswer struct {
	Homeroom string    `json:"homeroom"`
	Until    time.Time `json:"until"`
	Children []face    `json:"children,omitempty"`
}

// state tells a paired kiosk what it is, and which class is here.
func (d *Door) state(c *echo.Context) error {
	device := deviceOf(c)
	settings, err := settingsOf(device)
	if err != nil {
		return err
	}
	school, err := site.Load(d.app)
	if err != nil {
		return err
	}
	if settings.Language == "" {
		settings.Language = string(school.Language)
	}
	window, err := d.windowOf(device, settings, school)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Settings
		School string        `json:"school"`
		Kiosk  string        `json:"kiosk"`
		Now    time.Time     `json:"now"`
		Window *windowAnswer `json:"window"`
	}{settings, school.Name, device.Name, d.now().UTC(), window})
}

func (d *Door) windowOf(device collections.Kiosk, settings Settings, school site.School) (*windowAnswer, error) {
	window, open, err := windowAt(d.app, device, d.now())
	if err != nil || !open {
		return nil, err
	}
	answer := &windowAnswer{Homeroom: window.homeroom.Name, Until: window.until.UTC()}
	if settings.Kinder {
		answer.Children, err = d.faces(window.homeroom.ID, policy.DayOf(d.now(), school.Location()))
	}
	return answer, err
}
