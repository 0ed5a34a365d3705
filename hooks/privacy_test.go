package hooks_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/site"
)

// private is a library in which one patron has a past, a debt and a family with a wish, and the words that would tell of them.
func private(t *testing.T) (h *house, path *strings.Replacer, told []string) {
	t.Helper()
	h = withStaff(t)
	h.feesOn()
	h.Rule("", "", `{"loan_days": 21, "lost_fee_cents": 4321}`)
	patron := h.Patron("P100")
	room := h.room(0)
	patron.Homeroom, patron.KeepHistory = room.ID, true
	patron.Note, patron.Email, patron.GuardianEmail = "Lives with Grandma", "p100@school.example", "family@home.example"
	h.Save(patron)
	past := h.Item("BPAST")
	if _, err := h.App.DB().NewQuery("UPDATE titles SET title = 'Midnight Past' WHERE id = '" + past.Title + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	h.do("checkouts", map[string]any{"patron": "P100", "item": "BPAST", "key": "past-key-1"})
	h.do("returns", map[string]any{"item": "BPAST", "key": "past-key-2"})
	h.do("charges", map[string]any{"patron": "P100", "amount": "87.65", "note": "Wet pages", "key": "charge-key-1"})
	h.do("checkouts", map[string]any{"patron": "P100", "item": h.Item("BOUT").Barcode, "key": "out-key-1"})
	h.do("patrons/P100/restrictions", map[string]any{"mode": "ask", "scope": "tag", "value": "Forbiddentag", "note": "Asked in May"})
	h.teaches(room.ID)
	return h, strings.NewReplacer("{barcode}", "P100", "homerooms/{id}", "homerooms/"+room.ID), []string{
		"87.65", "8765", "$", "cents", `"owed"`, `"fee"`, `"fees"`, "43.21", "4321", "Wet pages", "BPAST", "Midnight Past", "Forbiddentag", "Asked in May", "restrictions",
		"Grandma", "school.example", "home.example", `"restricted"`, `"note"`, `"block"`,
	}
}

// TestNoAnswerTellsOnAPatron scans every answer of every route for amounts, past loans and restrictions: they are for the librarian.
func TestNoAnswerTellsOnAPatron(t *testing.T) {
	h, path, told := private(t)
	admitted := 0
	for _, route := range h.door.Routes() {
		for _, role := range []collections.Role{collections.Aide, collections.Volunteer, collections.Teacher, collections.Principal, collections.Coordinator} {
			sent := []map[string]any{{}}
			if slices.Contains(route.Roles, role) {
				sent = bodies(h)
			}
			for _, body := range sent {
				body["key"] = h.code("tell-key")
				ids := strings.NewReplacer("inventories/{id}", "inventories/"+h.Inventory().ID, "{id}", "nosuchthing0001")
				got := h.ask(route.Method, ids.Replace(path.Replace(route.Path)), h.tokens[role], body)
				if got.status < 300 {
					admitted++
				}
				answered := strings.ReplaceAll(h.said(got), `"fees":true`, "") // that the library charges money at all is no secret
				if route.Path == "/api/carrel/titles" {                        // every title of the library, whoever had it
					answered = strings.ReplaceAll(answered, "Midnight Past", "")
				}
				if strings.HasPrefix(route.Path, "/api/carrel/lists") {
					answered = strings.ReplaceAll(answered, `"note"`, "") // of a list: children read it
				}
				if strings.HasPrefix(route.Path, "/api/carrel/budget") && slices.Contains(readMoney, role) {
					answered = strings.ReplaceAll(answered, `"cents"`, "") // of the library's own money, which they read
				}
				for _, word := range told {
					if route.Roles != nil && strings.Contains(answered, word) {
						t.Errorf("%s %s tells a %s %s: %s", route.Method, route.Path, role, word, answered)
					}
				}
			}
		}
	}
	if admitted < 100 {
		t.Errorf("only %d answers told anything at all", admitted)
	}
}

// bodies fit many acts at once: each takes of them what it knows.
func bodies(h *house) []map[string]any {
	free := h.shelved()
	one := map[string]any{"patron": "P100", "item": free, "code": free, "due": ahead(20).String(), "as": "damaged", "place": 1}
	lost := maps.Clone(one)
	lost["item"], lost["as"] = h.lent("P100"), "lost"
	title := maps.Clone(one)
	title["title"], title["item"], title["claim"] = h.title(), h.lent("P100"), "returned"
	many := map[string]any{"patron": "P100", "items": []string{h.shelved()}, "due": ahead(20).String()}
	return []map[string]any{one, lost, title, many}
}

// The same words are there for the librarian: the test above would notice them.
func TestTheLibrarianIsTold(t *testing.T) {
	h, _, told := private(t)
	raw := h.get("patrons/P100", collections.Librarian).raw + h.get("patrons/P100/account", collections.Librarian).raw +
		h.get("patrons/P100/restrictions", collections.Librarian).raw + h.get("patrons/P100/history", collections.Librarian).raw +
		h.do("marks", map[string]any{"item": h.lent("P100"), "as": "lost", "key": "lost-key-1"}).raw
	for _, word := range told {
		if !strings.Contains(raw, word) && !slices.Contains([]string{"8765", "$", "cents", "4321"}, word) {
			t.Errorf("%s is told to nobody", word)
		}
	}
}

// A panel says what is owed to the librarian alone, and to nobody while the library charges nothing.
func TestOwed(t *testing.T) {
	h := withStaff(t)
	h.feesOn()
	h.Patron("P100")
	h.do("charges", map[string]any{"patron": "P100", "amount": "12.5", "key": "charge-key-1"})
	if got := h.get("patrons/P100", collections.Librarian); got.body["owed"] != "12.50" {
		t.Errorf("%s", got.raw)
	}
	if err := site.SaveFees(h.App, site.Fees{Currency: "USD"}); err != nil {
		t.Fatal(err)
	}
	if got := h.get("patrons/P100", collections.Librarian); got.body["owed"] != nil {
		t.Errorf("without fees: %s", got.raw)
	}
	if got := h.ask(http.MethodPost, "/api/carrel/charges", h.tokens[collections.Librarian],
		map[string]any{"patron": "P100", "amount": "1", "key": "charge-key-2"}); got.status != http.StatusConflict || got.code() != "fees_off" {
		t.Errorf("a charge without fees: %d %s", got.status, got.raw)
	}
}

// A teacher sees numbers of the own homeroom when it is large enough, and titles where the school says so.
func TestCountsForTeachers(t *testing.T) {
	h := withStaff(t)
	small, large, other := h.room(9), h.room(10), h.room(10)
	h.teaches(small.ID, large.ID)
	h.do("class-checkouts", map[string]any{"items": []string{h.shelved(), h.shelved()}, "homeroom": large.ID, "key": "class-key-1"})
	counts := func(room collections.Homeroom, role collections.Role) answer {
		return h.ask(http.MethodGet, "/api/carrel/homerooms/"+room.ID+"/counts", h.tokens[role], nil)
	}
	if got := counts(large, collections.Teacher); got.body["loans"] != 2.0 || got.body["overdue"] != 0.0 || got.body["patrons"] != 10.0 ||
		strings.Contains(got.raw, "Hatchet") || strings.Contains(got.raw, "Diego") {
		t.Errorf("the own: %d %s", got.status, got.raw)
	}
	if got := counts(small, collections.Teacher); got.status != http.StatusOK || got.body["loans"] != nil || got.body["overdue"] != nil || got.body["message"] == "" {
		t.Errorf("a small one: %d %s", got.status, got.raw)
	}
	if got := counts(other, collections.Teacher); got.status != http.StatusForbidden {
		t.Errorf("another: %d %s", got.status, got.raw)
	}
	if got := counts(other, collections.Librarian); got.status != http.StatusOK || got.body["loans"] != 0.0 {
		t.Errorf("the librarian: %d %s", got.status, got.raw)
	}
	h.put("settings/privacy", map[string]any{"titles": true})
	if got := counts(large, collections.Teacher); len(got.body["titles"].([]any)) != 2 || strings.Contains(got.raw, "Diego") {
		t.Errorf("with titles: %s", got.raw)
	}
}
