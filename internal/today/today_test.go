package today_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/budget"
	"carrel/internal/desk"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"
	"carrel/internal/today"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// monday is a school day at 10:00 in a school in New York.
var (
	newYork = zone("America/New_York")
	monday  = time.Date(2026, 11, 23, 10, 0, 0, 0, newYork)
	on      = policy.DayOf(monday, newYork)
)

func zone(name string) *time.Location {
	found, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return found
}

// school is a library on that Monday.
type school struct {
	testkit.Library
	made int
}

func open(t testing.TB) *school {
	t.Helper()
	s := &school{Library: testkit.NewLibrary(t)}
	check(t, site.Save(s.App, site.School{Name: "Cedar Hollow", Zone: newYork.String(), Language: say.English}))
	return s
}

func (s *school) code(prefix string) string {
	s.made++
	return fmt.Sprintf("%s-%06d", prefix, s.made)
}

func (s *school) act(at time.Time) desk.Act {
	return desk.Act{Key: s.code("today-key"), Now: at, Actor: desk.Actor{Door: "staff", Role: collections.Librarian}}
}

// child is the barcode of a new patron of a homeroom; empty for none.
func (s *school) child(room string) string {
	s.T.Helper()
	patron := s.Patron(s.code("P"))
	patron.Homeroom = room
	s.Save(patron)
	return patron.Barcode
}

// lend lends a new item so many days ago, and answers its barcode.
func (s *school) lend(patron string, daysAgo int, due policy.Day) string {
	s.T.Helper()
	item := s.Item(s.code("B")).Barcode
	_, err := desk.CheckOut(s.App, desk.CheckOutRequest{Act: s.act(monday.AddDate(0, 0, -daysAgo)), Patron: patron, Item: item, Due: due})
	check(s.T, err)
	return item
}

func (s *school) takeBack(item string, at time.Time) {
	s.T.Helper()
	_, err := desk.Return(s.App, desk.ReturnRequest{Act: s.act(at), Item: item})
	check(s.T, err)
}

func (s *school) exec(statement string, params dbx.Params) {
	s.T.Helper()
	_, err := s.App.DB().NewQuery(statement).Bind(params).Execute()
	check(s.T, err)
}

func (s *school) look(head bool, at time.Time) today.Today {
	s.T.Helper()
	found, err := today.Look(s.App, today.Asker{Head: head, Lang: say.English, Now: at})
	check(s.T, err)
	return found
}

// need is the need of a kind as JSON; empty when there is none.
func need(t testing.TB, found today.Today, kind string) string {
	t.Helper()
	for _, one := range found.Needs {
		if one["kind"] == kind {
			text, err := json.Marshal(one)
			check(t, err)
			return string(text)
		}
	}
	return ""
}

// session puts a lesson into the calendar.
func (s *school) session(day policy.Day, ends int, state, room string) {
	s.T.Helper()
	class := ""
	if room != "" {
		class = "4B"
	}
	_, err := collections.Insert(s.App, collections.Session{
		Kind: collections.SessionLesson, Name: "Primary sources", Day: day, Begins: ends - 45, Ends: ends, State: state, Homeroom: room, Class: class, Role: "planned,taught",
	})
	check(s.T, err)
}

// money is a grant of 1,000 dollars in a fiscal year that has seven months to go.
func (s *school) money(change func(*collections.Fund)) {
	s.T.Helper()
	year, err := budget.SaveYear(s.App, "a-key-of-years", collections.Year{Name: "2026–27", Starts: on - 145, Ends: on + 219})
	check(s.T, err)
	fund := collections.Fund{Year: year.ID, Name: "Title IV", Kind: "grant"}
	change(&fund)
	saved, err := budget.SaveFund(s.App, "a-key-of-funds", fund)
	check(s.T, err)
	check(s.T, budget.Allocate(s.App, budget.Act{Key: "allocate-key", At: monday, Actor: "librarian000001"}, saved.ID, 100_000))
	s.exec("UPDATE budget_funds SET id = 'fund00000000001'", nil)
}

