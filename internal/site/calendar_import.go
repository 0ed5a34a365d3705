package site

import (
	"errors"
	"io"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// Counts sums up a plan.
type Counts struct {
	Added     int `json:"added"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Removed   int `json:"removed"`
	Ignored   int `json:"ignored"`
}

// Counts sums the plan up.
func (p Plan) Counts() (sum Counts) {
	for _, proposal := range p.Entries {
		switch {
		case proposal.Kind == Ignore:
			sum.Ignored++
		case proposal.State == StateNew:
			sum.Added++
		case proposal.State == StateChanged:
			sum.Updated++
		case proposal.State == StateGone:
			sum.Removed++
		default:
			sum.Unchanged++
		}
	}
	return sum
}

// ImportCalendar does what PlanCalendar says, as one: either the whole calendar is sound afterwards, or nothing is written. Besides the
// codes of PlanCalendar it returns fault.Invalid at "file" for a calendar that cannot be lived by, such as one without any open day.
// Loans that are out keep their due dates; a term end is applied to them by an act of the desk.
func ImportCalendar(app core.App, file io.Reader, options CalendarOptions) (plan Plan, err error) {
	events, problems, school, err := readCalendar(app, file, options.Now, options.Lang)
	if err != nil {
		return plan, err
	}
	err = app.RunInTransaction(func(app core.App) error {
		stored, err := ListEntries(app)
		if err != nil {
			return err
		}
		today := policy.DayOf(options.Now, school.Location())
		if plan, err = makePlan(stored, events, today, options); err != nil {
			return err
		}
		if err := plan.check(school, stored, today); err != nil || options.DryRun {
			return err
		}
		return plan.write(app)
	})
	plan.Problems = problems
	return plan, err
}

// check refuses a plan after which the calendar could not be lived by.
func (p Plan) check(school School, stored []collections.CalendarEntry, today policy.Day) error {
	left := map[string]bool{}
	for _, proposal := range p.Entries {
		if proposal.State == StateGone || proposal.State == StateChanged {
			left[proposal.stored.ID] = true
		}
	}
	var entries []collections.CalendarEntry
	for _, entry := range stored {
		if !left[entry.ID] {
			entries = append(entries, entry)
		}
	}
	for _, proposal := range p.Entries {
		if !proposal.writes() {
			continue
		}
		if err := checkLine(proposal.entry()); err != nil {
			return atFile(err)
		}
		entries = append(entries, proposal.entry())
	}
	return atFile(calendarOf(school, entries).Validate(today))
}

func (p Proposal) writes() bool { return p.State == StateNew || p.State == StateChanged }

func (p Plan) write(app core.App) error {
	for _, proposal := range p.Entries {
		switch {
		case proposal.writes():
			if err := write(app, proposal.entry()); err != nil {
				return err
			}
		case proposal.State == StateGone:
			record, err := find(app, collections.Calendar, proposal.stored.ID)
			if err != nil {
				return err
			}
			if err := app.DeleteWithContext(checkedTogether, record); err != nil {
				return err
			}
		}
	}
	return nil
}

// write keeps a line that was checked together with the others of its file.
func write(app core.App, entry collections.CalendarEntry) error {
	collection, err := app.FindCachedCollectionByNameOrId(collections.Calendar)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	if entry.ID != "" {
		if record, err = find(app, collections.Calendar, entry.ID); err != nil {
			return err
		}
	}
	record.Load(map[string]any{
		"kind": entry.Kind, "day": entry.Day.String(), "until": entry.Until.String(), "starts": entry.Starts.String(),
		"label": entry.Label, "source": entry.Source,
	})
	return app.SaveWithContext(checkedTogether, record)
}

func atFile(err error) error {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return err
	}
	moved := *refusal
	return moved.At("file")
}

func sentenceOf(err error, lang say.Lang) string {
	var refusal *fault.Error
	if errors.As(err, &refusal) {
		return refusal.Text.In(lang)
	}
	return err.Error()
}
