package teaching

import (
	"slices"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/policy"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
)

// Changed is what an act did to the calendar.
type Changed struct {
	Sessions  []Session `json:"sessions"`
	Conflicts []string  `json:"conflicts"` // ids of what they clash with, and "closed"
	Undo      string    `json:"undo"`      // the key by which the act is taken back
}

// Options are how a change is meant.
type Options struct {
	Following bool // the change is for those after it in its series too
	Anyway    bool // also on a day on which the library is closed
}

// PlanSessions puts a session into the calendar, or with a repetition one on each of its open days. The codes are fault.Invalid at the field, and
// fault.Conflict: closed_day, which asks, and key_reused.
func PlanSessions(app core.App, act Act, change Change, repeat *Repeat, options Options) (Changed, error) {
	return alter(app, act, "plan", []any{change, repeat}, func(b *book, d *data) error {
		row := collections.Session{Kind: collections.SessionLesson, State: collections.SessionPlanned}
		if err := b.lay(&row, change, b.today(act)); err != nil {
			return err
		}
		rows := []collections.Session{row}
		if repeat != nil {
			days, err := repeat.days(b.house.Calendar, row.Day)
			if err != nil {
				return err
			}
			rows = onEach(days, row, repeat.Every)
		}
		if len(rows) == 0 {
			return fault.New("teaching.PlanSessions", fault.Conflict, "teaching.no_open_day").Named("closed_day").At("repeat.until")
		}
		if !options.Anyway {
			if err := b.askClosed(rows); err != nil {
				return err
			}
		}
		return b.insert(d, rows)
	})
}

func onEach(days []policy.Day, row collections.Session, every string) []collections.Session {
	rows := []collections.Session{}
	if len(days) > 1 {
		row.Series, row.Every = security.RandomStringWithAlphabet(15, core.DefaultIdAlphabet), every
	}
	for i, day := range days {
		row.Day = day
		if i > 0 { // only the first can have happened
			row.State, row.Notes = collections.SessionPlanned, ""
		}
		rows = append(rows, row)
	}
	return rows
}

// AskSession puts a teacher's request into the calendar, for one of the own homerooms. The codes are those of PlanSessions, and fault.Unauthorized for a homeroom
// of somebody else.
func AskSession(app core.App, act Act, who Who, change Change) (Changed, error) {
	return alter(app, act, "ask", change, func(b *book, d *data) error {
		if !slices.Contains(who.Homerooms, string(value(change.Homeroom))) {
			return fault.New("teaching.AskSession", fault.Unauthorized, "door.not_your_homeroom")
		}
		row := collections.Session{Kind: collections.SessionLesson, State: collections.SessionAsked, AskedBy: who.ID}
		asked := Change{Homeroom: change.Homeroom, Day: change.Day, From: change.From, Until: change.Until, Name: change.Name, Notes: change.Notes, Needs: change.Needs}
		if err := b.lay(&row, asked, b.today(act)); err != nil {
			return err
		}
		if row.Name == "" {
			return unfit("AskSession", "name", "teaching.nameless")
		}
		return b.insert(d, []collections.Session{row})
	})
}

// ChangeSession changes an entry of the calendar that was as of updated when the one who changes it looked; a visit of the timetable becomes a session that
// stands instead of it. The codes are fault.NotFound (unknown_session), fault.Invalid at the field, and fault.Conflict: changed, closed_day, which asks,
// not_asked and key_reused.
func ChangeSession(app core.App, act Act, id, updated string, change Change, options Options) (Changed, error) {
	return alter(app, act, "change", []any{id, change, options.Following}, func(b *book, d *data) error {
		row, err := b.row(opChange, id)
		if err != nil {
			return err
		}
		if row.ID != "" && row.Updated.String() != updated {
			return fault.New("teaching."+opChange, fault.Conflict, "teaching.session_changed").Named("changed")
		}
		was := []collections.Session{row}
		if options.Following {
			if was, err = b.following(row); err != nil {
				return err
			}
		}
		rows, err := b.changed(was, change, act)
		if err != nil {
			return err
		}
		if !options.Anyway && moved(was, rows) {
			if err := b.askClosed(rows); err != nil {
				return err
			}
		}
		return b.update(d, was, rows)
	})
}

// following are a session and those after it in its series that are still to come.
func (b *book) following(row collections.Session) ([]collections.Session, error) {
	rows := []collections.Session{row}
	if row.Series == "" {
		return rows, nil
	}
	later, err := collections.All[collections.Session](b.app, "series = {:series} AND day > {:day} AND state = 'planned'", "day, begins, id",
		dbx.Params{"series": row.Series, "day": row.Day.String()})
	return append(rows, later...), err
}

