package year_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"carrel/internal/policy"

	"github.com/pocketbase/pocketbase/tools/types"
)

// TestMain puts the machine into the school's time zone: the sample school tells its past in it.
func TestMain(m *testing.M) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	time.Local = zone
	os.Exit(m.Run())
}

// TestYear walks through every day of a school year. In the end the ledger and the library agree in every line. CARREL_YEAR_SEED asks for another school and
// another year.
func TestYear(t *testing.T) {
	seed := uint64(1)
	if text := os.Getenv("CARREL_YEAR_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	last := lastDay
	if testing.Short() {
		last = firstDay.Add(31)
	}
	y := open(t, seed)
	y.walk(last)
	lines := y.lines()
	t.Log(y.summary(lines))
	y.agreeIn(lines)
}

// TestTheSameSeedIsTheSameYear walks through three weeks twice.
func TestTheSameSeedIsTheSameYear(t *testing.T) {
	var told [2]string
	for i := range told {
		y := open(t, 7)
		y.walk(firstDay.Add(20))
		told[i] = y.summary(y.lines())
	}
	if told[0] != told[1] {
		t.Errorf("first\n%s\nthen\n%s", told[0], told[1])
	}
}

// walk lives through the days up to the last one.
func (y *year) walk(last policy.Day) {
	var stock *count
	for y.today = firstDay; y.today <= last; y.today++ {
		if y.today == snowDay {
			y.snow()
		}
		y.night()
		if y.books.calendar.IsOpen(y.today) {
			y.until(7, 40)
			y.replay()
			y.emptyBox()
			stock = y.takeStock(stock)
			y.visits()
			y.incidents()
			y.tell()
			y.closeStock(stock)
		}
		y.fillBox()
		y.office()
		if secondMonthEnds(y.today) || y.today == last {
			y.compare()
		} else if y.today.Weekday() == time.Friday {
			y.sameLoans()
		}
		if y.Failed() {
			y.Logf("the year ends on %s", y.today)
			return
		}
	}
}

// stamp is an instant as the store keeps it.
func stamp(at time.Time) string {
	stored, _ := types.ParseDateTime(at)
	return stored.String()
}
