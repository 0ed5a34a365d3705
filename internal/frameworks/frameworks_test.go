package frameworks_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/frameworks"
	"carrel/internal/policy"
	"carrel/internal/say"
	"carrel/internal/site"
	"carrel/internal/testkit"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// item is one statement of a made file.
type item struct{ id, under, code, text, grades string }

// file is a CASE file of items, each in the order given.
func file(items ...item) string {
	cf, links := []any{}, []any{}
	for i, one := range items {
		cf = append(cf, map[string]any{"identifier": one.id, "humanCodingScheme": one.code, "fullStatement": one.text, "educationLevel": strings.Fields(one.grades)})
		under := one.under
		if under == "" {
			under = "doc"
		}
		links = append(links, map[string]any{"associationType": "isChildOf", "originNodeURI": map[string]string{"identifier": one.id},
			"destinationNodeURI": map[string]string{"identifier": under}, "sequenceNumber": i})
	}
	text, _ := json.Marshal(map[string]any{"CFDocument": map[string]string{"identifier": "doc", "title": "Made standards", "creator": "A state"}, "CFItems": cf, "CFAssociations": links})
	return string(text)
}

var reading = []item{
	{"a", "", "RI", "Reading information", "04 05"},
	{"b", "a", "CCSS.ELA-LITERACY.RI.4.9", "Integrate information from two texts.", "04"},
	{"c", "a", "CCSS.ELA-LITERACY.RI.4.8", "Explain how an author uses reasons; evaluate the site it stands on.", "04"},
	{"d", "", "W", "Écriture: writing", ""},
}

func take(t testing.TB, app core.App, text, name string, dry bool) frameworks.Preview {
	t.Helper()
	shown, err := frameworks.Import(app, strings.NewReader(text), name, say.English, dry)
	if err != nil {
		t.Fatal(err)
	}
	return shown
}

// outline is a stored tree, line by line: depth by parents, code, text.
func outline(t testing.TB, app core.App, id string) (lines []string) {
	t.Helper()
	tree, err := frameworks.ReadTree(app, id, say.English)
	if err != nil {
		t.Fatal(err)
	}
	depth := make([]int, len(tree.Statements))
	for i, s := range tree.Statements {
		if parent := s[1].(int); parent >= 0 {
			depth[i] = depth[parent] + 1
		}
		gone := ""
		if s[7].(int) == 1 {
			gone = " (gone)"
		}
		lines = append(lines, strings.Repeat(" ", depth[i])+s[2].(string)+" "+s[3].(string)+gone)
	}
	return lines
}

func run(t testing.TB, app core.App, statement string, params dbx.Params) {
	t.Helper()
	if _, err := app.DB().NewQuery(statement).Bind(params).Execute(); err != nil {
		t.Fatal(err)
	}
}

// lesson makes a lesson that names standards.
func lesson(t testing.TB, app core.App, id string, standards ...string) {
	t.Helper()
	run(t, app, "INSERT INTO lessons (id, title) VALUES ({:id}, {:id})", dbx.Params{"id": id})
	for i, standard := range standards {
		run(t, app, "INSERT INTO lesson_standards (id, lesson, standard, position) VALUES ({:id}, {:lesson}, {:standard}, {:position})",
			dbx.Params{"id": fmt.Sprintf("%s%d", id, i), "lesson": id, "standard": standard, "position": i})
	}
}

func idOf(t testing.TB, app core.App, code string) (id string) {
	t.Helper()
	if err := app.DB().NewQuery("SELECT id FROM standards WHERE code = {:code}").Bind(dbx.Params{"code": code}).Row(&id); err != nil {
		t.Fatal(code, err)
	}
	return id
}

func TestOwnList(t *testing.T) {
	app := testkit.App(t)
	own, err := frameworks.Own(app)
	if err != nil || len(own) != 32 {
		t.Fatalf("%d statements: %v", len(own), err)
	}
	for _, s := range own {
		if s.In(say.Spanish) == s.In(say.English) || s.Grades == "" {
			t.Errorf("%+v", s)
		}
	}
	all, err := frameworks.All(app, say.Spanish)
	if err != nil || len(all) != 1 || !all[0].Own || all[0].Statements != 32 || all[0].Title != "Destrezas de biblioteca en palabras sencillas" {
		t.Errorf("%+v %v", all, err)
	}
	if err := frameworks.Delete(app, all[0].ID); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("deleted: %v", err)
	}
	picked, err := frameworks.Statements(app, []string{own[5].ID, "nothing", own[1].ID})
	if err != nil || len(picked) != 2 || picked[0].Code != "C2" || picked[1].Code != "C1.1" {
		t.Errorf("%+v %v", picked, err)
	}
}

