package sample

import (
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"carrel/internal/policy"
)

// Loan is one item with one patron. Its instants are in the school's time zone and whole seconds.
type Loan struct {
	Item, Patron int    // indexes in School.Items and School.Patrons
	Grade        string // of the patron at the time; empty for grown-ups
	OutAt        time.Time
	FirstDue     policy.Day // as given at check-out
	Due          policy.Day // after the renewals
	Renewals     []Renewal
	ReturnedAt   time.Time // zero while the loan is open
}

// Renewal moved the due date of a loan.
type Renewal struct {
	At  time.Time
	Due policy.Day
}

// Open tells whether the item is still out on the morning of the school's today.
func (l Loan) Open() bool { return l.ReturnedAt.IsZero() }

// Loans makes two years of loans, the same ones each time. Each school of natural size is told from its first loan to
// its last before the next one begins; within it loans are in the order of check-out. Nothing is kept between wings,
// so a multiplied school needs no more memory than a small one.
func (s *School) Loans() iter.Seq[Loan] {
	return func(yield func(Loan) bool) {
		almanac := s.newAlmanac()
		for number := range s.wings {
			if !s.newDesk(number, almanac).run(yield) {
				return
			}
		}
	}
}

// holding is what a patron has at home.
type holding struct {
	item int
	back policy.Day // the day on whose morning it comes back
}

// desk lends the items of one wing, day by day.
type desk struct {
	school  *School
	wing    wing
	almanac almanac
	shelf   *shelf
	random  *rand.Rand
	held    [][]holding // by patron of the wing

	day      policy.Day
	month    time.Month
	yearsAgo int    // in school years
	loans    []Loan // of the day
}

func (s *School) newDesk(number int, almanac almanac) *desk {
	wing := s.wings[number]
	return &desk{
		school: s, wing: wing, almanac: almanac, shelf: s.newShelf(number), random: s.random(number, streamLoans),
		held: make([][]holding, wing.patrons.to-wing.patrons.from),
	}
}

func (d *desk) run(yield func(Loan) bool) bool {
	thisYear := schoolYear(d.school.today)
	for d.day = d.school.firstLoanDay(); d.day < d.school.today; d.day++ {
		if !d.almanac.isOpen(d.day) {
			continue
		}
		d.month = d.day.At(12, time.UTC).Month()
		d.yearsAgo = thisYear - schoolYear(d.day)
		d.loans = d.loans[:0]
		d.emptyBookDrop()
		for patron := d.wing.patrons.from; patron < d.wing.patrons.to; patron++ {
			d.visit(patron)
		}
		slices.SortStableFunc(d.loans, func(a, b Loan) int { return a.OutAt.Compare(b.OutAt) })
		for _, loan := range d.loans {
			if !yield(loan) {
				return false
			}
		}
	}
	return true
}

// emptyBookDrop takes back what comes back today. It is done before anybody borrows, so an item may go out again on the
// same day.
func (d *desk) emptyBookDrop() {
	for i, held := range d.held {
		d.held[i] = slices.DeleteFunc(held, func(h holding) bool {
			if h.back > d.day {
				return false
			}
			d.shelf.putBack(h.item)
			return true
		})
	}
}

// visit lets a patron borrow if this is a day for it: with the class once a week, older children now and then alone,
// grown-ups when they need something.
func (d *desk) visit(index int) {
	patron := d.school.Patrons[index]
	grade := d.gradeThen(patron)
	if patron.Type == PatronStudent && grade < 0 {
		return // not at school yet
	}
	hour, comes := d.comes(patron, grade)
	if !comes || !chance(d.random, 100*eagerness[d.month]) {
		return
	}
	limit := loanLimit(patron, grade)
	wants := between(d.random, 1, limit)
	if patron.Type != PatronStudent {
		wants = between(d.random, 1, 4)
	}
	for len(d.held[index-d.wing.patrons.from]) < limit && wants > 0 {
		wants--
		d.lend(index, grade, d.moment(d.day, hour, 40))
	}
}

