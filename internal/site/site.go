// Package site reads what a school decided about itself: its name, time zone and language, its rules and its calendar.
package site

import (
	"fmt"
	"time"

	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// School is the site's own card.
type School struct {
	Name     string   `json:"name"`
	Zone     string   `json:"zone"` // IANA name; empty for the machine's own
	Language say.Lang `json:"language"`

	Short      string `json:"short"`       // for labels, at most 8 letters
	GradesFrom string `json:"grades_from"` // "PK", "K", "1" … "12"; empty when nobody said
	GradesTo   string `json:"grades_to"`
	State      string `json:"state"` // of the United States, two letters; empty elsewhere
}

// Load reads the school; a fresh library has none and is called by the system's name in the system's time zone.
func Load(app core.App) (School, error) {
	return loadSetting(app, schoolKey, School{Name: "Library", Language: say.English})
}

// Save keeps the school, after checking that its time zone exists.
func Save(app core.App, school School) error {
	if _, err := time.LoadLocation(school.Zone); err != nil {
		return fmt.Errorf("time zone %q: %w", school.Zone, err)
	}
	return saveSetting(app, schoolKey, school)
}

// Location is the school's time zone.
func (s School) Location() *time.Location {
	if s.Zone == "" {
		return time.Local
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return time.Local
	}
	return zone
}
