// Package site reads what a school decided about itself: its name, time zone and language, its rules and its calendar.
package site

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// School is the site's own card.
type School struct {
	Name     string   `json:"name"`
	Zone     string   `json:"zone"` // IANA name; empty for the machine's own
	Language say.Lang `json:"language"`
}

// schoolKey is where the school is kept among the settings.
const schoolKey = "school"

// Load reads the school; a fresh library has none and is called by the system's name in the system's time zone.
func Load(app core.App) (School, error) {
	school := School{Name: "Library", Language: say.English}
	setting, ok, err := collections.Find[collections.Setting](app, "key = {:key}", dbx.Params{"key": schoolKey})
	if err != nil || !ok {
		return school, err
	}
	return school, json.Unmarshal(setting.Value, &school)
}

// Save keeps the school, after checking that its time zone exists.
func Save(app core.App, school School) error {
	if _, err := time.LoadLocation(school.Zone); err != nil {
		return fmt.Errorf("time zone %q: %w", school.Zone, err)
	}
	value, err := json.Marshal(school)
	if err != nil {
		return err
	}
	setting, ok, err := collections.Find[collections.Setting](app, "key = {:key}", dbx.Params{"key": schoolKey})
	if err != nil {
		return err
	}
	setting.Key, setting.Value = schoolKey, types.JSONRaw(value)
	if ok {
		return collections.Update(app, setting)
	}
	_, err = collections.Insert(app, setting)
	return err
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

// Calendar reads the calendar of the school.
func Calendar(app core.App) (policy.Calendar, error) {
	school, err := Load(app)
	if err != nil {
		return policy.Calendar{}, err
	}
	entries, err := collections.All[collections.CalendarEntry](app, "", "day", nil)
	if err != nil {
		return policy.Calendar{}, err
	}
	calendar := policy.Calendar{
		Week: policy.SchoolWeek, Zone: school.Location(),
		Closed: map[policy.Day]string{}, Open: map[policy.Day]string{},
	}
	for _, entry := range entries {
		enter(&calendar, entry)
	}
	slices.SortFunc(calendar.Terms, func(a, b policy.TermEnd) int { return int(a.Day - b.Day) })
	return calendar, nil
}

func enter(calendar *policy.Calendar, entry collections.CalendarEntry) {
	switch entry.Kind {
	case "week":
		calendar.Week = weekOf(entry.Weekdays)
	case "closed", "open":
		days := calendar.Closed
		if entry.Kind == "open" {
			days = calendar.Open
		}
		for day := entry.Day; day <= max(entry.Day, entry.Until); day++ {
			days[day] = entry.Label
		}
	case "term_ceiling", "term_forced":
		calendar.Terms = append(calendar.Terms, policy.TermEnd{Day: entry.Day, Forced: entry.Kind == "term_forced"})
	}
}

// weekOf reads ISO weekday numbers: "12345" is Monday to Friday.
func weekOf(numbers string) (week [7]bool) {
	for _, number := range numbers {
		if number >= '1' && number <= '7' {
			week[(number-'0')%7] = true
		}
	}
	return week
}

// Rules reads the matrix of loan rules.
func Rules(app core.App) (policy.Rules, error) {
	rows, err := collections.All[collections.LoanRule](app, "", "id", nil)
	if err != nil {
		return nil, err
	}
	rules := make(policy.Rules, 0, len(rows))
	for _, row := range rows {
		terms, err := policy.ParseTerms(row.Terms)
		if err != nil {
			return nil, fmt.Errorf("loan rule %s: %w", row.ID, err)
		}
		rules = append(rules, policy.Rule{ID: row.ID, PatronType: row.PatronType, ItemType: row.ItemType, Terms: terms})
	}
	return rules, nil
}
