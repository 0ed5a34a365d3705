package hooks_test

import (
	"context"
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"carrel/collections"

	"github.com/pocketbase/dbx"
)

// The list of homerooms has numbers of those who are there; who has left counts only with what is late.
func TestHomeroomList(t *testing.T) {
	h := withStaff(t)
	made := h.head(http.MethodPost, "homerooms", map[string]any{"name": " 4B ", "teacher": "Ms. Okafor", "grade": "4"})
	id, _ := made.body["id"].(string)
	if made.status != http.StatusCreated || made.body["name"] != "4B" || made.body["teacher"] != "Ms. Okafor" || made.body["grade"] != "4" {
		t.Fatalf("%d %s", made.status, made.raw)
	}
	h.head(http.MethodPost, "homerooms", map[string]any{"name": "2A"})
	in := func(p *collections.Patron) { p.Homeroom = id }
	h.late(h.person("P1", in), "B1")
	h.person("P2", in)
	h.late(h.person("P3", func(p *collections.Patron) { p.Homeroom, p.Status = id, collections.PatronLeft }), "B3")
	h.lent("P2")
	if got := h.head(http.MethodPut, "patrons/P2/picture", photo(t)); got.status != http.StatusOK {
		t.Fatal(got.raw)
	}
	h.head(http.MethodPatch, "homerooms/"+id, map[string]any{"visits": "tue 09:00-09:45"})
	rooms := h.get("homerooms", collections.Aide).rows("homerooms")
	if len(rooms) != 2 || rooms[0]["name"] != "2A" || rooms[0]["patrons"] != 0.0 || rooms[0]["late"] != 0.0 {
		t.Errorf("%v", rooms)
	}
	for field, want := range map[string]any{
		"id": id, "name": "4B", "teacher": "Ms. Okafor", "grade": "4", "library_days": "tue", "visits": "tue 09:00-09:45", "patrons": 2.0, "pictures": 1.0, "late": 2.0,
	} {
		if rooms[1][field] != want {
			t.Errorf("%s is %v, want %v", field, rooms[1][field], want)
		}
	}
}

