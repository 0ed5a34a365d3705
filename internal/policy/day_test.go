package policy

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDayAcrossDaylightSaving(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	before := time.Date(2026, time.March, 7, 23, 30, 0, 0, zone) // clocks go forward that night
	if got := DayOf(before, zone).Add(1).String(); got != "2026-03-08" {
		t.Error(got)
	}
	if got := DayOf(before.Add(time.Hour), zone).String(); got != "2026-03-08" {
		t.Error(got)
	}
}

func TestDayText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := Day(rapid.IntRange(1, 40000).Draw(t, "day"))
		back, err := ParseDay(day.String())
		if err != nil || back != day {
			t.Fatalf("%s came back as %s (%v)", day, back, err)
		}
	})
}

func FuzzParseDay(f *testing.F) {
	for _, seed := range []string{"", "2026-11-23", "2026-02-30", "23.11.2026", "1969-12-31"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, err := ParseDay(text)
		if err == nil && day != 0 && day.String() != text {
			t.Fatalf("%q was read as %s", text, day)
		}
	})
}

func TestDayIsStoredAsText(t *testing.T) {
	day := Date(2026, time.November, 23)
	stored, err := day.Value()
	if err != nil || stored != "2026-11-23" {
		t.Errorf("stored as %v (%v)", stored, err)
	}
	for name, test := range map[string]struct {
		value any
		want  Day
		bad   bool
	}{
		"text": {"2026-11-23", day, false}, "bytes": {[]byte("2026-11-23"), day, false}, "empty": {"", 0, false}, "null": {nil, 0, false},
		"a number": {int64(20780), 0, true}, "another way round": {"23.11.2026", 0, true},
	} {
		got := Day(1)
		if err := got.Scan(test.value); (err != nil) != test.bad || err == nil && got != test.want {
			t.Errorf("%s: %s (%v)", name, got, err)
		}
	}
}

func TestDayAt(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []Day{Date(2026, time.March, 8), Date(2026, time.November, 1)} { // the clocks change on both
		if at := day.At(8, zone); at.Hour() != 8 || DayOf(at, zone) != day {
			t.Errorf("%s at 8 is %s", day, at)
		}
	}
}