// comes tells whether the patron is in the library today, and at which hour.
func (d *desk) comes(patron Patron, grade int) (hour int, yes bool) {
	if patron.Type != PatronStudent {
		return 15, chance(d.random, 6)
	}
	room := patron.Homeroom - d.wing.homerooms.from
	if d.day.Weekday() == time.Monday+time.Weekday(room%5) {
		return 9 + room%4, chance(d.random, 93)
	}
	return 12, grade >= 3 && chance(d.random, 2)
}

// eagerness is the share of children who borrow when they come.
var eagerness = [13]float64{
	time.January: 0.9, time.February: 0.95, time.March: 0.95, time.April: 0.85, time.May: 0.75, time.June: 0.7,
	time.July: 0.6, time.August: 0.8, time.September: 0.95, time.October: 1, time.November: 0.95, time.December: 0.8,
}

// loanLimit is how many items one patron has at most. The school's rules have no limit; children keep to it by custom.
func loanLimit(patron Patron, grade int) int {
	switch {
	case patron.Type == PatronTeacher:
		return 12
	case patron.Type == PatronAide:
		return 5
	case grade == 0:
		return 1
	case grade <= 2:
		return 2
	}
	return 3
}

// gradeThen is the grade the patron was in on the desk's day: -1 for a child before kindergarten.
func (d *desk) gradeThen(patron Patron) int {
	if patron.Type != PatronStudent {
		return 0
	}
	now, err := parseGrade(patron.Grade)
	if err != nil {
		panic(err) // a student's grade comes from GradeName
	}
	return max(-1, now-d.yearsAgo)
}

// moment is a time of day within so many minutes from the hour.
func (d *desk) moment(day policy.Day, hour, minutes int) time.Time {
	return day.At(hour, d.school.zone).Add(time.Duration(d.random.IntN(minutes*60)) * time.Second)
}

// lend makes one loan, from check-out to what will become of it.
func (d *desk) lend(index, grade int, at time.Time) {
	patron := d.school.Patrons[index]
	has := &d.held[index-d.wing.patrons.from]
	item, ok := d.shelf.take(d.shelf.poolFor(patron, grade, d.random), *has, d.month, d.random)
	if !ok {
		return
	}
	due := d.almanac.dueOfLoanOn(d.day)
	loan := Loan{Item: item, Patron: index, OutAt: at, FirstDue: due, Due: due}
	if patron.Type == PatronStudent {
		loan.Grade = GradeName(grade)
	}
	from := d.day
	if renewed := d.almanac.nextOpen(d.day.Add(14)); chance(d.random, 5) && renewed <= due {
		from, due = renewed, d.almanac.dueOfLoanOn(renewed)
		if renewed < d.school.today {
			loan.Due = due
			loan.Renewals = []Renewal{{d.moment(renewed, at.Hour(), 40), due}}
		}
	}
	back := d.comesBack(index, from, due)
	if back < d.school.today {
		loan.ReturnedAt = d.moment(back, 8, 25)
	}
	*has = append(*has, holding{item, back})
	d.loans = append(d.loans, loan)
}

// comesBack is the open day on which the item is returned: mostly with the next class visits, sometimes late, and now
// and then never. One patron in ten forgets often and for long, as in every school.
func (d *desk) comesBack(patron int, from, due policy.Day) policy.Day {
	late, days := 5.0, 5.0
	if patron%10 == 3 {
		late, days = 45, 18
	}
	if chance(d.random, 0.05) {
		return d.school.today.Add(1)
	}
	if chance(d.random, late) {
		delay := 1 + min(24, int(d.random.ExpFloat64()*days))
		return min(d.almanac.openDaysAfter(due, delay), d.almanac.lastOpen(due.Add(longestDelay)))
	}
	weeks := 1
	for weeks < 3 && chance(d.random, 40) {
		weeks++
	}
	return min(d.almanac.nextOpen(from.Add(7*weeks)), due)
}
