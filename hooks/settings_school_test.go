package hooks_test

import (
	"net/http"
	"slices"
	"testing"

	"carrel/collections"
)

func TestSchoolSettings(t *testing.T) {
	h := withStaff(t)
	got := h.get("settings/school", collections.Librarian)
	zones, _ := got.body["zones"].([]any)
	if got.body["name"] != "Library" || !slices.Contains(zones, any("America/Chicago")) {
		t.Errorf("%s", got.raw)
	}
	h.put("settings/school", map[string]any{"name": "Cedar Hollow", "short": "CHES", "zone": "America/Denver", "grades_from": "K", "grades_to": "5", "state": "co"})
	got = h.put("settings/school", map[string]any{"language": "es"})
	for field, want := range map[string]string{
		"name": "Cedar Hollow", "short": "CHES", "zone": "America/Denver", "grades_from": "K", "grades_to": "5", "state": "CO", "language": "es",
	} {
		if got.body[field] != want {
			t.Errorf("%s: %s", field, got.raw)
		}
	}
	for field, value := range map[string]any{
		"name": "", "short": "CEDARHOLLOW", "zone": "Mars", "grades_from": "13", "grades_to": "PK", "state": "Colorado", "language": "fr",
	} {
		got := h.head(http.MethodPut, "settings/school", map[string]any{field: value})
		if got.status != http.StatusBadRequest || got.field() != field {
			t.Errorf("%s: %d %s", field, got.status, got.raw)
		}
	}
	if again := h.get("settings/school", collections.Librarian); again.body["short"] != "CHES" || again.body["state"] != "CO" {
		t.Errorf("what was refused was kept: %s", again.raw)
	}
}

// The wizard of a new library can be left and taken up again; me says where.
func TestSetupStepsRoute(t *testing.T) {
	h := withStaff(t)
	if got := h.put("setup/steps", map[string]any{}); got.body["finished"] != true {
		t.Errorf("a library that no wizard set up: %s", got.raw)
	}
	h.put("setup/steps", map[string]any{"finished": false, "done": []string{"school"}, "skipped": []string{"calendar"}})
	if got := h.get("setup/steps", collections.Librarian); got.body["at"] != "books" || got.body["finished"] != false {
		t.Errorf("%s", got.raw)
	}
	for role, want := range map[collections.Role]string{collections.Librarian: "books", collections.Aide: "", collections.Teacher: ""} {
		if got := h.get("me", role); got.body["setup"] != want {
			t.Errorf("as %s: %s", role, got.raw)
		}
	}
	for field, value := range map[string]any{"done": []string{"coffee"}, "skipped": []string{"coffee"}, "at": "coffee"} {
		if got := h.head(http.MethodPut, "setup/steps", map[string]any{field: value}); got.status != http.StatusBadRequest || got.field() != field {
			t.Errorf("%s: %d %s", field, got.status, got.raw)
		}
	}
	if got := h.put("setup/steps", map[string]any{"finished": true}); got.body["at"] != "" {
		t.Errorf("%s", got.raw)
	}
	if got := h.get("me", collections.Librarian); got.body["setup"] != "" {
		t.Errorf("finished: %s", got.raw)
	}
}
