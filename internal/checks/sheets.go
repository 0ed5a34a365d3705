package checks

import (
	"encoding/json"
	"time"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"
	"carrel/internal/site"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// maxSheets bounds a run: no class is that large, and nobody fills the disk with seats.
const maxSheets = 300

// maxName is how many letters of a first name are kept.
const maxName = 40

// Paper is a check as a student sees it, without what is right.
type Paper struct {
	Run      string `json:"run"`
	Title    string `json:"title"`
	TitleES  string `json:"title_es"`
	When     string `json:"when"`
	Names    bool   `json:"names"`
	Language string `json:"language"`
	Items    []Item `json:"items"`
}

// Enter answers the paper of the run that is open under a code. The code is fault.NotFound (not_open) for a code that nobody gave out or that has closed.
func Enter(app core.App, code string, now time.Time) (paper Paper, err error) {
	run, err := openRun(app, code, now)
	if err != nil {
		return paper, err
	}
	check, err := Get(app, run.Check)
	if err != nil {
		return paper, err
	}
	paper = Paper{Run: run.ID, Title: check.Title, TitleES: check.TitleES, When: run.Moment, Names: run.Names, Language: check.Language, Items: check.Items}
	for i := range paper.Items {
		item := &paper.Items[i]
		item.Rubric, item.Points, item.Skill, item.SkillES = nil, 0, "", ""
		for n := range item.Choices {
			item.Choices[n].Right = false
		}
		for n := range item.Sources {
			item.Sources[n].Bin = ""
		}
	}
	return paper, nil
}

func openRun(app core.App, code string, now time.Time) (run collections.CheckRun, err error) {
	at, err := types.ParseDateTime(now)
	if err != nil {
		return run, err
	}
	run, open, err := collections.Find[collections.CheckRun](app, "REPLACE(code, ' ', '') = {:code} AND code != '' AND closes_at > {:now} AND deleted_at = ''",
		dbx.Params{"code": plain(code), "now": at.String()})
	if err == nil && !open {
		err = fault.New("checks.openRun", fault.NotFound, "checks.not_open").Named("not_open").At("code")
	}
	return run, err
}

// Sit gives a student a seat in the open run of a code. Before a lesson, and after it for who has lost theirs (seat is empty), it is a new one that nobody of
// the class had in this check; else it is the one from before, whichever way it is written. The codes are fault.NotFound (not_open, unknown_seat) and
// fault.Conflict: seat_taken when somebody sits there already, unless again says that it is the same student; full.
func Sit(app core.App, code, seat string, again bool, now time.Time) (given string, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		run, err := openRun(app, code, now)
		if err != nil {
			return err
		}
		sheets, err := collections.All[collections.CheckSheet](app, "run = {:run}", "", dbx.Params{"run": run.ID})
		if err != nil {
			return err
		}
		if len(sheets) >= maxSheets {
			return fault.New("checks.Sit", fault.Conflict, "checks.full").Named("full")
		}
		if run.Moment == collections.AfterLesson && plain(seat) != "" {
			if given, err = seatBefore(app, run, seat); err != nil {
				return err
			}
			for _, sheet := range sheets {
				if sheet.Seat == given && again {
					return nil
				}
				if sheet.Seat == given {
					return fault.New("checks.Sit", fault.Conflict, "checks.seat_taken", given).Named("seat_taken").At("seat")
				}
			}
		} else if given, err = newSeat(app, run); err != nil {
			return err
		}
		_, err = collections.Insert(app, collections.CheckSheet{
			Run: run.ID, Seat: given, Day: run.Day, State: collections.SheetJoined, Answers: types.JSONRaw("{}"), Points: types.JSONRaw("{}"),
		})
		return err
	})
	return given, err
}

// seatBefore finds a seat among those of the check before the lesson.
func seatBefore(app core.App, run collections.CheckRun, seat string) (string, error) {
	seats, err := seatsOf(app, run.Check, run.Homeroom, "r.moment = 'before'")
	if err != nil {
		return "", err
	}
	for _, one := range seats {
		if plain(one) == plain(seat) {
			return one, nil
		}
	}
	return "", fault.New("checks.seatBefore", fault.NotFound, "checks.unknown_seat").Named("unknown_seat").At("seat")
}

