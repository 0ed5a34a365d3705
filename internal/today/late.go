package today

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/jobs"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Room is a homeroom with how many loans of its patrons are overdue. ID and Name are empty for patrons who have none.
type Room struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	N    int    `json:"n"`
}

// lateRooms counts what is overdue on a day, the room with the most first. A loan that the patron claims is not.
func lateRooms(app core.App, calendar policy.Calendar, on policy.Day) ([]Room, error) {
	var rows []struct {
		Due  policy.Day `db:"due"`
		ID   string     `db:"id"`
		Name string     `db:"name"`
		N    int        `db:"n"`
	}
	err := app.DB().NewQuery(`SELECT l.due, COALESCE(h.id, '') AS id, COALESCE(h.name, '') AS name, COUNT(*) AS n
		FROM loans l JOIN patrons p ON p.id = l.patron LEFT JOIN homerooms h ON h.id = p.homeroom
		WHERE l.state = 'open' AND l.claim = '' AND l.due < {:on} GROUP BY l.due, h.id ORDER BY l.due`).Bind(dbx.Params{"on": on.String()}).All(&rows)
	if err != nil {
		return nil, err
	}
	rooms, place := []Room{}, map[string]int{}
	for _, row := range rows {
		if !calendar.Overdue(row.Due, on) {
			continue
		}
		at, known := place[row.ID]
		if !known {
			at = len(rooms)
			place[row.ID] = at
			rooms = append(rooms, Room{ID: row.ID, Name: row.Name})
		}
		rooms[at].N += row.N
	}
	slices.SortFunc(rooms, func(a, b Room) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Name, b.Name)) })
	return rooms, nil
}

func total(rooms []Room) (n int) {
	for _, room := range rooms {
		n += room.N
	}
	return n
}

// jobName is the name of Count in job_runs.
const jobName = "late"

// counted is what a day leaves behind.
type counted struct {
	Late int `json:"late"`
}

// Count writes down each day how much is overdue. What was overdue a week ago cannot be told from loans that have since come back.
var Count = jobs.Daily{Name: jobName, Hour: 5, Run: func(_ context.Context, app core.App, today policy.Day, _ func() time.Time) (any, error) {
	house, err := site.Open(app)
	if err != nil {
		return nil, err
	}
	rooms, err := lateRooms(app, house.Calendar, today)
	return counted{total(rooms)}, err
}}

// countedOn is what Count found on a day; nil when it did not run.
func countedOn(app core.App, day policy.Day) (*int, error) {
	run, found, err := collections.Find[collections.JobRun](app, "job = {:job} AND slot = {:slot} AND state = 'done'",
		dbx.Params{"job": jobName, "slot": day.String()})
	if err != nil || !found {
		return nil, err
	}
	var record struct {
		Result counted `json:"result"`
	}
	if err := json.Unmarshal(run.Summary, &record); err != nil {
		return nil, err
	}
	return &record.Result.Late, nil
}