// Lessons stand between the visits with what is done in them, and the tile of the budget is for the librarian alone.
func TestLessonsAndBudget(t *testing.T) {
	s := open(t)
	room, err := collections.Insert(s.App, collections.Homeroom{Name: "4B", Teacher: "Okafor"})
	check(t, err)
	check(t, site.SaveVisits(s.App, room.ID, "mon 13:00-13:30"))
	s.session(on, 640, "planned", room.ID)
	s.session(on, 700, "cancelled", room.ID)
	s.session(on, 710, "planned", "")
	s.money(func(*collections.Fund) {})
	found := s.look(true, monday)
	var lines []string
	for _, class := range found.Classes {
		lines = append(lines, fmt.Sprintf("%s-%s %s/%s %v %v", class.From, class.To, class.Name, class.Title, class.Now, class.CoTaught))
	}
	if got := strings.Join(lines, "|"); got != "09:55-10:40 4B/Primary sources true true|11:05-11:50 Primary sources/ false true|13:00-13:30 4B/ false false" {
		t.Errorf("%s", got)
	}
	if b := found.Budget; b == nil || b.Left != 100_000 || b.Currency != "USD" || b.Share != 1 || b.Year != 0.6 {
		t.Errorf("%+v", b)
	}
	if s.look(false, monday).Budget != nil {
		t.Error("an aide sees the budget")
	}
}

func TestAnEmptyLibrary(t *testing.T) {
	s := open(t)
	text, err := json.Marshal(s.look(true, monday))
	check(t, err)
	want := `{"on":"2026-11-23","day":"","counts":{"due_today":0,"due_back":0,"out":0,"items":0,"late":0,"late_week_ago":null},"needs":[],"late_rooms":[],"classes":[],"kiosks":[],"budget":null}`
	if string(text) != want {
		t.Errorf("%s", text)
	}
}

// What is due, back, out and late, by the calendar of the school.
func TestCounts(t *testing.T) {
	s := open(t)
	owls, foxes := s.Homeroom("4B Owls"), s.Homeroom("5A Foxes")
	owl, fox, nobody := s.child(owls.ID), s.child(foxes.ID), s.child("")
	s.lend(owl, 10, on)                                       // due today
	s.takeBack(s.lend(owl, 10, on), monday.Add(-1))           // due today, back today
	s.takeBack(s.lend(owl, 10, on), monday.AddDate(0, 0, -3)) // due today, back on Friday
	s.takeBack(s.lend(owl, 10, on+1), monday.Add(-1))         // due tomorrow, back today
	s.lend(fox, 10, on-3)                                     // due on Friday: late from Monday on
	s.lend(fox, 20, on-7)
	s.lend(owl, 20, on-7)
	s.lend(nobody, 20, on-4)
	claimed := s.lend(owl, 20, on-7)
	_, err := desk.Claim(s.App, desk.ClaimRequest{Act: s.act(monday), Item: claimed, Claim: collections.ClaimReturned})
	check(t, err)
	gone := s.Item("B1")
	gone.Status = collections.ItemWithdrawn
	s.Save(gone)
	found := s.look(true, monday)
	if diff := cmp.Diff(today.Counts{DueToday: 2, DueBack: 1, Out: 6, Items: 9, Late: 4}, found.Counts); diff != "" {
		t.Error(diff)
	}
	want := []today.Room{{ID: foxes.ID, Name: "5A Foxes", N: 2}, {N: 1}, {ID: owls.ID, Name: "4B Owls", N: 1}}
	if diff := cmp.Diff(want, found.LateRooms); diff != "" {
		t.Error(diff)
	}
	// on the weekend what was due on Friday is not late yet
	if late := s.look(true, monday.AddDate(0, 0, -1)).Counts.Late; late != 3 {
		t.Errorf("%d late on Sunday", late)
	}
	s.Closed(on)
	if late := s.look(true, monday).Counts.Late; late != 3 {
		t.Errorf("%d late on a closed Monday", late)
	}
}

// A week later it is known how many were late, and not before.
func TestLateAWeekAgo(t *testing.T) {
	s := open(t)
	patron := s.child("")
	s.lend(patron, 20, on-7)
	item := s.lend(patron, 20, on-7)
	result, err := today.Count.Run(t.Context(), s.App, on, func() time.Time { return monday })
	check(t, err)
	summary, err := json.Marshal(map[string]any{"tries": 1, "result": result})
	check(t, err)
	for _, state := range []string{"done", "failed"} {
		_, err := collections.Insert(s.App, collections.JobRun{
			Job: today.Count.Name, Slot: map[string]string{"done": on.String(), "failed": (on + 1).String()}[state], State: state, Summary: summary,
		})
		check(t, err)
	}
	s.takeBack(item, monday)
	if got := s.look(true, monday).Counts.LateWeekAgo; got != nil {
		t.Errorf("%d a week before", *got)
	}
	week := s.look(true, monday.AddDate(0, 0, 7)).Counts
	if week.Late != 1 || week.LateWeekAgo == nil || *week.LateWeekAgo != 2 {
		t.Errorf("a week later: %+v", week)
	}
	if got := s.look(true, monday.AddDate(0, 0, 8)).Counts.LateWeekAgo; got != nil {
		t.Errorf("%d though the count had failed", *got)
	}
}

