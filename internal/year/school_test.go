package year_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/demo"
	"carrel/internal/desk"
	"carrel/internal/patrons"
	"carrel/internal/policy"
	"carrel/internal/sample"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/core"
)

// The money of the school, beside the rules it starts from.
const (
	centsPerDay = 10
	graceDays   = 1
	capCents    = 300
	pickupDays  = 5
	keepDays    = 14
)

var (
	firstDay  = policy.Date(2026, 8, 10)
	lastDay   = policy.Date(2027, 8, 13)
	librarian = desk.Actor{Door: "staff", ID: "librarian000001", Role: collections.Librarian}
	aide      = desk.Actor{Door: "staff", ID: "aide00000000001", Role: collections.Aide}
	kiosk     = desk.Actor{Door: "kiosk", ID: "kiosk0000000001"}
	nobody    = desk.Actor{Door: "command"}
)

// year is the sample school with its readers, the clock on the wall, and the ledger kept beside the library. What the ledger believes and where things really
// are differ now and then, as they do in every library.
type year struct {
	*testing.T
	app    core.App
	random *rand.Rand
	school *sample.School
	books  *ledger

	now      time.Time
	today    policy.Day
	acts     int
	did      map[string]int
	refusals map[policy.Code]int

	place  map[*item]place
	bags   map[*person][]*carried
	drop   []*carried // in the book drop
	queued []offline  // acts of a kiosk that was cut off
	gone   []*item    // nobody knows where
	rooms  map[string]string
	shelf  map[int][]*item // what a grade chooses from, those in front more often
	fans   []string        // titles (id) that are asked for

	tried    policy.Day // when somebody last tried to take back an old act
	monthOld string     // which one is tried next
}

// place is where an item really is.
type place int

const (
	onShelf place = iota
	withReader
	inDrop
	onHoldShelf
	inBackroom
	outOfSight
	elsewhere // at another school
	discarded
)

// carried is an item in somebody's bag, and what will become of it.
type carried struct {
	item *item
	by   *person
	back policy.Day // the day from which it is brought back
	how  fate
	at   time.Time // when it was dropped into the box
}

type fate int

const (
	broughtBack fate = iota
	droppedInBox
	broken
	incomplete
	neverBack
	putOnShelf // by the child, without the desk
)

// open puts the sample school into a library and makes it one with rules, fees and terms.
func open(t *testing.T, seed uint64) *year {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	y := &year{
		T: t, app: testkit.App(t), random: rand.New(rand.NewPCG(seed, 2026)), today: firstDay, now: firstDay.At(1, zone),
		did: map[string]int{}, refusals: map[policy.Code]int{}, place: map[*item]place{}, bags: map[*person][]*carried{},
		rooms: map[string]string{}, shelf: map[int][]*item{},
	}
	loaded, err := demo.Load(y.app, demo.Options{Seed: int64(seed), Scale: 1, Today: firstDay})
	y.check(err)
	// The sample enters its history now, by the clock of the machine; in this school that was the night before the first day.
	for _, statement := range []string{
		"UPDATE circ_events SET recorded_at = {:at}", "UPDATE loans SET updated = {:at}",
	} {
		_, err := y.app.DB().NewQuery(statement).Bind(map[string]any{"at": stamp(y.now)}).Execute()
		y.check(err)
	}
	y.school = sample.New(int64(seed), 1, firstDay, time.Local)
	y.books = &ledger{
		calendar: y.school.Calendar(), keepDays: keepDays, before: loaded.Loans,
		loanByID: map[string]*loan{}, holdByID: map[string]*hold{}, feeByID: map[string]*charge{},
	}
	y.books.calendar.Zone = zone
	y.decide()
	site.Watch(y.app)
	y.enterItems()
	y.enterPeople()
	y.enterLoans()
	return y
}

// decide makes the rules, the fees and the calendar of the year.
func (y *year) decide() {
	y.check(site.Save(y.app, site.School{Name: sample.Name, Zone: "America/New_York", Language: say.English}))
	y.check(site.SaveFees(y.app, site.Fees{On: true, Currency: "USD"}))
	_, err := site.ApplyShipped(y.app, "K-5", true)
	y.check(err)
	rows, err := site.ListRules(y.app)
	y.check(err)
	at := slices.IndexFunc(rows, func(row site.RuleRow) bool { return row.PatronType == "" && row.ItemType == "" })
	whole := rows[at]
	for into, cents := range map[**int]int{
		&whole.Terms.FeePerDay: centsPerDay, &whole.Terms.FeeGrace: graceDays, &whole.Terms.FeeCap: capCents, &whole.Terms.FeeLimit: 1500,
		&whole.Terms.LostFee: 1500, &whole.Terms.ProcessingFee: 200,
	} {
		*into = &cents
	}
	_, err = site.SaveRule(y.app, whole)
	y.check(err)
	// the last weeks of the school year end on one day, whatever the rules say
	_, err = site.SaveEntry(y.app, collections.CalendarEntry{Kind: collections.CalendarTermForced, Starts: forcedFrom, Day: forcedDay, Label: "All books back"})
	y.check(err)
}