func TestChangeHomeroom(t *testing.T) {
	h := withStaff(t)
	room, other := h.Homeroom("4B"), h.Homeroom("5C")
	patron := h.person("P1", func(p *collections.Patron) { p.Homeroom = room.ID })
	path := "homerooms/" + room.ID
	if got := h.head(http.MethodPatch, path, map[string]any{"name": "4D", "grade": "4"}); got.status != http.StatusOK || got.body["name"] != "4D" || got.body["teacher"] != "" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if h.patronOf("P1", collections.Aide)["homeroom"] != "4D" || barcodes(h.get("patrons?sort=homeroom", collections.Aide).rows("items")) != "P1" {
		t.Error("the patron does not know")
	}
	for name, test := range map[string]struct {
		method, path string
		body         any
		status       int
		code, field  string
	}{
		"no name":             {http.MethodPost, "homerooms", map[string]any{"teacher": "x"}, 400, "invalid", "name"},
		"an empty name":       {http.MethodPatch, path, map[string]any{"name": " "}, 400, "invalid", "name"},
		"a taken name":        {http.MethodPost, "homerooms", map[string]any{"name": "4d"}, 400, "name_taken", "name"},
		"the name of another": {http.MethodPatch, path, map[string]any{"name": "5C"}, 400, "name_taken", "name"},
		"a long name":         {http.MethodPost, "homerooms", map[string]any{"name": strings.Repeat("x", 121)}, 400, "invalid", "name"},
		"a long teacher":      {http.MethodPatch, path, map[string]any{"teacher": strings.Repeat("x", 201)}, 400, "invalid", "teacher"},
		"grade 13":            {http.MethodPatch, path, map[string]any{"grade": "13"}, 400, "invalid", "grade"},
		"a number":            {http.MethodPatch, path, map[string]any{"name": 4}, 400, "invalid", "name"},
		"one good, one bad":   {http.MethodPatch, path, map[string]any{"name": "9Z", "visits": "someday"}, 400, "invalid", "visits"},
		"an unknown one":      {http.MethodPatch, "homerooms/nosuchroom00001", map[string]any{"name": "x"}, 404, "unknown_homeroom", "id"},
		"in use":              {http.MethodDelete, path, nil, 409, "in_use", "<nil>"},
		"deleted, unknown":    {http.MethodDelete, "homerooms/nosuchroom00001", nil, 404, "unknown_homeroom", "id"},
	} {
		if got := h.head(test.method, test.path, test.body); got.status != test.status || got.code() != test.code || got.field() != test.field || got.body["message"] == "" {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	if h.Count(collections.Homerooms, "name IN ('4D', '5C')") != 2 || h.Count(collections.Homerooms, "1") != 2 {
		t.Error("a bad request changed something")
	}
	patron.Status = collections.PatronLeft
	h.Save(patron)
	h.teaches(room.ID, other.ID)
	if got := h.head(http.MethodDelete, path, nil); got.status != http.StatusOK || got.body["deleted"] != room.ID {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if h.Count(collections.Patrons, "homeroom = ''") != 1 || h.Count("patron_index", "room = '1'") != 1 || h.Count(collections.Staff, "homerooms LIKE '%"+room.ID+"%'") != 0 ||
		h.Count(collections.Staff, "homerooms LIKE '%"+other.ID+"%'") != 1 {
		t.Error("something still points to it")
	}
}

// The class tells how many each child took today and has late; whether there is a note is for the librarian.
func TestClassNumbers(t *testing.T) {
	h := withStaff(t)
	room := h.Homeroom("4B")
	h.person("P1", func(p *collections.Patron) { p.Homeroom, p.LastName, p.Note = room.ID, "A", "Sits by the door" })
	h.late(h.person("P2", func(p *collections.Patron) { p.Homeroom, p.LastName = room.ID, "B" }), "BLATE")
	h.lent("P2")
	h.do("returns", map[string]any{"item": h.lent("P1"), "key": "return-key-1"})
	for _, role := range atTheDesk {
		got := h.get("homerooms/"+room.ID+"/class", role)
		class := got.rows("patrons")
		for i, want := range []map[string]any{
			{"barcode": "P1", "loans": 0.0, "late": 0.0, "today": 0.0, "note": true}, {"barcode": "P2", "loans": 2.0, "late": 1.0, "today": 1.0, "note": false},
		} {
			if role != collections.Librarian {
				want["note"] = nil
			}
			for field, value := range want {
				if class[i][field] != value {
					t.Errorf("%s for %s is %v, want %v", field, role, class[i][field], value)
				}
			}
			if class[i]["id"] == "" || strings.Contains(got.raw, "door") {
				t.Errorf("%s", got.raw)
			}
		}
	}
}

// A list asks as many questions of the store for a school as for one person.
func TestListsAskNoMoreForMore(t *testing.T) {
	h := withStaff(t)
	h.feesOn()
	asked := 0
	db, ok := h.App.ConcurrentDB().(*dbx.DB)
	if !ok {
		t.Fatalf("%T", h.App.ConcurrentDB())
	}
	db.QueryLogFunc = func(context.Context, time.Duration, string, *sql.Rows, error) { asked++ }
	room := h.Homeroom("4B")
	counts := map[string]int{}
	for range 2 {
		for range 5 {
			h.late(h.person(h.code("P"), func(p *collections.Patron) { p.Homeroom = room.ID }), h.code("B"))
		}
		for _, path := range []string{"patrons?only=late", "patrons?q=die&only=blocked", "homerooms", "homerooms/" + room.ID + "/class"} {
			h.get(path, collections.Librarian) // the first look at a list is one more, for the audit
			asked = 0
			h.get(path, collections.Librarian)
			if before, again := counts[path]; again && asked != before || asked == 0 {
				t.Errorf("%s: %d questions, then %d", path, before, asked)
			}
			counts[path] = asked
		}
	}
	t.Log(counts)
}
