package ical

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"carrel/internal/fault"
	"carrel/internal/say"
)

// today is the day on which the files of these tests are read.
var today = time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC)

func newYork(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip("no time zones on this machine: ", err)
	}
	return zone
}

func readFile(t *testing.T, name string) ([]Event, []Problem) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	events, problems, err := Read(bytes.NewReader(data), newYork(t), today)
	if err != nil {
		t.Fatal(err)
	}
	return events, problems
}

// lines lists events as "uid from until".
func lines(events []Event) []string {
	var all []string
	for _, e := range events {
		line := e.UID + " " + e.From
		if e.Until != e.From {
			line += " " + e.Until
		}
		all = append(all, line)
	}
	return all
}

func TestDays(t *testing.T) {
	for name, want := range map[string][]string{
		"dates.ics": {"a 2025-09-01", "b 2025-12-22 2026-01-02", "c 2025-10-10", "d 2025-11-11 2025-11-12", "e 2026-01-15", "f 2026-02-16"},
		"times.ics": {"utc 2025-09-01", "floating 2025-09-03", "zone 2025-09-05", "midnight 2025-09-08", "outlook 2025-09-11", "prefix 2025-09-12",
			"night 2025-09-12 2025-09-13", "quoted 2025-09-16"},
		"alarm_inside.ics":  {"a 2025-09-01"},
		"two_calendars.ics": {"a 2025-09-01", "b 2025-09-02"},
		"cancelled.ics":     {"b 2025-09-02"},
		"lone_cr.ics":       {"a 2025-09-01"},
		"repeating.ics": {"weekly 2025-09-05", "weekly 2025-09-19", "weekly 2025-09-26",
			"until 2025-12-01 2025-12-02", "until 2025-12-08 2025-12-09", "until 2025-12-15 2025-12-16",
			"timed 2025-10-24", "timed 2025-11-07", "utcuntil 2026-01-05", "utcuntil 2026-01-06", "monday 2025-09-01", "monday 2025-09-08",
			"yearly 2025-09-01", "yearly 2026-09-07", "yearly 2027-09-06", "rdate 2026-03-01", "rdate 2026-03-05", "rdate 2026-03-10"},
		"moved.ics": {"a 2025-09-05", "a 2025-09-26", "a 2025-09-13", "b 2025-09-12"},
	} {
		t.Run(name, func(t *testing.T) {
			events, problems := readFile(t, name)
			if got := lines(events); !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			if len(problems) > 0 {
				t.Errorf("problems: %+v", problems)
			}
		})
	}
}

func TestSummary(t *testing.T) {
	for name, want := range map[string][]string{
		"folded_escaped.ics":     {`Labor Day, no school; library closed all day \ n ight`, "No School"},
		"bom_lf.ics":             {"Día feriado"},
		"windows1252.ics":        {"Día feriado"},
		"fold_inside_letter.ics": {"Día feriado"},
		"alarm_inside.ics":       {"Labor Day"},
	} {
		events, problems := readFile(t, name)
		var got []string
		for _, e := range events {
			got = append(got, e.Summary)
		}
		if !slices.Equal(got, want) || len(problems) > 0 {
			t.Errorf("%s: got %q, %+v; want %q", name, got, problems, want)
		}
	}
}

