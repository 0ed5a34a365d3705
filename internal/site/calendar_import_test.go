package site_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/core"
	"pgregory.net/rapid"
)

// november is when the files of these tests are imported.
var november = time.Date(2031, time.November, 24, 9, 0, 0, 0, time.UTC)

// event is one VEVENT of whole days; until is inclusive.
type event struct{ uid, summary, from, until string }

func file(events ...event) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
	for _, e := range events {
		until := e.until
		if until == "" {
			until = e.from
		}
		last, err := policy.ParseDay(until)
		if err != nil {
			panic(err)
		}
		plain := strings.NewReplacer("-", "")
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%s\r\nSUMMARY:%s\r\nDTSTART;VALUE=DATE:%s\r\nDTEND;VALUE=DATE:%s\r\nEND:VEVENT\r\n",
			e.uid, e.summary, plain.Replace(e.from), plain.Replace(last.Add(1).String()))
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

var (
	laborDay  = event{"labor", "Labor Day - No School", "2031-09-01", ""}
	winter    = event{"winter", "Winter Break", "2031-12-22", "2032-01-02"}
	quarter   = event{"q2", "End of second quarter", "2032-01-16", ""}
	bookFair  = event{"fair", "Book fair", "2032-02-02", "2032-02-06"}
	lastYears = event{"old", "Spring Break", "2031-03-24", "2031-03-28"}
)

func importFile(t *testing.T, app core.App, text string, options site.CalendarOptions) site.Plan {
	t.Helper()
	options.Now, options.Lang = november, say.English
	plan, err := site.ImportCalendar(app, strings.NewReader(text), options)
	ok(t, err)
	return plan
}

// lines are the lines of the calendar but the week, in few words.
func lines(t *testing.T, app core.App) []string {
	t.Helper()
	entries, err := site.ListEntries(app)
	ok(t, err)
	words := []string{}
	for _, entry := range entries[1:] {
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s %s %s", entry.Kind, entry.Day, entry.Until)))
	}
	return words
}

