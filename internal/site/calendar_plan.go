package site

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/ical"
	"carrel/internal/policy"
	"carrel/internal/say"

	"github.com/pocketbase/pocketbase/core"
)

// Plan is what a school calendar would change, or what its import changed.
type Plan struct {
	Entries  []Proposal        `json:"entries"` // in the order of the file; what is gone from it comes last
	Past     int               `json:"past"`    // events before this school year, which are left out
	Problems []CalendarProblem `json:"problems"`
}

// Proposal is what one event of a school calendar is taken for.
type Proposal struct {
	Source string     `json:"source"` // its identity in the calendar it came from
	Label  string     `json:"label"`
	From   policy.Day `json:"from"`
	Until  policy.Day `json:"until"` // inclusive
	Kind   string     `json:"kind"`  // of calendar entry, or Ignore
	State  string     `json:"state"`
	Note   string     `json:"note,omitempty"` // why something that looks like the end of a term is to be ignored

	stored  collections.CalendarEntry // what came of it before, if anything did
	decided bool                      // staff chose the kind, now or before
}

// Ignore is the kind of an event that means nothing to the library.
const Ignore = "ignore"

// What an import does about an event.
const (
	StateNew       = "new"
	StateChanged   = "changed"
	StateUnchanged = "unchanged" // the calendar says so already, or the event is ignored
	StateGone      = "gone"      // the file has the event no longer on this day: the line goes too
)

