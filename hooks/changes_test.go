package hooks

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"carrel/internal/live"
)

// TestEachCommandTells holds the table of changes to the routes: each that is no question is in it, and names nothing that is not there.
func TestEachCommandTells(t *testing.T) {
	routes := (&Door{}).Routes()
	for _, route := range routes {
		path := strings.TrimPrefix(route.Path, "/api/carrel/")
		first, _, _ := strings.Cut(path, "/")
		_, whole := changes[path]
		if _, known := changes[first]; route.Method != http.MethodGet && !known && !whole {
			t.Errorf("%s %s tells nobody of anything", route.Method, route.Path)
		}
		if route.Method == http.MethodGet && changedBy(route) != nil {
			t.Errorf("%s changes something", route.Path)
		}
	}
	for name := range changes {
		used := slices.ContainsFunc(routes, func(route Route) bool {
			path := strings.TrimPrefix(route.Path, "/api/carrel/")
			return path == name || strings.HasPrefix(path, name+"/")
		})
		if !used {
			t.Errorf("%s is no route", name)
		}
	}
}

func TestChangedBy(t *testing.T) {
	for path, want := range map[string][]live.Kind{
		"checkouts": {live.Loans, live.Holds, live.Items}, "holds/{id}/cancel": {live.Holds, live.Items, live.Notices}, "rules": {live.Settings}, "rules/try": nil,
	} {
		if got := changedBy(Route{Method: http.MethodPost, Path: "/api/carrel/" + path}); !slices.Equal(got, want) {
			t.Errorf("%s: %v", path, got)
		}
	}
}