func TestProblems(t *testing.T) {
	for name, want := range map[string]struct{ problems, events []string }{
		"broken_events.ics": {
			[]string{"4 no_start No date!", "10 bad_date 20251340!", "13 backwards Backwards!", "19 too_long Ten years!", "28 bad_repeat FREQ=SOMETIMES!",
				"34 bad_date -P1D!", "40 bad_date soon!", "47 bad_repeat FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30!", "52 bad_date !",
				"55 backwards Backwards within a day!", "64 bad_repeat FREQ=HOURLY;COUNT=3!"},
			[]string{"ok 2025-09-10"},
		},
		"cut_off.ics":      {[]string{"2 unfinished !", "11 unfinished !"}, []string{"b 2025-09-02"}},
		"zone_unknown.ics": {[]string{"6 unknown_zone Mars/Olympus", "16 unknown_zone Local"}, []string{"a 2025-09-02", "b 2025-09-03", "c 2025-09-04"}},
		"endless.ics":      {[]string{"7 endless 2028-07-04"}, []string{"a 2025-07-04", "a 2026-07-04", "a 2027-07-04", "a 2028-07-04"}},
	} {
		t.Run(name, func(t *testing.T) {
			events, problems := readFile(t, name)
			var got []string
			for _, p := range problems {
				text := fmt.Sprint(p.Line, " ", p.Code, " ", p.Detail)
				if p.Skipped {
					text += "!"
				}
				got = append(got, text)
				for _, lang := range []say.Lang{say.English, say.Spanish} {
					if sentence := p.Text().In(lang); strings.Contains(sentence, "%!") || sentence == p.Text().Key {
						t.Errorf("%s says %q", p.Code, sentence)
					}
				}
			}
			if !slices.Equal(got, want.problems) {
				t.Errorf("problems\ngot  %q\nwant %q", got, want.problems)
			}
			if got := lines(events); !slices.Equal(got, want.events) {
				t.Errorf("got %q, want %q", got, want.events)
			}
		})
	}
}

func TestOneEventDoesNotFillTheFile(t *testing.T) {
	events, problems := readFile(t, "endless_daily.ics")
	if len(events) != maxRepeats || len(problems) != 1 || problems[0].Code != Endless || problems[0].Detail != events[maxRepeats-1].From {
		t.Errorf("%d events, %+v", len(events), problems)
	}
}

func TestRefused(t *testing.T) {
	event := "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20250901\n%sEND:VEVENT\n"
	many := func(n int, rule string) string {
		return "BEGIN:VCALENDAR\n" + strings.Repeat(fmt.Sprintf(event, rule), n) + "END:VCALENDAR\n"
	}
	for name, one := range map[string]struct{ text, word string }{
		"empty":            {"", "not_a_calendar"},
		"web page":         {"<html>BEGIN:VCALENDAR</html>", "not_a_calendar"},
		"bare event":       {fmt.Sprintf(event, ""), "not_a_calendar"},
		"too big":          {"BEGIN:VCALENDAR\n" + strings.Repeat("X", maxBytes), "too_big"},
		"too many events":  {many(maxEvents+1, ""), "too_many"},
		"too many repeats": {many(6, "RRULE:FREQ=DAILY;COUNT=1000\n"), "too_many"},
		"fruitless rules":  {many(maxFruitless+1, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n"), "too_many"},
	} {
		_, _, err := Read(strings.NewReader(one.text), time.UTC, today)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || f.Word != one.word || f.Field != "file" {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f.Text.In(say.Spanish) == f.Text.Key || f.Text.In(say.English) == f.Text.Key {
			t.Errorf("%s is not said in both languages", f.Text.Key)
		}
	}
	if events, _, err := Read(strings.NewReader(many(maxEvents, "")), time.UTC, today); err != nil || len(events) != maxEvents {
		t.Errorf("%d events, %v", len(events), err)
	}
}

// However a weekly event is written, it falls on the same days of the school, over both changes of the clock.
func TestWeeksKeepTheirDay(t *testing.T) {
	zone := newYork(t)
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2025, 8, 1, rapid.IntRange(4, 23).Draw(t, "hour"), 30, 0, 0, zone).AddDate(0, 0, rapid.IntRange(0, 364).Draw(t, "day"))
		weeks := rapid.IntRange(1, 60).Draw(t, "weeks")
		form := rapid.SampledFrom([]string{";VALUE=DATE:20060102", ":20060102T150405", ";TZID=America/New_York:20060102T150405"}).Draw(t, "form")
		text := fmt.Sprintf("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART%s\nRRULE:FREQ=WEEKLY;COUNT=%d\nEND:VEVENT\nEND:VCALENDAR\n", start.Format(form), weeks)
		events, problems, err := Read(strings.NewReader(text), zone, today)
		if err != nil || len(problems) > 0 || len(events) != weeks {
			t.Fatal(len(events), problems, err)
		}
		for i, e := range events {
			if want := start.AddDate(0, 0, 7*i).Format(time.DateOnly); e.From != want || e.Until != want {
				t.Fatalf("week %d: %s to %s, want %s", i, e.From, e.Until, want)
			}
		}
	})
}

