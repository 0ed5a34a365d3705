package demo

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"carrel/collections"
	"carrel/internal/checks"
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
		for _, material := range from.Materials {
			kind := "note"
			if material.URL != "" {
				kind = "link"
			}
			fields.Materials = append(fields.Materials, teaching.Material{Kind: kind, Name: material.Name, URL: material.URL, Text: material.Text})
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
	latest := collections.Session{} // that 4B had of the first lesson
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
		if row.State != collections.SessionTaught || planned.Homeroom != 4 {
			continue
		}
		if err := l.addUsed(app, row); err != nil {
			return err
		}
		if planned.Lesson == 0 {
			latest = row
		}
	}
	if latest.ID == "" {
		return nil
	}
	latest.Students = sampleSeats
	latest.Notes = "Pairs needed more time on the card. Start with the sponsor question next week."
	if err := collections.Update(app, latest); err != nil {
		return err
	}
	return l.addEvidence(app, latest)
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

// addUsed puts books about nature on the cart of a session, first of all some that the class took home afterwards.
func (l *loader) addUsed(app core.App, session collections.Session) error {
	titles := []string{}
	err := app.DB().NewQuery(`SELECT t.id FROM titles t LEFT JOIN (SELECT i.title, COUNT(*) AS n FROM loans l JOIN items i ON i.id = l.item
			WHERE l.homeroom = {:class} AND l.out_at >= {:day} AND l.out_at < {:until} GROUP BY i.title) later ON later.title = t.id
		WHERE t.call_number LIKE '5%' ORDER BY COALESCE(later.n, 0) DESC, t.call_number, t.id LIMIT 12`).
		Bind(dbx.Params{"class": session.Class, "day": session.Day.Add(1).String(), "until": session.Day.Add(28).String()}).Column(&titles)
	for i, title := range titles {
		if _, err := collections.Insert(app, collections.SessionTitle{Session: session.ID, Title: title, Position: i + 1}); err != nil {
			return err
		}
	}
	return err
}

// addEvidence is what the class could do before the lesson and after it, as typed from paper.
func (l *loader) addEvidence(app core.App, session collections.Session) error {
	from := sample.Lessons[0]
	check := checks.Check{Title: "Would you trust it?", Lesson: session.Lesson, Language: "en"}
	for i, question := range from.Check {
		item := checks.Item{ID: "q" + strconv.Itoa(i+1), Kind: "choice", Skill: question.Skill, SkillES: question.SkillES, Prompt: question.Ask, Points: 1}
		for j, choice := range question.Choices {
			item.Choices = append(item.Choices, checks.Option{ID: "c" + strconv.Itoa(j+1), Text: choice, Right: j == 0})
		}
		check.Items = append(check.Items, item)
	}
	check, err := checks.Add(app, check, "sample check")
	if err != nil {
		return err
	}
	now := time.Now()
	for _, when := range []string{"before", "after"} {
		given := checks.Results{Partial: true, Plan: checks.Plan{Key: "sample results " + when, When: when, Homeroom: session.Homeroom, Session: session.ID, Day: session.Day.String()}}
		if when == "before" {
			given.Day, given.Session = session.Day.Add(-2).String(), ""
		}
		for seat := range sampleSeats {
			given.Rows = append(given.Rows, checks.SeatRow{Seat: "Otter " + strconv.Itoa(11+seat), Points: pointsAt(check, from, seat, when == "after")})
		}
		if _, err := checks.AddResults(app, check.ID, given, now); err != nil {
			return err
		}
	}
	_, err = checks.SetInReport(app, check.ID, session.Homeroom, true, now)
	return err
}

// sampleSeats are how many children took both checks.
const sampleSeats = 22

// pointsAt spreads the right answers over the seats: who could do it before mostly can afterwards.
func pointsAt(check checks.Check, from sample.Lesson, seat int, after bool) checks.Points {
	points := checks.Points{}
	for i, question := range from.Check {
		share := question.Before
		if after {
			share = question.After
		}
		points[check.Items[i].ID] = 0
		if (seat*7+i*3)%sampleSeats*100 < share*sampleSeats {
			points[check.Items[i].ID] = 1
		}
	}
	return points
}

// addAsks are two requests of teachers without an answer.
func (l *loader) addAsks(app core.App) error {
	rooms, err := l.homerooms(app)
	if err != nil || len(rooms) < 6 {
		return err
	}
	next := l.options.Today.Add(9 - int(l.options.Today.Weekday())) // a Tuesday after the weekend
	calendar := l.school.Calendar()
	for _, ask := range []collections.Session{
		{Name: "Biographies for our wax museum", Homeroom: rooms[3].ID, Class: rooms[3].Name, Grade: rooms[3].Grade, Teacher: rooms[3].Teacher, Begins: 11*60 + 20, Ends: 12 * 60},
		{Name: "Weather websites we can trust", Homeroom: rooms[2].ID, Class: rooms[2].Name, Grade: rooms[2].Grade, Teacher: rooms[2].Teacher, Begins: 11*60 + 20, Ends: 12 * 60},
	} {
		day, err := calendar.NextOpen(next)
		if err != nil {
			return err
		}
		next = day.Add(1)
		ask.Kind, ask.State, ask.Day = collections.SessionLesson, collections.SessionAsked, day
		if _, err := collections.Insert(app, ask); err != nil {
			return err
		}
	}
	return nil
}
