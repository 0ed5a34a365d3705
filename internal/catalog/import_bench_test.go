package catalog

import (
	"bufio"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/marc"
	"carrel/internal/testkit"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// BenchmarkImport imports 10,000 records with two items each into an empty library, beside its floor: prepared inserts of the
// same rows, indexed for search, through the same driver.
func BenchmarkImport(b *testing.B) {
	file := filepath.Join(b.TempDir(), "school.mrc")
	writeSchool(b, file, 10_000)
	for b.Loop() {
		app := testkit.App(b)
		began := time.Now()
		if _, err := Import(app, []string{file}, ImportOptions{}); err != nil {
			b.Fatal(err)
		}
		took := time.Since(began)
		floor := copyRows(b, app, testkit.App(b))
		b.ReportMetric(took.Seconds(), "import-s")
		b.ReportMetric(floor.Seconds(), "floor-s")
		b.ReportMetric(took.Seconds()/floor.Seconds(), "times-floor")
	}
}

// writeSchool writes n records of about a kilobyte, as school libraries have them, in ISO 2709.
func writeSchool(t testing.TB, name string, n int) {
	t.Helper()
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	buffered := bufio.NewWriter(out)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		raw, err := marc.AppendISO2709(nil, schoolRecord(random, i))
		if err != nil {
			t.Fatal(err)
		}
		buffered.Write(raw)
	}
	if err := buffered.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func schoolRecord(random *rand.Rand, i int) marc.Record {
	words := func(n int) string {
		text := make([]string, n)
		for i := range text {
			text[i] = fmt.Sprintf("%c%co%dm", 'a'+random.IntN(20), 'a'+random.IntN(5), int(random.ExpFloat64()*40))
		}
		return strings.Join(text, " ")
	}
	field := func(tag string, pairs ...string) marc.Field {
		f := marc.Field{Tag: tag, Ind1: '1', Ind2: ' '}
		for j := 0; j < len(pairs); j += 2 {
			f.Subfields = append(f.Subfields, marc.Subfield{Code: pairs[j][0], Value: pairs[j+1]})
		}
		return f
	}
	r := marc.Record{Leader: "00000nam a2200000 a 4500", Fields: []marc.Field{
		{Tag: "001", Value: fmt.Sprintf("school%06d", i)}, {Tag: "003", Value: "School"}, {Tag: "008", Value: "260101s2003    xxu    b      000 1 eng d"},
		field("010", "a", fmt.Sprintf("  20%08d", i)), field("020", "a", "9781416936473"), field("082", "a", "813/.54", "2", "22"),
		field("100", "a", words(2)+",", "d", "1939-"), field("245", "a", words(4)+" :", "b", words(5)+" /", "c", words(2)+"."),
		field("264", "a", words(1), "b", words(2), "c", "2003."), field("300", "a", "195 pages ;", "c", "21 cm"), field("490", "a", words(3)),
		field("520", "a", words(30)), field("521", "a", "5-8."), field("650", "a", words(1), "v", "Juvenile fiction."), field("650", "a", words(2)), field("700", "a", words(2)),
	}}
	for n := range 2 {
		r.Fields = append(r.Fields, field("852", "a", "SCHOOL", "h", "FIC PAU", "p", fmt.Sprintf("3%012d%d", i, n), "t", fmt.Sprint(n+1), "9", "23.54USD", "x", "FSC@aRegular@c20230504"))
	}
	return r
}

// copyRows copies the catalogue of one library into another by prepared inserts, in transactions of the size an import uses
// when it is alone, and answers how long the inserts took.
func copyRows(b *testing.B, from, to core.App) time.Duration {
	b.Helper()
	var statements []insertion
	for _, table := range []string{"item_types", "locations", "titles", "items", "title_keys", "search_doc"} {
		statements = append(statements, rowsOf(b, from, table)...)
	}
	statements = append(statements, docsOf(b, from)...)
	db := to.NonconcurrentDB().(*dbx.DB).DB()
	began := time.Now()
	var tx *sql.Tx
	prepared := map[string]*sql.Stmt{}
	for i, row := range statements {
		if i%20_000 == 0 {
			if tx != nil {
				check(b, tx.Commit())
			}
			var err error
			tx, err = db.Begin()
			check(b, err)
			clear(prepared)
		}
		if prepared[row.statement] == nil {
			stmt, err := tx.Prepare(row.statement)
			check(b, err)
			prepared[row.statement] = stmt
		}
		_, err := prepared[row.statement].Exec(row.values...)
		check(b, err)
	}
	check(b, tx.Commit())
	return time.Since(began)
}

type insertion struct {
	statement string
	values    []any
}

func rowsOf(b *testing.B, app core.App, table string) (found []insertion) {
	rows, err := app.DB().NewQuery("SELECT * FROM " + table).Rows()
	check(b, err)
	defer rows.Close()
	columns, err := rows.Columns()
	check(b, err)
	statement := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(columns)-1) + ")"
	for rows.Next() {
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		check(b, rows.Scan(places...))
		found = append(found, insertion{statement, values})
	}
	check(b, rows.Err())
	return found
}

func docsOf(b *testing.B, app core.App) (found []insertion) {
	titles, err := collections.All[collections.Title](app, "", "rowid", nil)
	check(b, err)
	for i, title := range titles {
		items, err := collections.All[collections.Item](app, "title = {:t}", "", dbx.Params{"t": title.ID})
		check(b, err)
		doc := MakeDoc(title, recordFacts(title), items)
		found = append(found, insertion{insertFTS, []any{i + 1, doc.Title, doc.Author, doc.Subjects, doc.More, doc.Codes}})
	}
	return found
}
