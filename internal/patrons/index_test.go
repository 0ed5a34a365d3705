package patrons_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/patrons"
	"carrel/internal/privacy"
	"carrel/internal/testkit"
	"carrel/internal/words"

	"github.com/pocketbase/dbx"
	"pgregory.net/rapid"
)

// indexed is what the index of names should have of each patron, worked out from the patrons themselves.
func indexed(lib testkit.Library) map[string]string {
	lib.T.Helper()
	rooms := map[string]string{"": "1"}
	for _, room := range all[collections.Homeroom](lib) {
		rooms[room.ID] = "0" + room.Name
	}
	rows := map[string]string{}
	for _, p := range all[collections.Patron](lib) {
		name := strings.TrimLeft(words.Fold(p.LastName)+"\t"+words.Fold(p.FirstName), "\t")
		spelt := words.Spellings(p.FirstName+" "+p.LastName) + " " + words.Code(p.Barcode) + " " + words.Code(p.BarcodeKey)
		grade := 99
		for i, known := range patrons.Grades {
			if p.Grade == known {
				grade = i - 1
			}
		}
		rows[p.ID] = fmt.Sprintf("%q %q %q %d %s %s %v", name, spelt, rooms[p.Homeroom], grade, p.Status, p.Type, p.Picture != "")
	}
	return rows
}

func all[R collections.Record](lib testkit.Library) []R {
	lib.T.Helper()
	rows, err := collections.All[R](lib.App, "", "id", nil)
	if err != nil {
		lib.T.Fatal(err)
	}
	return rows
}

// agree holds the index against the patrons, and lets the index of words check itself.
func agree(t interface{ Errorf(string, ...any) }, lib testkit.Library, after string) {
	lib.T.Helper()
	var rows []struct {
		Patron  string `db:"patron"`
		Name    string `db:"name"`
		Words   string `db:"words"`
		Room    string `db:"room"`
		Grade   int    `db:"grade"`
		Status  string `db:"status"`
		Type    string `db:"type"`
		Picture bool   `db:"picture"`
	}
	err := lib.App.DB().NewQuery("SELECT patron_index.*, patron_words.words FROM patron_words LEFT JOIN patron_index ON patron_index.id = patron_words.rowid").All(&rows)
	if err != nil {
		lib.T.Fatal(err)
	}
	want := indexed(lib)
	if len(rows) != len(want) || lib.Count("patron_index", "1") != len(want) {
		t.Errorf("after %s: %d rows for %d patrons", after, len(rows), len(want))
	}
	for _, r := range rows {
		got := fmt.Sprintf("%q %q %q %d %s %s %v", r.Name, r.Words, r.Room, r.Grade, r.Status, r.Type, r.Picture)
		if got != want[r.Patron] {
			t.Errorf("after %s:\n%s, want\n%s", after, got, want[r.Patron])
		}
	}
	if _, err := lib.App.DB().NewQuery("INSERT INTO patron_words (patron_words) VALUES ('integrity-check')").Execute(); err != nil {
		t.Errorf("after %s: %v", after, err)
	}
}

func sql(lib testkit.Library, statement string, params dbx.Params) {
	lib.T.Helper()
	if _, err := lib.App.DB().NewQuery(statement).Bind(params).Execute(); err != nil {
		lib.T.Fatal(err)
	}
}

