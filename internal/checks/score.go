package checks

import (
	"encoding/json"
	"slices"
	"time"

	"carrel/collections"
	"carrel/internal/fault"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Written is a short answer to be scored. It says nothing of whose it is: it stands in an order of chance, without the seat.
type Written struct {
	ID     string `json:"id"` // of the sheet
	Text   string `json:"text"`
	Points *int   `json:"points"` // nil until somebody scored it
}

// Tally is what a class answered to one item. N counts those who answered, Right those with all points; Choices how many chose each choice, or put each source
// into its bin.
type Tally struct {
	ID      string         `json:"id"`
	N       int            `json:"n"`
	Right   int            `json:"right"`
	Choices map[string]int `json:"choices"`
	Texts   []Written      `json:"texts"`
}

// Twice is a seat with several sheets.
type Twice struct {
	Seat   string `json:"seat"`
	Sheets []Twin `json:"sheets"`
}

// Twin is one of several sheets of a seat.
type Twin struct {
	ID       string `json:"id"`
	Answered int    `json:"answered"`
	Points   int    `json:"points"`
	Counts   bool   `json:"counts"`
}

// Named is the first name that a student typed, with the seat.
type Named struct {
	Seat string `json:"seat"`
	Name string `json:"name"`
	Done bool   `json:"done"`
}

// View is a run with all that its class answered.
type View struct {
	Run   Run     `json:"run"`
	Items []Tally `json:"items"`
	Twice []Twice `json:"twice"`
	Names []Named `json:"students"` // only of a run with names
}

// Look reads a run with its answers. The code is fault.NotFound.
func Look(app core.App, id string, now time.Time) (view View, err error) {
	if view.Run, err = RunOf(app, id, now); err != nil {
		return view, err
	}
	check, err := Get(app, view.Run.Check)
	if err != nil {
		return view, err
	}
	sheets, err := sheetsOf(app, id)
	if err != nil {
		return view, err
	}
	record, _, err := collections.Find[collections.CheckRun](app, "id = {:id}", dbx.Params{"id": id})
	if err != nil {
		return view, err
	}
	counts, err := countsOf(record)
	if err != nil {
		return view, err
	}
	for _, item := range check.Items {
		tally := item.tally(sheets)
		if count, counted := counts[item.ID]; counted {
			tally.N, tally.Right = count.Of, count.Right
		}
		view.Items = append(view.Items, tally)
	}
	view.Twice, view.Names = twice(sheets), []Named{}
	if view.Run.Names {
		for _, sheet := range sheets {
			view.Names = append(view.Names, Named{sheet.Seat, sheet.Name, sheet.State == collections.SheetDone})
		}
	}
	return view, nil
}

// opened is a sheet whose answers can be read.
type opened struct {
	collections.CheckSheet
	answers map[string]any
	points  Points
}

// sheetsOf reads all sheets of a run, by their ids: in an order of chance.
func sheetsOf(app core.App, run string) ([]opened, error) {
	records, err := collections.All[collections.CheckSheet](app, "run = {:run}", "id", dbx.Params{"run": run})
	if err != nil {
		return nil, err
	}
	sheets := make([]opened, len(records))
	for i, record := range records {
		sheets[i].CheckSheet = record
		if err := json.Unmarshal(record.Answers, &sheets[i].answers); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(record.Points, &sheets[i].points); err != nil {
			return nil, err
		}
	}
	return sheets, nil
}

func (i Item) tally(sheets []opened) Tally {
	tally := Tally{ID: i.ID, Choices: map[string]int{}, Texts: []Written{}}
	for _, sheet := range sheets {
		points, scored := sheet.points[i.ID]
		if sheet.State != collections.SheetDone {
			continue
		}
		if scored && points == i.Points {
			tally.Right++
		}
		answer, answered := sheet.answers[i.ID]
		if answered || scored {
			tally.N++
		}
		i.count(&tally, sheet, answer)
	}
	return tally
}

func (i Item) count(tally *Tally, sheet opened, answer any) {
	switch given := answer.(type) {
	case string:
		if i.Kind == Choice {
			tally.Choices[given]++
			return
		}
		written := Written{ID: sheet.ID, Text: given}
		if points, scored := sheet.points[i.ID]; scored {
			written.Points = &points
		}
		tally.Texts = append(tally.Texts, written)
	case map[string]any:
		for _, source := range i.Sources {
			if given[source.ID] == source.Bin {
				tally.Choices[source.ID]++
			}
		}
	}
}

func twice(sheets []opened) []Twice {
	seats := map[string][]Twin{}
	undecided := map[string]bool{}
	for _, sheet := range sheets {
		if sheet.State == collections.SheetJoined {
			continue
		}
		sum := 0
		for _, points := range sheet.points {
			sum += points
		}
		seats[sheet.Seat] = append(seats[sheet.Seat], Twin{sheet.ID, len(sheet.answers), sum, sheet.State == collections.SheetDone})
		undecided[sheet.Seat] = undecided[sheet.Seat] || sheet.State == collections.SheetSecond
	}
	found := []Twice{}
	for seat := range undecided {
		if undecided[seat] {
			found = append(found, Twice{seat, seats[seat]})
		}
	}
	slices.SortFunc(found, func(a, b Twice) int {
		if a.Seat < b.Seat {
			return -1
		}
		return 1
	})
	return found
}

// Score gives a short answer its points; nil takes them back. The codes are fault.NotFound (run, answer) and fault.Invalid (item, points).
func Score(app core.App, run, sheet, item string, points *int, now time.Time) error {
	const op = "checks.Score"
	return app.RunInTransaction(func(app core.App) error {
		found, err := RunOf(app, run, now)
		if err != nil {
			return err
		}
		check, err := Get(app, found.Check)
		if err != nil {
			return err
		}
		asked, known := check.item(item)
		if !known || asked.Kind != Short {
			return fault.New(op, fault.Invalid, "checks.other_item").At("item")
		}
		if points != nil && (*points < 0 || *points > asked.Points) {
			return fault.New(op, fault.Invalid, "checks.above", asked.Points).At("points")
		}
		sheets, err := sheetsOf(app, run)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(sheets, func(s opened) bool { return s.ID == sheet && s.answers[item] != nil })
		if i < 0 {
			return fault.New(op, fault.NotFound, "checks.unknown_answer").At("answer")
		}
		one := sheets[i]
		if delete(one.points, item); points != nil {
			one.points[item] = *points
		}
		if one.Points, err = json.Marshal(one.points); err != nil {
			return err
		}
		return collections.Update(app, one.CheckSheet)
	})
}

// Decide says which of several sheets of a seat counts. The codes are fault.NotFound (run, sheet).
func Decide(app core.App, run, sheet string, now time.Time) error {
	return app.RunInTransaction(func(app core.App) error {
		if _, err := RunOf(app, run, now); err != nil {
			return err
		}
		chosen, found, err := collections.Find[collections.CheckSheet](app, "id = {:id} AND run = {:run} AND state != 'joined'", dbx.Params{"id": sheet, "run": run})
		if err == nil && !found {
			err = fault.New("checks.Decide", fault.NotFound, "checks.unknown_answer").At("sheet")
		}
		if err != nil {
			return err
		}
		_, err = app.DB().NewQuery(`UPDATE check_sheets SET state = CASE WHEN id = {:id} THEN 'done' ELSE 'aside' END
			WHERE run = {:run} AND seat = {:seat} AND state != 'joined'`).Bind(dbx.Params{"id": chosen.ID, "run": run, "seat": chosen.Seat}).Execute()
		return err
	})
}
