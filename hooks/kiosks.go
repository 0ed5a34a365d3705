package hooks

import (
	"encoding/json"
	"net/http"
	"time"

	"carrel/collections"
	"carrel/kiosk"

	"github.com/pocketbase/pocketbase/core"
)

type kioskAnswer struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"`
	State    string         `json:"state"`
	LastSeen string         `json:"last_seen"`
	PairedAt string         `json:"paired_at"`
	LockedAt string         `json:"locked_at"`
	Settings kiosk.Settings `json:"settings"`
	Window   *windowAnswer  `json:"window"` // opened by hand
}

type windowAnswer struct {
	Homeroom string `json:"homeroom"` // id
	Until    string `json:"until"`
}

func answerKiosk(device collections.Kiosk, now time.Time) (kioskAnswer, error) {
	settings, err := kiosk.SettingsOf(device)
	answer := kioskAnswer{
		ID: device.ID, Name: device.Name, State: device.State, LastSeen: rfc3339(device.LastSeen.Time()), PairedAt: rfc3339(device.PairedAt.Time()),
		LockedAt: rfc3339(device.LockedAt.Time()), Settings: settings,
	}
	if device.WindowHomeroom != "" && device.WindowUntil.Time().After(now) {
		answer.Window = &windowAnswer{device.WindowHomeroom, rfc3339(device.WindowUntil.Time())}
	}
	return answer, err
}

func (d *Door) kiosks(e *core.RequestEvent) error {
	devices, err := collections.All[collections.Kiosk](e.App, "", "paired_at DESC, id", nil)
	if err != nil {
		return err
	}
	answers := []kioskAnswer{}
	for _, device := range devices {
		if device.State == collections.KioskWaiting && device.CodeExpires.Time().Before(time.Now()) {
			continue
		}
		answer, err := answerKiosk(device, time.Now())
		if err != nil {
			return err
		}
		answers = append(answers, answer)
	}
	return ok(e, map[string]any{"kiosks": answers})
}

func rfc3339(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// newKiosk makes a one-time code; it is shown once and kept as a hash.
func (d *Door) newKiosk(e *core.RequestEvent) error {
	code, expires, err := kiosk.NewCode(e.App, time.Now())
	if err != nil {
		return err
	}
	return e.JSON(http.StatusCreated, map[string]string{"code": code, "expires": rfc3339(expires)})
}

func (d *Door) revokeKiosk(e *core.RequestEvent) error {
	if err := kiosk.Revoke(e.App, e.Request.PathValue("id")); err != nil {
		return err
	}
	return ok(e, map[string]string{"state": collections.KioskRevoked})
}

// changeKiosk renames a kiosk and changes some of its settings.
func (d *Door) changeKiosk(e *core.RequestEvent) error {
	var body struct {
		Name     string          `json:"name"`
		Settings json.RawMessage `json:"settings"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	device, err := kiosk.Change(e.App, e.Request.PathValue("id"), body.Name, body.Settings)
	if err != nil {
		return err
	}
	answer, err := answerKiosk(device, time.Now())
	if err != nil {
		return err
	}
	return ok(e, answer)
}

// unlockKiosk opens a kiosk at which too many wrong cards were scanned.
func (d *Door) unlockKiosk(e *core.RequestEvent) error {
	if err := kiosk.Unlock(e.App, e.Request.PathValue("id")); err != nil {
		return err
	}
	return ok(e, map[string]string{"locked_at": ""})
}

// openWindow gives a kiosk to a class for so many minutes; without a homeroom it ends the window.
func (d *Door) openWindow(e *core.RequestEvent) error {
	var body struct {
		Homeroom string `json:"homeroom"`
		Minutes  int    `json:"minutes"`
	}
	if err := read(e, &body); err != nil {
		return err
	}
	now := time.Now()
	until := now.Add(time.Duration(body.Minutes) * time.Minute)
	if err := kiosk.OpenWindow(e.App, e.Request.PathValue("id"), body.Homeroom, until, now); err != nil {
		return err
	}
	if body.Homeroom == "" {
		return ok(e, map[string]any{"window": nil})
	}
	return ok(e, map[string]any{"window": windowAnswer{body.Homeroom, rfc3339(until)}})
}
