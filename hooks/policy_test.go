package hooks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

func (h *house) head(method, path string, body any) answer {
	h.T.Helper()
	return h.ask(method, "/api/carrel/"+path, h.tokens[collections.Librarian], body)
}

func (h *house) put(path string, body any) answer {
	h.T.Helper()
	got := h.head(http.MethodPut, path, body)
	if got.status != http.StatusOK {
		h.T.Fatalf("%s: %d %s", path, got.status, got.raw)
	}
	return got
}

// made is the id in the answer to something new.
func (a answer) made(name string) string {
	one, _ := a.body[name].(map[string]any)
	return fmt.Sprint(one["id"])
}

// TestBadDecisions sends rules, calendar lines and settings that must be refused: with a status, the field and a sentence, and nothing is kept.
func TestBadDecisions(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	h.do("rules/shipped", map[string]any{"level": "K-5"})
	h.do("calendar", map[string]any{"kind": "term_ceiling", "starts": "2030-01-07", "day": "2030-06-14"})
	week := ""
	for _, entry := range h.get("calendar", collections.Librarian).rows("entries") {
		if entry["kind"] == "week" {
			week = fmt.Sprint(entry["id"])
		}
	}
	if week == "" {
		week = h.do("calendar", map[string]any{"kind": "week", "weekdays": "12345"}).made("entry")
	}
	type m = map[string]any
	for name, test := range map[string]struct {
		method, path string
		body         any
		status       int
		field        string
	}{
		"a rule for nobody known":     {"POST", "rules", m{"patron_type": "alien", "terms": m{"loan_days": 7}}, 400, "patron_type"},
		"a rule for nothing known":    {"POST", "rules", m{"item_type": "spaceship", "terms": m{"loan_days": 7}}, 400, "item_type"},
		"a rule with an unknown term": {"POST", "rules", m{"patron_type": "student", "terms": m{"lone_days": 7}}, 400, "lone_days"},
		"a mis-scoped rule":           {"POST", "rules", m{"item_type": "laptop", "terms": m{"loan_limit": 7}}, 400, "loan_limit"},
		"a second rule of one scope":  {"POST", "rules", m{"terms": m{"loan_days": 7}}, 400, "patron_type"},
		"a rule without terms":        {"POST", "rules", m{"patron_type": "student"}, 400, "terms"},
		"an unknown rule":             {"DELETE", "rules/nosuchrule00001", nil, 404, "<nil>"},
		"an unknown level":            {"POST", "rules/shipped", m{"level": "13-20"}, 400, "level"},
		"a try without an item":       {"POST", "rules/try", m{"patron": "P100"}, 400, "item"},
		"a try on no day":             {"POST", "rules/try", m{"patron": "P100", "item": "B1", "on": "soon"}, 400, "on"},
		"a try by an unknown patron":  {"POST", "rules/try", m{"patron": "P9", "item": "B1"}, 404, "patron"},
		"a term over another":         {"POST", "calendar", m{"kind": "term_ceiling", "starts": "2030-05-01", "day": "2030-08-30"}, 400, "starts"},
		"a term that ends first":      {"POST", "calendar", m{"kind": "term_ceiling", "starts": "2031-06-01", "day": "2031-01-30"}, 400, "starts"},
		"no open day":                 {"POST", "calendar", m{"id": week, "kind": "week", "weekdays": ""}, 400, "weekdays"},
		"a day that is none":          {"POST", "calendar", m{"kind": "closed", "day": "Christmas"}, 400, "day"},
		"an unknown kind of day":      {"POST", "calendar", m{"kind": "funday", "day": "2030-05-01"}, 400, "kind"},
		"an unknown line":             {"DELETE", "calendar/nosuchline00001", nil, 404, "<nil>"},
		"the week taken away":         {"DELETE", "calendar/" + week, nil, 409, "<nil>"},
		"no calendar":                 {"POST", "calendar/import", "Dear Sir,", 400, "file"},
		"a currency of one's own":     {"PUT", "settings/fees", m{"on": true, "currency": "Thaler"}, 400, "currency"},
		"kept for ever":               {"PUT", "settings/privacy", m{"keep_days": 100000}, 400, "keep_days"},
		"a history of maybe":          {"PUT", "patrons/P100/history", m{}, 400, "keep"},
		"a history nobody asked for":  {"GET", "patrons/P100/history", nil, 409, "<nil>"},
		"an unknown wish":             {"POST", "patrons/P100/restrictions", m{"mode": "hide", "scope": "all"}, 400, "mode"},
		"a wish about no title":       {"POST", "patrons/P100/restrictions", m{"mode": "deny", "scope": "title", "title": "nosuchtitle0001"}, 404, "title"},
		"no forms":                    {"POST", "restrictions/import", "Dear Sir,", 400, "file"},
		"an unknown restriction":      {"DELETE", "restrictions/nosuchwish00001", nil, 404, "id"},
		"a walk without a name":       {"POST", "inventories", m{}, 400, "name"},
		"a walk backwards":            {"POST", "inventories", m{"name": "Shelf", "from": "599", "to": "100"}, 400, "to"},
		"an unknown walk":             {"GET", "inventories/nosuchwalk00001", nil, 404, "inventory"},
	} {
		rows := h.Count("loan_rules", "1") + h.Count("calendar", "1") + h.Count("restrictions", "1") + h.Count("inventories", "1")
		got := h.head(test.method, test.path, test.body)
		if got.status != test.status || got.field() != test.field {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
		if message, _ := got.body["message"].(string); !strings.HasSuffix(message, ".") {
			t.Errorf("%s: no sentence in %s", name, got.raw)
		}
		if now := h.Count("loan_rules", "1") + h.Count("calendar", "1") + h.Count("restrictions", "1") + h.Count("inventories", "1"); now != rows {
			t.Errorf("%s: something was kept", name)
		}
	}
}

// A rule is made, tried, changed and taken away.
func TestRuleRoutes(t *testing.T) {
	h := withStaff(t)
	rules := h.Count("loan_rules", "1")
	if plan := h.do("rules/shipped?dry_run=1", map[string]any{"level": "K-5"}); plan.body["added"] == 0.0 || len(plan.rows("rows")) == 0 || h.Count("loan_rules", "1") != rules {
		t.Errorf("planned: %s", plan.raw)
	}
	h.do("rules/shipped", map[string]any{"level": "K-5"})
	kind, _, err := collections.Find[collections.PatronType](h.App, "code = 'student'", nil)
	if err != nil {
		t.Fatal(err)
	}
	patron := h.Patron("P100")
	patron.Type = kind.ID
	h.Save(patron)
	for _, row := range h.get("rules", collections.Librarian).rows("rules") {
		if row["patron_type"] == "student" && row["item_type"] == "" {
			h.head(http.MethodDelete, "rules/"+fmt.Sprint(row["id"]), nil)
		}
	}
	made := h.head(http.MethodPost, "rules", map[string]any{"patron_type": "student", "terms": map[string]any{"loan_days": 5, "loan_limit": 0}})
	id := made.made("rule")
	if made.status != http.StatusCreated {
		t.Fatalf("%d %s", made.status, made.raw)
	}
	try := func() answer {
		return h.do("rules/try", map[string]any{"patron": "P100", "item": h.shelved(), "on": ahead(10).String()})
	}
	got := try()
	if refusals := got.rows("refusals"); got.made("rule") != id || len(refusals) != 1 || refusals[0]["code"] != "loan_limit" || got.body["due"] == "" ||
		refusals[0]["rule"].(map[string]any)["scope"] != "rule for Student" {
		t.Errorf("tried: %s", got.raw)
	}
	if got := h.head(http.MethodPost, "rules", map[string]any{"id": id, "patron_type": "student", "terms": map[string]any{"loan_days": 5, "loan_limit": 3}}); got.status != http.StatusOK {
		t.Errorf("changed: %d %s", got.status, got.raw)
	}
	if got := try(); len(got.rows("refusals")) != 0 {
		t.Errorf("tried again: %s", got.raw)
	}
	if got := h.head(http.MethodDelete, "rules/"+id, nil); got.status != http.StatusOK || h.Count("loan_rules", "id = '"+id+"'") != 0 {
		t.Errorf("taken away: %d %s", got.status, got.raw)
	}
	if h.facts() != 0 {
		t.Error("a try wrote a fact")
	}
}

const schoolCalendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1@school\r\nDTSTAMP:20260101T000000Z\r\n" +
	"DTSTART;VALUE=DATE:20991123\r\nDTEND;VALUE=DATE:20991126\r\nSUMMARY:No school\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestCalendarImportRoute(t *testing.T) {
	h := withStaff(t)
	for _, step := range []struct {
		query string
		kept  int
	}{{"?dry_run=1", 0}, {"", 1}, {"", 1}} {
		got := h.head(http.MethodPost, "calendar/import"+step.query, schoolCalendar)
		if got.status != http.StatusOK || len(got.rows("entries")) != 1 || h.Count("calendar", "kind = 'closed'") != step.kept {
			t.Errorf("%q: %d %s", step.query, got.status, got.raw)
		}
	}
}