var (
	forcedFrom = policy.Date(2027, 6, 1)
	forcedDay  = policy.Date(2027, 6, 25)
)

func (y *year) enterItems() {
	fans := map[string]bool{}
	for _, one := range y.school.Items {
		thing, err := desk.FindItem(y.app, one.Barcode)
		y.check(err)
		it := &item{
			code: one.Barcode, id: thing.ID, title: thing.Title, location: one.Location, price: one.PriceCents, notForLoan: one.NotForLoan, status: thing.Status,
		}
		y.books.items = append(y.books.items, it)
		if one.NotForLoan || one.Type == "Equipment" {
			continue
		}
		title := y.school.Titles[one.Title]
		for grade := range 6 {
			if title.Grades.Fit(grade) {
				y.shelf[grade] = append(y.shelf[grade], it)
			}
		}
		y.shelf[-1] = append(y.shelf[-1], it)
		if title.Grades.Fit(3) && one.Title%4 == 0 && !fans[it.title] {
			fans[it.title] = true
			y.fans = append(y.fans, it.title)
		}
	}
	y.fans = y.fans[:25]
}

func (y *year) enterPeople() {
	rooms, err := patrons.Homerooms(y.app, time.Now())
	y.check(err)
	for _, room := range rooms {
		y.rooms[room.Name] = room.ID
	}
	for i, room := range y.school.Homerooms {
		day := strings.ToLower(visitDay(i).String()[:3])
		y.check(site.SaveLibraryDays(y.app, y.rooms[room.Name], day))
	}
	for _, one := range y.school.Patrons {
		p := &person{
			code: one.Barcode, district: one.DistrictID, first: one.FirstName, last: one.LastName, grade: -1, kind: one.Type,
			email: one.Email, guardian: one.GuardianEmail, language: one.Language, status: collections.PatronActive, denied: map[string]bool{},
		}
		if one.Homeroom >= 0 && one.Type == sample.PatronStudent {
			p.room, p.grade = y.school.Homerooms[one.Homeroom].Name, one.Homeroom
		}
		y.admit(p)
	}
}

// admit enters a patron the library knows already.
func (y *year) admit(p *person) {
	found, err := desk.FindPatron(y.app, p.code)
	y.check(err)
	p.id = found.ID
	y.books.people = append(y.books.people, p)
}

// visitDay is the weekday on which a homeroom comes.
func visitDay(room int) time.Weekday { return time.Monday + time.Weekday(room%5) }

// enterLoans takes over the loans of the years before.
func (y *year) enterLoans() {
	open, err := desk.OpenLoans(y.app, "")
	y.check(err)
	ids := map[string]string{}
	for _, one := range open {
		ids[one.Barcode] = one.ID
	}
	n := 0
	for past := range y.school.Loans() {
		n++
		it, p := y.books.items[past.Item], y.books.people[past.Patron]
		one := &loan{
			id: fmt.Sprintf("past %d", n), item: it, person: p, out: past.OutAt, due: past.Due, state: collections.LoanReturned, ended: past.ReturnedAt,
			renewals: len(past.Renewals), linked: true, updated: y.now, told: map[policy.Day]int{},
		}
		if past.Open() {
			one.id, one.state = ids[it.code], collections.LoanOpen
			it.loan = one
			y.place[it] = withReader
			y.bags[p] = append(y.bags[p], &carried{item: it, by: p, back: firstDay.Add(y.random.IntN(25))})
		}
		y.books.loanByID[one.id] = one
		y.books.loans = append(y.books.loans, one)
	}
	if n != y.books.before || len(open) != len(y.books.open()) {
		y.Fatalf("the sample lent %d times and %d are out; the library says %d and %d", n, len(y.books.open()), y.books.before, len(open))
	}
}

func (y *year) check(err error) {
	if err != nil {
		y.Helper()
		y.Fatalf("%s: %v", y.today, err)
	}
}

// chance is true in percent of a hundred cases.
func (y *year) chance(percent float64) bool { return y.random.Float64()*100 < percent }

// act is the next act of somebody, some seconds after the last one.
func (y *year) act(who desk.Actor) desk.Act {
	y.books.begin()
	y.acts++
	y.now = y.now.Add(time.Duration(5+y.random.IntN(20)) * time.Second)
	return desk.Act{Key: fmt.Sprintf("year-%06d", y.acts), At: y.now, Now: y.now, Actor: who}
}

// until lets the clock run to an hour of the day; acts that took longer do not turn it back.
func (y *year) until(hour, minute int) {
	if at := y.today.At(hour, y.books.calendar.Zone).Add(time.Duration(minute) * time.Minute); at.After(y.now) {
		y.now = at
	}
}
