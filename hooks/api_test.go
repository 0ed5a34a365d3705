package hooks_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
)

// TestEveryRouteIsDescribed holds docs/api.md to the routes: each is a row there, with those who may use it, and there is no other.
func TestEveryRouteIsDescribed(t *testing.T) {
	text, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	letters := map[collections.Role]string{collections.Librarian: "L", collections.Aide: "A", collections.Volunteer: "V", collections.Teacher: "T", collections.Principal: "P"}
	who := map[string]string{}
	for row := range strings.Lines(string(text)) {
		cells := strings.Split(row, "|")
		if _, route, found := strings.Cut(row, "`"); found && len(cells) > 2 && strings.HasPrefix(row, "| ") {
			route, _, _ = strings.Cut(route, "`")
			who[route] = cells[2]
		}
	}
	routes := open(t).door.Routes()
	for _, route := range routes {
		name := route.Method + " " + strings.TrimPrefix(route.Path, "/api/carrel/")
		cell, found := who[name]
		if !found {
			t.Errorf("%s is not described", name)
		}
		for role, letter := range letters {
			admitted := strings.Contains(cell, letter) || strings.Contains(cell, "all")
			if may := slices.Contains(route.Roles, role); may != admitted {
				t.Errorf("%s: %s may use it: %v, but described is %q", name, role, may, cell)
			}
		}
	}
	if len(who) != len(routes) {
		t.Errorf("%d routes, %d described", len(routes), len(who))
	}
}

// A file too large for the door is refused, not half read.
func TestTooLargeAFile(t *testing.T) {
	h := withStaff(t)
	for _, path := range []string{"calendar/import", "restrictions/import"} {
		got := h.head(http.MethodPost, path, schoolCalendar+strings.Repeat("X-FILL:x\r\n", 600_000))
		if got.status != http.StatusBadRequest && got.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d %.200s", path, got.status, got.raw)
		}
	}
}
