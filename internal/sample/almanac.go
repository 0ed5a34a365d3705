package sample

import "carrel/internal/policy"

// yearsOfLoans is how far back the loans go.
const yearsOfLoans = 2

// longestDelay is the most days by which a loan that comes back at all is late.
const longestDelay = 40

func (s *School) firstLoanDay() policy.Day {
	return s.today.Add(-yearsOfLoans * 365)
}

// almanac answers for each day of the loans what the calendar and the rules say, looked up once.
type almanac struct {
	first policy.Day
	next  []policy.Day // the first open day on or after
	last  []policy.Day // the last open day on or before
	due   []policy.Day // the due date of a loan made then
}

// afterToday is how many days after today a due date or a return can lie: two loan periods, a break and a delay.
const afterToday = 200

// newAlmanac asks the rules of a fresh library, so that every due date is the one the desk would have given.
func (s *School) newAlmanac() almanac {
	calendar := s.Calendar()
	first := s.firstLoanDay().Add(-longestDelay)
	length := int(s.today-first) + afterToday
	a := almanac{first: first, next: make([]policy.Day, length), last: make([]policy.Day, length), due: make([]policy.Day, length)}
	for i := range length {
		day := first.Add(i)
		a.last[i] = day
		if !calendar.IsOpen(day) && i > 0 {
			a.last[i] = a.last[i-1]
		}
		decision, err := policy.DecideCheckOut(nil, calendar, policy.PatronView{Active: true}, policy.ItemView{}, day)
		if err != nil {
			panic(err) // the calendar above has open days in every month
		}
		a.due[i] = decision.Due
	}
	for i := length - 1; i >= 0; i-- {
		day := first.Add(i)
		a.next[i] = day
		if a.last[i] != day && i+1 < length {
			a.next[i] = a.next[i+1]
		}
	}
	return a
}

func (a almanac) isOpen(day policy.Day) bool            { return a.last[day-a.first] == day }
func (a almanac) nextOpen(day policy.Day) policy.Day    { return a.next[day-a.first] }
func (a almanac) lastOpen(day policy.Day) policy.Day    { return a.last[day-a.first] }
func (a almanac) dueOfLoanOn(day policy.Day) policy.Day { return a.due[day-a.first] }

// openDaysAfter is the n-th open day after day.
func (a almanac) openDaysAfter(day policy.Day, n int) policy.Day {
	for range n {
		day = a.nextOpen(day.Add(1))
	}
	return day
}