// CalendarProblem is an event that could not be read, or was read with a doubt.
type CalendarProblem struct {
	Line    int    `json:"line"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Skipped bool   `json:"skipped"` // the event was left out
}

// CalendarOptions say how to read a school calendar.
type CalendarOptions struct {
	Now    time.Time
	Lang   say.Lang          // of notes and problems
	Choose map[string]string // kinds by Source, over those proposed
	DryRun bool              // ImportCalendar only
}

// PlanCalendar reads a school calendar (.ics) and says what importing it would change. The code is fault.Invalid at "file", or at
// "choose" for an event or a kind that does not exist.
//
// Opinions: an event is known again by its UID and first day, an event without UID by its name. A kind that staff gave it stays, days and
// name follow the file. A line entered by hand, or that came from another calendar, is never touched; what it says is not said twice.
func PlanCalendar(app core.App, file io.Reader, options CalendarOptions) (Plan, error) {
	events, problems, school, err := readCalendar(app, file, options.Now, options.Lang)
	if err != nil {
		return Plan{}, err
	}
	stored, err := ListEntries(app)
	if err != nil {
		return Plan{}, err
	}
	plan, err := makePlan(stored, events, policy.DayOf(options.Now, school.Location()), options)
	plan.Problems = problems
	return plan, err
}

func readCalendar(app core.App, file io.Reader, now time.Time, lang say.Lang) (events []ical.Event, problems []CalendarProblem, school School, err error) {
	if school, err = Load(app); err != nil {
		return nil, nil, school, err
	}
	events, found, err := ical.Read(file, school.Location(), now)
	if err != nil {
		return nil, nil, school, err
	}
	problems = []CalendarProblem{}
	skipped := 0
	for _, problem := range found {
		if problem.Skipped {
			skipped++
		}
		problems = append(problems, CalendarProblem{problem.Line, problem.Code, problem.Text().In(lang), problem.Skipped})
	}
	if len(events) == 0 && skipped > 0 {
		return nil, nil, school, fault.New("site.readCalendar", fault.Invalid, "site.calendar_unread", found[0].Line, found[0].Text()).At("file")
	}
	return events, problems, school, nil
}

// planner compares a file with the calendar.
type planner struct {
	stored map[string]collections.CalendarEntry // imported lines, by source
	others []collections.CalendarEntry          // lines the file does not speak of
	seen   map[string]bool                      // sources in the file
	plan   Plan
}

func makePlan(stored []collections.CalendarEntry, events []ical.Event, today policy.Day, options CalendarOptions) (Plan, error) {
	p := planner{stored: map[string]collections.CalendarEntry{}, seen: map[string]bool{}, plan: Plan{Entries: []Proposal{}}}
	since := SchoolYear(today)
	spoken := map[string]bool{}
	for _, event := range events {
		spoken[identity(event)] = true
	}
	for _, entry := range stored {
		if entry.Source != "" && spoken[identityOf(entry.Source)] {
			p.stored[entry.Source] = entry
		} else {
			p.others = append(p.others, entry)
		}
	}
	for _, event := range events {
		if err := p.propose(event, since, options.Choose); err != nil {
			return p.plan, err
		}
	}
	for source := range options.Choose {
		if !p.seen[source] && p.stored[source].ID == "" {
			return p.plan, unfit("choose", "site.calendar_choice", source)
		}
	}
	p.dropClashingTerms(today, options.Lang)
	for i := range p.plan.Entries {
		p.settle(&p.plan.Entries[i])
	}
	p.findGone(stored, today, options.Choose)
	return p.plan, nil
}

// propose takes an event for something.
func (p *planner) propose(event ical.Event, since policy.Day, choose map[string]string) error {
	from, err := policy.ParseDay(event.From)
	if err != nil {
		return err
	}
	until, err := policy.ParseDay(event.Until)
	if err != nil {
		return err
	}
	proposal := Proposal{Source: sourceOf(event), Label: clip(event.Summary, maxLabel), From: from, Until: until, Kind: guess(event.Summary)}
	if p.seen[proposal.Source] {
		return nil // the same event twice in one file
	}
	p.seen[proposal.Source] = true
	if until < since {
		p.plan.Past++
		return nil
	}
	if entry, known := p.stored[proposal.Source]; known {
		proposal.stored, proposal.Kind, proposal.decided = entry, entry.Kind, true
	}
	if kind, chosen := choose[proposal.Source]; chosen {
		if kind != Ignore && kind != collections.CalendarClosed && !isTerm(kind) {
			return unfit("choose", "site.calendar_import_kind", kind)
		}
		proposal.Kind, proposal.decided = kind, true
	}
	p.plan.Entries = append(p.plan.Entries, proposal)
	return nil
}

func guess(summary string) string {
	switch ical.Classify(summary) {
	case ical.Closed:
		return collections.CalendarClosed
	case ical.TermEnd:
		return collections.CalendarTermCeiling
	}
	return Ignore
}

func isTerm(kind string) bool {
	return kind == collections.CalendarTermCeiling || kind == collections.CalendarTermForced
}

// dropClashingTerms ignores what only looks like the end of a term where the calendar has a term already, or the file names the same
// day twice ("End of second quarter", "End of first semester").
func (p *planner) dropClashingTerms(today policy.Day, lang say.Lang) {
	calendar := policy.Calendar{Week: policy.SchoolWeek}
	for _, entry := range p.others {
		if isTerm(entry.Kind) {
			calendar.Terms = append(calendar.Terms, TermOf(entry))
		}
	}
	for _, proposal := range p.plan.Entries {
		if proposal.decided && isTerm(proposal.Kind) {
			calendar.Terms = append(calendar.Terms, TermOf(proposal.entry()))
		}
	}
	for i := range p.plan.Entries {
		proposal := &p.plan.Entries[i]
		if proposal.decided || !isTerm(proposal.Kind) || p.saidByOthers(*proposal) {
			continue
		}
		trial := calendar
		trial.Terms = append(slices.Clone(calendar.Terms), TermOf(proposal.entry()))
		if err := trial.Validate(today); err != nil {
			proposal.Kind, proposal.Note = Ignore, sentenceOf(err, lang)
			continue
		}
		calendar = trial
	}
}

// settle finds out what the import does about an event.
func (p *planner) settle(proposal *Proposal) {
	switch {
	case proposal.Kind == Ignore:
		proposal.State = StateUnchanged
	case proposal.stored.ID != "":
		proposal.State = StateChanged
		if proposal.entry() == proposal.stored {
			proposal.State = StateUnchanged
		}
	case p.saidByOthers(*proposal):
		proposal.State = StateUnchanged
	default:
		proposal.State = StateNew
	}
}

// saidByOthers tells whether one line that the file does not speak of says the same. Some programs give every event another UID at each
// export: then this is what keeps lines from doubling.
func (p *planner) saidByOthers(proposal Proposal) bool {
	return slices.ContainsFunc(p.others, func(entry collections.CalendarEntry) bool {
		if proposal.Kind == collections.CalendarClosed {
			return entry.Kind == proposal.Kind && entry.Day <= proposal.From && lastDay(entry) >= proposal.Until
		}
		return isTerm(proposal.Kind) && isTerm(entry.Kind) && entry.Grade == "" && entry.Day == proposal.Until
	})
}

// findGone finds lines that came from an event of the file which is now on other days. Days that are over stay as they were.
func (p *planner) findGone(stored []collections.CalendarEntry, today policy.Day, choose map[string]string) {
	for _, entry := range stored {
		if p.stored[entry.Source].ID != entry.ID || p.seen[entry.Source] || lastDay(entry) < today || choose[entry.Source] == Ignore {
			continue
		}
		p.plan.Entries = append(p.plan.Entries, Proposal{
			Source: entry.Source, Label: entry.Label, From: entry.Day, Until: lastDay(entry), Kind: entry.Kind, State: StateGone, stored: entry,
		})
	}
}

func lastDay(entry collections.CalendarEntry) policy.Day { return max(entry.Day, entry.Until) }

// entry is the line of the calendar that a proposal makes.
func (p Proposal) entry() collections.CalendarEntry {
	entry := p.stored
	entry.Kind, entry.Label, entry.Source = p.Kind, p.Label, p.Source
	if isTerm(p.Kind) {
		entry.Day, entry.Until = p.Until, 0
		return entry
	}
	entry.Day, entry.Until, entry.Starts = p.From, 0, 0
	if p.Until > p.From {
		entry.Until = p.Until
	}
	return entry
}

// SchoolYear is the first day of the school year that day is in: the first of July.
func SchoolYear(day policy.Day) policy.Day {
	at := day.At(0, time.UTC)
	start := policy.Date(at.Year(), time.July, 1)
	if day < start {
		return policy.Date(at.Year()-1, time.July, 1)
	}
	return start
}

// maxIdentity keeps a source, with its day, within what the store takes.
const maxIdentity = 200

// identity is the UID of an event, else its name; a very long one is told by its hash.
func identity(event ical.Event) string {
	text := event.UID
	if text == "" {
		text = event.Summary
	}
	if len(text) <= maxIdentity {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func sourceOf(event ical.Event) string { return identity(event) + " " + event.From }

// identityOf is the identity in a source.
func identityOf(source string) string {
	return source[:max(0, strings.LastIndexByte(source, ' '))]
}

func clip(text string, letters int) string {
	if runes := []rune(text); len(runes) > letters {
		return string(runes[:letters-1]) + "…"
	}
	return text
}