func TestClasses(t *testing.T) {
	s := open(t)
	cycle := collections.CalendarEntry{Kind: collections.CalendarCycle, Day: on, Labels: "A, B"}
	_, err := collections.Insert(s.App, cycle)
	check(t, err)
	rooms := map[string]string{}
	for name, visits := range map[string]string{
		"Owls": "mon 10:30-11:00", "Foxes": "A 08:50-09:30; mon 14:00-14:30", "Bees": "tue 10:00-10:45", "Ants": "B 09:00-10:00", "Bats": "mon 09:45-10:15", "None": "",
	} {
		room, err := collections.Insert(s.App, collections.Homeroom{Name: name, Teacher: "Ms. " + name})
		check(t, err)
		check(t, site.SaveVisits(s.App, room.ID, visits))
		rooms[name] = room.ID
	}
	s.child(rooms["Bats"])
	s.child(rooms["Bats"])
	left := s.Patron("P1")
	left.Homeroom, left.Status = rooms["Bats"], collections.PatronLeft
	s.Save(left)
	show := func(at time.Time) (lines []string) {
		for _, class := range s.look(false, at).Classes {
			if class.Homeroom != rooms[class.Name] {
				t.Errorf("%s has the id of another", class.Name)
			}
			lines = append(lines, fmt.Sprint(class.From, "-", class.To, " ", class.Name, " ", class.Teacher, " ", class.Patrons, " ", class.Now))
		}
		return lines
	}
	for name, test := range map[string]struct {
		at   time.Time
		want string
	}{
		"Monday, day A":           {monday, "08:50-09:30 Foxes Ms. Foxes 0 false|09:45-10:15 Bats Ms. Bats 2 true|10:30-11:00 Owls Ms. Owls 0 false|14:00-14:30 Foxes Ms. Foxes 0 false"},
		"at the end of an hour":   {monday.Add(15 * time.Minute), "08:50-09:30 Foxes Ms. Foxes 0 false|09:45-10:15 Bats Ms. Bats 2 false|10:30-11:00 Owls Ms. Owls 0 false|14:00-14:30 Foxes Ms. Foxes 0 false"},
		"Tuesday, day B":          {monday.AddDate(0, 0, 1), "09:00-10:00 Ants Ms. Ants 0 false|10:00-10:45 Bees Ms. Bees 0 true"},
		"Saturday":                {monday.AddDate(0, 0, 5), ""},
		"after the cycle's start": {monday.AddDate(0, 0, 3), "09:00-10:00 Ants Ms. Ants 0 false"},
	} {
		if got := strings.Join(show(test.at), "|"); got != test.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if day := s.look(false, monday.AddDate(0, 0, 1)).Day; day != "B" {
		t.Errorf("Tuesday is day %q", day)
	}
	s.Closed(on)
	if got := s.look(false, monday); len(got.Classes) != 0 || got.Day != "" {
		t.Errorf("on a closed day: %v", got.Classes)
	}
}

func TestKiosks(t *testing.T) {
	s := open(t)
	stored := func(at time.Time) types.DateTime {
		when, err := types.ParseDateTime(at)
		check(t, err)
		return when
	}
	for _, kiosk := range []collections.Kiosk{
		{Name: "Window", State: collections.KioskPaired, LastSeen: stored(monday.Add(-time.Minute))},
		{Name: "Door", State: collections.KioskPaired, LastSeen: stored(monday.Add(-time.Hour)), LockedAt: stored(monday)},
		{Name: "Old", State: collections.KioskRevoked},
		{State: collections.KioskWaiting},
	} {
		kiosk.Settings = types.JSONRaw("{}")
		_, err := collections.Insert(s.App, kiosk)
		check(t, err)
	}
	found := s.look(false, monday)
	var lines []string
	for _, kiosk := range found.Kiosks {
		lines = append(lines, fmt.Sprint(kiosk.Name, " ", kiosk.State, " ", kiosk.Heard, " ", kiosk.Locked, " ", kiosk.On))
	}
	if got := strings.Join(lines, "|"); got != "Door paired 2026-11-23T14:00:00Z true false|Window paired 2026-11-23T14:59:00Z false true" {
		t.Error(got)
	}
	if got := need(t, found, "kiosk_locked"); got != `{"id":"`+found.Kiosks[0].ID+`","kind":"kiosk_locked","name":"Door"}` {
		t.Error(got)
	}
}

// saved adds any record.
func (s *school) saved(collection string, values map[string]any) *core.Record {
	s.T.Helper()
	found, err := s.App.FindCollectionByNameOrId(collection)
	check(s.T, err)
	record := core.NewRecord(found)
	record.Load(values)
	check(s.T, s.App.Save(record))
	return record
}

// TestNeeds makes one thing wait for a person at a time: it is named to those who can settle it, and nothing else is.
func TestNeeds(t *testing.T) {
	type m = map[string]any
	for name, test := range map[string]struct {
		make func(*school)
		kind string
		want string
		aide bool // sees it too
	}{
		"questions of kiosks": {func(s *school) {
			for i, reason := range []string{"on_loan", "on_loan", "rule"} {
				s.saved("kiosk_questions", m{"key": fmt.Sprint("question-", i), "state": "open", "reason": reason, "act": "{}"})
			}
			s.saved("kiosk_questions", m{"key": "question-9", "state": "answered", "reason": "late", "act": "{}"})
		}, "questions", `{"kind":"questions","n":3,"reasons":{"on_loan":2,"rule":1}}`, false},
		"holds to pull": {func(s *school) {
			room, err := collections.Insert(s.App, collections.Homeroom{Name: "4B"})
			check(s.T, err)
			gone, err := collections.Insert(s.App, collections.Homeroom{Name: "5A"})
			check(s.T, err)
			check(s.T, site.SaveVisits(s.App, room.ID, "mon 10:30-11:00; mon 13:00-13:30"))
			check(s.T, site.SaveVisits(s.App, gone.ID, "mon 08:30-09:00"))
			for _, id := range []string{room.ID, room.ID, gone.ID, ""} {
				_, err := desk.PlaceHold(s.App, desk.HoldRequest{Act: s.act(monday), Patron: s.child(id), Title: s.Item(s.code("B")).Title})
				check(s.T, err)
			}
		}, "pull", `{"kind":"pull","n":4,"rooms":[{"name":"4B","from":"10:30","n":2}]}`, true},
		"holds that are over": {func(s *school) {
			patron, item := s.child(""), s.Item("B1")
			hold, err := desk.PlaceHold(s.App, desk.HoldRequest{Act: s.act(monday.Add(-time.Hour)), Patron: patron, Title: item.Title})
			check(s.T, err)
			_, err = desk.Return(s.App, desk.ReturnRequest{Act: s.act(monday.Add(-time.Minute)), Item: "B1"})
			check(s.T, err)
			_, err = desk.CancelHold(s.App, desk.HoldChange{Act: s.act(monday), Hold: hold.Hold.ID})
			check(s.T, err)
		}, "shelf", `{"kind":"shelf","n":1}`, true},
		"late books": {func(s *school) {
			s.lend(s.child(s.Homeroom("4B").ID), 20, on-7)
			s.lend(s.child(s.Homeroom("5A").ID), 20, on-7)
			for day, values := range map[string]m{
				"2026-11-16": {"state": "sent"}, "2026-11-18": {"state": "printed"}, "2026-11-19": {"state": "cancelled"}, "2026-11-20": {"state": "sent", "kind": "due_soon"},
			} {
				row := m{"kind": "overdue", "on_day": day, "channel": "mail", "disclosure": "count"}
				for field, value := range values {
					row[field] = value
				}
				s.saved("notices", row)
			}
		}, "late", `{"kind":"late","last":"2026-11-18","n":2,"next":"2026-11-24","rooms":2}`, true},
		"late books of which nobody is told": {func(s *school) {
			s.lend(s.child(""), 20, on-7)
			settings, err := site.LoadNotices(s.App)
			check(s.T, err)
			settings.Kinds.Overdue.On = false
			check(s.T, site.SaveNotices(s.App, settings))
		}, "late", `{"kind":"late","last":"","n":1,"next":"","rooms":1}`, true},
		"notices that failed": {func(s *school) {
			for _, state := range []string{"failed", "unknown", "sent"} {
				s.saved("notices", m{"kind": "hold_ready", "state": state, "channel": "mail", "disclosure": "count"})
			}
		}, "notices_failed", `{"kind":"notices_failed","n":2}`, false},
		"notices for paper": {func(s *school) {
			s.saved("patrons", m{"barcode": "P1", "last_name": "Ramírez", "status": "active"})
			_, err := desk.PlaceHold(s.App, desk.HoldRequest{Act: s.act(monday.Add(-time.Hour)), Patron: "P1", Title: s.Item("B1").Title})
			check(s.T, err)
			_, err = desk.Return(s.App, desk.ReturnRequest{Act: s.act(monday.Add(-time.Minute)), Item: "B1"})
			check(s.T, err)
		}, "notices_paper", `{"kind":"notices_paper","n":1}`, true},
		"a job that failed": {func(s *school) {
			for _, run := range []collections.JobRun{
				{Job: "unlink", Slot: "2026-11-22", State: "done"}, {Job: "unlink", Slot: "2026-11-23", State: "failed", Error: "The disk is full."},
				{Job: "holds", Slot: "2026-11-22", State: "failed", Error: "x"}, {Job: "holds", Slot: "2026-11-23", State: "done"},
			} {
				_, err := collections.Insert(s.App, run)
				check(s.T, err)
			}
		}, "job_failed", `{"error":"The disk is full.","job":"unlink","kind":"job_failed"}`, false},
		"an import to look at": {func(s *school) {
			for state, file := range map[string]string{"ready": "books.mrc", "done": "old.mrc", "reading": "new.mrc"} {
				row := s.saved("imports", m{"kind": "titles", "state": state, "file": file})
				if state == "ready" {
					s.exec("UPDATE imports SET id = 'import000000001' WHERE id = {:id}", dbx.Params{"id": row.Id})
				}
			}
		}, "import", `{"file":"books.mrc","id":"import000000001","kind":"import","state":"ready"}`, false},
		"a set-up that was left": {func(s *school) {
			_, err := site.SaveSetup(s.App, site.Setup{Done: []string{"school"}, Skipped: []string{"calendar"}})
			check(s.T, err)
		}, "setup", `{"at":"books","kind":"setup"}`, false},
		"lessons that may have happened": {func(s *school) {
			room, err := collections.Insert(s.App, collections.Homeroom{Name: "4B"})
			check(s.T, err)
			for _, one := range []struct {
				day   policy.Day
				ends  int
				state string
			}{
				{on - 1, 660, "planned"}, {on, 590, "planned"}, {on, 640, "planned"}, {on - 2, 660, "taught"}, {on - 3, 660, "cancelled"}, {on - 40, 660, "planned"},
			} {
				s.session(one.day, one.ends, one.state, room.ID)
			}
		}, "lesson_happened", `{"day":"2026-11-23","kind":"lesson_happened","lesson":"","n":2,"name":"Primary sources","room":"4B"}`, false},
		"a teacher's request for a lesson": {func(s *school) {
			s.session(on+3, 640, "asked", "")
		}, "lesson_asks", `{"kind":"lesson_asks","n":1,"name":"Primary sources","room":""}`, false},
		"a grant that ends": {func(s *school) {
			s.money(func(f *collections.Fund) { f.SpendBy = on + 12 })
		}, "grant_ends", `{"days":12,"id":"fund00000000001","kind":"grant_ends","message":"` + "", false},
		"a report that is due": {func(s *school) {
			s.money(func(f *collections.Fund) { f.ReportBy = on + 5 })
		}, "report_due", `{"days":5,"id":"fund00000000001","kind":"report_due","message":"` + "", false},
		"wishes of teachers": {func(s *school) {
			s.exec("INSERT INTO budget_requests (id, name, state, staff, created, updated) VALUES ('request00000001', 'Owls', 'asked', '', '', ''), ('request00000002', 'Bats', 'declined', '', '', '')", nil)
		}, "wishes", `{"kind":"wishes","n":1}`, false},
		"a calendar that is wrong": {func(s *school) {
			s.exec("UPDATE calendar SET weekdays = '' WHERE kind = 'week'", nil)
		}, "doctor", `{"kind":"doctor","message":"` + "", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.T = t
			test.make(s)
			head, aide := s.look(true, monday), s.look(false, monday)
			if got := need(t, head, test.kind); got == "" || !strings.HasPrefix(got, test.want) || len(head.Needs) != 1 {
				t.Errorf("the librarian: %v", head.Needs)
			}
			if test.aide != (need(t, aide, test.kind) != "") || !test.aide && len(aide.Needs) != 0 {
				t.Errorf("an aide: %v", aide.Needs)
			}
		})
	}
}
