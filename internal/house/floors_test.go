// Package house holds the tests of the structure itself.
package house

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// floors are the packages of Carrel from the ground up. A package may import its own floor only where sameFloor says so, and never one above.
var floors = [][]string{
	{"say"},
	{"fault", "marc", "isbn", "callnumber", "barcode", "roster", "booklist", "print", "policy", "pages", "ical", "money", "restrictcsv", "trust", "words", "portrait", "room", "cite", "standards", "evidence", "ledger"},
	{"collections", "pb_migrations", "store", "live"},
	{"site", "staff", "jobs", "audit"},
	{"catalog", "patrons", "desk", "inventory", "restrictions", "privacy", "notices", "labels", "sample", "demo", "use", "shelfmap", "lists", "lookup", "adds", "budget", "teaching", "frameworks", "checks"},
	{"ops", "today", "imports", "discovery", "reports", "doubles", "kits", "checkdoor"},
	{"hooks", "kiosk", "bench", "commands"},
	{"carrel"},
}

// pure packages know nothing of the platform.
var pure = []string{"say", "fault", "marc", "isbn", "callnumber", "barcode", "roster", "booklist", "policy", "sample", "ical", "money", "restrictcsv", "words", "portrait", "room", "cite", "standards", "evidence", "ledger"}

// tests is where anything may be used.
var tests = map[string]bool{"testkit": true, "e2e": true, "house": true, "tools": true, "year": true}

type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "carrel/...")
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []pkg
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, p)
	}
}

// room is the name by which a package is known in the floors: "carrel/internal/marc/x" is marc.
func room(path string) string {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "carrel/"), "internal/")
	name, _, _ := strings.Cut(path, "/")
	return name
}

func floor(name string) int {
	for i, rooms := range floors {
		for _, room := range rooms {
			if room == name {
				return i
			}
		}
	}
	return -1
}

func TestImportsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		name := room(p.ImportPath)
		if tests[name] {
			continue
		}
		if floor(name) < 0 {
			t.Errorf("%s stands on no floor: enter it in the list", p.ImportPath)
		}
		for _, imported := range p.Imports {
			if imported != "carrel" && !strings.HasPrefix(imported, "carrel/") {
				continue
			}
			if tests[room(imported)] {
				t.Errorf("%s imports %s, which is for tests", p.ImportPath, imported)
			}
			if floor(room(imported)) > floor(name) {
				t.Errorf("%s imports %s, which is on a floor above", p.ImportPath, imported)
			}
		}
	}
}

func TestThePureKnowNoPlatform(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range pure {
			if room(p.ImportPath) != name {
				continue
			}
			for _, dep := range p.Deps {
				if strings.HasPrefix(dep, "github.com/pocketbase/") || strings.HasPrefix(dep, "github.com/labstack/") || dep == "database/sql" {
					t.Errorf("%s depends on %s", p.ImportPath, dep)
				}
			}
		}
	}
}