func TestImportCalendar(t *testing.T) {
	moved := event{"winter", "Winter Break", "2031-12-20", "2032-01-02"}
	longer := event{"winter", "Winter Break", "2031-12-22", "2032-01-09"}
	semester := event{"s1", "End of first semester", "2032-01-16", ""}
	hand := line{Kind: "closed", Day: policy.Date(2031, time.December, 20), Until: policy.Date(2032, time.January, 4), Label: "Winter"}
	handTerm := line{Kind: "term_forced", Day: policy.Date(2032, time.January, 16), Label: "Semester"}
	spring := line{Kind: "term_ceiling", Starts: policy.Date(2032, time.January, 5), Day: policy.Date(2032, time.June, 11)}
	for name, test := range map[string]struct {
		hand   []line
		first  []event // imported before, when there are any
		then   []event
		choose map[string]string
		sum    site.Counts
		past   int
		want   []string
	}{
		"a school year": {
			then: []event{laborDay, winter, quarter, bookFair, lastYears}, sum: site.Counts{Added: 3, Ignored: 1}, past: 1,
			want: []string{"closed 2031-09-01", "closed 2031-12-22 2032-01-02", "term_ceiling 2032-01-16"},
		},
		"the same file again": {
			first: []event{laborDay, winter, quarter, bookFair}, then: []event{laborDay, winter, quarter, bookFair},
			sum: site.Counts{Unchanged: 3, Ignored: 1}, want: []string{"closed 2031-09-01", "closed 2031-12-22 2032-01-02", "term_ceiling 2032-01-16"},
		},
		"a longer break": {
			first: []event{winter}, then: []event{longer}, sum: site.Counts{Updated: 1}, want: []string{"closed 2031-12-22 2032-01-09"},
		},
		"a break that moved": {
			first: []event{winter}, then: []event{moved}, sum: site.Counts{Added: 1, Removed: 1}, want: []string{"closed 2031-12-20 2032-01-02"},
		},
		"a moved break, and the old days stay": {
			first: []event{winter}, then: []event{moved}, choose: map[string]string{"winter 2031-12-22": site.Ignore}, sum: site.Counts{Added: 1},
			want: []string{"closed 2031-12-20 2032-01-02", "closed 2031-12-22 2032-01-02"},
		},
		"a past day that is no more stays": {
			first: []event{laborDay}, then: []event{{"labor", "Labor Day - No School", "2032-09-06", ""}}, sum: site.Counts{Added: 1},
			want: []string{"closed 2031-09-01", "closed 2032-09-06"},
		},
		"another calendar leaves the first alone": {
			first: []event{winter}, then: []event{bookFair}, sum: site.Counts{Ignored: 1}, want: []string{"closed 2031-12-22 2032-01-02"},
		},
		"other UIDs at each export": {
			first: []event{winter, quarter}, then: []event{{"x1", "Winter Break", "2031-12-22", "2032-01-02"}, {"x2", "End of second quarter", "2032-01-16", ""}},
			sum: site.Counts{Unchanged: 2}, want: []string{"closed 2031-12-22 2032-01-02", "term_ceiling 2032-01-16"},
		},
		"no UID": {
			first: []event{{"", "Winter Break", "2031-12-22", ""}}, then: []event{{"", "Winter Break", "2031-12-22", "2031-12-24"}},
			sum: site.Counts{Updated: 1}, want: []string{"closed 2031-12-22 2031-12-24"},
		},
		"two events without UID on one day": {
			then: []event{{"", "Winter Break", "2031-12-22", ""}, {"", "Staff Day - No School", "2031-12-22", ""}}, sum: site.Counts{Added: 2},
			want: []string{"closed 2031-12-22", "closed 2031-12-22"},
		},
		"one event twice in a file": {
			then: []event{winter, winter}, sum: site.Counts{Added: 1}, want: []string{"closed 2031-12-22 2032-01-02"},
		},
		"closed days that overlap": {
			then: []event{winter, {"xmas", "Christmas Day", "2031-12-25", ""}}, sum: site.Counts{Added: 2},
			want: []string{"closed 2031-12-22 2032-01-02", "closed 2031-12-25"},
		},
		"two term ends on one day": {
			then: []event{quarter, semester}, sum: site.Counts{Added: 1, Ignored: 1}, want: []string{"term_ceiling 2032-01-16"},
		},
		"two terms trade their days": {
			first: []event{{"q2", "End of quarter 2", "2032-01-15", "2032-01-15"}, {"q3", "End of quarter 3", "2032-01-15", "2032-01-16"}},
			then:  []event{{"q2", "End of quarter 2", "2032-01-15", "2032-01-16"}, {"q3", "End of quarter 3", "2032-01-15", "2032-01-15"}},
			sum:   site.Counts{Updated: 2}, want: []string{"term_ceiling 2032-01-15", "term_ceiling 2032-01-16"},
		},
		"said by hand already": {
			hand: []line{hand, handTerm}, then: []event{winter, quarter}, sum: site.Counts{Unchanged: 2},
			want: []string{"closed 2031-12-20 2032-01-04", "term_forced 2032-01-16"},
		},
		"a term within one entered by hand": {
			hand: []line{spring}, then: []event{quarter}, sum: site.Counts{Ignored: 1}, want: []string{"term_ceiling 2032-06-11"},
		},
		"chosen kinds": {
			then: []event{winter, quarter, bookFair}, sum: site.Counts{Added: 2, Ignored: 1}, want: []string{"term_forced 2032-01-16", "closed 2032-02-02 2032-02-06"},
			choose: map[string]string{"winter 2031-12-22": site.Ignore, "q2 2032-01-16": "term_forced", "fair 2032-02-02": "closed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := testkit.App(t)
			site.Bind(app) // the server imports with its hooks on
			for _, entry := range test.hand {
				save(t, app, entry)
			}
			if test.first != nil {
				importFile(t, app, file(test.first...), site.CalendarOptions{})
			}
			before := lines(t, app)
			dry := importFile(t, app, file(test.then...), site.CalendarOptions{Choose: test.choose, DryRun: true})
			if !reflect.DeepEqual(before, lines(t, app)) {
				t.Error("a dry run changed the calendar")
			}
			plan := importFile(t, app, file(test.then...), site.CalendarOptions{Choose: test.choose})
			if dry.Counts() != plan.Counts() {
				t.Errorf("the dry run said %+v", dry.Counts())
			}
			if plan.Counts() != test.sum || plan.Past != test.past {
				t.Errorf("did %+v and left out %d, want %+v and %d", plan.Counts(), plan.Past, test.sum, test.past)
			}
			if got := lines(t, app); !reflect.DeepEqual(got, test.want) {
				t.Errorf("the calendar is %q, want %q", got, test.want)
			}
			kept := 0
			for _, entry := range entriesOf(t, app) {
				if entry.Source == "" {
					kept++
				}
			}
			if kept != len(test.hand)+1 {
				t.Errorf("%d lines by hand are left", kept-1)
			}
		})
	}
}

