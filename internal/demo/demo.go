// Package demo puts the sample school into an empty library: what `carrel demo` does, and what benchmarks run on.
package demo

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"time"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/desk"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/patrons"
	"carrel/internal/policy"
	"carrel/internal/sample"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/staff"
	"carrel/internal/store"
	"carrel/internal/use"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The sign-in of the sample school. It works on this machine only.
const (
	Email    = "librarian@cedarhollow.example"
	Password = "cedar hollow"
)

// Options choose the sample school: the same seed on the same day is the same school.
type Options struct {
	Seed  int64
	Scale int // how many times the natural size
	Today policy.Day
}

// Loaded says what was put into the library.
type Loaded struct {
	Titles  int `json:"titles"`
	Items   int `json:"items"`
	Patrons int `json:"patrons"`
	Loans   int `json:"loans"`
}

// Load puts the sample school into an empty library. The code is fault.Conflict: a library with patrons is somebody's.
func Load(app core.App, options Options) (loaded Loaded, err error) {
	var people int
	if err := app.DB().Select("count(*)").From(collections.Patrons).Row(&people); err != nil {
		return loaded, err
	}
	if people > 0 {
		return loaded, fault.New("demo.Load", fault.Conflict, "demo.not_empty")
	}
	school := sample.New(options.Seed, options.Scale, options.Today, time.Local)
	l := loader{app: app, school: school, options: options}
	for _, step := range []func() error{l.house, l.titles, l.lists, l.room, l.people, l.loans, l.lessons, l.money} {
		if err := step(); err != nil {
			return loaded, err
		}
	}
	return Loaded{len(school.Titles), len(school.Items), len(school.Patrons), l.lent}, nil
}

type loader struct {
	app     core.App
	school  *sample.School
	options Options
	lent    int
}

// house names the school, its rules, its calendar and its librarian.
func (l *loader) house() error {
	if err := site.Save(l.app, site.School{Name: "Cedar Hollow Library", Language: say.English}); err != nil {
		return err
	}
	account := staff.Account{Email: Email, Name: "Dana Whitfield", Password: Password, Role: collections.Librarian, Sample: true}
	if err := staff.Upsert(l.app, account); err != nil {
		return err
	}
	for _, closed := range l.school.Closed {
		entry := collections.CalendarEntry{Kind: "closed", Day: closed.Day, Until: closed.Until, Label: closed.Label}
		if _, err := collections.Insert(l.app, entry); err != nil {
			return err
		}
	}
	return l.rules()
}

func (l *loader) rules() error {
	site, found, err := collections.Find[collections.LoanRule](l.app, "patron_type = '' AND item_type = ''", nil)
	if err != nil || !found {
		return err
	}
	site.Terms = types.JSONRaw(`{"loan_days": 21, "loan_limit": 5, "renewal_limit": 2}`)
	if err := collections.Update(l.app, site); err != nil {
		return err
	}
	teacher, err := collections.Insert(l.app, collections.PatronType{Code: sample.PatronTeacher, Name: "Teacher"})
	if err != nil {
		return err
	}
	_, err = collections.Insert(l.app, collections.LoanRule{PatronType: teacher.ID, Terms: types.JSONRaw(`{"loan_limit": 50}`)})
	return err
}

// titles go the way of every title: as MARC records through the import.
func (l *loader) titles() error {
	file, err := os.CreateTemp("", "carrel-sample-*.json")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // a temporary file
	defer file.Close()           //nolint:errcheck // written and read
	out := bufio.NewWriter(file)
	items := 0
	for i, title := range l.school.Titles {
		from := items
		for items < len(l.school.Items) && l.school.Items[items].Title == i {
			items++
		}
		if _, err := out.Write(append(marc.Encode(record(i, title, l.school.Items[from:items])), '\n')); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err = catalog.Import(l.app, []string{file.Name()}, catalog.ImportOptions{})
	return err
}

// people get their cards from the seed, so that the same school has the same cards.
func (l *loader) people() error {
	return patrons.AddAll(l.app, l.patrons(), &cardReader{seed: l.options.Seed})
}

// cardReader gives the same bytes for the same seed. Sample cards open nothing but the sample school.
type cardReader struct {
	seed    int64
	counter uint64
	left    []byte
}

func (r *cardReader) Read(into []byte) (int, error) {
	if len(r.left) == 0 {
		sum := sha256.Sum256(fmt.Appendf(nil, "carrel sample card %d %d", r.seed, r.counter))
		r.counter++
		r.left = sum[:]
	}
	n := copy(into, r.left)
	r.left = r.left[n:]
	return n, nil
}

// doors are where the sample school's loans were made, by turns: two of five at a kiosk.
var doors = [...]string{"staff", "kiosk", "staff", "kiosk", "staff"}

// loans brings in two years of loans, and counts them.
func (l *loader) loans() error {
	items, err := idsBy(l.app, collections.Items, "barcode")
	if err != nil {
		return err
	}
	people, err := idsBy(l.app, collections.Patrons, "barcode")
	if err != nil {
		return err
	}
	history, err := desk.NewHistory(l.app, time.Now())
	if err != nil {
		return err
	}
	bulk, err := store.NewBulk(l.app, false)
	if err != nil {
		return err
	}
	defer bulk.Abort()
	for loan := range l.school.Loans() {
		past := l.past(loan, items, people)
		past.Door = doors[l.lent%len(doors)]
		if err := bulk.Do(func(b *store.Bulk) error { return history.Add(b, past) }); err != nil {
			return err
		}
		l.lent++
	}
	if err := bulk.Flush(); err != nil {
		return err
	}
	if err := catalog.CountAllAvailable(l.app); err != nil {
		return err
	}
	return use.CatchUp(context.Background(), l.app)
}

func (l *loader) past(loan sample.Loan, items, people map[string]string) desk.Past {
	patron := l.school.Patrons[loan.Patron]
	past := desk.Past{
		Item: items[l.school.Items[loan.Item].Barcode], Patron: people[patron.Barcode], PatronType: patron.Type, Grade: loan.Grade,
		OutAt: loan.OutAt, Due: loan.FirstDue, ReturnedAt: loan.ReturnedAt,
	}
	if patron.Homeroom >= 0 {
		past.Homeroom = l.school.Homerooms[patron.Homeroom].Name
	}
	for _, renewal := range loan.Renewals {
		past.Renewals = append(past.Renewals, desk.PastRenewal{At: renewal.At, Due: renewal.Due})
	}
	return past
}

func idsBy(app core.App, table, column string) (map[string]string, error) {
	rows := []struct {
		ID  string `db:"id"`
		Key string `db:"key"`
	}{}
	err := app.DB().Select("id", column+" AS key").From(table).Where(dbx.NewExp(column + " != ''")).All(&rows)
	ids := make(map[string]string, len(rows))
	for _, row := range rows {
		ids[row.Key] = row.ID
	}
	return ids, err
}

// Card is the card of one sample student, to try the kiosk with; "" when this is not the sample school.
func Card(app core.App) (string, error) {
	if _, err := app.FindAuthRecordByEmail(collections.Staff, Email); err != nil {
		return "", nil //nolint:nilerr // a library of its own
	}
	cards := []string{}
	err := app.DB().NewQuery(`SELECT card FROM patrons WHERE grade != '' AND status = 'active' AND card != '' ORDER BY
		(SELECT COUNT(*) FROM loans WHERE loans.patron = patrons.id AND loans.state = 'open'), barcode LIMIT 1`).Column(&cards)
	if err != nil || len(cards) == 0 {
		return "", err
	}
	return cards[0], nil
}
