package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCycleDay(t *testing.T) {
	calendar := weekdays()
	calendar.Cycles = []Cycle{
		{From: monday - 1, Until: monday + 20, Labels: []string{"A", "B"}}, // from a Sunday on
		{From: monday + 21, Labels: []string{"1", "2", "3"}},
	}
	calendar.Closed[monday+2] = "Storm"
	calendar.Open[monday+5] = "Book fair"
	for offset, want := range map[Day]string{
		-3: "", -1: "", 0: "A", 1: "B", 2: "", 3: "A", 4: "B", 5: "A", 6: "", 7: "B", 8: "A",
		18: "A", 19: "", 20: "", 21: "1", 22: "2", 23: "3", 24: "1", 371: "2",
	} {
		label, ok := calendar.CycleDay(monday + offset)
		if label != want || ok != (want != "") {
			t.Errorf("%s is %q, want %q", monday+offset, label, want)
		}
	}
}

// Every open day of a cycle has exactly one label, and consecutive open days have consecutive labels.
func TestCycleDaysFollowOneAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar := anyCalendar(t)
		labels := []string{"A", "B", "C", "D", "E", "F"}[:rapid.IntRange(1, 6).Draw(t, "labels")]
		cycle := Cycle{From: monday + Day(rapid.IntRange(-20, 20).Draw(t, "from")), Labels: labels}
		cycle.Until = cycle.From + Day(rapid.IntRange(0, 120).Draw(t, "length"))
		calendar.Cycles = []Cycle{cycle}
		turn := 0
		for day := cycle.From - 10; day <= cycle.Until+10; day++ {
			label, ok := calendar.CycleDay(day)
			inside := calendar.IsOpen(day) && day >= cycle.From && day <= cycle.Until
			if ok != inside {
				t.Fatalf("%s has label %q", day, label)
			}
			if !inside {
				continue
			}
			if want := labels[turn%len(labels)]; label != want {
				t.Fatalf("%s is %q, want %q", day, label, want)
			}
			turn++
		}
	})
}

func TestParseLibraryDays(t *testing.T) {
	for text, want := range map[string]LibraryDays{
		"": nil, "  ": nil, "tue, thu": {"tue", "thu"}, "A": {"A"}, "Tuesday,WED": {"tue", "wed"}, "tue, Tuesday": {"tue"}, "mon, B, 3": {"mon", "B", "3"},
	} {
		got, err := ParseLibraryDays(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	for _, text := range []string{",", "tue,", "tue,,thu", "every other Tuesday"} {
		_, err := ParseLibraryDays(text)
		checkInvalid(t, err, "library_days")
	}
}

func FuzzParseLibraryDays(f *testing.F) {
	for _, seed := range []string{"", "tue, thu", "A", "Tuesday", ",", "lunes, día B"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		days, err := ParseLibraryDays(text)
		if err != nil {
			return
		}
		back, err := ParseLibraryDays(strings.Join(days, ", "))
		if err != nil || !slices.Equal(days, back) {
			t.Fatalf("%q became %q (%v)", days, back, err)
		}
	})
}

func TestIsLibraryDay(t *testing.T) {
	calendar := weekdays()
	calendar.Cycles = []Cycle{{From: monday, Labels: []string{"A", "B"}}}
	calendar.Closed[monday+7] = "Storm"
	for name, test := range map[string]struct {
		days LibraryDays
		day  Day
		want bool
	}{
		"weekday": {LibraryDays{"mon"}, monday, true}, "another weekday": {LibraryDays{"tue"}, monday, false}, "second of two": {LibraryDays{"tue", "mon"}, monday, true},
		"closed": {LibraryDays{"mon"}, monday + 7, false}, "label": {LibraryDays{"A"}, monday, true}, "label in small": {LibraryDays{"a"}, monday, true},
		"another label": {LibraryDays{"B"}, monday, false}, "a closed day does not count": {LibraryDays{"B"}, monday + 8, true}, "none": {nil, monday, false},
	} {
		if got := calendar.IsLibraryDay(test.days, test.day); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
