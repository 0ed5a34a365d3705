package checks

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// maxSeat is how long a seat on paper may be.
const maxSeat = 40

// SeatRow is one student's result on paper.
type SeatRow struct {
	Line   int    `json:"line,omitempty"` // in a file, the heading being 1
	Seat   string `json:"seat"`
	Points Points `json:"points"`
}

// Results are what somebody typed, or a file said: a row a seat, or counts when nobody can be told apart. Partial says that students may be missing.
type Results struct {
	Plan
	Rows    []SeatRow        `json:"rows"`
	Counts  map[string]Count `json:"counts"`
	Partial bool             `json:"partial"`
	Source  string           `json:"-"`
}

// AddResults keeps a run that was done on paper. A row without points is a student who was not there. The same key again answers the run that is there. The codes
// are those of Start, fault.Invalid at "rows.2.seat", "rows.2.points.ITEM", "counts.ITEM" or rows, and fault.Conflict (missing) when fewer came than are in
// the class and Partial is not set.
func AddResults(app core.App, check string, given Results, now time.Time) (run Run, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		record, there, err := planned(app, check, given.Plan, now)
		if err != nil {
			return err
		}
		if !there {
			if record, err = given.keep(app, record); err != nil {
				return err
			}
		}
		run, err = RunOf(app, record.ID, now)
		return err
	})
	return run, err
}

func (r Results) keep(app core.App, record collections.CheckRun) (collections.CheckRun, error) {
	check, err := Get(app, record.Check)
	if err != nil {
		return record, err
	}
	rows, err := check.fitRows(r.Rows)
	if err != nil {
		return record, err
	}
	most, err := check.fitCounts(r.Counts)
	if err != nil {
		return record, err
	}
	switch came := max(len(rows), most); {
	case came == 0 || len(rows) > 0 && most > 0:
		return record, unfit("rows", "checks.no_results")
	case came < record.InClass && !r.Partial:
		missing := record.InClass - came
		return record, fault.New("checks.AddResults", fault.Conflict, "checks.missing", came, record.InClass, missing).Named("missing").At("rows")
	}
	record.Source = r.Source
	if record.Source == "" {
		record.Source = collections.Typed
	}
	record.Counts = types.JSONRaw("{}")
	if most > 0 {
		if record.Counts, err = json.Marshal(r.Counts); err != nil {
			return record, err
		}
	}
	if record, err = collections.Insert(app, record); err != nil {
		return record, err
	}
	return record, keepRows(app, record, rows)
}

func keepRows(app core.App, run collections.CheckRun, rows []SeatRow) error {
	for _, row := range rows {
		points, err := json.Marshal(row.Points)
		if err != nil {
			return err
		}
		_, err = collections.Insert(app, collections.CheckSheet{
			Run: run.ID, Seat: row.Seat, Day: run.Day, State: collections.SheetDone, Answers: types.JSONRaw("{}"), Points: points,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fitRows leaves out rows without points and refuses what cannot be.
func (c Check) fitRows(given []SeatRow) (rows []SeatRow, err error) {
	if len(given) > maxSheets {
		return nil, unfit("rows", "checks.too_many_rows", maxSheets)
	}
	seats := map[string]bool{}
	for i, row := range given {
		place := fmt.Sprintf("rows.%d", i)
		row.Seat = site.OneLine(row.Seat)
		if len(row.Points) == 0 {
			continue
		}
		switch {
		case plain(row.Seat) == "" || utf8.RuneCountInString(row.Seat) > maxSeat:
			return nil, unfit(place+".seat", "checks.seat", maxSeat)
		case seats[plain(row.Seat)]:
			return nil, unfit(place+".seat", "checks.seat_twice", row.Seat)
		}
		seats[plain(row.Seat)] = true
		for id, points := range row.Points {
			item, known := c.item(id)
			if !known {
				return nil, unfit(place+".points."+id, "checks.other_item")
			}
			if points < 0 || points > item.Points {
				return nil, unfit(place+".points."+id, "checks.above", item.Points)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (c Check) fitCounts(counts map[string]Count) (most int, err error) {
	for id, count := range counts {
		if _, known := c.item(id); !known {
			return 0, unfit("counts."+id, "checks.other_item")
		}
		if count.Right < 0 || count.Of < 1 || count.Of > maxSheets || count.Right > count.Of {
			return 0, unfit("counts."+id, "checks.count", maxSheets)
		}
		most = max(most, count.Of)
	}
	return most, nil
}

// SeatsBefore lists the seats of the latest check before the lesson, in the order of the alphabet, for the rows of the one after it.
func SeatsBefore(app core.App, check, homeroom string, now time.Time) ([]string, error) {
	runs, err := readRuns(app, now, "r.check_id = {:check} AND r.homeroom = {:homeroom} AND r.moment = 'before'", dbx.Params{"check": check, "homeroom": homeroom})
	if err != nil || len(runs) == 0 {
		return []string{}, err
	}
	var seats []string
	err = app.DB().Select("seat").Distinct(true).From(collections.CheckSheets).Where(dbx.HashExp{"run": runs[0].ID, "state": collections.SheetDone}).Column(&seats)
	slices.Sort(seats)
	if seats == nil {
		seats = []string{}
	}
	return seats, err
}
