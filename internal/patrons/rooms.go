package patrons

import (
	"database/sql"
	"errors"
	"time"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Room is a homeroom with numbers of its active patrons and its hours in the library.
type Room struct {
	ID          string `db:"id" json:"id"`
	Name        string `db:"name" json:"name"`
	Teacher     string `db:"teacher" json:"teacher"`
	Grade       string `db:"grade" json:"grade"`
	LibraryDays string `db:"library_days" json:"library_days"` // "tue, thu" or days of the cycle "A"
	Visits      string `db:"visits" json:"visits"`             // "tue 09:00-09:45; A 13:10-13:55"
	Patrons     int    `db:"patrons" json:"patrons"`
	Pictures    int    `db:"pictures" json:"pictures"` // how many of them have one
	Late        int    `db:"late" json:"late"`         // items, of whoever belongs to the homeroom
}

// Homerooms lists the homerooms by name.
func Homerooms(app core.App, now time.Time) ([]Room, error) {
	calendar, err := site.Calendar(app)
	if err != nil {
		return nil, err
	}
	rooms := []Room{}
	err = app.DB().NewQuery(`SELECT homerooms.*, COALESCE(people.patrons, 0) AS patrons, COALESCE(people.pictures, 0) AS pictures, COALESCE(overdue.late, 0) AS late
		FROM homerooms
		LEFT JOIN (SELECT room, COUNT(*) AS patrons, SUM(picture) AS pictures FROM patron_index WHERE status = 'active' GROUP BY room) people
			ON people.room = '0' || homerooms.name
		LEFT JOIN (SELECT patrons.homeroom, COUNT(*) AS late FROM loans JOIN patrons ON patrons.id = loans.patron
			WHERE loans.state = 'open' AND loans.claim = '' AND loans.due < {:late_before} GROUP BY patrons.homeroom) overdue
			ON overdue.homeroom = homerooms.id
		ORDER BY homerooms.name`).Bind(dbx.Params{"late_before": calendar.LateBefore(policy.DayOf(now, calendar.Zone)).String()}).All(&rooms)
	return rooms, err
}

// RoomFields are what a homeroom is called; nil leaves a field as it is.
type RoomFields struct {
	Name    *string `json:"name"`
	Teacher *string `json:"teacher"`
	Grade   *string `json:"grade"` // one of Grades
}

// lay puts typed fields over a homeroom.
func (f RoomFields) lay(app core.App, room collections.Homeroom) (_ collections.Homeroom, err error) {
	for _, field := range []struct {
		name   string
		max    int
		typed  *string
		stored *string
	}{
		{"name", 120, f.Name, &room.Name}, {"teacher", 200, f.Teacher, &room.Teacher}, {"grade", 4, f.Grade, &room.Grade},
	} {
		if field.typed == nil {
			continue
		}
		*field.stored, _ = asLine(app, "", *field.typed) //nolint:errcheck // any text fits
		if utf8.RuneCountInString(*field.stored) > field.max {
			return room, unfit(field.name, "patrons.set.long", field.max)
		}
	}
	if room.Name == "" {
		return room, unfit("name", "patrons.room.name")
	}
	if room.Grade, err = knownGrade(app, "", room.Grade); err != nil {
		return room, err
	}
	other, taken, err := collections.Find[collections.Homeroom](app, "name = {:name} COLLATE NOCASE AND id != {:id}", dbx.Params{"name": room.Name, "id": room.ID})
	if err == nil && taken {
		err = unfit("name", "patrons.room.taken", other.Name).Named("name_taken")
	}
	return room, err
}

// AddRoom makes a homeroom and returns its id. The code is fault.Invalid at the field (name_taken).
func AddRoom(app core.App, typed RoomFields) (id string, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		room, err := typed.lay(app, collections.Homeroom{})
		if err != nil {
			return err
		}
		room, err = collections.Insert(app, room)
		id = room.ID
		return err
	})
	return id, err
}

// ChangeRoom sets fields of a homeroom. The codes are fault.Invalid at the field (name_taken) and fault.NotFound (unknown_homeroom).
func ChangeRoom(app core.App, id string, typed RoomFields) error {
	return app.RunInTransaction(func(app core.App) error {
		before, found, err := collections.Find[collections.Homeroom](app, "id = {:id}", dbx.Params{"id": id})
		if err != nil {
			return err
		}
		if !found {
			return unknownRoom("patrons.ChangeRoom")
		}
		room, err := typed.lay(app, before)
		if err != nil || room == before {
			return err
		}
		return collections.Update(app, room)
	})
}

func unknownRoom(op string) error {
	return fault.New(op, fault.NotFound, "door.unknown_homeroom").Named("unknown_homeroom").At("id")
}

// DeleteRoom deletes a homeroom that nobody is in; who has left is in none any more. The codes are fault.NotFound (unknown_homeroom) and
// fault.Conflict (in_use).
func DeleteRoom(app core.App, id string) error {
	const op = "patrons.DeleteRoom"
	return app.RunInTransaction(func(app core.App) error {
		record, err := app.FindRecordById(collections.Homerooms, id)
		if errors.Is(err, sql.ErrNoRows) {
			return unknownRoom(op)
		}
		if err != nil {
			return err
		}
		var people int
		err = app.DB().Select("COUNT(*)").From(collections.Patrons).
			Where(dbx.HashExp{"homeroom": id, "status": collections.PatronActive}).Row(&people)
		if err != nil {
			return err
		}
		if people > 0 {
			return &fault.Error{Op: op, Code: fault.Conflict, Word: "in_use", Text: say.Count("patrons.room.in_use", people)}
		}
		return app.Delete(record)
	})
}