func TestSettingsRoutes(t *testing.T) {
	h := withStaff(t)
	if got := h.put("settings/fees", map[string]any{"on": true}); got.body["on"] != true || got.body["currency"] != "USD" {
		t.Errorf("%s", got.raw)
	}
	if got := h.get("settings/fees", collections.Librarian); got.body["on"] != true {
		t.Errorf("%s", got.raw)
	}
	if got := h.put("settings/privacy", map[string]any{"keep_days": 3}); got.body["keep_days"] != 3.0 || got.body["titles"] != false {
		t.Errorf("%s", got.raw)
	}
}

// Whose families asked for something is listed for the librarian, without what it was; the look is in the audit, the names are not.
func TestChildrenWithChoices(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	h.Patron("P200")
	if got := h.get("restrictions", collections.Librarian); got.status != http.StatusOK || len(got.rows("patrons")) != 0 {
		t.Fatalf("nobody: %d %s", got.status, got.raw)
	}
	for _, tag := range []string{"Horror", "War"} {
		h.do("patrons/P100/restrictions", map[string]any{"mode": "deny", "scope": "tag", "value": tag})
	}
	looks := h.Count("audit", `action = 'restriction' AND patron = '' AND detail = '{"did":"list"}'`)
	got := h.get("restrictions", collections.Librarian)
	if rows := got.rows("patrons"); len(rows) != 1 || rows[0]["barcode"] != "P100" || rows[0]["choices"] != 2.0 || strings.Contains(got.raw, "Horror") {
		t.Errorf("%s", got.raw)
	}
	if now := h.Count("audit", `action = 'restriction' AND patron = '' AND detail = '{"did":"list"}'`); now != looks+1 {
		t.Errorf("%d looks are kept, not %d", now, looks+1)
	}
	for _, role := range []collections.Role{collections.Aide, collections.Volunteer, collections.Teacher} {
		if got := h.ask(http.MethodGet, "/api/carrel/restrictions", h.tokens[role], nil); got.status != http.StatusForbidden {
			t.Errorf("a %s: %d", role, got.status)
		}
	}
}

