package sample

import (
	"testing"
	"time"

	"carrel/internal/policy"

	"pgregory.net/rapid"
)

// TestLoansAreConsistent holds every loan against what the desk would have allowed.
func TestLoansAreConsistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		school := New(rapid.Int64().Draw(t, "seed"), rapid.IntRange(1, 2).Draw(t, "scale"), anyToday(t), zone)
		watch := watcher{t, school, school.Calendar(), map[int]Loan{}, map[int][]Loan{}}
		var before Loan
		for loan := range school.Loans() {
			sameWing := loan.Patron/150 == before.Patron/150
			if sameWing && loan.OutAt.Before(before.OutAt) {
				t.Fatalf("%v comes after %v", loan, before)
			}
			watch.days(loan)
			watch.reader(loan)
			watch.overlap(loan)
			before = loan
		}
	})
}

type watcher struct {
	*rapid.T
	school   *School
	calendar policy.Calendar
	ofItem   map[int]Loan
	ofPatron map[int][]Loan
}

func (w watcher) days(loan Loan) {
	out := policy.DayOf(loan.OutAt, zone)
	moments := []time.Time{loan.OutAt}
	for _, renewal := range loan.Renewals {
		moments = append(moments, renewal.At)
	}
	if !loan.Open() {
		moments = append(moments, loan.ReturnedAt)
	}
	for i, at := range moments {
		day := policy.DayOf(at, zone)
		if day >= w.school.today || day < w.school.firstLoanDay() || !w.calendar.IsOpen(day) || i > 0 && !at.After(moments[i-1]) {
			w.Fatalf("%s in %+v", at, loan)
		}
	}
	due := w.dueOn(out)
	if loan.FirstDue != due || due <= out {
		w.Fatalf("due on %s, the rules say %s: %+v", loan.FirstDue, due, loan)
	}
	for _, renewal := range loan.Renewals {
		day := policy.DayOf(renewal.At, zone)
		if day > due {
			w.Fatalf("renewed when overdue: %+v", loan)
		}
		if due = w.dueOn(day); renewal.Due != due {
			w.Fatalf("renewed to %s, the rules say %s", renewal.Due, due)
		}
	}
	if loan.Due != due {
		w.Fatalf("due %s, the last renewal says %s", loan.Due, due)
	}
}

func (w watcher) dueOn(day policy.Day) policy.Day {
	decision, err := policy.DecideCheckOut(nil, w.calendar, policy.PatronView{Active: true}, policy.ItemView{}, day)
	if err != nil {
		w.Fatal(err)
	}
	return decision.Due
}

func (w watcher) reader(loan Loan) {
	patron, item := w.school.Patrons[loan.Patron], w.school.Items[loan.Item]
	title := w.school.Titles[item.Title]
	if item.NotForLoan {
		w.Fatalf("%s is not for loan", title.Title)
	}
	if patron.Type != PatronStudent {
		if loan.Grade != "" {
			w.Fatalf("a grown-up in grade %s", loan.Grade)
		}
		return
	}
	then, err := parseGrade(loan.Grade)
	if err != nil || !title.Grades.Fit(then) || item.Type == "Equipment" {
		w.Fatalf("%s for grades %s went to grade %q", title.Title, title.Grades, loan.Grade)
	}
	now, _ := parseGrade(patron.Grade)
	if then > now || now-then > 2 {
		w.Fatalf("a child of grade %d was in grade %d within two years", now, then)
	}
}

func (w watcher) overlap(loan Loan) {
	if last, lent := w.ofItem[loan.Item]; lent && (last.Open() || loan.OutAt.Before(last.ReturnedAt)) {
		w.Fatalf("item %d is lent twice: %+v and %+v", loan.Item, last, loan)
	}
	w.ofItem[loan.Item] = loan
	var open []Loan
	for _, other := range append(w.ofPatron[loan.Patron], loan) {
		if other.Open() || other.ReturnedAt.After(loan.OutAt) {
			open = append(open, other)
		}
	}
	w.ofPatron[loan.Patron] = open
	limit := map[string]int{PatronStudent: 3, PatronAide: 5, PatronTeacher: 12}[w.school.Patrons[loan.Patron].Type]
	if len(open) > limit {
		w.Fatalf("patron %d has %d items", loan.Patron, len(open))
	}
	for _, other := range open[:len(open)-1] {
		if w.school.Items[other.Item].Title == w.school.Items[loan.Item].Title {
			w.Fatalf("patron %d has two copies of a title", loan.Patron)
		}
	}
}

// TestSomeLoansAreOverdueWhateverTheDay walks through more than a year, so through every break.
func TestSomeLoansAreOverdueWhateverTheDay(t *testing.T) {
	for day := monday; day < monday.Add(400); day++ {
		school := New(int64(day%7), 1, day, zone)
		calendar := school.Calendar()
		all, open, late, long := 0, 0, 0, 0
		for loan := range school.Loans() {
			all++
			if !loan.Open() {
				continue
			}
			open++
			switch {
			case day-loan.Due > longestDelay:
				long++
			case calendar.Overdue(loan.Due, day):
				late++
			}
		}
		if late == 0 || late > 80 || long > 15 || open <= late+long || all < 7000 || all > 14000 {
			t.Errorf("%s: %d loans, %d open, %d overdue, %d long overdue", day, all, open, late, long)
		}
	}
}

func TestLoansFollowTasteAndSeason(t *testing.T) {
	school := New(1, 1, monday, zone)
	perTitle := map[int]int{}
	scary, all := map[bool]int{}, map[bool]int{}
	returned, onTime, renewed := 0, 0, 0
	for loan := range school.Loans() {
		item := school.Items[loan.Item]
		perTitle[item.Title]++
		inSeason := loan.OutAt.Month() == time.October
		all[inSeason]++
		if monthsOf(school.Titles[item.Title])&(1<<time.October) != 0 {
			scary[inSeason]++
		}
		renewed += len(loan.Renewals)
		if loan.Open() {
			continue
		}
		returned++
		if policy.DayOf(loan.ReturnedAt, zone) <= loan.Due {
			onTime++
		}
	}
	if share := 100 * onTime / returned; share < 85 || share > 97 {
		t.Errorf("%d %% came back on time", share)
	}
	if renewed == 0 {
		t.Error("nothing was renewed")
	}
	if 2*scary[true]*all[false] < 3*scary[false]*all[true] {
		t.Errorf("ghosts: %d of %d in October, %d of %d else", scary[true], all[true], scary[false], all[false])
	}
	top, total := 0, 0
	for _, count := range perTitle {
		total += count
		if count >= 50 {
			top += count
		}
	}
	if top*4 < total || len(perTitle) < len(school.Titles)*3/4 {
		t.Errorf("%d of %d loans are of titles lent 50 times; %d titles were lent", top, total, len(perTitle))
	}
}

func TestLoansCanBeCutShort(t *testing.T) {
	count := 0
	for range New(1, 2, monday, zone).Loans() {
		if count++; count == 10 {
			break
		}
	}
	if count != 10 {
		t.Errorf("%d loans", count)
	}
}

func BenchmarkSchool(b *testing.B) {
	for b.Loop() {
		New(1, 10, monday, zone)
	}
}

func BenchmarkLoans(b *testing.B) {
	school := New(1, 10, monday, zone)
	for b.Loop() {
		for range school.Loans() {
		}
	}
}
