package hooks_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/desk"
)

func (h *house) patronOf(code string, role collections.Role) map[string]any {
	h.T.Helper()
	patron, _ := h.get("patrons/"+code, role).body["patron"].(map[string]any)
	return patron
}

// The panel tells everybody how to say a name, and the librarian alone what was noted.
func TestPatronPanel(t *testing.T) {
	h := withStaff(t)
	room := h.Homeroom("4B")
	h.person("P1", func(p *collections.Patron) {
		p.Homeroom, p.SayName, p.Reads, p.Language, p.Note, p.Email, p.Block = room.ID, "dee-AY-go", "Spanish", "es", "Large print", "d@school.example", "See me"
	})
	for _, role := range atTheDesk {
		patron := h.patronOf("P1", role)
		for field, want := range map[string]any{
			"say_name": "dee-AY-go", "reads": "Spanish", "language": "es", "homeroom": "4B", "homeroom_id": room.ID, "type_code": "", "picture": false,
		} {
			if patron[field] != want {
				t.Errorf("%s for %s: %v", field, role, patron[field])
			}
		}
		for field, want := range map[string]any{
			"note": "Large print", "email": "d@school.example", "guardian_email": "", "block": "See me", "restricted": false, "keep_history": false,
		} {
			got, told := patron[field]
			if head := role == collections.Librarian; told != head || head && got != want {
				t.Errorf("%s for %s: %v", field, role, got)
			}
		}
	}
}

