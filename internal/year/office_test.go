package year_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/policy"
	"carrel/internal/privacy"
	"carrel/internal/restrictions"
	"carrel/internal/sample"
	"carrel/internal/site"
)

// The days on which something is done once.
var (
	historyDay = policy.Date(2026, 8, 20)
	wishesDay  = policy.Date(2026, 9, 1)
	termDay    = policy.Date(2026, 12, 7) // when the end of term is entered, late
	termEnd    = policy.Date(2026, 12, 11)
	newYearDay = policy.Date(2027, 1, 11)
	snowDay    = policy.Date(2027, 1, 27)
	offDay     = policy.Date(2027, 2, 10)
	turnDay    = policy.Date(2027, 7, 20)
	deleteDay  = policy.Date(2027, 8, 10)
)

// office is what the librarian does once a year.
func (y *year) office() {
	y.until(18, 0)
	switch y.today {
	case historyDay:
		y.optIn()
	case offDay:
		y.optOut()
	case wishesDay:
		y.enterWishes()
	case termDay:
		y.endTerm()
	case newYearDay:
		y.midYear()
	case turnDay:
		y.turnOver()
	case deleteDay:
		y.deleteLeavers()
	}
	if y.today > turnDay && y.today < deleteDay && y.books.calendar.IsOpen(y.today) {
		y.sayGoodbye()
	}
}

// sayGoodbye lets some of those who have left come once more: they bring what they have, pay what they owe and wait for nothing.
func (y *year) sayGoodbye() {
	for _, p := range y.books.people {
		if p.status != collections.PatronLeft || !y.chance(15) {
			continue
		}
		for _, one := range slices.Clone(y.bags[p]) {
			y.take(one)
			y.bring(one.item, "")
		}
		if owed := y.books.owed(p); owed > 0 && y.chance(80) {
			y.settle(desk.SettleRequest{Patron: p.code, Kind: collections.FactPay, Cents: owed}, p)
		}
		for _, h := range y.books.holdsOf(p) {
			if kept := h.caught; y.chance(70) {
				y.cancel(h)
				if kept != nil {
					y.bring(kept, "")
				}
			}
		}
	}
}

// optIn keeps the history of those who ask for it.
func (y *year) optIn() {
	for i, p := range y.books.people {
		if i%13 == 5 {
			y.check(privacy.SetHistory(y.app, p.id, true, librarian.ID, y.now))
			p.history = true
		}
	}
}

func (y *year) optOut() {
	for i, p := range y.books.people {
		if p.history && i%2 == 0 {
			y.check(privacy.SetHistory(y.app, p.id, false, librarian.ID, y.now))
			p.history = false
		}
	}
}

// enterWishes reads the paper forms of some families.
func (y *year) enterWishes() {
	var form strings.Builder
	form.WriteString("student,rule,book barcode\n")
	for i, p := range y.books.people {
		if p.grade < 1 || i%9 != 0 {
			continue
		}
		it := y.shelf[p.grade][i]
		fmt.Fprintf(&form, "%s,no,%s\n", p.code, it.code)
		p.denied[it.title] = true
		y.books.wishes++
	}
	done, err := restrictions.Import(y.app, strings.NewReader(form.String()), restrictions.Options{File: "forms.csv", Staff: librarian.ID, Now: y.now})
	y.check(err)
	if done.Added != y.books.wishes || len(done.Rejected) > 0 {
		y.Errorf("%d wishes of families: %+v", y.books.wishes, done)
	}
}

// endTerm enters an end of term so late that books are out beyond it, and applies it: once too early, then for good.
func (y *year) endTerm() {
	entry, err := site.SaveEntry(y.app, collections.CalendarEntry{Kind: collections.CalendarTermCeiling, Day: termEnd, Label: "End of term"})
	y.check(err)
	var beyond []*loan
	for _, one := range y.books.open() {
		if one.due > termEnd {
			beyond = append(beyond, one)
		}
	}
	planned, err := desk.PlanTerm(y.app, entry.ID)
	y.check(err)
	if len(planned) != len(beyond) {
		y.Errorf("%s: the end of term would move %d loans, by the ledger %d", y.today, len(planned), len(beyond))
	}
	request := desk.TermRequest{Act: y.act(librarian), Term: entry.ID}
	y.applyTerm(request, beyond)
	y.now = y.now.Add(10 * time.Minute)
	y.check(desk.Undo(y.app, request.Key, y.now, librarian))
	y.books.undo(y.now)
	y.applyTerm(desk.TermRequest{Act: y.act(librarian), Term: entry.ID}, beyond)
}

func (y *year) applyTerm(request desk.TermRequest, beyond []*loan) {
	moved, err := desk.ApplyTerm(y.app, request)
	y.check(err)
	for _, one := range moved {
		entered := y.books.loanByID[one.Loan]
		if !slices.Contains(beyond, entered) || one.Due != termEnd || one.Was != entered.due {
			y.Errorf("%s: the end of term moved %+v, by the ledger %+v", y.today, one, entered)
		}
		y.books.moved(entered, one.Due, request.Now)
	}
	if len(moved) != len(beyond) {
		y.Errorf("%s: the end of term moved %d loans, by the ledger %d", y.today, len(moved), len(beyond))
	}
	y.did["term"] += len(moved)
}

