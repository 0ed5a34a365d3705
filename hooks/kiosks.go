package hooks

import (
	"encoding/json"
	"net/http"
	"time"

	"carrel/collections"
	"carrel/kiosk"

	"github.com/pocketbase/pocketbase/core"
	"github.com/skip2/go-qrcode"
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

// newKioskAnswer is a one-time code with the address that takes it along, also as a QR code: its rows, a 1 for each dark module, with their quiet zone.
type newKioskAnswer struct {
	Code    string   `json:"code"`
	Expires string   `json:"expires"`
	URL     string   `json:"url,omitempty"`
	QR      []string `json:"qr,omitempty"`
}

// newKiosk makes a one-time code; it is shown once and kept as a hash.
func (d *Door) newKiosk(e *core.RequestEvent) error {
	code, expires, err := kiosk.NewCode(e.App, time.Now())
	if err != nil {
		return err
	}
	answer := newKioskAnswer{Code: code, Expires: rfc3339(expires)}
	if origin := d.students.Load(); origin != nil {
		answer.URL = *origin + "/#pair=" + code
		if answer.QR, err = rowsOf(answer.URL); err != nil {
			return err
		}
	}
	return e.JSON(http.StatusCreated, answer)
}

// rowsOf is a text as the rows of a QR code.
func rowsOf(text string) ([]string, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, err
	}
	var rows []string
	for _, modules := range code.Bitmap() {
		row := make([]byte, len(modules))
		for i, dark := range modules {
			row[i] = '0'
			if dark {
				row[i] = '1'
			}
		}
		rows = append(rows, string(row))
	}
	return rows, nil
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
