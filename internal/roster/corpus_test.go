package roster

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every set of the corpus reads without an error, and as many people as its files of people have rows.
func TestCorpus(t *testing.T) {
	corpus := os.Getenv("CARREL_CORPUS")
	if corpus == "" {
		t.Skip("CARREL_CORPUS is not set: the real rosters are not read")
	}
	read := 0
	err := filepath.WalkDir(filepath.Join(corpus, "oneroster"), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		tables, _ := filepath.Glob(filepath.Join(path, "*.csv"))
		if filepath.Ext(path) != ".zip" && len(tables) == 0 {
			return nil
		}
		read++
		t.Run(filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), func(t *testing.T) { checkSet(t, path) })
		return nil
	})
	if err != nil || read < 10 {
		t.Fatalf("%d sets: %v", read, err)
	}
}

func checkSet(t *testing.T, path string) {
	got, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	set, err := openSet(path)
	if err != nil {
		t.Fatal(err)
	}
	defer set.close()
	rows := 0
	for _, name := range []string{"users", "student", "teacher"} {
		if set.has(name) {
			rows += len(rawRows(t, set.files[name]))
		}
	}
	parents := map[string]bool{}
	if set.has("relationships") { // the parents of School Data Sync 2.1 are among the users
		for _, cells := range rawRows(t, set.files["relationships"]) {
			parents[cells[1]] = true
		}
	}
	if len(got.Persons) != rows-len(parents) {
		t.Errorf("%d persons from %d rows with %d parents", len(got.Persons), rows, len(parents))
	}
	seen := map[string]int{}
	for _, p := range got.Problems {
		if seen[p.Code]++; seen[p.Code] == 1 {
			t.Logf("%s:%d %s", p.File, p.Line, p.Message)
		}
	}
	placed := 0
	for _, p := range got.Persons {
		if p.Homeroom != "" {
			placed++
		}
		if p.Grade == "" && strings.EqualFold(p.Type, "student") && strings.Contains(path, "generated") {
			t.Errorf("student without a grade: %+v", p)
		}
	}
	t.Logf("%s: %d persons, %d with a homeroom, problems %v", got.Source, len(got.Persons), placed, seen)
}

// rawRows reads a sound table without its heading, by other means than the package's own.
func rawRows(t *testing.T, one file) [][]string {
	t.Helper()
	f, err := one.open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}