// Whatever a rule says, the event is read with days in order, or it is left out with its rule named.
func TestAnyRule(t *testing.T) {
	parts := []string{
		"INTERVAL=0", "INTERVAL=2", "INTERVAL=-1", "INTERVAL=99999999", "INTERVAL=9223372036854775807", "COUNT=0", "COUNT=3", "COUNT=99999999",
		"UNTIL=20251231", "UNTIL=19700101", "UNTIL=21991231T000000Z", "BYMONTH=2", "BYMONTH=2,4", "BYMONTHDAY=30", "BYMONTHDAY=-1", "BYYEARDAY=366",
		"BYWEEKNO=53", "BYWEEKNO=-53", "BYDAY=MO", "BYDAY=5MO", "BYDAY=-53SU", "BYSETPOS=-1", "BYSETPOS=366", "BYEASTER=9000", "WKST=SU", "WKST=2SU",
		"BYHOUR=0,1,2", "BYMINUTE=1,2,3", "DTSTART=00010101", "", "X=", "=",
	}
	rapid.Check(t, func(t *rapid.T) {
		rule := strings.Join(append([]string{"FREQ=" + rapid.SampledFrom([]string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "SECONDLY"}).Draw(t, "freq")},
			rapid.SliceOfN(rapid.SampledFrom(parts), 0, 4).Draw(t, "parts")...), ";")
		start := rapid.SampledFrom([]string{";VALUE=DATE:20250901", ":20250901T010000Z", ":20240229T080000", ";VALUE=DATE:19000101", ";VALUE=DATE:21991231"}).Draw(t, "start")
		text := fmt.Sprintf("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART%s\nRRULE:%s\nEND:VEVENT\nEND:VCALENDAR\n", start, rule)
		events, problems, err := Read(strings.NewReader(text), time.UTC, today)
		if err != nil {
			t.Fatal(err)
		}
		skipped := len(problems) == 1 && problems[0].Skipped && problems[0].Code == BadRepeat
		if skipped == (len(events) > 0) || len(events) > maxRepeats+1 || len(problems) > 1 {
			t.Fatal(len(events), problems)
		}
		if !slices.IsSortedFunc(events, func(a, b Event) int { return strings.Compare(a.From, b.From) }) {
			t.Fatalf("%+v", events)
		}
	})
}

// A holiday that began long ago and never ends is still kept.
func TestEndlessSinceLongAgo(t *testing.T) {
	text := "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:No school\r\nDTSTART;VALUE=DATE:20040704\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	events, _, err := Read(strings.NewReader(text), time.UTC, today)
	if err != nil {
		t.Fatal(err)
	}
	var days []string
	for _, event := range events {
		days = append(days, event.From)
	}
	if want := []string{"2004-07-04", "2025-07-04", "2026-07-04", "2027-07-04", "2028-07-04"}; !slices.Equal(days, want) {
		t.Errorf("%v, want %v", days, want)
	}
}

func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.ics")
	if err != nil || len(names) == 0 {
		f.Fatal("no fixtures", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		events, problems, err := Read(bytes.NewReader(data), newYork(t), today)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid || events != nil {
				t.Fatal(err)
			}
			return
		}
		count := bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r")) + 1
		for _, e := range events {
			from, err := time.Parse(time.DateOnly, e.From)
			until, err2 := time.Parse(time.DateOnly, e.Until)
			if err != nil || err2 != nil || until.Before(from) || until.Sub(from) >= maxDays*24*time.Hour || e.Line < 1 || e.Line > count {
				t.Fatalf("%+v", e)
			}
			Classify(e.Summary)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Line > count || strings.Contains(p.Text().In(say.English), "%!(") {
				t.Fatalf("%+v", p)
			}
		}
	})
}