// A restriction is noted, obeyed, passed by the librarian only, and taken away.
func TestRestrictionRoutes(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	item := h.Item("B100")
	got := h.do("patrons/P100/restrictions", map[string]any{"mode": "ask", "scope": "title", "item": "B100"})
	rows := got.rows("restrictions")
	if got.status != http.StatusCreated || len(rows) != 1 || rows[0]["title"].(map[string]any)["id"] != item.Title {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	body := lend("B100", "lend-key-1")
	body["override"] = []string{"restricted"}
	if got := h.ask(http.MethodPost, "/api/carrel/checkouts", h.tokens[collections.Aide], body); got.status != http.StatusConflict || got.refusals()[0]["code"] != "restricted" {
		t.Errorf("an aide: %d %s", got.status, got.raw)
	}
	h.do("checkouts", body)
	if got := h.head(http.MethodDelete, "restrictions/"+fmt.Sprint(rows[0]["id"]), nil); got.status != http.StatusOK || h.Count("restrictions", "1") != 0 {
		t.Errorf("taken away: %d %s", got.status, got.raw)
	}
	forms := "student,rule,tag\nP100,no,Horror\nP999,no,Horror\n"
	for _, step := range []struct {
		query string
		kept  int
	}{{"?dry_run=1", 0}, {"", 1}, {"", 1}} {
		got := h.head(http.MethodPost, "restrictions/import"+step.query, forms)
		if got.status != http.StatusOK || got.body["read"] != 2.0 || len(got.rows("rejected")) != 1 || h.Count("restrictions", "1") != step.kept {
			t.Errorf("forms %q: %d %s", step.query, got.status, got.raw)
		}
	}
}

// An inventory is walked, reported, given up on, undone and closed.
func TestInventoryRoutes(t *testing.T) {
	h := withStaff(t)
	h.Item("B1")
	h.Item("B2")
	walk := h.do("inventories", map[string]any{"name": "May"}).made("inventory")
	path := "inventories/" + walk
	if got := h.do(path+"/scans", map[string]any{"code": "B1", "key": "scan-key-1"}); got.body["out"] != false || got.body["found"] != "" ||
		got.body["item"].(map[string]any)["barcode"] != "B1" {
		t.Errorf("a scan: %s", got.raw)
	}
	if got := h.do(path+"/scans", map[string]any{"code": "QUACK", "key": "scan-key-2"}); got.body["item"] != nil || got.body["code"] != "QUACK" {
		t.Errorf("a scan of nothing: %s", got.raw)
	}
	report := h.get(path, collections.Librarian)
	if missing := report.rows("not_seen"); len(missing) != 1 || missing[0]["barcode"] != "B2" || len(report.rows("unknown")) != 1 {
		t.Errorf("the report: %s", report.raw)
	}
	unseen := []any{report.rows("not_seen")[0]["item"]}
	if got := h.do(path+"/missing", map[string]any{"key": "missing-key-1", "items": unseen}); len(got.body["marked"].([]any)) != 1 || h.Count("items", "status = 'missing'") != 1 {
		t.Errorf("given up: %s", got.raw)
	}
	h.do("undo", map[string]any{"key": "missing-key-1"})
	if h.Count("items", "status = 'missing'") != 0 {
		t.Error("the undo brought nothing back")
	}
	h.do(path+"/close", map[string]any{})
	if got := h.head(http.MethodPost, path+"/scans", map[string]any{"code": "B2", "key": "scan-key-3"}); got.status != http.StatusConflict || got.code() != "inventory_closed" {
		t.Errorf("a scan too late: %d %s", got.status, got.raw)
	}
	if walks := h.get("inventories", collections.Librarian).rows("inventories"); len(walks) != 1 || walks[0]["state"] != "closed" {
		t.Errorf("the list: %v", walks)
	}
}

// A patron with something out stays; afterwards the facts stay and name nobody.
func TestDeletePatronRoute(t *testing.T) {
	h := withStaff(t)
	patron := h.Patron("P100")
	item := h.lent("P100")
	if got := h.head(http.MethodDelete, "patrons/P100", nil); got.status != http.StatusConflict || got.code() != "has_loans" {
		t.Errorf("with something out: %d %s", got.status, got.raw)
	}
	h.do("returns", map[string]any{"item": item, "key": "return-key-1"})
	if got := h.head(http.MethodDelete, "patrons/P100", nil); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodGet, "patrons/P100", nil); got.status != http.StatusNotFound {
		t.Errorf("afterwards: %d", got.status)
	}
	if h.facts() != 2 || h.Count(collections.CircEvents, "patron = '"+patron.ID+"'") != 0 {
		t.Error("the facts are gone, or still name the patron")
	}
}