func TestImportAndUpdate(t *testing.T) {
	app := testkit.App(t)
	if shown := take(t, app, file(reading...), "reading.json", true); shown.Changes != (frameworks.Changes{Added: 4}) || shown.Framework.ID != "" {
		t.Fatalf("%+v", shown)
	}
	if all, _ := frameworks.All(app, say.English); len(all) != 1 {
		t.Fatalf("a dry run wrote: %+v", all)
	}
	id := take(t, app, file(reading...), "reading.json", false).Framework.ID
	want := []string{"RI Reading information", " CCSS.ELA-LITERACY.RI.4.9 Integrate information from two texts.",
		" CCSS.ELA-LITERACY.RI.4.8 Explain how an author uses reasons; evaluate the site it stands on.", "W Écriture: writing"}
	if diff := cmp.Diff(want, outline(t, app, id)); diff != "" {
		t.Error(diff)
	}
	if again := take(t, app, file(reading...), "reading.json", false); again.Framework.ID != id || again.Changes != (frameworks.Changes{Same: 4}) {
		t.Errorf("the same again: %+v", again)
	}
	kept := idOf(t, app, "CCSS.ELA-LITERACY.RI.4.9")
	lesson(t, app, "lessonreading00", kept)
	newer := []item{{"e", "", "L", "Language", ""}, reading[0], {"c", "e", "RI.4.8", "Explain reasons.", "04"}}
	if dry := take(t, app, file(newer...), "reading.json", true); dry.Changes != (frameworks.Changes{Added: 1, Changed: 1, Gone: 2, Kept: 1, Same: 1}) {
		t.Errorf("what would change: %+v", dry.Changes)
	}
	take(t, app, file(newer...), "reading.json", false)
	want = []string{"L Language", " RI.4.8 Explain reasons.", "RI Reading information", "CCSS.ELA-LITERACY.RI.4.9 Integrate information from two texts. (gone)"}
	if diff := cmp.Diff(want, outline(t, app, id)); diff != "" {
		t.Error(diff)
	}
	if found, _, _ := frameworks.Find(app, frameworks.Search{Text: "Écriture"}, say.English); len(found) != 0 {
		t.Errorf("what is gone is found: %+v", found)
	}
	if found, _, _ := frameworks.Find(app, frameworks.Search{Text: "integrate"}, say.English); len(found) != 0 {
		t.Errorf("what is gone can be chosen: %+v", found)
	}
	if err := frameworks.Delete(app, id); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("deleted while a lesson uses it: %v", err)
	}
	if back := take(t, app, file(reading...), "reading.json", false); back.Changes != (frameworks.Changes{Added: 1, Changed: 2, Gone: 1, Same: 1}) || idOf(t, app, "CCSS.ELA-LITERACY.RI.4.9") != kept {
		t.Errorf("back again: %+v", back.Changes)
	}
	run(t, app, "DELETE FROM lesson_standards", nil)
	if err := frameworks.Delete(app, id); err != nil {
		t.Error(err)
	}
	if found, _, _ := frameworks.Find(app, frameworks.Search{Text: "reasons"}, say.English); len(found) != 0 {
		t.Errorf("found after it was deleted: %+v", found)
	}
}

// A spreadsheet has no ids: it goes by its title, its statements by their codes.
func TestTableAgain(t *testing.T) {
	app := testkit.App(t)
	first := take(t, app, "code,statement\nA,Letters\nA.1,Vowels\n,No code\n,No code\n", "Ours.csv", false)
	again := take(t, app, "code,statement\nB,Numbers\nA,Letters\nA.1,The vowels\n,No code\n,No code\n", "Ours.csv", false)
	if again.Framework.ID != first.Framework.ID || again.Changes != (frameworks.Changes{Added: 1, Changed: 1, Same: 3}) {
		t.Errorf("%+v", again)
	}
	other := take(t, app, "code,statement\nA,Letters\n", "Theirs.csv", false)
	if other.Framework.ID == first.Framework.ID {
		t.Error("two files are one framework")
	}
}

