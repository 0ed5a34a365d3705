package today

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Class is one visit of a homeroom today. From and To are in school time, "08:50".
type Class struct {
	Homeroom string `json:"homeroom"` // id
	Name     string `json:"name"`
	Teacher  string `json:"teacher"`
	From     string `json:"from"`
	To       string `json:"to"`
	Patrons  int    `json:"patrons"`
	Now      bool   `json:"now"`

	over bool
}

// classes are the visits of the day, by hour; a closed day has none.
func (l look) classes() ([]Class, error) {
	classes := []Class{}
	if !l.house.Calendar.IsOpen(l.on) {
		return classes, nil
	}
	rooms, err := collections.All[collections.Homeroom](l.app, "visits != ''", "name, id", nil)
	if err != nil {
		return nil, err
	}
	local := l.asker.Now.In(l.house.Calendar.Zone)
	minute := local.Hour()*60 + local.Minute()
	for _, room := range rooms {
		visits, err := policy.ParseVisits(room.Visits)
		if err != nil {
			continue // a homeroom whose hours nobody can read has none
		}
		for _, visit := range visits {
			if !l.house.Calendar.IsLibraryDay(policy.LibraryDays{visit.Day}, l.on) {
				continue
			}
			classes = append(classes, Class{
				Homeroom: room.ID, Name: room.Name, Teacher: room.Teacher, From: clock(visit.From), To: clock(visit.Until),
				Now: visit.From <= minute && minute < visit.Until, over: visit.Until <= minute,
			})
		}
	}
	slices.SortStableFunc(classes, func(a, b Class) int { return cmp.Compare(a.From, b.From) })
	return classes, countPatrons(l.app, classes)
}

// clock writes minutes of the day.
func clock(minutes int) string {
	return fmt.Sprintf("%02d:%02d", minutes/int(time.Hour/time.Minute), minutes%int(time.Hour/time.Minute))
}

func countPatrons(app core.App, classes []Class) error {
	if len(classes) == 0 {
		return nil
	}
	ids := make([]any, len(classes))
	for i, class := range classes {
		ids[i] = class.Homeroom
	}
	var rows []struct {
		Homeroom string `db:"homeroom"`
		N        int    `db:"n"`
	}
	err := app.DB().Select("homeroom", "COUNT(*) AS n").From(collections.Patrons).
		Where(dbx.HashExp{"homeroom": ids, "status": collections.PatronActive}).GroupBy("homeroom").All(&rows)
	for _, row := range rows {
		for i := range classes {
			if classes[i].Homeroom == row.Homeroom {
				classes[i].Patrons = row.N
			}
		}
	}
	return err
}
