package hooks_test

import (
	"net/http"
	"testing"

	"carrel/collections"
)

func lend(item, key string) map[string]any {
	return map[string]any{"patron": "P100", "item": item, "key": key}
}

func TestCheckOutRoute(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	h.Item("B100")
	token := h.tokens[collections.Aide]
	got := h.ask(http.MethodPost, "/api/carrel/checkouts", token, lend("B100", "key-00000001"))
	if got.status != http.StatusCreated {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	loan, _ := got.body["loan"].(map[string]any)
	item, _ := loan["item"].(map[string]any)
	patron, _ := loan["patron"].(map[string]any)
	if loan["id"] == "" || item["barcode"] != "B100" || item["title"] != "Hatchet B100" || patron["name"] != "Diego Ramírez" || got.body["why_due"] == "" {
		t.Errorf("answer %s", got.raw)
	}
	if again := h.ask(http.MethodPost, "/api/carrel/checkouts", token, lend("B100", "key-00000001")); again.status != http.StatusCreated || again.raw != got.raw {
		t.Errorf("the same key again: %d %s", again.status, again.raw)
	}
	if h.Count("circ_events", "1") != 1 {
		t.Error("the same key wrote twice")
	}
}

// What a client gets wrong, and what it is told.
func TestCircularAnswers(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	h.Item("B100")
	token := h.tokens[collections.Librarian]
	h.ask(http.MethodPost, "/api/carrel/checkouts", token, lend("B100", "key-00000001"))
	for name, test := range map[string]struct {
		path   string
		body   any
		status int
		code   string
		field  string
	}{
		"not JSON":         {"checkouts", "{", http.StatusBadRequest, "invalid", "body"},
		"wrong type":       {"checkouts", `{"patron": 5}`, http.StatusBadRequest, "invalid", "patron"},
		"no patron":        {"checkouts", map[string]any{"item": "B100", "key": "key-00000002"}, http.StatusBadRequest, "invalid", "patron"},
		"no item":          {"returns", map[string]any{"key": "key-00000002"}, http.StatusBadRequest, "invalid", "item"},
		"no key":           {"renewals", map[string]any{"item": "B100"}, http.StatusBadRequest, "invalid", "key"},
		"bad time":         {"returns", map[string]any{"item": "B100", "key": "key-00000002", "at": "yesterday"}, http.StatusBadRequest, "invalid", "at"},
		"unknown item":     {"checkouts", lend("B999", "key-00000002"), http.StatusNotFound, "unknown_item", "item"},
		"unknown patron":   {"checkouts", map[string]any{"patron": "P9", "item": "B100", "key": "key-00000002"}, http.StatusNotFound, "unknown_patron", "patron"},
		"already theirs":   {"checkouts", lend("B100", "key-00000002"), http.StatusConflict, "refused", "<nil>"},
		"key reused":       {"returns", map[string]any{"item": "B100", "key": "key-00000001"}, http.StatusConflict, "key_reused", "<nil>"},
		"nothing to undo":  {"undo", map[string]any{"key": "key-99999999"}, http.StatusNotFound, "unknown_act", "key"},
		"unknown key kind": {"returns", map[string]any{"item": "B100", "key": "key-00000003", "mode": "by drone"}, http.StatusBadRequest, "invalid", "mode"},
	} {
		got := h.ask(http.MethodPost, "/api/carrel/"+test.path, token, test.body)
		data, _ := got.body["data"].(map[string]any)
		if got.status != test.status || data["code"] != test.code || got.field() != test.field || got.body["message"] == "" {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	if h.Count("circ_events", "1") != 1 {
		t.Error("a bad request wrote a fact")
	}
}

func TestRefusalRoute(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	h.Item("B100")
	h.Rule("", "", `{"loan_days": 21, "loan_limit": 0}`)
	got := h.ask(http.MethodPost, "/api/carrel/checkouts", h.tokens[collections.Volunteer], lend("B100", "key-00000001"))
	data, _ := got.body["data"].(map[string]any)
	list, _ := data["refusals"].([]any)
	if got.status != http.StatusConflict || len(list) != 1 {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	refusal, _ := list[0].(map[string]any)
	if refusal["code"] != "loan_limit" || refusal["overridable"] != false || refusal["message"] != "The limit of 0 items is reached (rule for the whole library)." {
		t.Errorf("%v", refusal)
	}
	body := lend("B100", "key-00000002")
	body["override"] = []string{"loan_limit"}
	if got := h.ask(http.MethodPost, "/api/carrel/checkouts", h.tokens[collections.Volunteer], body); got.status != http.StatusConflict {
		t.Errorf("a volunteer passed a limit: %d", got.status)
	}
	if got := h.ask(http.MethodPost, "/api/carrel/checkouts", h.tokens[collections.Librarian], body); got.status != http.StatusCreated {
		t.Errorf("the librarian could not: %d %s", got.status, got.raw)
	}
}

func TestReturnRenewUndoRoutes(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	h.Item("B100")
	token := h.tokens[collections.Volunteer]
	steps := []struct {
		path   string
		body   map[string]any
		status int
	}{
		{"checkouts", lend("B100", "key-00000001"), 201},
		{"renewals", map[string]any{"item": "B100", "key": "key-00000002"}, 200},
		{"returns", map[string]any{"item": "B100", "key": "key-00000003"}, 200},
		{"returns", map[string]any{"item": "B100", "key": "key-00000004", "mode": "book_drop"}, 200},
		{"undo", map[string]any{"key": "key-00000003"}, 200},
		{"undo", map[string]any{"key": "key-00000003"}, 200},
	}
	for _, step := range steps {
		if got := h.ask(http.MethodPost, "/api/carrel/"+step.path, token, step.body); got.status != step.status {
			t.Fatalf("%s: %d %s", step.path, got.status, got.raw)
		}
	}
	got := h.ask(http.MethodGet, "/api/carrel/patrons/P100", token, nil)
	loans, _ := got.body["loans"].([]any)
	if got.status != http.StatusOK || len(loans) != 1 {
		t.Errorf("after the undone return: %d %s", got.status, got.raw)
	}
	if h.Count("audit", "action = 'patron_viewed'") != 1 {
		t.Error("the view is not in the audit")
	}
}

func TestFactsCannotBeChangedByRecordAPI(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	h.Item("B100")
	h.ask(http.MethodPost, "/api/carrel/checkouts", h.tokens[collections.Librarian], lend("B100", "key-00000001"))
	fact, err := h.App.FindFirstRecordByData(collections.CircEvents, "key", "key-00000001")
	if err != nil {
		t.Fatal(err)
	}
	fact.Set("patron", "")
	if err := h.App.Save(fact); err == nil {
		t.Error("a fact was changed")
	}
	if err := h.App.Delete(fact); err == nil {
		t.Error("a fact was deleted")
	}
}
