package teaching

import (
	"maps"
	"slices"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const visitMark = "visit:"

// standsFor names a visit of the timetable: HOMEROOM:DAY:FROM.
func standsFor(room string, day policy.Day, from int) string {
	return room + ":" + day.String() + ":" + policy.Clock(from)
}

// visits are the visits of the timetable on some days, but for those that a session stands instead of.
func (b *book) visits(from, until policy.Day) ([]Session, error) {
	var taken []string
	err := b.app.DB().NewQuery("SELECT instead FROM teaching_sessions WHERE instead != ''").Column(&taken)
	if err != nil {
		return nil, err
	}
	gone := map[string]bool{}
	for _, one := range taken {
		gone[one] = true
	}
	sessions, days := []Session{}, map[string][]policy.Day{}
	for _, id := range slices.Sorted(maps.Keys(b.rooms)) {
		room := b.rooms[id]
		visits, err := policy.ParseVisits(room.Visits)
		if err != nil {
			continue // a homeroom whose hours nobody can read has none
		}
		for _, visit := range visits {
			if _, known := days[visit.Day]; !known {
				days[visit.Day] = b.libraryDays(visit.Day, from, until)
			}
			for _, day := range days[visit.Day] {
				if !gone[standsFor(id, day, visit.From)] {
					sessions = append(sessions, b.visit(room, day, visit))
				}
			}
		}
	}
	return sessions, nil
}

// libraryDays are the days called so, "tue" or "A", among some days.
func (b *book) libraryDays(called string, from, until policy.Day) []policy.Day {
	days := []policy.Day{}
	for day := from; day <= until; day++ {
		if b.house.Calendar.IsLibraryDay(policy.LibraryDays{called}, day) {
			days = append(days, day)
		}
	}
	return days
}

// VisitNow tells which class is in the library at an instant by the timetable, and until when. A visit that was moved or cancelled counts as it stands in the
// calendar.
func VisitNow(app core.App, now time.Time) (room collections.Homeroom, until time.Time, here bool, err error) {
	rooms, err := collections.All[collections.Homeroom](app, "visits != ''", "name, id", nil)
	if err != nil || len(rooms) == 0 {
		return room, until, false, err
	}
	house, err := site.Open(app)
	if err != nil {
		return room, until, false, err
	}
	b := &book{app: app, house: house}
	local := now.In(house.Calendar.Zone)
	day, minute := policy.DayOf(now, house.Calendar.Zone), local.Hour()*60+local.Minute()
	changed, err := collections.All[collections.Session](app, "instead != '' AND (day = {:day} OR instead LIKE {:named})", "begins, id",
		dbx.Params{"day": day.String(), "named": "%:" + day.String() + ":%"})
	if err != nil {
		return room, until, false, err
	}
	for _, room := range rooms {
		if ends, here := endOfVisit(b.house.Calendar, room, day, minute, changed); here {
			return room, b.at(day, ends), true, nil
		}
	}
	return room, until, false, nil
}

// endOfVisit is the minute at which the visit of a class ends that is going on.
func endOfVisit(calendar policy.Calendar, room collections.Homeroom, day policy.Day, minute int, changed []collections.Session) (int, bool) {
	for _, row := range changed {
		if row.Homeroom == room.ID && row.Day == day && row.Kind == collections.SessionCheckout && stands(row) && row.Begins <= minute && minute < row.Ends {
			return row.Ends, true
		}
	}
	visits, err := policy.ParseVisits(room.Visits)
	if err != nil {
		return 0, false // a homeroom whose hours nobody can read has none
	}
	for _, visit := range visits {
		another := slices.ContainsFunc(changed, func(row collections.Session) bool { return row.Instead == standsFor(room.ID, day, visit.From) })
		if !another && visit.From <= minute && minute < visit.Until && calendar.IsLibraryDay(policy.LibraryDays{visit.Day}, day) {
			return visit.Until, true
		}
	}
	return 0, false
}

func (b *book) visit(room collections.Homeroom, day policy.Day, visit policy.Visit) Session {
	s := b.session(rowOfVisit(room, day, visit))
	s.ID, s.Visit, s.Updated = visitMark+s.row.Instead, true, ""
	return s
}

func rowOfVisit(room collections.Homeroom, day policy.Day, visit policy.Visit) collections.Session {
	return collections.Session{
		Kind: collections.SessionCheckout, Homeroom: room.ID, Class: room.Name, Grade: room.Grade, Teacher: room.Teacher, Day: day,
		Begins: visit.From, Ends: visit.Until, State: collections.SessionPlanned, Instead: standsFor(room.ID, day, visit.From),
	}
}

// visitRow is the session that will stand instead of a visit. When one does already, it is that one.
func (b *book) visitRow(op, id string) (row collections.Session, err error) {
	instead := strings.TrimPrefix(id, visitMark)
	row, found, err := collections.Find[collections.Session](b.app, "instead = {:instead}", dbx.Params{"instead": instead})
	if err != nil || found {
		return row, err
	}
	parts := strings.SplitN(instead, ":", 3)
	if len(parts) < 3 {
		return row, unknown(op, "session", "unknown_session")
	}
	room, day := b.rooms[parts[0]], policy.Day(0)
	if day, err = policy.ParseDay(parts[1]); err != nil {
		return row, unknown(op, "session", "unknown_session")
	}
	visits, err := policy.ParseVisits(room.Visits)
	if err != nil {
		return row, unknown(op, "session", "unknown_session")
	}
	for _, visit := range visits {
		if policy.Clock(visit.From) == parts[2] && b.house.Calendar.IsLibraryDay(policy.LibraryDays{visit.Day}, day) {
			return rowOfVisit(room, day, visit), nil
		}
	}
	return row, unknown(op, "session", "unknown_session")
}
