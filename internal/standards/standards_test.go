package standards

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func read(t *testing.T, name, text string) Framework {
	t.Helper()
	f, err := Read(strings.NewReader(text), name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// outline is a tree on one line: "A(B(C) D)".
func outline(f Framework) string {
	var out strings.Builder
	depth := 0
	for i, s := range f.Statements {
		switch {
		case i == 0:
		case s.Depth > depth:
			out.WriteString("(")
		default:
			out.WriteString(strings.Repeat(")", depth-s.Depth) + " ")
		}
		depth = s.Depth
		out.WriteString(s.name())
	}
	return out.String() + strings.Repeat(")", depth)
}

func (s Statement) name() string {
	if s.Code != "" {
		return s.Code
	}
	return s.Text
}

func remarks(f Framework) string {
	var out []string
	for _, r := range f.Remarks {
		out = append(out, fmt.Sprintf("%s %s %s", r.Code, r.Statement, r.Detail))
	}
	return strings.Join(out, "; ")
}

// made is a package of CASE: items "A", and "B>A" for B below A, "C>A@2" as the second.
func made(items ...string) string {
	var cf, associations []string
	seen := map[string]bool{}
	for _, item := range items {
		id, under, child := strings.Cut(item, ">")
		if !seen[id] {
			cf = append(cf, fmt.Sprintf(`{"identifier":%q,"humanCodingScheme":%q,"fullStatement":"About %s","educationLevel":["04","05"]}`, id, id, id))
		}
		seen[id] = true
		if child {
			parent, number, _ := strings.Cut(under, "@")
			if parent == "" {
				parent = "doc"
			}
			associations = append(associations, fmt.Sprintf(`{"associationType":"isChildOf","originNodeURI":{"identifier":%q},"destinationNodeURI":{"identifier":%q},"sequenceNumber":%q}`, id, parent, number))
		}
	}
	return `{"CFDocument":{"identifier":"doc","title":"Made"},"CFItems":[` + strings.Join(cf, ",") + `],"CFAssociations":[` + strings.Join(associations, ",") + `]}`
}

func TestTree(t *testing.T) {
	for name, test := range map[string]struct {
		items   []string
		want    string
		remarks string
	}{
		"as they stand":            {[]string{"A>", "B>A", "C>A", "D>"}, "A(B C) D", ""},
		"by number":                {[]string{"A>", "B>A@2", "C>A@1", "D>A@10"}, "A(C B D)", ""},
		"without number last":      {[]string{"A>", "B>A", "C>A@1"}, "A(C B)", ""},
		"child before its parent":  {[]string{"B>A", "A>"}, "A(B)", ""},
		"no association":           {[]string{"A", "B>A"}, "A(B)", ""},
		"unknown parent":           {[]string{"A>", "B>Z"}, "A B", "orphan B Z"},
		"below itself":             {[]string{"A>A"}, "A", "cycle A A"},
		"a ring":                   {[]string{"A>B", "B>C", "C>A"}, "C(B(A))", "cycle C C"},
		"two places, the first is": {[]string{"A>", "B>", "C>A", "C>B"}, "A(C) B", "another C B"},
	} {
		f := read(t, "made.json", made(test.items...))
		if got := outline(f); got != test.want || remarks(f) != test.remarks {
			t.Errorf("%s: %s [%s], want %s [%s]", name, got, remarks(f), test.want, test.remarks)
		}
	}
}

func TestTables(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"parents by code":  {"code,statement,is child of\nM.F,Fractions,M\nM,Math,\nM.F.1,Thirds,M.F\n", "M(M.F(M.F.1))"},
		"parents by id":    {"Identifier;fullStatement;parent\na;One;\nb;Two;a\n", "One(Two)"},
		"levels":           {"fullStatement,smartLevel\nOne,1\nOneTwo,1.2\nOneOne,1.1\nTwo,2\n", "One(OneOne OneTwo) Two"},
		"levels with gaps": {"fullStatement,smartLevel\nDeep,3.6.2.1\nTop,3\n", "Top(Deep)"},
		"codes":            {"Human Coding Scheme,Full Statement,sequenceNumber\nA.B,x,2\nA.B.C,y,2\nA.B.D,z,1\n", "A.B(A.B.D A.B.C)"},
		"spanish":          {"Código\tEnunciado\tPadre\nL\tLeer\t\nL1\tLeer bien\tL\n", "L(L1)"},
	} {
		if got := outline(read(t, "made.csv", test.text)); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestGrades(t *testing.T) {
	for text, want := range map[string]string{
		"04": "4", "KG": "K", "K": "K", "PK": "PK", "Pre-K": "PK", "K-2": "K 1 2", "9–12": "9 10 11 12", "00": "K", "13": "?", "5-3": "?", "adult": "?", "PK-K": "PK K",
	} {
		grades, ok := gradesOf(text)
		got := strings.Join(grades, " ")
		if !ok {
			got = "?"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	for name, test := range map[string]struct{ text, code string }{
		"nothing":      {"", Empty},
		"blanks":       {" \n", Empty},
		"a page":       {"<!doctype html><p>Sign in", NotStandards},
		"another JSON": {`{"books":[]}`, NotStandards},
		"broken JSON":  {`{"CFDocument":{"title":"x"},"CFItems":[{"identifier":`, BrokenJSON},
		"no items":     {`{"CFDocument":{"title":"x"},"CFItems":[]}`, Empty},
		"another list": {"first_name,last_name\nAda,Lovelace\n", NotStandards},
		"heading only": {"code,statement\n", Empty},
	} {
		_, err := Read(strings.NewReader(test.text), "made")
		var why *FileError
		if !errors.As(err, &why) || why.Code != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
}

func TestLoosePackages(t *testing.T) {
	f := read(t, "made.json", `{"CFDocument":{"identifier":"d"},"CFItems":[
		{"identifier":"1","fullStatement":"One\n  two\u0007","educationalLevel":"06,KG","listEnumeration":"b"},
		{"identifier":"2","fullStatement":"","humanCodingScheme":"X.2"}, {"identifier":"3"}, {"identifier":"1","fullStatement":"Again"}],
		"CFAssociations":[{"associationType":"isChildOf","originNodeURI":"http://example.org/2","destinationNodeURI":"http://example.org/1"}]}`)
	if got := outline(f); got != "One two(X.2)" || !slices.Equal(f.Statements[0].Grades, []string{"6", "K"}) {
		t.Errorf("%s %v", got, f.Statements)
	}
	if want := "wordless X.2 2; wordless 3 3; double 1 1"; remarks(f) != want {
		t.Errorf("%s, want %s", remarks(f), want)
	}
}

// However the statements hang together, each is there once, behind the one it stands under.
func TestEveryStatementHasOnePlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "statements")
		var items []string
		for i := range n {
			items = append(items, fmt.Sprintf("S%d>S%d@%d", i, rapid.IntRange(0, n).Draw(t, "parent"), rapid.IntRange(0, 3).Draw(t, "number")))
		}
		f, err := Read(strings.NewReader(made(items...)), "made.json")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for i, s := range f.Statements {
			seen[s.ID] = true
			if s.Parent >= i || s.Parent >= 0 && f.Statements[s.Parent].Depth != s.Depth-1 || s.Parent < 0 && s.Depth != 0 {
				t.Fatalf("%d: %+v", i, s)
			}
		}
		if len(seen) != n || len(f.Statements) != n {
			t.Fatalf("%d of %d statements", len(seen), n)
		}
	})
}

func TestDeepAndLarge(t *testing.T) {
	var items []string
	for i := range 10_000 {
		items = append(items, fmt.Sprintf("S%d>S%d", i, i-1))
	}
	f := read(t, "deep.json", made(items...))
	if len(f.Statements) != 10_000 || f.Statements[9_999].Depth != 9_999 {
		t.Errorf("%d statements, the last at depth %d", len(f.Statements), f.Statements[len(f.Statements)-1].Depth)
	}
}

// The corpus holds frameworks of real makers: all their statements come, with their codes, in their order.
func TestCorpus(t *testing.T) {
	corpus := os.Getenv("CARREL_CORPUS")
	if corpus == "" {
		t.Skip("CARREL_CORPUS is not set: no corpus of frameworks")
	}
	for name, want := range map[string]struct {
		statements int
		first      string
	}{
		"Ordering.json":                {28, ""},
		"SmartLevelFramework.json":     {14, "Item 1"},
		"SequenceNumberFramework.json": {2, ""},
		"opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json": {16, ""},
		"Utf8TestFramework.json": {1, "Item \U0001d451 1"},
		"MarkdownFramework.json": {2, ""},
		"ccsso_ela_item.csv":     {0, ""},
		"children.csv":           {4, "A.B"},
		"sample_case.csv":        {10, "M"},
		"test_items.csv":         {0, ""},
	} {
		file, err := os.Open(filepath.Join(corpus, "case", "opensalt-mit", name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := Read(file, name)
		_ = file.Close()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(f.Statements) < max(want.statements, 1) || want.statements > 0 && len(f.Statements) != want.statements || want.first != "" && f.Statements[0].name() != want.first {
			t.Errorf("%s: %d statements, the first %q", name, len(f.Statements), f.Statements[0].name())
		}
		t.Logf("%s: %d statements, %d remarks", name, len(f.Statements), len(f.Remarks))
	}
	empty, err := os.Open(filepath.Join(corpus, "case", "opensalt-mit", "EmptyExternalFramework.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close() //nolint:errcheck // only read
	var why *FileError
	if _, err := Read(empty, "empty.json"); !errors.As(err, &why) || why.Code != Empty {
		t.Errorf("an empty framework: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(made("A>", "B>A@1")))
	f.Add([]byte("code,statement,parent\nA,x,\nA.1,y,A\n"))
	f.Add([]byte(`{"CFDocument":{},"CFItems":[{}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := Read(strings.NewReader(string(content)), "fuzz")
		if err != nil {
			return
		}
		for i, s := range got.Statements {
			if s.Parent >= i || s.Text == "" {
				t.Fatalf("%d: %+v", i, s)
			}
		}
	})
}