func entriesOf(t *testing.T, app core.App) []line {
	t.Helper()
	entries, err := site.ListEntries(app)
	ok(t, err)
	return entries
}

// What staff made of an imported line stays when a newer file comes.
func TestImportKeepsAChosenKind(t *testing.T) {
	app := testkit.App(t)
	importFile(t, app, file(bookFair, winter), site.CalendarOptions{Choose: map[string]string{"fair 2032-02-02": "closed"}})
	entry := entriesOf(t, app)[1]
	entry.Kind = collections.CalendarOpen
	save(t, app, entry)
	plan := importFile(t, app, file(bookFair, winter), site.CalendarOptions{})
	if plan.Counts() != (site.Counts{Unchanged: 2}) {
		t.Errorf("did %+v", plan.Counts())
	}
	if want := []string{"open 2031-12-22 2032-01-02", "closed 2032-02-02 2032-02-06"}; !reflect.DeepEqual(lines(t, app), want) {
		t.Errorf("the calendar is %q, want %q", lines(t, app), want)
	}
}

func TestImportCalendarRefuses(t *testing.T) {
	forever := []event{}
	for year := 2031; year < 2035; year++ {
		forever = append(forever, event{fmt.Sprint(year), "No school", fmt.Sprintf("%d-07-01", year), fmt.Sprintf("%d-06-30", year+1)})
	}
	broken := strings.ReplaceAll(file(winter), "DTSTART;VALUE=DATE:20311222", "DTSTART:tomorrow")
	semester := event{"s1", "End of first semester", "2032-01-16", ""}
	for name, test := range map[string]struct {
		text   string
		choose map[string]string
		field  string
	}{
		"no calendar":              {"Winter Break,2031-12-22\n", nil, "file"},
		"nothing that can be read": {broken, nil, "file"},
		"no open day":              {file(forever...), nil, "file"},
		"clashing terms chosen":    {file(quarter, semester), map[string]string{"q2 2032-01-16": "term_ceiling", "s1 2032-01-16": "term_forced"}, "file"},
		"an unknown event":         {file(winter), map[string]string{"summer 2032-06-14": "closed"}, "choose"},
		"an unknown kind":          {file(winter), map[string]string{"winter 2031-12-22": "week"}, "choose"},
	} {
		t.Run(name, func(t *testing.T) {
			app := testkit.App(t)
			importFile(t, app, file(laborDay), site.CalendarOptions{})
			before := entriesOf(t, app)
			_, err := site.ImportCalendar(app, strings.NewReader(test.text), site.CalendarOptions{Now: november, Choose: test.choose})
			checkFault(t, err, fault.Invalid, test.field)
			if !reflect.DeepEqual(before, entriesOf(t, app)) {
				t.Error("a refused file changed the calendar")
			}
			var refusal *fault.Error
			if errors.As(err, &refusal) {
				for _, lang := range []say.Lang{say.English, say.Spanish} {
					if sentence := refusal.Text.In(lang); sentence == refusal.Text.Key || strings.Contains(sentence, "%!") {
						t.Errorf("says %q", sentence)
					}
				}
			}
		})
	}
}

// An empty calendar, or one with a bad event among good ones, is no fault of the file.
func TestImportTellsProblems(t *testing.T) {
	app := testkit.App(t)
	if plan := importFile(t, app, file(), site.CalendarOptions{}); len(plan.Entries)+len(plan.Problems) != 0 {
		t.Errorf("an empty calendar gave %+v", plan)
	}
	text := strings.ReplaceAll(file(laborDay, winter), "DTSTART;VALUE=DATE:20310901", "DTSTART:tomorrow")
	plan := importFile(t, app, text, site.CalendarOptions{})
	if plan.Counts().Added != 1 || len(plan.Problems) != 1 || !plan.Problems[0].Skipped || !strings.Contains(plan.Problems[0].Message, "tomorrow") {
		t.Errorf("did %+v and told %+v", plan.Counts(), plan.Problems)
	}
}