// TestEveryWriterKeepsTheIndex writes patrons in each way in which Carrel does.
func TestEveryWriterKeepsTheIndex(t *testing.T) {
	lib := testkit.NewLibrary(t)
	agree(t, lib, "nothing")
	if _, err := run(t, lib, heading+"1,,Łuczak,Ana-María,PK,2B,,student\n2,A 0012,O’Brien,J. K.,11,,,\n"+class(3, 9), patrons.Options{}); err != nil {
		t.Fatal(err)
	}
	agree(t, lib, "a roster")
	if _, err := run(t, lib, heading+"1,,Nowak,Ana-María,K,3C,,student\n"+class(4, 9), patrons.Options{Confirm: true}); err != nil {
		t.Fatal(err)
	}
	agree(t, lib, "the next roster")
	if lib.Count("patron_index", "status = 'left'") == 0 {
		t.Error("nobody left")
	}
	patron, room := lib.Patron("P-100"), lib.Homeroom("Zz")
	agree(t, lib, "a record")
	patron.LastName, patron.Homeroom, patron.Barcode, patron.Picture = "Ávila", room.ID, "P-101", ""
	lib.Save(patron)
	agree(t, lib, "a changed record")
	sql(lib, "UPDATE homerooms SET name = 'Aa' WHERE id = {:id}", dbx.Params{"id": room.ID})
	agree(t, lib, "a renamed homeroom")
	sql(lib, "DELETE FROM homerooms WHERE id = {:id}", dbx.Params{"id": room.ID})
	sql(lib, "UPDATE patrons SET homeroom = '' WHERE id = {:id}", dbx.Params{"id": patron.ID})
	agree(t, lib, "a deleted homeroom")
	sql(lib, "UPDATE patrons SET picture = 'a.jpg' WHERE id = {:id}", dbx.Params{"id": patron.ID})
	agree(t, lib, "a picture")
	if err := privacy.DeletePatron(lib.App, patron.ID, "staff", time.Now()); err != nil {
		t.Fatal(err)
	}
	agree(t, lib, "a deletion")
}

// A deleted name is not left behind in the pages of the index.
func TestADeletedNameIsOverwritten(t *testing.T) {
	lib := testkit.NewLibrary(t)
	for i := range 40 {
		lib.Patron(fmt.Sprint("P", i))
	}
	patron := lib.Patron("P-100")
	patron.LastName = "Quetzalcoatl"
	lib.Save(patron)
	stands := func() bool {
		return lib.Count("patron_words_data", "instr(block, CAST('quetzal' AS BLOB)) > 0")+lib.Count("patron_words_content", "c0 LIKE '%quetzal%'") > 0
	}
	if !stands() {
		t.Fatal("the test has nothing to show")
	}
	if err := privacy.DeletePatron(lib.App, patron.ID, "staff", time.Now()); err != nil {
		t.Fatal(err)
	}
	if stands() {
		t.Error("the name is still in the index")
	}
}

// TestPropertyIndex writes patrons by SQL at random.
func TestPropertyIndex(t *testing.T) {
	lib := testkit.NewLibrary(t)
	rooms := []string{"", lib.Homeroom("A").ID, lib.Homeroom("B").ID}
	text := rapid.SampledFrom([]string{"", "Łódź", "O'Neil", "de la Cruz", "J.", "K.", "Smith-Jones", "王小明", "ma", "MÁ", "1.5", "x\ty"})
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([]string{"patron000000001", "patron000000002", "patron000000003"}).Draw(t, "id")
		params := dbx.Params{
			"id": id, "last": text.Draw(t, "last"), "first": text.Draw(t, "first"), "room": rapid.SampledFrom(rooms).Draw(t, "room"),
			"grade": rapid.SampledFrom(append([]string{""}, patrons.Grades...)).Draw(t, "grade"), "code": id[14:] + text.Draw(t, "code"),
			"status": rapid.SampledFrom([]string{"active", "left"}).Draw(t, "status"), "picture": rapid.SampledFrom([]string{"", "a.jpg"}).Draw(t, "picture"),
			"name": "B" + text.Draw(t, "name"), "b": rooms[2],
		}
		statement := rapid.SampledFrom([]string{
			`INSERT INTO patrons (id, last_name, first_name, homeroom, grade, barcode, barcode_key, status, picture, created, updated)
				VALUES ({:id}, {:last}, {:first}, {:room}, {:grade}, {:code}, {:code}, {:status}, {:picture}, '', '') ON CONFLICT (id) DO NOTHING`,
			"UPDATE patrons SET last_name = {:last}, first_name = {:first} WHERE id = {:id}",
			"UPDATE patrons SET barcode = {:code} WHERE id = {:id}",
			"UPDATE patrons SET homeroom = {:room}, grade = {:grade} WHERE id >= {:id}",
			"UPDATE patrons SET status = {:status}, picture = {:picture}",
			"UPDATE homerooms SET name = {:name} WHERE id = {:b}",
			"DELETE FROM patrons WHERE id = {:id}",
		}).Draw(t, "statement")
		used := dbx.Params{}
		for name, value := range params {
			if strings.Contains(statement, "{:"+name+"}") {
				used[name] = value
			}
		}
		sql(lib, statement, used)
		agree(t, lib, statement)
	})
}
