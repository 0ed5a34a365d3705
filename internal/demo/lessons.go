package demo

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"carrel/collections"
	"carrel/internal/frameworks"
	"carrel/internal/sample"
	"carrel/internal/teaching"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// lessons are what the sample librarian teaches, with a calendar of the year around today. Classes come as entries of their own and not by the timetable: that one
// would open the kiosk to a class by the clock on the wall.
func (l *loader) lessons() error {
	cycle := collections.CalendarEntry{Kind: "cycle", Day: l.school.FirstDay(), Labels: "A, B"}
	if _, err := collections.Insert(l.app, cycle); err != nil {
		return err
	}
	return l.app.RunInTransaction(func(app core.App) error {
		lessons, err := l.addLessons(app)
		if err != nil {
			return err
		}
		if err := l.addSessions(app, lessons); err != nil {
			return err
		}
		return l.addAsks(app)
	})
}

// addLessons answers the ids of the lessons in the order of the sample.
func (l *loader) addLessons(app core.App) ([]string, error) {
	librarian, err := app.FindAuthRecordByEmail(collections.Staff, Email)
	if err != nil {
		return nil, err
	}
	own, err := frameworks.Own(app)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for i, from := range sample.Lessons {
		fields := teaching.Fields{Title: from.Title, Goal: from.Goal, Kind: from.Kind, GradesFrom: from.From, GradesTo: from.To, Reusable: true}
		for _, step := range from.Steps {
			fields.Steps = append(fields.Steps, teaching.Step{Text: step.Text, Minutes: step.Minutes})
		}
		for _, statement := range own {
			if slices.Contains(from.Standards, statement.Code) {
				fields.Standards = append(fields.Standards, statement.ID)
			}
		}
		act := teaching.Act{Key: "sample lesson " + strconv.Itoa(i), Actor: librarian.Id, Now: time.Now()}
		lesson, err := teaching.AddLesson(app, act, fields, nil)
		if err != nil {
			return nil, err
		}
		ids = append(ids, lesson.ID)
	}
	return ids, nil
}

func (l *loader) addSessions(app core.App, lessons []string) error {
	rooms, err := l.homerooms(app)
	if err != nil {
		return err
	}
	series := map[string]string{}
	for i, planned := range l.school.Sessions() {
		row := collections.Session{
			Kind: planned.Kind, Name: planned.Name, Place: planned.Place, Needs: planned.Needs, Day: planned.On, Begins: planned.From, Ends: planned.Until,
			State: collections.SessionPlanned,
		}
		if planned.Homeroom >= 0 && planned.Homeroom < len(rooms) {
			room := rooms[planned.Homeroom]
			row.Homeroom, row.Class, row.Grade, row.Teacher = room.ID, room.Name, room.Grade, room.Teacher
		}
		if planned.Kind == collections.SessionLesson {
			lesson := sample.Lessons[planned.Lesson]
			row.Lesson, row.Role, row.Needs = lessons[planned.Lesson], lesson.Together, lesson.Needs
		}
		if planned.On < l.options.Today && planned.Kind == collections.SessionLesson {
			row.State, row.Students = collections.SessionTaught, 22-i%3
		}
		if planned.Weeks == nil && planned.Kind == collections.SessionCheckout {
			row.Series, row.Every = fmt.Sprintf("sampleseries%03d", planned.Homeroom), "week"
		}
		row, err := collections.Insert(app, row)
		if err != nil {
			return err
		}
		if row.State == collections.SessionTaught && planned.Lesson == 0 {
			series[row.Lesson] = row.ID // the last one that 4B had
		}
	}
	for _, session := range series {
		if err := l.addUsed(app, session); err != nil {
			return err
		}
	}
	return nil
}

// homerooms are the first wing's, in the order of the sample.
func (l *loader) homerooms(app core.App) (rooms []collections.Homeroom, err error) {
	for _, home := range l.school.Homerooms[:min(6, len(l.school.Homerooms))] {
		room, found, err := collections.Find[collections.Homeroom](app, "name = {:name}", dbx.Params{"name": home.Name})
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, fmt.Errorf("the homeroom %s is not there", home.Name)
		}
		if room.Teacher == "" {
			room.Teacher = l.school.Patrons[home.Teacher].FirstName + " " + l.school.Patrons[home.Teacher].LastName
		}
		room.Grade = home.Grade
		rooms = append(rooms, room)
	}
	return rooms, nil
}

// addUsed puts books about animals on the cart of a session.
func (l *loader) addUsed(app core.App, session string) error {
	titles := []string{}
	err := app.DB().NewQuery("SELECT id FROM titles WHERE call_number LIKE '59%' ORDER BY call_number, id LIMIT 12").Column(&titles)
	for i, title := range titles {
		if _, err := collections.Insert(app, collections.SessionTitle{Session: session, Title: title, Position: i + 1}); err != nil {
			return err
		}
	}
	return err
}

// addAsks are two requests of teachers without an answer.
func (l *loader) addAsks(app core.App) error {
	rooms, err := l.homerooms(app)
	if err != nil || len(rooms) < 6 {
		return err
	}
	next := l.options.Today.Add(9 - int(l.options.Today.Weekday())) // a Tuesday after the weekend
	calendar := l.school.Calendar()
	for i, ask := range []collections.Session{
		{Name: "Biographies for our wax museum", Homeroom: rooms[3].ID, Class: rooms[3].Name, Grade: rooms[3].Grade, Teacher: rooms[3].Teacher, Begins: 13 * 60, Ends: 13*60 + 40},
		{Name: "Weather websites we can trust", Homeroom: rooms[2].ID, Class: rooms[2].Name, Grade: rooms[2].Grade, Teacher: rooms[2].Teacher, Begins: 10 * 60, Ends: 10*60 + 40},
	} {
		day, err := calendar.NextOpen(next.Add(i))
		if err != nil {
			return err
		}
		ask.Kind, ask.State, ask.Day = collections.SessionLesson, collections.SessionAsked, day
		if _, err := collections.Insert(app, ask); err != nil {
			return err
		}
	}
	return nil
}
