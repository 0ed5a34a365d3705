package hooks_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/portrait"
)

func photo(t *testing.T) string {
	t.Helper()
	picture := image.NewNRGBA(image.Rect(0, 0, 800, 1000))
	picture.Set(3, 3, color.Black)
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A picture is put up, seen by those at the desk, replaced and taken away.
func TestPictureRoutes(t *testing.T) {
	h := withStaff(t)
	patron := h.Patron("P1")
	for role, token := range h.everybody() {
		for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodGet} {
			may := role == collections.Librarian || method == http.MethodGet && slices.Contains(atTheDesk, role)
			got := h.ask(method, "/api/carrel/patrons/P1/picture", token, nil)
			if refused := got.status == http.StatusForbidden || got.status == http.StatusUnauthorized; refused == may {
				t.Errorf("%s as %s: %d", method, role, got.status)
			}
		}
	}
	put := h.head(http.MethodPut, "patrons/P1/picture", photo(t))
	if put.status != http.StatusOK || put.body["picture"] != true || put.body["updated"] != h.patronOf("P1", collections.Librarian)["updated"] {
		t.Fatalf("%d %s", put.status, put.raw)
	}
	if h.patronOf("P1", collections.Volunteer)["picture"] != true || h.get("patrons", collections.Aide).rows("items")[0]["picture"] != true {
		t.Error("nobody is told of it")
	}
	got := h.get("patrons/P1/picture", collections.Volunteer)
	seen, err := jpeg.Decode(strings.NewReader(got.raw))
	if err != nil || seen.Bounds().Dy() != portrait.Side || got.header.Get("Content-Type") != "image/jpeg" || got.header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("%v, %v, %v", err, seen, got.header)
	}
	same := http.Header{"If-None-Match": {got.header.Get("ETag")}}
	if again := h.askWith(http.MethodGet, "patrons/P1/picture", same); again.status != http.StatusNotModified || again.raw != "" {
		t.Errorf("the same: %d", again.status)
	}
	h.head(http.MethodPut, "patrons/P1/picture", photo(t))
	if again := h.askWith(http.MethodGet, "patrons/P1/picture", same); again.status != http.StatusOK {
		t.Errorf("another: %d", again.status)
	}
	if got := h.head(http.MethodDelete, "patrons/P1/picture", nil); got.status != http.StatusOK || got.body["picture"] != false {
		t.Errorf("%d %s", got.status, got.raw)
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		if got := h.head(method, "patrons/P1/picture", nil); got.status != http.StatusNotFound || got.code() != "no_picture" {
			t.Errorf("%s without one: %d %s", method, got.status, got.raw)
		}
	}
	if n := h.Count(collections.Audit, `action = 'patron_changed' AND patron = '`+patron.ID+`' AND json(detail) = '{"fields":["picture"]}'`); n != 3 {
		t.Errorf("%d rows in the audit", n)
	}
}

func (h *house) askWith(method, path string, header http.Header) answer {
	h.T.Helper()
	h.extra = header
	defer func() { h.extra = nil }()
	return h.head(method, path, nil)
}

func TestBadPictureFiles(t *testing.T) {
	h := withStaff(t)
	h.Patron("P1")
	for name, test := range map[string]struct {
		path, file string
		status     int
		code       string
		field      string
	}{
		"nothing":    {"patrons/P1/picture", "", http.StatusBadRequest, "bad_picture", "picture"},
		"a script":   {"patrons/P1/picture", "<script>alert(1)</script>", http.StatusBadRequest, "bad_picture", "picture"},
		"too large":  {"patrons/P1/picture", strings.Repeat("x", portrait.MaxBytes+1), http.StatusBadRequest, "too_big", "picture"},
		"of nobody":  {"patrons/P9/picture", photo(t), http.StatusNotFound, "unknown_patron", "patron"},
		"half of it": {"patrons/P1/picture", photo(t)[:300], http.StatusBadRequest, "bad_picture", "picture"},
	} {
		got := h.head(http.MethodPut, test.path, test.file)
		if got.status != test.status || got.code() != test.code || got.field() != test.field {
			t.Errorf("%s: %d %.200s", name, got.status, got.raw)
		}
	}
	if h.patronOf("P1", collections.Aide)["picture"] != false {
		t.Error("something was kept")
	}
}
