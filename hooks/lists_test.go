package hooks_test

import (
	"net/http"
	"testing"

	"carrel/collections"
)

// rows is a list in an answer.
func (a answer) rows(name string) (rows []map[string]any) {
	list, _ := a.body[name].([]any)
	for _, row := range list {
		one, _ := row.(map[string]any)
		rows = append(rows, one)
	}
	return rows
}

func (h *house) get(path string, role collections.Role) answer {
	h.T.Helper()
	got := h.ask(http.MethodGet, "/api/carrel/"+path, h.tokens[role], nil)
	if got.status != http.StatusOK {
		h.T.Fatalf("%s: %d %s", path, got.status, got.raw)
	}
	return got
}

// A hold from the queue to the pull list, the hold shelf, and off it.
func TestHoldLists(t *testing.T) {
	h := withStaff(t)
	item := h.Item("B500")
	h.Patron("P1")
	h.Patron("P2")
	h.Patron("P3")
	first, second := h.held("P1", item.Title), h.held("P2", item.Title)
	h.do("holds/"+second+"/move", map[string]any{"place": 1, "key": "move-key-1"})
	queue := h.get("holds?title="+item.Title, collections.Volunteer).rows("holds")
	if len(queue) != 2 || queue[0]["id"] != second || queue[0]["place"] != 1.0 || queue[1]["id"] != first || queue[1]["place"] != 2.0 || queue[0]["patron"] != "P2" {
		t.Errorf("the queue: %v", queue)
	}
	pull := h.get("holds/pull", collections.Volunteer).rows("holds")
	if len(pull) != 1 || pull[0]["patron"] != "P2" || pull[0]["item"] != "B500" || pull[0]["title"] != "Hatchet B500" || pull[0]["name"] != "Diego Ramírez" {
		t.Errorf("to fetch: %v", pull)
	}
	fetched := h.do("returns", map[string]any{"item": "B500", "key": "fetch-key-1"})
	hold, _ := fetched.body["hold"].(map[string]any)
	if fetched.body["next"] != "hold" || hold["patron"] != "P2" || hold["name"] != "Diego Ramírez" || hold["pickup_by"] == "" {
		t.Errorf("fetched: %s", fetched.raw)
	}
	if pull := h.get("holds/pull", collections.Volunteer).rows("holds"); len(pull) != 0 {
		t.Errorf("still to fetch: %v", pull)
	}
	shelf := h.get("holds/shelf", collections.Volunteer)
	if ready := shelf.rows("ready"); len(ready) != 1 || ready[0]["item"] != "B500" || ready[0]["pickup_by"] != hold["pickup_by"] || len(shelf.rows("over")) != 0 {
		t.Errorf("the hold shelf: %s", shelf.raw)
	}
	if holds := h.get("patrons/P2", collections.Volunteer).rows("holds"); len(holds) != 1 || holds[0]["state"] != "ready" {
		t.Errorf("the patron's own: %v", holds)
	}
	h.do("holds/"+second+"/cancel", map[string]any{"key": "cancel-key-1"})
	shelf = h.get("holds/shelf", collections.Volunteer)
	if over := shelf.rows("over"); len(over) != 1 || over[0]["item"] != "B500" || over[0]["state"] != "cancelled" || len(shelf.rows("ready")) != 0 {
		t.Errorf("a cancelled hold: %s", shelf.raw)
	}
	if again := h.do("returns", map[string]any{"item": "B500", "key": "fetch-key-2"}); again.body["next"] != "hold" {
		t.Errorf("scanned on the hold shelf: %s", again.raw)
	}
	if shelf := h.get("holds/shelf", collections.Volunteer); len(shelf.rows("over")) != 0 || len(shelf.rows("ready")) != 1 {
		t.Errorf("caught by the next: %s", shelf.raw)
	}
	h.do("checkouts", map[string]any{"patron": "P1", "item": "B500", "key": "lend-key-1"})
	if shelf := h.get("holds/shelf", collections.Volunteer); len(shelf.rows("over")) != 0 || len(shelf.rows("ready")) != 0 {
		t.Errorf("picked up: %s", shelf.raw)
	}
}

// A patron who takes another item of the title leaves the kept one on the hold shelf.
func TestHoldFilledByAnotherItem(t *testing.T) {
	h := withStaff(t)
	item := h.Item("B500")
	h.Copy("B501", item.Title)
	h.Patron("P1")
	h.held("P1", item.Title)
	h.do("returns", map[string]any{"item": "B500", "key": "fetch-key-1"})
	h.do("checkouts", map[string]any{"patron": "P1", "item": "B501", "key": "lend-key-1"})
	if over := h.get("holds/shelf", collections.Aide).rows("over"); len(over) != 1 || over[0]["item"] != "B500" {
		t.Errorf("left on the hold shelf: %v", over)
	}
}

