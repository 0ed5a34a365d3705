package privacy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/desk"
	"carrel/internal/notices"
	"carrel/internal/policy"
	"carrel/internal/privacy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/pocketbase/dbx"
)

var (
	monday    = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC) // ten in the morning in New York
	librarian = desk.Actor{Door: "staff", ID: "librarian000001", Role: collections.Librarian}
)

const day = 24 * time.Hour

// library is a school in New York that keeps loans 14 days and charges fees.
type library struct {
	testkit.Library
	acts int
}

func newLibrary(t testing.TB) *library {
	t.Helper()
	l := &library{Library: testkit.NewLibrary(t)}
	l.must(site.Save(l.App, site.School{Name: "Cedar Hollow", Zone: "America/New_York", Language: say.English}))
	l.must(site.SaveFees(l.App, site.Fees{On: true, Currency: "USD"}))
	return l
}

func (l *library) must(err error) {
	l.T.Helper()
	if err != nil {
		l.T.Fatal(err)
	}
}

func (l *library) act(at time.Time) desk.Act {
	l.acts++
	return desk.Act{Key: fmt.Sprintf("key-%08d", l.acts), At: at, Now: at, Actor: librarian}
}

// child adds a patron with a mother's address.
func (l *library) child(code string) collections.Patron {
	l.T.Helper()
	patron := l.Patron(code)
	patron.GuardianEmail = strings.ToLower(code) + "@home.example"
	l.Save(patron)
	return patron
}

func (l *library) lend(patron, item string, at time.Time) collections.Loan {
	l.T.Helper()
	lent, err := desk.CheckOut(l.App, desk.CheckOutRequest{Act: l.act(at), Patron: patron, Item: item})
	l.must(err)
	return lent.Loan
}

func (l *library) takeBack(item string, at time.Time) desk.Returned {
	l.T.Helper()
	returned, err := desk.Return(l.App, desk.ReturnRequest{Act: l.act(at), Item: item})
	l.must(err)
	return returned
}

// lentAndBack is a loan of one item that was over at a time.
func (l *library) lentAndBack(patron, item string, back time.Time) collections.Loan {
	l.T.Helper()
	loan := l.lend(patron, item, back.Add(-7*day))
	l.takeBack(item, back)
	return loan
}

func (l *library) charge(patron, item string, cents int, at time.Time) desk.Account {
	l.T.Helper()
	account, err := desk.Charge(l.App, desk.ChargeRequest{Act: l.act(at), Patron: patron, Item: item, Cents: cents})
	l.must(err)
	return account
}

func (l *library) pay(patron string, cents int, at time.Time) {
	l.T.Helper()
	_, err := desk.Settle(l.App, desk.SettleRequest{Act: l.act(at), Patron: patron, Kind: collections.FactPay, Cents: cents})
	l.must(err)
}

func (l *library) hold(patron, item string, at time.Time) collections.Hold {
	l.T.Helper()
	held, err := desk.PlaceHold(l.App, desk.HoldRequest{Act: l.act(at), Patron: patron, Item: item})
	l.must(err)
	return held.Hold
}

func (l *library) unlink(at time.Time) privacy.Unlinked {
	l.T.Helper()
	calendar, err := site.Calendar(l.App)
	l.must(err)
	unlinked, err := privacy.Unlink(l.T.Context(), l.App, policy.DayOf(at, calendar.Zone), at, false)
	l.must(err)
	return unlinked
}

// agree asserts that the state of everything is what the facts say.
func (l *library) agree() {
	l.T.Helper()
	_, err := desk.Rebuild(l.App, false, func(d desk.Difference) { l.T.Errorf("state and facts differ: %+v", d) }, nil)
	l.must(err)
}

// tell chooses the overdue notices of a day and notes them as sent.
func (l *library) tell(at time.Time) {
	l.T.Helper()
	_, err := notices.Select(l.App, policy.DayOf(at, time.UTC), at)
	l.must(err)
	l.exec(`UPDATE notices SET state = 'sent', error = 'said to ' || recipient, created = {:at}, updated = {:at} WHERE state = 'queued'`, at)
}

func (l *library) exec(statement string, at time.Time) {
	l.T.Helper()
	_, err := l.App.DB().NewQuery(statement).Bind(dbx.Params{"at": at.UTC().Format("2006-01-02 15:04:05.000Z")}).Execute()
	l.must(err)
}

// linked tells whether a row still names somebody.
func (l *library) linked(table, id string) bool {
	l.T.Helper()
	return l.Count(table, "id = '"+id+"' AND patron != ''") == 1
}

// mentions counts the rows of every table that hold a text, by "table.column".
func (l *library) mentions(text string) map[string]int {
	l.T.Helper()
	tables := []string{}
	l.must(l.App.DB().NewQuery("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_%'").Column(&tables))
	found := map[string]int{}
	for _, table := range tables {
		columns := []string{}
		l.must(l.App.DB().NewQuery("SELECT name FROM pragma_table_info('" + table + "')").Column(&columns))
		for _, column := range columns {
			n := l.Count("`"+table+"`", "instr(`"+column+"`, '"+text+"') > 0")
			if n > 0 {
				found[table+"."+column] = n
			}
		}
	}
	return found
}
