package policy

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseVisits(t *testing.T) {
	for _, bad := range []string{"tue", "tue 9", "tue 09:45-09:00", "tue 09:00-09:00", "tue 25:00-26:00", "tue,wed 09:00-10:00", "09:00-10:00"} {
		_, err := ParseVisits(bad)
		t.Run(bad, func(t *testing.T) { checkInvalid(t, err, "visits") })
	}
	visits, err := ParseVisits(" Tuesday 9:00 - 9:45 ;A 13:10-13:55;")
	if err != nil || len(visits) != 2 || visits[0] != (Visit{"tue", 540, 585}) || visits[1] != (Visit{"A", 790, 835}) {
		t.Errorf("%v, %v", visits, err)
	}
	if visits, err := ParseVisits(""); err != nil || visits != nil {
		t.Errorf("nothing: %v, %v", visits, err)
	}
}

func TestVisitAt(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	calendar := weekdays()
	calendar.Zone = zone
	calendar.Closed[Date(2026, time.November, 24)] = "Snow day"
	calendar.Cycles = []Cycle{{From: Date(2026, time.November, 23), Labels: []string{"A", "B"}}}
	visits, err := ParseVisits("tue 09:00-09:45; B 13:00-14:00")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		at   time.Time
		want string
	}{
		"a closed Tuesday":      {time.Date(2026, 11, 24, 9, 10, 0, 0, zone), ""},
		"the next Tuesday":      {time.Date(2026, 12, 1, 9, 0, 0, 0, zone), "09:45"},
		"the last minute":       {time.Date(2026, 12, 1, 9, 44, 59, 0, zone), "09:45"},
		"just over":             {time.Date(2026, 12, 1, 9, 45, 0, 0, zone), ""},
		"a B day":               {time.Date(2026, 11, 25, 13, 30, 0, 0, zone), "14:00"},
		"an A day":              {time.Date(2026, 11, 26, 13, 30, 0, 0, zone), ""},
		"told in another zone":  {time.Date(2026, 12, 1, 14, 10, 0, 0, time.UTC), "09:45"},
		"the night before, UTC": {time.Date(2026, 12, 1, 9, 10, 0, 0, time.UTC), ""},
	} {
		until, ok := calendar.VisitAt(visits, test.at)
		got := ""
		if ok {
			got = until.In(zone).Format("15:04")
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestVisitText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, minutesOfDay-2).Draw(t, "from")
		visit := Visit{rapid.SampledFrom([]string{"mon", "sun", "A", "6"}).Draw(t, "day"), from, rapid.IntRange(from+1, minutesOfDay-1).Draw(t, "until")}
		back, err := ParseVisits(visit.String())
		if err != nil || len(back) != 1 || back[0] != visit {
			t.Fatalf("%s came back as %v (%v)", visit, back, err)
		}
	})
}
