package kiosk

import (
	"net/http"
	"sync"
	"time"

	"carrel/collections"
	"carrel/internal/live"

	"github.com/labstack/echo/v5"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// guesses counts the wrong cards of each device. Cards are random, so whoever scans many that do not exist is guessing; a torn card or a food
// package is scanned again once or twice, not dozens of times.
type guesses struct {
	mu    sync.Mutex
	wrong map[string][]time.Time
}

const (
	guessLimit  = 40 // more than the sessions of a minute, which are refused before that
	guessWindow = 10 * time.Minute
)

// wrongCard counts one and tells whether it was one too many.
func (g *guesses) wrongCard(device string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	recent := g.wrong[device][:0]
	for _, at := range g.wrong[device] {
		if now.Sub(at) < guessWindow {
			recent = append(recent, at)
		}
	}
	g.wrong[device] = append(recent, now)
	return len(g.wrong[device]) >= guessLimit
}

func (g *guesses) forget(device string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.wrong, device)
}

var errLocked = echo.NewHTTPError(http.StatusLocked, "Please see the librarian.")

// guessed notes a wrong card, and locks the device when there were too many.
func (d *Door) guessed(device collections.Kiosk) error {
	if !d.guesses.wrongCard(device.ID, d.now()) {
		return nil
	}
	_, err := changeDevice(d.app, "kiosk.guessed", device.ID, func(_ core.App, device *collections.Kiosk) (err error) {
		device.LockedAt, err = types.ParseDateTime(d.now())
		return err
	})
	if err != nil {
		return err
	}
	d.guesses.forget(device.ID)
	live.Tell(d.app, live.Kiosks)
	return errLocked
}

// Unlock opens a kiosk that was locked after too many wrong cards. The code is fault.NotFound.
func Unlock(app core.App, id string) error {
	_, err := changeDevice(app, "kiosk.Unlock", id, func(_ core.App, device *collections.Kiosk) error {
		device.LockedAt = types.DateTime{}
		return nil
	})
	return err
}