func newSeat(app core.App, run collections.CheckRun) (string, error) {
	seats, err := seatsOf(app, run.Check, run.Homeroom, "TRUE")
	if err != nil {
		return "", err
	}
	taken := map[string]bool{}
	for _, seat := range seats {
		taken[seat] = true
	}
	for {
		seat, err := coin(seatWords)
		if err != nil || !taken[seat] {
			return seat, err
		}
	}
}

// keptSeats bounds how many seats of former years are kept from being given again, so that there is always one left.
const keptSeats = 1500

func seatsOf(app core.App, check, homeroom, where string) (seats []string, err error) {
	err = app.DB().NewQuery(`SELECT DISTINCT s.seat FROM check_sheets s JOIN check_runs r ON r.id = s.run
		WHERE r.check_id = {:check} AND r.homeroom = {:homeroom} AND r.deleted_at = '' AND ` + where + ` ORDER BY r.opened_at DESC LIMIT {:most}`).
		Bind(dbx.Params{"check": check, "homeroom": homeroom, "most": keptSeats}).Column(&seats)
	return seats, err
}

// Sheet is what a student hands in.
type Sheet struct {
	Code    string                     `json:"code"`
	Seat    string                     `json:"seat"`
	Key     string                     `json:"key"`
	Name    string                     `json:"name"` // kept only where the run asks for it
	Answers map[string]json.RawMessage `json:"answers"`
}

// HandIn keeps a sheet. The same key again writes nothing, also when the check has closed meanwhile; another sheet of a seat that has one waits for somebody to
// say which counts. The codes are fault.Invalid (key, answers.ITEM), fault.NotFound (not_open, unknown_seat) and fault.Conflict (full).
func HandIn(app core.App, sheet Sheet, now time.Time) error {
	if len(sheet.Key) < 8 || len(sheet.Key) > 64 {
		return fault.New("checks.HandIn", fault.Invalid, "checks.key").At("key")
	}
	return app.RunInTransaction(func(app core.App) error {
		if _, there, err := collections.Find[collections.CheckSheet](app, "key = {:key}", dbx.Params{"key": sheet.Key}); err != nil || there {
			return err
		}
		run, err := openRun(app, sheet.Code, now)
		if err != nil {
			return err
		}
		check, err := Get(app, run.Check)
		if err != nil {
			return err
		}
		answers, points, err := check.mark(sheet.Answers)
		if err != nil {
			return err
		}
		return keep(app, run, sheet, answers, points, now)
	})
}

func keep(app core.App, run collections.CheckRun, sheet Sheet, answers map[string]any, points Points, now time.Time) error {
	sheets, err := collections.All[collections.CheckSheet](app, "run = {:run}", "id", dbx.Params{"run": run.ID})
	if err != nil {
		return err
	}
	record := collections.CheckSheet{Run: run.ID, State: collections.SheetDone}
	for _, one := range sheets {
		if plain(one.Seat) != plain(sheet.Seat) {
			continue
		}
		record.Seat = one.Seat
		if one.State == collections.SheetJoined {
			record.ID = one.ID
			break
		}
		record.State = collections.SheetSecond
	}
	if record.Seat == "" {
		return fault.New("checks.HandIn", fault.NotFound, "checks.unknown_seat").Named("unknown_seat").At("seat")
	}
	if record.Day, err = today(app, now); err != nil {
		return err
	}
	record.Key = sheet.Key
	if run.Names {
		record.Name = shortened(site.OneLine(sheet.Name))
	}
	if record.Answers, err = json.Marshal(answers); err != nil {
		return err
	}
	if record.Points, err = json.Marshal(points); err != nil {
		return err
	}
	if record.ID != "" {
		return collections.Update(app, record)
	}
	if len(sheets) >= maxSheets {
		return fault.New("checks.HandIn", fault.Conflict, "checks.full").Named("full")
	}
	_, err = collections.Insert(app, record)
	return err
}

func shortened(name string) string {
	if utf8.RuneCountInString(name) > maxName {
		return string([]rune(name)[:maxName])
	}
	return name
}

func today(app core.App, now time.Time) (policy.Day, error) { return dayOf(app, "", now) }
