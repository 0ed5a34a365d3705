package hooks

import (
	"net/http"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/pocketbase/core"
)

// entryBody is a line of the calendar. Which fields it has hangs on its kind.
type entryBody struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Day      string `json:"day"`
	Until    string `json:"until"`
	Starts   string `json:"starts"`
	Weekdays string `json:"weekdays"`
	Labels   string `json:"labels"`
	Label    string `json:"label"`
	Grade    string `json:"grade"`
	Source   string `json:"source"` // answered only
}

func answerEntry(entry collections.CalendarEntry) entryBody {
	return entryBody{
		ID: entry.ID, Kind: entry.Kind, Day: entry.Day.String(), Until: entry.Until.String(), Starts: entry.Starts.String(),
		Weekdays: entry.Weekdays, Labels: entry.Labels, Label: entry.Label, Grade: entry.Grade, Source: entry.Source,
	}
}

func (b entryBody) entry() (collections.CalendarEntry, error) {
	entry := collections.CalendarEntry{ID: b.ID, Kind: b.Kind, Weekdays: b.Weekdays, Labels: b.Labels, Label: b.Label, Grade: b.Grade}
	for _, day := range []struct {
		field, text string
		into        *policy.Day
	}{{"day", b.Day, &entry.Day}, {"until", b.Until, &entry.Until}, {"starts", b.Starts, &entry.Starts}} {
		parsed, err := parseDay(day.field, day.text)
		if err != nil {
			return entry, err
		}
		*day.into = parsed
	}
	return entry, nil
}

func (d *Door) calendar(e *core.RequestEvent) error {
	entries, err := site.ListEntries(e.App)
	if err != nil {
		return err
	}
	answers := make([]entryBody, 0, len(entries))
	for _, entry := range entries {
		answers = append(answers, answerEntry(entry))
	}
	return ok(e, map[string]any{"entries": answers})
}

// saveEntry keeps a new line, or with an id changes one.
func (d *Door) saveEntry(e *core.RequestEvent) error {
	var body entryBody
	if err := read(e, &body); err != nil {
		return err
	}
	if err := required("kind", body.Kind); err != nil {
		return err
	}
	entry, err := body.entry()
	if err != nil {
		return err
	}
	if entry, err = site.SaveEntry(e.App, entry); err != nil {
		return err
	}
	return e.JSON(savedStatus(body.ID), map[string]any{"entry": answerEntry(entry)})
}

func (d *Door) deleteEntry(e *core.RequestEvent) error {
	return deleted(e, site.DeleteEntry(e.App, e.Request.PathValue("id")))
}

// maxFile bounds a file sent to the door, in bytes.
const maxFile = 4 << 20

// importCalendar takes a school calendar as it is published (.ics); ?dry_run=1 only says what would change.
func (d *Door) importCalendar(e *core.RequestEvent) error {
	file := http.MaxBytesReader(e.Response, e.Request.Body, maxFile)
	dry := isDryRun(e)
	plan, err := site.ImportCalendar(e.App, file, site.CalendarOptions{Now: time.Now(), Lang: langOf(e), DryRun: dry})
	if err != nil {
		return err
	}
	return ok(e, map[string]any{
		"dry_run": dry, "counts": plan.Counts(), "entries": list(plan.Entries), "past": plan.Past, "problems": list(plan.Problems),
	})
}

func isDryRun(e *core.RequestEvent) bool {
	asked := e.Request.URL.Query().Get("dry_run")
	return asked == "1" || asked == "true"
}
