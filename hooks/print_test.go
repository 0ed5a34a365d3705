package hooks_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"carrel/collections"
)

// paper asks for a PDF as the librarian.
func (h *house) paper(path string) answer {
	h.T.Helper()
	got := h.get(path, collections.Librarian)
	if !strings.HasPrefix(got.raw, "%PDF-") || got.header.Get("Content-Type") != "application/pdf" || got.header.Get("Cache-Control") != "no-store" {
		h.T.Errorf("%s: %v %.40q", path, got.header, got.raw)
	}
	return got
}

// cardsOf makes a homeroom whose children have cards.
func (h *house) cardsOf(names ...string) collections.Homeroom {
	h.T.Helper()
	room := h.Homeroom("4B Okafor")
	for i, name := range names {
		patron := h.Patron(h.code("P"))
		patron.Homeroom, patron.FirstName, patron.Card = room.ID, name, "carrel:p:0123456789ABCDEF"+string(rune('0'+i))
		if err := collections.Update(h.App, patron); err != nil {
			h.T.Fatal(err)
		}
	}
	return room
}

// words is the text of a PDF as another program reads it.
func (h *house) words(pdf string) string {
	h.T.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		h.T.Skip("pdftotext is not installed: nothing is read back (Debian: apt-get install poppler-utils)")
	}
	path := filepath.Join(h.T.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, []byte(pdf), 0o600); err != nil {
		h.T.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		h.T.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// said is what an answer says to people: of a PDF its text, which is empty where nothing is installed that reads it.
func (h *house) said(got answer) string {
	h.T.Helper()
	if _, err := exec.LookPath("pdftotext"); !strings.HasPrefix(got.raw, "%PDF-") {
		return got.raw
	} else if err != nil {
		return ""
	}
	return h.words(got.raw)
}

func TestEveryPaper(t *testing.T) {
	h := withStaff(t)
	room := h.cardsOf("Maya", "Maya", "李娜")
	item := h.lent("P-000001")
	for _, path := range []string{
		"cards.pdf", "cards.pdf?sheet=avery-5371&skip=9&bars=code128&picture=1&homeroom=" + room.ID, "cards.pdf?patron=P-000002",
		"class-sheets.pdf", "markers.pdf?patron=P-000003", "labels.pdf?kind=both&items=" + item, "labels.pdf?bars=qr&sheet=avery-l7160&since=2020-01-01",
		"labels/test.pdf", "calibration.pdf", "pull-list.pdf", "search-list.pdf", "hold-slips.pdf", "shelf-list.pdf?items=" + item, "loans.pdf",
		"patrons/P-000001/receipt.pdf",
	} {
		h.paper(path)
	}
	class := h.words(h.paper("class-sheets.pdf?homeroom=" + room.ID).raw)
	if !strings.Contains(class, "Maya R. Maya R. 李娜") || strings.Contains(class, "Ramírez") {
		t.Errorf("the class: %q", class)
	}
	if one := h.words(h.paper("cards.pdf?patron=P-000002").raw); strings.Count(one, "Maya R.") != 1 || strings.Contains(one, "李娜") {
		t.Errorf("one card again: %q", one)
	}
	if looks := h.Count(collections.Audit, "action = 'loans_printed'"); looks != 1 {
		t.Errorf("printing all loans is %d times in the audit", looks)
	}
	if looks := h.Count(collections.Audit, "action = 'patron_viewed'"); looks != 1 {
		t.Errorf("a receipt is %d times in the audit", looks)
	}
}

// What is not on the paper as it should be is counted, and told in words when asked for.
func TestPaperWarnings(t *testing.T) {
	h := withStaff(t)
	item := h.shelved()
	path := "labels.pdf?kind=spine&items=" + item
	if got := h.paper(path).header.Get("Carrel-Warnings"); got != "1" {
		t.Errorf("%q warnings", got)
	}
	warnings := h.get(path+"&check=1", collections.Librarian).rows("warnings")
	if len(warnings) != 1 || warnings[0]["code"] != "no_call_number" || !strings.Contains(warnings[0]["message"].(string), "Hatchet "+item) {
		t.Errorf("warned of %v", warnings)
	}
	h.cardsOf("Mei😀")
	warnings = h.get("cards.pdf?check=1", collections.Librarian).rows("warnings")
	if len(warnings) != 1 || warnings[0]["code"] != "no_glyph" || warnings[0]["part"] != "😀" {
		t.Errorf("warned of %v", warnings)
	}
}

func TestPaperRefused(t *testing.T) {
	h := withStaff(t)
	h.Patron("P1")
	for path, want := range map[string]struct {
		status int
		field  string
	}{
		"labels.pdf":                               {http.StatusBadRequest, "items"},
		"labels.pdf?items=B99":                     {http.StatusNotFound, "item"},
		"labels.pdf?since=soon":                    {http.StatusBadRequest, "since"},
		"labels.pdf?from=a&skip=thirty":            {http.StatusBadRequest, "skip"},
		"labels.pdf?from=a&skip=30":                {http.StatusBadRequest, "skip"},
		"labels.pdf?from=a&sheet=papyrus":          {http.StatusNotFound, "sheet"},
		"labels.pdf?from=a&printer=none":           {http.StatusNotFound, "printer"},
		"cards.pdf?sheet=avery-5160":               {http.StatusBadRequest, "sheet"},
		"cards.pdf?bars=codabar":                   {http.StatusBadRequest, "bars"},
		"cards.pdf?patron=P1":                      {http.StatusNotFound, "patron"}, // has no card
		"class-sheets.pdf?printer=none":            {http.StatusNotFound, "printer"},
		"patrons/P99/receipt.pdf":                  {http.StatusNotFound, "patron"},
		"shelf-list.pdf?from=599&to=598&check=yes": {http.StatusBadRequest, "to"},
	} {
		got := h.ask(http.MethodGet, "/api/carrel/"+path, h.tokens[collections.Librarian], nil)
		data, _ := got.body["data"].(map[string]any)
		if got.status != want.status || data["field"] != want.field {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
		}
	}
}

func TestPaperSettings(t *testing.T) {
	h := withStaff(t)
	h.put("settings/paper", map[string]any{
		"size":   "a4",
		"sheets": []map[string]any{{"name": "Own", "paper": "a4", "columns": 2, "rows": 4, "width": 90, "height": 60, "left": 10, "top": 10}},
	})
	measured := h.do("settings/paper/measure", map[string]any{"left": 21.5, "top": 20, "across": 170, "along": 257})
	adjust, _ := measured.body["adjust"].(map[string]any)
	got := h.put("settings/paper", map[string]any{"printers": []map[string]any{{"name": "Office", "adjust": adjust}}})
	if sheets := got.rows("sheets"); adjust["right"] != -1.5 || len(sheets) != 1 || len(got.rows("printers")) != 1 || len(got.rows("known")) < 8 {
		t.Errorf("kept %s", got.raw)
	}
	h.shelved()
	h.paper("labels.pdf?since=2020-01-01&sheet=Own&printer=Office")
	got = h.head(http.MethodPut, "settings/paper", map[string]any{"sheets": []map[string]any{{"name": "Own", "paper": "a4", "columns": 3, "rows": 4, "width": 90, "height": 60}}})
	if data, _ := got.body["data"].(map[string]any); got.status != http.StatusBadRequest || data["field"] != "columns" ||
		got.body["message"] != "Own: the number of labels side by side must be from 1 to 2." {
		t.Errorf("three columns: %s", got.raw)
	}
	got = h.head(http.MethodPost, "settings/paper/measure", map[string]any{"left": 20})
	if data, _ := got.body["data"].(map[string]any); got.status != http.StatusBadRequest || data["field"] != "top" {
		t.Errorf("half measured: %s", got.raw)
	}
}
