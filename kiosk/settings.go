package kiosk

import (
	"bytes"
	"encoding/json"
	"slices"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Settings are what a librarian decides for one kiosk.
type Settings struct {
	Returns     bool   `json:"returns"`      // children may return here
	OldBarcodes bool   `json:"old_barcodes"` // student-number barcodes sign in; they can be guessed
	Language    string `json:"language"`     // "en", "es", or empty for the school's
	IdleSeconds int    `json:"idle_seconds"`
	Sounds      bool   `json:"sounds"`
	Kinder      bool   `json:"kinder"`     // faces to tap during a class window
	ClassOnly   bool   `json:"class_only"` // during a class window only its children sign in
	Camera      bool   `json:"camera"`
	Away        string `json:"away"` // while the server is away: awayLend or awayClose
}

// What a kiosk does while it cannot reach the server, and so cannot know what families asked for.
const (
	awayLend  = "lend" // and ask later
	awayClose = "close"
)

var defaults = Settings{IdleSeconds: 20, Sounds: true, Camera: true, Away: awayLend}

func settingsOf(device collections.Kiosk) (Settings, error) {
	settings := defaults
	if len(device.Settings) == 0 {
		return settings, nil
	}
	err := json.Unmarshal(device.Settings, &settings)
	return settings, err
}

// SettingsOf reads the settings of a kiosk over the defaults.
func SettingsOf(device collections.Kiosk) (Settings, error) { return settingsOf(device) }

// Change renames a kiosk and lays settings, a JSON object of some of them, over those it has. The codes are fault.NotFound and fault.Invalid
// (settings).
func Change(app core.App, id, name string, settings json.RawMessage) (collections.Kiosk, error) {
	const op = "kiosk.Change"
	return changeDevice(app, op, id, func(_ core.App, device *collections.Kiosk) (err error) {
		if name != "" {
			device.Name = kioskName(name)
		}
		if len(settings) > 0 {
			device.Settings, err = changed(op, *device, settings)
		}
		return err
	})
}

// changeDevice reads and writes a kiosk in one transaction, so that of two changes at once none is lost. The code is fault.NotFound.
func changeDevice(app core.App, op, id string, change func(core.App, *collections.Kiosk) error) (device collections.Kiosk, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		found, ok, err := collections.Find[collections.Kiosk](app, "id = {:id}", dbx.Params{"id": id})
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(op, fault.NotFound, "kiosk.unknown")
		}
		if err := change(app, &found); err != nil {
			return err
		}
		device = found
		return collections.Update(app, found)
	})
	return device, err
}

func changed(op string, device collections.Kiosk, over json.RawMessage) ([]byte, error) {
	settings, err := settingsOf(device)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(over))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&settings); err != nil {
		return nil, badSetting(op, "settings").Because(err)
	}
	for field, fits := range map[string]bool{
		"language":     slices.Contains([]string{"", "en", "es"}, settings.Language),
		"idle_seconds": settings.IdleSeconds >= 5 && settings.IdleSeconds <= 600,
		"away":         settings.Away == awayLend || settings.Away == awayClose,
	} {
		if !fits {
			return nil, badSetting(op, field)
		}
	}
	return json.Marshal(settings)
}

func badSetting(op, field string) *fault.Error {
	return fault.New(op, fault.Invalid, "kiosk.bad_"+field).At(field)
}
