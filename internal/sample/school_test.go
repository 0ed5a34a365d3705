package sample

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"carrel/internal/barcode"
	"carrel/internal/policy"

	"pgregory.net/rapid"
)

var (
	monday = policy.Date(2026, time.November, 23)
	zone   = time.FixedZone("school", -6*60*60)
)

func hash(school *School) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%v\n%v\n%v\n%v\n%v\n%v\n", school.Titles, school.Items, school.Patrons, school.Homerooms, school.Closed, school.Terms)
	for loan := range school.Loans() {
		fmt.Fprintln(sum, loan)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func TestSameSeedSameSchool(t *testing.T) {
	first := New(7, 2, monday, zone)
	if hash(first) != hash(New(7, 2, monday, zone)) {
		t.Error("the same seed, scale and day gave two schools")
	}
	if once, again := hash(first), hash(first); once != again {
		t.Error("one school told its loans in two ways")
	}
	if hash(first) == hash(New(8, 2, monday, zone)) {
		t.Error("another seed gave the same school")
	}
}

func TestCounts(t *testing.T) {
	school := New(1, 1, monday, zone)
	kinds := map[string]int{}
	rooms := map[int]int{}
	spanish, silent := 0, 0
	for _, patron := range school.Patrons {
		kinds[patron.Type]++
		if patron.Type != PatronStudent {
			continue
		}
		rooms[patron.Homeroom]++
		if patron.Language == "es" {
			spanish++
		}
		if patron.GuardianEmail == "" {
			silent++
		}
		if patron.Grade != school.Homerooms[patron.Homeroom].Grade {
			t.Errorf("%s %s of grade %s sits in %s", patron.FirstName, patron.LastName, patron.Grade, school.Homerooms[patron.Homeroom].Name)
		}
	}
	if kinds[PatronStudent] != 135 || kinds[PatronTeacher] != 11 || kinds[PatronAide] != 4 {
		t.Errorf("patrons: %v", kinds)
	}
	for room, students := range rooms {
		if students != 22 && students != 23 {
			t.Errorf("homeroom %d has %d students", room, students)
		}
	}
	if spanish < 10 || silent == 0 {
		t.Errorf("%d families speak Spanish, %d have no address", spanish, silent)
	}
	names := []string{"K-Rivera", "1-Ahmed", "2-Lindqvist", "3-Chen", "4B-Okafor", "5-Haddad"}
	for i, room := range school.Homerooms {
		teacher := school.Patrons[room.Teacher]
		if room.Name != names[i] || teacher.Type != PatronTeacher || !strings.HasSuffix(room.Name, "-"+teacher.LastName) {
			t.Errorf("homeroom %d: %v with %v", i, room, teacher)
		}
	}
	if items := len(school.Items); items < 700 || items > 1200 {
		t.Errorf("%d items", items)
	}
}

func TestItems(t *testing.T) {
	school := New(1, 1, monday, zone)
	places, types, copies := map[string]int{}, map[string]int{}, map[int]int{}
	for i, item := range school.Items {
		places[item.Location]++
		types[item.Type]++
		copies[item.Title]++
		title := school.Titles[item.Title]
		if item.CallNumber != title.CallNumber || item.Copy != copies[item.Title] || item.PriceCents < 500 {
			t.Errorf("item %d of %s: %+v", i, title.Title, item)
		}
		if item.Acquired >= school.firstLoanDay() || item.Acquired.At(0, time.UTC).Year() < title.Year-1 {
			t.Errorf("%s of %d was acquired on %s", title.Title, title.Year, item.Acquired)
		}
		if item.NotForLoan != (title.Type == TypeReference) {
			t.Errorf("%s for loan: %v", title.Title, !item.NotForLoan)
		}
	}
	for _, place := range Locations {
		if places[place] == 0 {
			t.Errorf("nothing stands in %s", place)
		}
	}
	for _, kind := range ItemTypes {
		if types[kind] == 0 {
			t.Errorf("no item is a %s", kind)
		}
	}
	if len(places) != len(Locations) || len(types) != len(ItemTypes) {
		t.Errorf("unlisted: %v %v", places, types)
	}
	for i, title := range school.Titles {
		if copies[i] < 1 || copies[i] > 4 {
			t.Errorf("%d copies of %s", copies[i], title.Title)
		}
	}
}

func TestScaleMultipliesAndAllDiffer(t *testing.T) {
	const scale = 5
	one, many := New(3, 1, monday, zone), New(3, scale, monday, zone)
	if len(many.Titles) != scale*len(one.Titles) || len(many.Patrons) != scale*len(one.Patrons) || len(many.Homerooms) != scale*len(one.Homerooms) {
		t.Errorf("%d titles, %d patrons, %d homerooms", len(many.Titles), len(many.Patrons), len(many.Homerooms))
	}
	seen := map[string]bool{}
	once := func(what, key string) {
		t.Helper()
		if seen[what+key] {
			t.Errorf("%s twice: %s", what, key)
		}
		seen[what+key] = true
	}
	for _, title := range many.Titles {
		once("title", title.Title+"|"+title.Part+"|"+title.Subtitle+"|"+title.Author+"|"+title.Language)
	}
	for _, room := range many.Homerooms {
		once("homeroom", room.Name)
	}
	for _, item := range many.Items {
		once("barcode", item.Barcode)
		if len(item.Barcode) != 14 || barcode.Warning(item.Barcode) != "" {
			t.Errorf("barcode %s", item.Barcode)
		}
	}
	for _, patron := range many.Patrons {
		once("barcode", patron.Barcode)
		once("district id", patron.DistrictID)
		if len(patron.Barcode) != 14 || barcode.Warning(patron.Barcode) != "" {
			t.Errorf("barcode %s", patron.Barcode)
		}
		for _, address := range []string{patron.Email, patron.GuardianEmail} {
			if address != "" && !strings.HasSuffix(address, "@example.org") {
				t.Errorf("an address that could be somebody's: %s", address)
			}
		}
	}
}

func TestCalendar(t *testing.T) {
	calendar := New(1, 1, monday, zone).Calendar()
	for day, label := range map[policy.Day]string{
		policy.Date(2025, time.July, 4):      "Independence Day",
		policy.Date(2025, time.August, 1):    "Summer break",
		policy.Date(2025, time.December, 25): "Winter break",
		policy.Date(2026, time.January, 1):   "Winter break",
		policy.Date(2026, time.April, 8):     "Spring break",
		policy.Date(2026, time.May, 25):      "Memorial Day",
		policy.Date(2026, time.September, 7): "Labor Day",
		policy.Date(2026, time.November, 26): "Thanksgiving",
	} {
		if calendar.Closed[day] != label {
			t.Errorf("%s is %q, want %q", day, calendar.Closed[day], label)
		}
	}
	for _, day := range []policy.Day{monday, policy.Date(2025, time.August, 4), policy.Date(2026, time.November, 30)} {
		if !calendar.IsOpen(day) {
			t.Errorf("closed on %s", day)
		}
	}
}

func TestNoBreakIsLongerThanADelay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today := anyToday(t)
		school := New(1, 1, today, zone)
		calendar, lastOpen := school.Calendar(), school.firstLoanDay()
		for day := school.firstLoanDay(); day < today.Add(365); day++ {
			if calendar.IsOpen(day) {
				lastOpen = day
			}
			if day-lastOpen > longestDelay-7 {
				t.Fatalf("closed from %s to %s", lastOpen, day)
			}
		}
		for i, closed := range school.Closed {
			if closed.Until < closed.Day || i > 0 && closed.Day <= school.Closed[i-1].Until {
				t.Fatalf("%v follows %v", closed, school.Closed[max(0, i-1)])
			}
		}
		for _, term := range school.Terms {
			if term.Last-term.First < 100 || !calendar.IsOpen(term.First) {
				t.Fatalf("term %v", term)
			}
		}
	})
}

// anyToday is a day of the years for which the sample is made.
func anyToday(t *rapid.T) policy.Day {
	return policy.Date(2026, time.January, 1).Add(rapid.IntRange(0, 5*365).Draw(t, "today"))
}
