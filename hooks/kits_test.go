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
