package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Visit is the hour at which a homeroom comes to the library on its day.
type Visit struct {
	Day         string // weekday "mon" to "sun", or a label of a cycle
	From, Until int    // minutes of the day; Until is not included
}

// minutesOfDay bounds a visit.
const minutesOfDay = 24 * 60

// ParseVisits reads "tue 09:00-09:45; A 13:10-13:55". Nothing is no visits. What cannot be read is a fault.Invalid at "visits".
func ParseVisits(text string) ([]Visit, error) {
	var visits []Visit
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		visit, ok := parseVisit(part)
		if !ok {
			return nil, unfit("visits", "calendar.visits", part)
		}
		visits = append(visits, visit)
	}
	return visits, nil
}

func parseVisit(text string) (visit Visit, ok bool) {
	day, hours, ok := strings.Cut(text, " ")
	if !ok {
		return visit, false
	}
	from, until, ok := strings.Cut(strings.ReplaceAll(hours, " ", ""), "-")
	if !ok {
		return visit, false
	}
	days, err := ParseLibraryDays(day)
	if err != nil || len(days) != 1 {
		return visit, false
	}
	visit.Day = days[0]
	visit.From, ok = ParseClock(from)
	if !ok {
		return visit, false
	}
	visit.Until, ok = ParseClock(until)
	return visit, ok && visit.From < visit.Until
}

// ParseClock reads "9:05" or "09:05" as minutes of the day.
func ParseClock(text string) (minutes int, ok bool) {
	at, err := time.Parse("15:04", text)
	if err != nil {
		return 0, false
	}
	return at.Hour()*60 + at.Minute(), true
}

// Clock writes minutes of the day as "09:05".
func Clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// String writes a visit as ParseVisits reads it.
func (v Visit) String() string { return v.Day + " " + Clock(v.From) + "-" + Clock(v.Until) }

// VisitAt tells until when one of the visits is going on at an instant; false when none is. A closed day has no visits.
func (c Calendar) VisitAt(visits []Visit, at time.Time) (until time.Time, ok bool) {
	day := DayOf(at, c.Zone)
	local := at.In(c.Zone)
	minute := local.Hour()*60 + local.Minute()
	i := slices.IndexFunc(visits, func(visit Visit) bool {
		return visit.From <= minute && minute < visit.Until && c.IsLibraryDay(LibraryDays{visit.Day}, day)
	})
	if i < 0 {
		return until, false
	}
	year, month, date := local.Date()
	return time.Date(year, month, date, 0, min(visits[i].Until, minutesOfDay), 0, 0, c.Zone), true
}
