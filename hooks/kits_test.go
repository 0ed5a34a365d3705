package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

// The gallery and a kit come in the language that is asked for, and the handouts as PDF; only the librarian sees them.
func TestKits(t *testing.T) {
	h := withStaff(t)
	if got := h.get("kits", collections.Librarian).rows("kits"); len(got) != 6 || got[0]["title"] != "SIFT: four moves before you share" || got[0]["items"] != 5.0 {
		t.Errorf("%v", got)
	}
	if got := h.get("kits?language=es", collections.Librarian).rows("kits"); got[0]["title"] != "SIFT: cuatro pasos antes de compartir" {
		t.Errorf("%v", got[0])
	}
	got := h.get("kits/sift?language=es", collections.Librarian)
	if !strings.Contains(got.raw, "Diga: «") || !strings.Contains(got.raw, "Hoja del estudiante") || strings.Contains(got.raw, "kits.") {
		t.Errorf("%s", got.raw)
	}
	for path, status := range map[string]int{
		"kits/sift/page.pdf": http.StatusOK, "kits/sift/notes.pdf?language=es": http.StatusOK, "kits/sift/kit.json": http.StatusNotFound,
		"kits/gossip": http.StatusNotFound, "kits/gossip/page.pdf": http.StatusNotFound, "kits/..%2Fsift": http.StatusNotFound,
	} {
		got := h.ask(http.MethodGet, "/api/carrel/"+path, h.tokens[collections.Librarian], nil)
		if got.status != status || status == http.StatusOK && !strings.HasPrefix(got.raw, "%PDF") {
			t.Errorf("%s: %d %.60q", path, got.status, got.raw)
		}
	}
	for _, role := range []collections.Role{collections.Aide, collections.Volunteer, collections.Teacher, collections.Principal, collections.Coordinator} {
		if got := h.ask(http.MethodGet, "/api/carrel/kits", h.tokens[role], nil); got.status != http.StatusForbidden {
			t.Errorf("%s: %d", role, got.status)
		}
	}
}

// A kit is used once for one key, by the librarian alone.
func TestUseKit(t *testing.T) {
	h := withStaff(t)
	use := func(role collections.Role, kit string, body map[string]any) answer {
		return h.ask(http.MethodPost, "/api/carrel/kits/"+kit, h.tokens[role], body)
	}
	got := use(collections.Librarian, "copyright", map[string]any{"key": "a-key-of-a-kit", "language": "es"})
	if got.status != http.StatusCreated || !strings.Contains(got.raw, "¿Puedo usar esto?") || !strings.Contains(got.raw, `"kind":"kit"`) {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if again := use(collections.Librarian, "copyright", map[string]any{"key": "a-key-of-a-kit", "language": "es"}); again.raw != got.raw {
		t.Errorf("again: %s", again.raw)
	}
	for _, wrong := range []struct {
		kit    string
		body   map[string]any
		status int
	}{
		{"copyright", map[string]any{}, http.StatusBadRequest}, {"gossip", map[string]any{"key": "a-key-of-gossip"}, http.StatusNotFound},
		{"sift", map[string]any{"key": "a-key-of-a-kit"}, http.StatusConflict}, {"sift", map[string]any{"key": 7}, http.StatusBadRequest},
	} {
		if got := use(collections.Librarian, wrong.kit, wrong.body); got.status != wrong.status {
			t.Errorf("%s %v: %d %s", wrong.kit, wrong.body, got.status, got.raw)
		}
	}
	for _, role := range []collections.Role{collections.Aide, collections.Teacher, collections.Principal} {
		if got := use(role, "sift", map[string]any{"key": "a-key-of-nobody"}); got.status != http.StatusForbidden {
			t.Errorf("%s: %d", role, got.status)
		}
	}
}