// snow closes the library for a day nobody foresaw.
func (y *year) snow() {
	_, err := site.SaveEntry(y.app, collections.CalendarEntry{Kind: collections.CalendarClosed, Day: snowDay, Label: "Snow"})
	y.check(err)
	y.books.calendar.Closed[snowDay] = "Snow"
}

// student is a row of a roster.
func (p *person) row() []string {
	return []string{p.district, p.code, p.last, p.first, sample.GradeName(p.grade), p.room, p.email, sample.PatronStudent, p.guardian, p.language}
}

// importRoster brings in a file of students and holds the summary against what the ledger expects.
func (y *year) importRoster(students []*person, added, updated, left int) {
	path := filepath.Join(y.TempDir(), "roster.csv")
	y.check(writeRoster(path, students))
	done, err := patrons.Import(y.app, path, patrons.Options{Confirm: true})
	y.check(err)
	got := []int{done.Read, done.Patrons.Added, done.Patrons.Updated, done.Patrons.Left, len(done.Rejected)}
	if want := []int{len(students), added, updated, left, 0}; !slices.Equal(got, want) {
		y.Errorf("%s: the roster was read as (read, added, updated, left, rejected) %v, by the ledger %v: %+v", y.today, got, want, done)
	}
}

func writeRoster(path string, students []*person) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := csv.NewWriter(file)
	rows := [][]string{{"district_id", "barcode", "last_name", "first_name", "grade", "homeroom", "email", "type", "guardian_email", "language"}}
	for _, p := range students {
		rows = append(rows, p.row())
	}
	return w.WriteAll(rows)
}

func (y *year) students() (active []*person) {
	for _, p := range y.books.people {
		if p.kind == sample.PatronStudent && p.status == collections.PatronActive {
			active = append(active, p)
		}
	}
	return active
}

// newcomers are children the library does not know yet.
func (y *year) newcomers(n, grade int) (children []*person) {
	for range n {
		y.acts++
		number := strconv.Itoa(500000 + y.acts)
		children = append(children, &person{
			code: number, district: number, first: "Newcomer", last: "Family" + number, grade: grade, room: y.school.Homerooms[grade].Name, kind: sample.PatronStudent,
			guardian: "family." + number + "@example.org", language: "es", status: collections.PatronActive, denied: map[string]bool{},
		})
	}
	return children
}

// midYear is a roster with a few changes: three families have moved away, two have come.
func (y *year) midYear() {
	students := y.students()
	for range 3 {
		at := y.random.IntN(len(students))
		students[at].status = collections.PatronLeft
		students = slices.Delete(students, at, at+1)
	}
	come := y.newcomers(2, 3)
	y.importRoster(slices.Concat(students, come), 2, 0, 3)
	for _, p := range come {
		y.admit(p)
	}
}

// turnOver is the roster of the next school year: everybody moves up but two, the oldest leave, the youngest come. A file cut off in the middle
// changes nothing.
func (y *year) turnOver() {
	var stay []*person
	left, moved := 0, 0
	for i, p := range y.students() {
		switch {
		case p.grade == 5 || i == 40:
			p.status = collections.PatronLeft
			left++
			continue
		case i != 17 && i != 60:
			p.grade++
			p.room = y.school.Homerooms[p.grade].Name
			moved++
		}
		stay = append(stay, p)
	}
	short := filepath.Join(y.TempDir(), "short.csv")
	y.check(writeRoster(short, stay[:len(stay)/2]))
	if _, err := patrons.Import(y.app, short, patrons.Options{}); fault.CodeOf(err) != fault.Conflict {
		y.Errorf("half a roster: %v", err)
	}
	come := y.newcomers(24, 0)
	y.importRoster(slices.Concat(stay, come), len(come), moved, left)
	for _, p := range come {
		y.admit(p)
	}
}

// deleteLeavers removes who has left, and is refused while anything is open.
func (y *year) deleteLeavers() {
	for _, p := range y.books.people {
		if p.status != collections.PatronLeft {
			continue
		}
		y.now = y.now.Add(6 * time.Second)
		err := privacy.DeletePatron(y.app, p.id, librarian.ID, y.now)
		if want := y.holdsBack(p); wordOf(err) != want {
			y.Errorf("%s: deleting %s is answered with %v, by the ledger %q", y.today, p.code, err, want)
		}
		if err != nil {
			y.did["kept"]++
			continue
		}
		y.did["deleted"]++
		y.forget(p)
	}
}

// holdsBack is why somebody cannot be deleted; empty when nothing is open.
func (y *year) holdsBack(p *person) string {
	switch {
	case len(y.books.openOf(p)) > 0:
		return "has_loans"
	case len(y.books.owing(p)) > 0:
		return "owes"
	case len(y.books.holdsOf(p)) > 0:
		return "has_holds"
	}
	return ""
}

func (y *year) forget(p *person) {
	p.status = deleted
	y.books.wishes -= len(p.denied)
	for _, one := range y.books.loans {
		one.linked = one.linked && one.person != p
	}
	for _, h := range y.books.holds {
		h.linked = h.linked && h.person != p
	}
	for _, c := range y.books.charges {
		c.linked = c.linked && c.person != p
	}
}