// Nobody fetches an item for a patron who has left, one that is out, or another one than is wanted.
func TestPullListLeavesOut(t *testing.T) {
	h := withStaff(t)
	gone := h.Patron("P1")
	h.Patron("P2")
	out, wanted, other := h.Item("B1"), h.Item("B2"), h.Item("B3")
	h.Copy("B4", wanted.Title)
	h.held("P1", other.Title)
	gone.Status = collections.PatronLeft
	h.Save(gone)
	h.do("checkouts", map[string]any{"patron": h.borrower(), "item": "B1", "key": "lend-key-1"})
	h.held("P2", out.Title)
	h.do("holds", map[string]any{"patron": "P2", "item": "B4", "key": "hold-key-4"})
	if pull := h.get("holds/pull", collections.Aide).rows("holds"); len(pull) != 1 || pull[0]["item"] != "B4" || pull[0]["wanted"] != "B4" {
		t.Errorf("to fetch: %v", pull)
	}
}

// The search list names who claims to the librarian only.
func TestSearchList(t *testing.T) {
	h := withStaff(t)
	h.Patron("P1")
	for code, call := range map[string]string{"B1": "599.7 ZIM", "B2": "E ABC", "B3": "398.2 GRI"} {
		item := h.Item(code)
		item.CallNumber = call
		h.Save(item)
	}
	h.do("checkouts", map[string]any{"patron": "P1", "item": "B1", "key": "lend-key-1"})
	h.do("claims", map[string]any{"item": "B1", "claim": "returned", "key": "claim-key-1"})
	h.do("marks", map[string]any{"item": "B3", "as": "missing", "key": "mark-key-1"})
	for _, role := range atTheDesk {
		rows := h.get("search-list", role).rows("items")
		if len(rows) != 2 || rows[0]["item"] != "B3" || rows[0]["claim"] != "" || rows[1]["item"] != "B1" || rows[1]["claim"] != "returned" ||
			rows[0]["since"] == "" || rows[1]["since"] == "" {
			t.Errorf("as %s: %v", role, rows)
			continue
		}
		if named := rows[1]["patron"] == "P1" && rows[1]["name"] == "Diego Ramírez"; named != (role == collections.Librarian) {
			t.Errorf("as %s: %v", role, rows[1])
		}
	}
	h.do("returns", map[string]any{"item": "B1", "key": "return-key-1"})
	h.do("marks", map[string]any{"item": "B3", "as": "found", "key": "mark-key-2"})
	if rows := h.get("search-list", collections.Aide).rows("items"); len(rows) != 0 {
		t.Errorf("found, yet: %v", rows)
	}
}

// A class is shown by name, with counts and without titles, and is one row in the audit.
func TestClassRoute(t *testing.T) {
	h := withStaff(t)
	h.Rule("", "", `{"loan_days": 21, "loan_limit": 2}`)
	room := h.room(0)
	for code, last := range map[string]string{"P1": "Zamora", "P2": "Abbott", "P3": "Left"} {
		child := h.Patron(code)
		child.Homeroom, child.LastName = room.ID, last
		switch code {
		case "P2":
			child.Block = "See the office"
		case "P3":
			child.Status = collections.PatronLeft
		}
		h.Save(child)
	}
	h.lent("P1")
	got := h.get("homerooms/"+room.ID+"/class", collections.Volunteer)
	class := got.rows("patrons")
	if len(class) != 2 || class[0]["barcode"] != "P2" || class[0]["blocked"] != true || class[0]["loans"] != 0.0 ||
		class[1]["barcode"] != "P1" || class[1]["blocked"] != false || class[1]["loans"] != 1.0 || class[1]["left"] != 1.0 || class[1]["picture"] != false {
		t.Errorf("%s", got.raw)
	}
	if h.Count(collections.Audit, "1") != 1 || h.Count(collections.Audit, "action = 'class' AND json_extract(detail, '$.homeroom') = '"+room.ID+"'") != 1 {
		t.Error("the view is not one row in the audit")
	}
	if got := h.head(http.MethodGet, "homerooms/nosuchroom00001/class", nil); got.status != http.StatusNotFound || got.code() != "unknown_homeroom" {
		t.Errorf("an unknown one: %d %s", got.status, got.raw)
	}
}

// A late-entered term end is planned, applied and taken back.
func TestTermRoutes(t *testing.T) {
	h := withStaff(t)
	item := h.shelved()
	lent := h.do("checkouts", map[string]any{"patron": h.borrower(), "item": item, "due": ahead(60).String(), "key": "lend-key-1"})
	loan, _ := lent.body["loan"].(map[string]any)
	term := h.Term(ahead(30))
	path := "terms/" + term.ID
	plan := h.get(path+"/plan", collections.Librarian).rows("moved")
	if len(plan) != 1 || plan[0]["loan"] != loan["id"] || plan[0]["was"] != ahead(60).String() || plan[0]["due"] != ahead(30).String() {
		t.Errorf("the plan: %v", plan)
	}
	h.do(path+"/apply", map[string]any{"key": "term-key-1"})
	if plan := h.get(path+"/plan", collections.Librarian).rows("moved"); len(plan) != 0 {
		t.Errorf("after it was applied: %v", plan)
	}
	h.do("undo", map[string]any{"key": "term-key-1"})
	if plan := h.get(path+"/plan", collections.Librarian).rows("moved"); len(plan) != 1 {
		t.Errorf("after it was undone: %v", plan)
	}
}