// A history is kept from when it was asked for.
func TestHistoryRoutes(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	h.put("patrons/P100/history", map[string]any{"keep": true})
	h.do("returns", map[string]any{"item": h.lent("P100"), "key": "return-key-1"})
	if got := h.get("patrons/P100/history", collections.Librarian); got.body["totalItems"] != 1.0 {
		t.Errorf("%s", got.raw)
	}
	h.put("patrons/P100/history", map[string]any{"keep": false})
	if got := h.head(http.MethodGet, "patrons/P100/history", nil); got.status != http.StatusConflict || got.code() != "no_history" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestHomeroomHours(t *testing.T) {
	h := withStaff(t)
	path := "/api/carrel/homerooms/" + h.room(0).ID
	head := h.tokens[collections.Librarian]
	got := h.ask(http.MethodPatch, path, head, map[string]string{"visits": "Tuesday 9:00-9:45; thu 13:10 - 13:55"})
	if got.status != http.StatusOK || got.body["visits"] != "tue 09:00-09:45; thu 13:10-13:55" || got.body["library_days"] != "tue, thu" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	for field, body := range map[string]map[string]string{
		"visits":       {"visits": "tue 9-10"},
		"library_days": {"library_days": "Z"},
	} {
		if got := h.ask(http.MethodPatch, path, head, body); got.status != http.StatusBadRequest || got.field() != field {
			t.Errorf("%s: %d %s", field, got.status, got.raw)
		}
	}
	if got := h.ask(http.MethodPatch, "/api/carrel/homerooms/nothing00000000", head, map[string]string{}); got.status != http.StatusNotFound {
		t.Errorf("an unknown homeroom: %d", got.status)
	}
}

// A new kiosk is told where to go, in words and as a QR code.
func TestNewKioskCode(t *testing.T) {
	h := withStaff(t)
	h.door.SetStudents("https://carrel.local:8444")
	got := h.ask(http.MethodPost, "/api/carrel/kiosks", h.tokens[collections.Librarian], nil)
	rows, _ := got.body["qr"].([]any)
	if got.status != http.StatusCreated || got.body["url"] != fmt.Sprintf("https://carrel.local:8444/#pair=%s", got.body["code"]) || len(rows) < 25 {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	for _, row := range rows {
		if text, _ := row.(string); len(text) != len(rows) || strings.Trim(text, "01") != "" {
			t.Fatalf("row %q", row)
		}
	}
}
