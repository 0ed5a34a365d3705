package hooks

import (
	"net/http"
	"time"

	"carrel/collections"
	"carrel/kiosk"

	"github.com/pocketbase/pocketbase/core"
)

type kioskAnswer struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	State    string `json:"state"`
	LastSeen string `json:"last_seen"`
	PairedAt string `json:"paired_at"`
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
		answers = append(answers, kioskAnswer{device.ID, device.Name, device.State, rfc3339(device.LastSeen.Time()), rfc3339(device.PairedAt.Time())})
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