func TestBadFiles(t *testing.T) {
	app := testkit.App(t)
	whole := file(reading...)
	for name, test := range map[string]struct{ text, code, says string }{
		"cut off":       {whole[:len(whole)/2], "broken_json", fmt.Sprintf("byte %d", len(whole)/2)},
		"a PDF":         {"%PDF-1.7\n1 0 obj\n", "not_standards", "holds no standards"},
		"a workbook":    {"PK\x03\x04\x14\x00", "not_standards", "holds no standards"},
		"a page":        {"<!doctype html>", "not_standards", "holds no standards"},
		"other JSON":    {`{"a":1}`, "not_standards", "holds no standards"},
		"no column":     {"code,grade\nA,1\n", "not_standards", `"fullStatement"`},
		"only headings": {"code,statement\n", "empty", "no statements"},
		"nothing":       {"", "empty", "no statements"},
	} {
		_, err := frameworks.Import(app, strings.NewReader(test.text), "x", say.English, false)
		var why *fault.Error
		if !errors.As(err, &why) || why.Word != test.code || why.Field != "file" || !strings.Contains(why.Text.In(say.English), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, _ := frameworks.All(app, say.English); len(all) != 1 {
		t.Errorf("something was kept: %+v", all)
	}
}

// What stands wrong in a file is mended, and said.
func TestMended(t *testing.T) {
	app := testkit.App(t)
	text := file(item{"a", "b", "A", "Above itself", ""}, item{"b", "a", "B", "Below", ""}, item{"c", "z", "C", "Orphan", "99"}, item{"c", "", "D", "Double", ""},
		item{"e", "", "E", "<script>alert(1)</script>", ""})
	shown := take(t, app, text, "odd.json", false)
	if got := outline(t, app, shown.Framework.ID); len(got) != 4 || !strings.Contains(strings.Join(got, "\n"), "E <script>alert(1)</script>") {
		t.Errorf("%q", got)
	}
	var said []string
	for _, r := range shown.Remarks {
		if r.Message == "" || strings.Contains(r.Message, "%!") || strings.HasPrefix(r.Message, "standards.") {
			t.Errorf("%+v", r)
		}
		said = append(said, r.Code)
	}
	if diff := cmp.Diff([]string{"uncertain", "double", "cycle", "another", "orphan"}, said); diff != "" {
		t.Error(diff)
	}
}

func TestFind(t *testing.T) {
	app := testkit.App(t)
	take(t, app, file(reading...), "reading.json", false)
	for name, test := range map[string]struct {
		search frameworks.Search
		want   string // codes
		near   bool
	}{
		"words in any order":  {frameworks.Search{Text: "site evaluate"}, "CCSS.ELA-LITERACY.RI.4.8", false},
		"the whole code":      {frameworks.Search{Text: "CCSS.ELA-LITERACY.RI.4.9"}, "CCSS.ELA-LITERACY.RI.4.9", false},
		"the end of a code":   {frameworks.Search{Text: "ri.4.9"}, "CCSS.ELA-LITERACY.RI.4.9", false},
		"without dots":        {frameworks.Search{Text: "RI49"}, "CCSS.ELA-LITERACY.RI.4.9", false},
		"with blanks":         {frameworks.Search{Text: "ri 4 9"}, "CCSS.ELA-LITERACY.RI.4.9", false},
		"a code, begun":       {frameworks.Search{Text: "RI.4"}, "CCSS.ELA-LITERACY.RI.4.9 CCSS.ELA-LITERACY.RI.4.8", false},
		"a code and a word":   {frameworks.Search{Text: "RI.4.8 author"}, "CCSS.ELA-LITERACY.RI.4.8", false},
		"without accents":     {frameworks.Search{Text: "ecriture"}, "W", false},
		"another form":        {frameworks.Search{Text: "integrating texts"}, "CCSS.ELA-LITERACY.RI.4.9", false},
		"not all of it":       {frameworks.Search{Text: "integrate bananas"}, "CCSS.ELA-LITERACY.RI.4.9", true},
		"nothing":             {frameworks.Search{Text: "bananas"}, "", false},
		"no words":            {frameworks.Search{Text: " . "}, "", false},
		"signs":               {frameworks.Search{Text: `"integrate*(^ "two" {codes}:`}, "CCSS.ELA-LITERACY.RI.4.9", true},
		"own, in Spanish":     {frameworks.Search{Text: "página patrocinada"}, "C3.3", false},
		"of a grade":          {frameworks.Search{Text: "information", Grade: "5"}, "RI C3.3", false},
		"of any grade":        {frameworks.Search{Text: "writing", Grade: "9"}, "W", false},
		"of an own framework": {frameworks.Search{Text: "information", Framework: "ownstandards000"}, "C3.3", false},
	} {
		found, near, err := frameworks.Find(app, test.search, say.English)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		codes := []string{}
		for _, one := range found {
			codes = append(codes, one.Code)
		}
		if got := strings.Join(codes, " "); !sameWords(got, test.want) || near != test.near {
			t.Errorf("%s: %s (near %v)", name, got, near)
		}
	}
	found, _, err := frameworks.Find(app, frameworks.Search{Text: "RI.4.9"}, say.English)
	if err != nil || len(found) != 1 || len(found[0].Path) != 1 || found[0].Path[0] != "Reading information" || found[0].FrameworkTitle != "Made standards" {
		t.Errorf("%+v %v", found, err)
	}
}

func sameWords(a, b string) bool {
	one, other := map[string]bool{}, map[string]bool{}
	for _, w := range strings.Fields(a) {
		one[w] = true
	}
	for _, w := range strings.Fields(b) {
		other[w] = true
	}
	return cmp.Equal(one, other)
}

func FuzzFind(f *testing.F) {
	app := testkit.App(f)
	for _, seed := range []string{"evaluate site", `"a" OR b*`, "codes : x", "RI.4.9", "3,500.2", "\x00 -- 日本"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, _, err := frameworks.Find(app, frameworks.Search{Text: text}, say.English); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func TestCoverage(t *testing.T) {
	app := testkit.App(t)
	framework := take(t, app, file(reading...), "reading.json", false).Framework.ID
	lesson(t, app, "lessonone000000", idOf(t, app, "CCSS.ELA-LITERACY.RI.4.9"), idOf(t, app, "CCSS.ELA-LITERACY.RI.4.8"))
	lesson(t, app, "lessontwo000000", idOf(t, app, "CCSS.ELA-LITERACY.RI.4.8"))
	lesson(t, app, "lessonnone00000")
	for i, s := range []struct{ lesson, grade, day, state string }{
		{"lessonone000000", "4", "2026-04-14", "taught"}, {"lessontwo000000", "4", "2026-04-15", "taught"}, {"lessontwo000000", "K", "2026-04-16", "taught"},
		{"lessonone000000", "4", "2026-04-17", "planned"}, {"lessonone000000", "4", "2025-04-14", "taught"}, {"lessonnone00000", "4", "2026-04-14", "taught"},
	} {
		run(t, app, "INSERT INTO teaching_sessions (id, kind, lesson, grade, day, state) VALUES ({:id}, 'lesson', {:lesson}, {:grade}, {:day}, {:state})",
			dbx.Params{"id": fmt.Sprintf("session%08d", i), "lesson": s.lesson, "grade": s.grade, "day": s.day, "state": s.state})
	}
	from, until := policy.Date(2026, 1, 1), policy.Date(2026, 12, 31)
	got, err := frameworks.Cover(app, "", from, until, say.English)
	if err != nil {
		t.Fatal(err)
	}
	rows := []string{}
	for _, row := range got.Rows {
		rows = append(rows, fmt.Sprintf("%s %v %d %v", row.Code, row.Cells, row.Total, row.Leaf))
	}
	want := []string{"RI [1 2 0] 3 false", "CCSS.ELA-LITERACY.RI.4.9 [0 1 0] 1 true", "CCSS.ELA-LITERACY.RI.4.8 [1 2 0] 3 true", "W [0 0 0] 0 true"}
	if diff := cmp.Diff(want, rows); diff != "" || !cmp.Equal(got.Grades, []string{"K", "4", "5"}) || got.Sessions != 3 || got.Without != 1 || got.Framework.ID != framework {
		t.Errorf("%s %v %d %d %s", diff, got.Grades, got.Sessions, got.Without, got.Framework.ID)
	}
	// A standard that its makers took out is a row only where it was reached.
	take(t, app, file(reading[0], reading[2]), "reading.json", false)
	got, err = frameworks.Cover(app, framework, from, until, say.English)
	if err != nil || len(got.Rows) != 3 || got.Rows[2].Code != "CCSS.ELA-LITERACY.RI.4.9" {
		t.Errorf("%+v %v", got.Rows, err)
	}
	got, err = frameworks.Cover(app, framework, from.Add(-900), from.Add(-800), say.English)
	if err != nil || len(got.Rows) != 2 {
		t.Errorf("%+v %v", got.Rows, err)
	}
	// What is for other schools is neither a column nor a gap.
	if _, err := site.SaveSchool(app, site.School{Name: "Primary", Zone: "UTC", Language: say.English, GradesFrom: "K", GradesTo: "3"}); err != nil {
		t.Fatal(err)
	}
	got, err = frameworks.Cover(app, "ownstandards000", from.Add(-900), from.Add(-800), say.English)
	if err != nil || !cmp.Equal(got.Grades, []string{"K", "1", "2", "3"}) || slices.ContainsFunc(got.Rows, func(row frameworks.Covered) bool { return row.Code == "C1.4" }) {
		t.Errorf("%v %v %v", got.Grades, got.Rows, err)
	}
	if _, err := frameworks.Cover(app, framework, until, from, say.English); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("days the wrong way round: %v", err)
	}
	if _, err := frameworks.Cover(app, "nothing", from, until, say.English); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("an unknown framework: %v", err)
	}
}