// changed lays a change over the first session, and over the others what is not of the first alone.
func (b *book) changed(was []collections.Session, change Change, act Act) ([]collections.Session, error) {
	rows := slices.Clone(was)
	if err := b.lay(&rows[0], change, b.today(act)); err != nil {
		return nil, err
	}
	change.Day, change.Notes, change.Students, change.InReport, change.Answer = nil, nil, nil, nil, nil
	if value(change.State) != collections.SessionCancelled {
		change.State = nil
	}
	for i := range rows[1:] {
		row := &rows[i+1]
		row.Day = shift(b.house.Calendar, row.Every, row.Day, was[0].Day, rows[0].Day)
		if err := b.lay(row, change, b.today(act)); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// moved tells whether a session is on another day than it was, or takes a place that it had given up.
func moved(was, rows []collections.Session) bool {
	return slices.ContainsFunc(rows, func(row collections.Session) bool {
		return !slices.ContainsFunc(was, func(before collections.Session) bool {
			return before.ID == row.ID && before.Day == row.Day && (stands(before) || !stands(row))
		})
	})
}

// DeleteSession takes an entry out of the calendar. A visit of the timetable, or what stands instead of one, is cancelled: the timetable would bring it back.
func DeleteSession(app core.App, act Act, id string, options Options) (Changed, error) {
	return alter(app, act, "delete", []any{id, options.Following}, func(b *book, d *data) error {
		row, err := b.row("DeleteSession", id)
		if err != nil {
			return err
		}
		rows := []collections.Session{row}
		if options.Following {
			if rows, err = b.following(row); err != nil {
				return err
			}
		}
		if row.Instead != "" {
			rows[0].State = collections.SessionCancelled
			return b.update(d, []collections.Session{row}, rows[:1])
		}
		return b.remove(d, rows)
	})
}

// alter does an act in a transaction and answers the calendar's entries as they are after it.
func alter(app core.App, act Act, kind string, ask any, work func(b *book, d *data) error) (changed Changed, err error) {
	err = app.RunInTransaction(func(app core.App) error {
		done, err := do(app, act, kind, ask, func(app core.App, d *data) error {
			b, err := openBook(app)
			if err != nil {
				return err
			}
			return work(b, d)
		})
		if err != nil {
			return err
		}
		changed, err = show(app, done.ids())
		changed.Undo = act.Key
		return err
	})
	return changed, err
}

// ids are the sessions that an act left.
func (d data) ids() []string {
	ids := slices.Clone(d.Made)
	for _, was := range d.Before {
		if _, left := d.After[was.Session.ID]; left {
			ids = append(ids, was.Session.ID)
		}
	}
	return ids
}

// Show answers sessions by their ids with what they clash with, for the librarian.
func Show(app core.App, ids []string) ([]Session, error) {
	changed, err := show(app, ids)
	return changed.Sessions, err
}

func show(app core.App, ids []string) (changed Changed, err error) {
	changed = Changed{Sessions: []Session{}, Conflicts: []string{}}
	if len(ids) == 0 {
		return changed, nil
	}
	b, err := openBook(app)
	if err != nil {
		return changed, err
	}
	list, params := among(ids)
	rows, err := collections.All[collections.Session](app, "id IN "+list, "day, begins, id", params)
	if err != nil {
		return changed, err
	}
	if changed.Sessions, err = b.read(rows); err != nil {
		return changed, err
	}
	err = b.addConflicts(changed.Sessions)
	for _, session := range changed.Sessions {
		for _, conflict := range session.Conflicts {
			if !slices.Contains(changed.Conflicts, conflict) {
				changed.Conflicts = append(changed.Conflicts, conflict)
			}
		}
	}
	return changed, err
}

func (b *book) today(act Act) policy.Day { return policy.DayOf(act.Now, b.house.Calendar.Zone) }

// askClosed asks whether something shall be on a day on which the library is closed.
func (b *book) askClosed(rows []collections.Session) error {
	for _, row := range rows {
		if b.shut(row) {
			return fault.New("teaching."+opChange, fault.Conflict, "teaching.closed_day", row.Day).Named("closed_day").At("day")
		}
	}
	return nil
}

func (b *book) insert(d *data, rows []collections.Session) error {
	for _, row := range rows {
		row, err := collections.Insert(b.app, row)
		if err != nil {
			return err
		}
		d.Made = append(d.Made, row.ID)
	}
	return d.left(b.app, d.Made)
}

// update writes sessions in the place of what they were; the first can be a visit of the timetable, which is written for the first time.
func (b *book) update(d *data, was, rows []collections.Session) (err error) {
	kept := []collections.Session{}
	ids := []string{}
	for i, row := range rows {
		if row.ID == "" {
			if err := b.insert(d, []collections.Session{row}); err != nil {
				return err
			}
			continue
		}
		row.Seq++
		if err := collections.Update(b.app, row); err != nil {
			return err
		}
		kept, ids = append(kept, was[i]), append(ids, row.ID)
	}
	if d.Before, err = imagesOf(b.app, kept); err != nil {
		return err
	}
	return d.left(b.app, append(ids, d.Made...))
}

func (b *book) remove(d *data, rows []collections.Session) (err error) {
	if d.Before, err = imagesOf(b.app, rows); err != nil {
		return err
	}
	for _, row := range rows {
		record, err := b.app.FindRecordById(collections.TeachingSessions, row.ID)
		if err != nil {
			return err
		}
		if err := b.app.Delete(record); err != nil {
			return err
		}
	}
	return d.left(b.app, nil)
}