func TestAddPatron(t *testing.T) {
	h := withStaff(t)
	room := h.Homeroom("4B")
	for _, code := range []string{"student", "teacher"} {
		if _, err := collections.Insert(h.App, collections.PatronType{Code: code, Name: code}); err != nil {
			t.Fatal(err)
		}
	}
	got := h.head(http.MethodPost, "patrons", map[string]any{
		"first_name": "  Zoë\t", "last_name": "Nguyễn  Thị\x00", "barcode": " 00123 ", "grade": "K", "homeroom": room.ID, "type": "teacher", "email": "z@school.example",
		"guardian_email": "a@home.example, b@home.example;a@home.example", "language": "VIE", "say_name": "ZOH-ee", "reads": "Vietnamese", "note": "one\r\ntwo ",
		"expires": "2031-06-30", "block": "No card yet",
	})
	if got.status != http.StatusCreated {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	patron, _ := got.body["patron"].(map[string]any)
	for field, want := range map[string]any{
		"name": "Zoë Nguyễn Thị", "barcode": "00123", "grade": "K", "homeroom": "4B", "type_code": "teacher", "email": "z@school.example",
		"guardian_email": "a@home.example;b@home.example", "language": "vi", "say_name": "ZOH-ee", "reads": "Vietnamese", "note": "one\ntwo",
		"expires": "2031-06-30", "block": "No card yet", "status": "active",
	} {
		if patron[field] != want {
			t.Errorf("%s is %q, want %q", field, patron[field], want)
		}
	}
	if h.Count(collections.Patrons, "barcode_key = '123' AND card LIKE 'carrel:p:%'") != 1 || h.Count(collections.Audit, "action = 'patron_added' AND patron != ''") != 1 {
		t.Error("no key, card or row in the audit")
	}
	// with a name alone: a student, found by the id until there is a barcode
	got = h.head(http.MethodPost, "patrons", map[string]any{"first_name": "Plato"})
	patron, _ = got.body["patron"].(map[string]any)
	id, _ := patron["id"].(string)
	if got.status != http.StatusCreated || patron["type_code"] != "student" || patron["barcode"] != "" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if again := h.patronOf(id, collections.Aide); again["name"] != "Plato" {
		t.Errorf("by id: %v", again)
	}
}

// Bad input names the field, in a new patron and in a change, and nothing is written.
func TestBadPatronFields(t *testing.T) {
	h := withStaff(t)
	h.Patron("00077")
	h.Patron("P1")
	updated := h.patronOf("P1", collections.Librarian)["updated"]
	card, err := barcode.NewCard(strings.NewReader(strings.Repeat("x", 20)))
	if err != nil {
		t.Fatal(err)
	}
	before := h.Count(collections.Audit, "1")
	for name, test := range map[string]struct {
		body  map[string]any
		field string
		code  string
	}{
		"no name":             {map[string]any{"first_name": " ", "last_name": "\x01"}, "first_name", "invalid"},
		"a long name":         {map[string]any{"first_name": strings.Repeat("ñ", 201)}, "first_name", "invalid"},
		"a number for a name": {map[string]any{"last_name": 7}, "last_name", "invalid"},
		"a taken barcode":     {map[string]any{"barcode": "00077"}, "barcode", "barcode_taken"},
		"the same key":        {map[string]any{"barcode": " 77"}, "barcode", "barcode_taken"},
		"a card":              {map[string]any{"barcode": card}, "barcode", "invalid"},
		"a document":          {map[string]any{"barcode": strings.Repeat("7", 65)}, "barcode", "invalid"},
		"grade 13":            {map[string]any{"grade": "13"}, "grade", "invalid"},
		"an unknown homeroom": {map[string]any{"homeroom": "nosuchroom00001"}, "homeroom", "invalid"},
		"an unknown type":     {map[string]any{"type": "alien"}, "type", "invalid"},
		"no address":          {map[string]any{"email": "diego"}, "email", "invalid"},
		"two addresses":       {map[string]any{"email": "a@b.example,c@b.example"}, "email", "invalid"},
		"a name and address":  {map[string]any{"email": "Diego <d@b.example>"}, "email", "invalid"},
		"one of two bad":      {map[string]any{"guardian_email": "a@b.example; nobody"}, "guardian_email", "invalid"},
		"no language":         {map[string]any{"language": "Klingon"}, "language", "invalid"},
		"no day":              {map[string]any{"expires": "soon"}, "expires", "invalid"},
		"no status":           {map[string]any{"status": "gone"}, "status", "invalid"},
		"an empty status":     {map[string]any{"status": ""}, "status", "invalid"},
		"a long note":         {map[string]any{"note": strings.Repeat("x", 4001)}, "note", "invalid"},
		"a long reason":       {map[string]any{"block": strings.Repeat("x", 501)}, "block", "invalid"},
	} {
		for method, path := range map[string]string{http.MethodPost: "patrons", http.MethodPatch: "patrons/P1"} {
			body := map[string]any{"first_name": "Maya", "updated": updated}
			maps.Copy(body, test.body)
			if got := h.head(method, path, body); got.status != http.StatusBadRequest || got.field() != test.field || got.code() != test.code || got.body["message"] == "" {
				t.Errorf("%s, %s: %d %s", name, method, got.status, got.raw)
			}
		}
	}
	if got := h.head(http.MethodPatch, "patrons/P1", map[string]any{"grade": "5"}); got.status != http.StatusBadRequest || got.field() != "updated" {
		t.Errorf("without updated: %d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodPatch, "patrons/P9", map[string]any{"grade": "5", "updated": "x"}); got.status != http.StatusNotFound || got.code() != "unknown_patron" {
		t.Errorf("nobody: %d %s", got.status, got.raw)
	}
	if h.Count(collections.Patrons, "1") != 2 || h.Count(collections.Audit, "1") != before {
		t.Error("something was written")
	}
}

// Who saves second is shown what the first one saved; nothing is lost, and what both want alike is no conflict.
func TestTwoPeopleChangeAPatron(t *testing.T) {
	h := withStaff(t)
	h.Patron("P1")
	updated := h.patronOf("P1", collections.Librarian)["updated"]
	change := func(body map[string]any) answer {
		body["updated"] = updated
		return h.head(http.MethodPatch, "patrons/P1", body)
	}
	first := change(map[string]any{"note": "Reads to the dog", "barcode": "P1"})
	patron, _ := first.body["patron"].(map[string]any)
	if first.status != http.StatusOK || patron["note"] != "Reads to the dog" || patron["updated"] == updated {
		t.Fatalf("%d %s", first.status, first.raw)
	}
	second := change(map[string]any{"note": "Reads to the cat", "block": "See me"})
	data, _ := second.body["data"].(map[string]any)
	current, _ := data["current"].(map[string]any)
	if second.status != http.StatusConflict || second.code() != "changed" || current["note"] != "Reads to the dog" || current["block"] != "" ||
		!strings.Contains(second.raw, "Diego Ramírez") {
		t.Errorf("%d %s", second.status, second.raw)
	}
	if again := change(map[string]any{"note": "Reads to the dog"}); again.status != http.StatusOK {
		t.Errorf("what is so already: %d %s", again.status, again.raw)
	}
	updated = current["updated"]
	if again := change(map[string]any{"block": " See  me ", "status": "left", "barcode": "P2"}); again.status != http.StatusOK {
		t.Fatalf("%d %s", again.status, again.raw)
	}
	if got := h.patronOf("P2", collections.Librarian); got["block"] != "See me" || got["status"] != "left" || got["note"] != "Reads to the dog" {
		t.Errorf("%v", got)
	}
	if h.Count(collections.Audit, `action = 'patron_changed' AND json(detail) = '{"fields":["note"]}'`) != 1 ||
		h.Count(collections.Audit, `action = 'patron_changed' AND json(detail) = '{"fields":["barcode","status","block"]}'`) != 1 ||
		h.Count(collections.Audit, `action = 'patron_changed'`) != 2 || h.Count(collections.Audit, "detail LIKE '%dog%' OR detail LIKE '%See%'") != 0 {
		t.Error("the audit is not as it should be")
	}
	unblocked := h.patronOf("P2", collections.Librarian)
	if got := h.head(http.MethodPatch, "patrons/P2", map[string]any{"block": "", "updated": unblocked["updated"]}); got.status != http.StatusOK ||
		h.patronOf("P2", collections.Librarian)["block"] != "" {
		t.Errorf("the block stays: %s", got.raw)
	}
}

func TestNewCard(t *testing.T) {
	h := withStaff(t)
	card, err := barcode.NewCard(strings.NewReader(strings.Repeat("x", 20)))
	if err != nil {
		t.Fatal(err)
	}
	patron := h.person("P1", func(p *collections.Patron) { p.Card = card })
	if _, err := desk.FindPatron(h.App, card); err != nil {
		t.Fatal(err)
	}
	got := h.head(http.MethodPost, "patrons/P1/card", map[string]any{})
	if got.status != http.StatusOK || got.body["made"] != true || got.body["updated"] != h.patronOf("P1", collections.Librarian)["updated"] || strings.Contains(got.raw, "carrel:p") {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if _, err := desk.FindPatron(h.App, card); err == nil {
		t.Error("the old card still works")
	}
	if h.Count(collections.Patrons, "card LIKE 'carrel:p:%'") != 1 || h.Count(collections.Audit, "action = 'card_renewed' AND patron = '"+patron.ID+"'") != 1 {
		t.Error("no new card, or no row in the audit")
	}
	if got := h.head(http.MethodPost, "patrons/P9/card", nil); got.status != http.StatusNotFound {
		t.Errorf("nobody: %d", got.status)
	}
}

// A deleted patron stays deleted, whatever is still open on another screen.
func TestADeletedPatronIsNotChanged(t *testing.T) {
	h := withStaff(t)
	h.Patron("P1")
	patron := h.patronOf("P1", collections.Librarian)
	id, _ := patron["id"].(string)
	if got := h.head(http.MethodDelete, "patrons/P1", nil); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	for _, code := range []string{"P1", id} {
		if got := h.head(http.MethodPatch, "patrons/"+code, map[string]any{"note": "x", "updated": patron["updated"]}); got.status != http.StatusNotFound {
			t.Errorf("%d %s", got.status, got.raw)
		}
	}
	if h.Count(collections.Patrons, "1") != 0 {
		t.Error("it is back")
	}
}