func TestPlanCalendarNotesClashingTerms(t *testing.T) {
	app := testkit.App(t)
	semester := event{"s1", "End of first semester", "2032-01-16", ""}
	plan, err := site.PlanCalendar(app, strings.NewReader(file(quarter, semester, bookFair)), site.CalendarOptions{Now: november, Lang: say.Spanish})
	ok(t, err)
	first, second, fair := plan.Entries[0], plan.Entries[1], plan.Entries[2]
	if first.Kind != "term_ceiling" || first.State != site.StateNew || second.Kind != site.Ignore || !strings.HasPrefix(second.Note, "Dos periodos") {
		t.Errorf("the terms are %+v and %+v", first, second)
	}
	if fair.Kind != site.Ignore || fair.Note != "" || len(lines(t, app)) != 0 {
		t.Errorf("the fair is %+v", fair)
	}
}

// A due date that would fall on a holiday of the imported calendar moves to the next open day, and stops at the end of a term.
func TestDueDateMindsAnImportedCalendar(t *testing.T) {
	app := testkit.App(t)
	ok(t, site.Save(app, site.School{Name: "Cedar Hollow", Zone: "America/Chicago", Language: say.English}))
	site.Watch(app)
	due := func(today string) string {
		t.Helper()
		house, err := site.Open(app)
		ok(t, err)
		decision, err := policy.DecideCheckOut(house.Rules, house.Calendar, policy.PatronView{}, policy.ItemView{}, day(t, today))
		ok(t, err)
		return decision.Due.String()
	}
	if got := due("2031-12-01"); got != "2031-12-22" {
		t.Fatalf("due on %s without a calendar", got)
	}
	importFile(t, app, file(winter, quarter), site.CalendarOptions{})
	if got := due("2031-12-01"); got != "2032-01-05" {
		t.Errorf("due on %s, want the day after the break", got)
	}
	if got := due("2032-01-06"); got != "2032-01-16" {
		t.Errorf("due on %s, want the end of the quarter", got)
	}
}

// Whatever files come in whatever order: the last one's closed days are in the calendar once, and importing it again changes nothing.
func TestImportNeverDoubles(t *testing.T) {
	app := testkit.App(t)
	site.Bind(app)
	rapid.Check(t, func(r *rapid.T) {
		if _, err := app.DB().NewQuery("DELETE FROM calendar WHERE kind != 'week'").Execute(); err != nil {
			r.Fatal(err)
		}
		draw := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) event {
			from := policy.Date(2031, time.December, 1).Add(rapid.IntRange(0, 40).Draw(r, "from"))
			summary := rapid.SampledFrom([]string{"No school", "Winter Break", "End of quarter 1", "End of semester", "Book fair"}).Draw(r, "summary")
			uid := rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(r, "uid")
			return event{uid, summary, from.String(), from.Add(rapid.IntRange(0, 9).Draw(r, "length")).String()}
		}), 0, 8)
		text := file()
		for range rapid.IntRange(1, 3).Draw(r, "files") {
			next := file(draw.Draw(r, "events")...)
			_, err := site.ImportCalendar(app, strings.NewReader(next), site.CalendarOptions{Now: november})
			switch {
			case err == nil:
				text = next
			case fault.CodeOf(err) != fault.Invalid: // two known terms that now end on one day are refused
				r.Fatal(err)
			}
		}
		again, err := site.ImportCalendar(app, strings.NewReader(text), site.CalendarOptions{Now: november})
		if err != nil {
			r.Fatal(err)
		}
		if sum := again.Counts(); sum.Added+sum.Updated+sum.Removed != 0 {
			r.Fatalf("the second time did %+v", sum)
		}
		sources := map[string]bool{}
		for _, entry := range entriesOf(t, app)[1:] {
			if sources[entry.Source] {
				r.Fatalf("%s is there twice", entry.Source)
			}
			sources[entry.Source] = true
		}
		calendar, err := site.Calendar(app)
		if err != nil {
			r.Fatal(err)
		}
		if err := calendar.Validate(policy.DayOf(november, time.UTC)); err != nil {
			r.Fatal(err)
		}
	})
}
