package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

// A desk that guesses that a code is an item is told what it is instead, and nothing happens.
func TestGuess(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	h.Patron("1042")
	h.Item("1042")
	h.Item("B100")
	is := func(path, code string) (string, string) {
		t.Helper()
		got := h.head(http.MethodPost, path, map[string]any{"patron": "P100", "item": code, "guess": true, "key": h.code("guess-key")})
		if got.status != http.StatusConflict || got.code() != "not_an_item" {
			t.Fatalf("%s %s: %d %s", path, code, got.status, got.raw)
		}
		data, _ := got.body["data"].(map[string]any)
		found, _ := data["is"].(map[string]any)
		also, _ := found["also"].(string)
		kind, _ := found["kind"].(string)
		return kind, also
	}
	before := h.facts()
	for code, want := range map[string][2]string{
		"P100": {"patron", ""}, "1042": {"patron", "item"}, "9780140328721": {"isbn", ""}, "wild robot": {"none", ""},
	} {
		for _, path := range []string{"checkouts", "returns"} {
			if kind, also := is(path, code); kind != want[0] || also != want[1] {
				t.Errorf("%s of %s: %s, also %s", path, code, kind, also)
			}
		}
	}
	if h.facts() != before {
		t.Error("a wrong guess did something")
	}
	lent := h.do("checkouts", map[string]any{"patron": "P100", "item": "B100", "guess": true, "key": "lend-key-1"})
	item, _ := lent.body["item"].(map[string]any)
	if item["barcode"] != "B100" || item["title"] != "Hatchet B100" || lent.body["left"] != nil {
		t.Errorf("a right guess: %s", lent.raw)
	}
	h.do("checkouts", map[string]any{"patron": "P100", "item": "1042", "key": "lend-key-2"})
}

// What was out to another is brought back in the act that lends it, and only those who know people read from whom.
func TestReturnedAndLent(t *testing.T) {
	h := withStaff(t)
	h.Patron("P1")
	for _, role := range atTheDesk {
		item, key := h.lent("P1"), h.code("lend-key")
		body := map[string]any{"patron": h.borrower(), "item": item, "override": []string{"item_on_loan"}, "key": key}
		for _, attempt := range []string{"first", "again"} {
			got := h.ask(http.MethodPost, "/api/carrel/checkouts", h.tokens[role], body)
			returned, _ := got.body["returned"].(map[string]any)
			if got.status != http.StatusCreated || returned == nil || (returned["barcode"] == "P1") != (role != collections.Volunteer) {
				t.Errorf("%s, as %s: %d %s", attempt, role, got.status, got.raw)
			}
		}
		back := h.ask(http.MethodPost, "/api/carrel/returns", h.tokens[role], map[string]any{"item": item, "key": h.code("back-key")})
		loan, _ := back.body["loan"].(map[string]any)
		who, _ := loan["patron"].(map[string]any)
		if (who["name"] == "") != (role == collections.Volunteer) {
			t.Errorf("returned as %s: %s", role, back.raw)
		}
	}
}

// A refusal says of which book it is; a scan says that it found what was missing.
func TestWhatTheDeskIsTold(t *testing.T) {
	h := withStaff(t)
	h.Rule("", "", `{"loan_days": 21, "loan_limit": 1}`)
	h.Patron("P1")
	h.lent("P1")
	refused := h.head(http.MethodPost, "checkouts", map[string]any{"patron": "P1", "item": h.Item("B1").Barcode, "key": "lend-key-1"})
	data, _ := refused.body["data"].(map[string]any)
	item, _ := data["item"].(map[string]any)
	if refused.status != http.StatusConflict || item["title"] != "Hatchet B1" {
		t.Errorf("refused: %s", refused.raw)
	}
	h.Item("B2")
	h.do("marks", map[string]any{"item": "B2", "as": "missing", "key": "mark-key-1"})
	if got := h.do("returns", map[string]any{"item": "B2", "key": "back-key-1"}); got.body["found"] != "missing" {
		t.Errorf("found: %s", got.raw)
	}
	h.do("marks", map[string]any{"item": "B2", "as": "missing", "key": "mark-key-2"})
	body := map[string]any{"patron": "P1", "item": "B2", "override": []string{"loan_limit"}, "key": "lend-key-2"}
	if got := h.do("checkouts", body); got.body["found"] != "missing" {
		t.Errorf("found and lent: %s", got.raw)
	}
	if got := h.do("checkouts", body); got.body["found"] != "missing" {
		t.Errorf("the same again: %s", got.raw)
	}
}

// The person at the desk is shown with what they lost and what they say of what is out; looking again is the same view.
func TestPersonAtTheDesk(t *testing.T) {
	h := withStaff(t)
	h.Rule("", "", `{"loan_days": 21, "loan_limit": 4}`)
	h.Patron("P1")
	lost, claimed := h.lent("P1"), h.lent("P1")
	h.do("marks", map[string]any{"item": lost, "as": "lost", "key": "mark-key-1"})
	h.do("claims", map[string]any{"item": claimed, "claim": "returned", "key": "claim-key-1"})
	got := h.get("patrons/P1", collections.Librarian)
	patron, _ := got.body["patron"].(map[string]any)
	if rows := got.rows("lost"); len(rows) != 1 || rows[0]["barcode"] != lost || patron["limit"] != 4.0 {
		t.Errorf("%s", got.raw)
	}
	if rows := got.rows("loans"); len(rows) != 1 || rows[0]["claim"] != "returned" || rows[0]["overdue"] != false {
		t.Errorf("%s", got.raw)
	}
	h.get("patrons/P1", collections.Librarian)
	h.get("patrons/P1", collections.Aide)
	if views := h.Count(collections.Audit, "action = 'patron_viewed'"); views != 2 {
		t.Errorf("%d views by two people", views)
	}
	h.do("returns", map[string]any{"item": lost, "key": "back-key-1"})
	if rows := h.get("patrons/P1", collections.Librarian).rows("lost"); len(rows) != 0 {
		t.Errorf("still lost: %v", rows)
	}
}

// A volunteer is not told for whom a book is kept.
func TestVolunteerMeetsHold(t *testing.T) {
	h := withStaff(t)
	item := h.Item("B500")
	h.Patron("P1")
	h.held("P1", item.Title)
	got := h.ask(http.MethodPost, "/api/carrel/returns", h.tokens[collections.Volunteer], map[string]any{"item": "B500", "key": "back-key-1"})
	hold, _ := got.body["hold"].(map[string]any)
	if got.body["next"] != "hold" || hold["pickup_by"] == "" || hold["name"] != "" || strings.Contains(got.raw, "Diego") || strings.Contains(got.raw, `"P1"`) {
		t.Errorf("%s", got.raw)
	}
}

// A class at the desk is asked for after every book, and is one look all the same.
func TestClassIsOneLook(t *testing.T) {
	h := withStaff(t)
	path := "homerooms/" + h.room(2).ID + "/class"
	for range 3 {
		h.get(path, collections.Aide)
	}
	h.get(path, collections.Librarian)
	h.get("homerooms/"+h.room(1).ID+"/class", collections.Aide)
	if looks := h.Count(collections.Audit, "action = 'class'"); looks != 3 {
		t.Errorf("%d looks", looks)
	}
}
