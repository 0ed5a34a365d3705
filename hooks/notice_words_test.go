package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

func TestNoticeSettings(t *testing.T) {
	h := withStaff(t)
	type m = map[string]any
	got := h.put("settings/notices", m{"profile": "type", "kinds": m{"due_soon": m{"on": true}}})
	kinds, _ := got.body["kinds"].(m)
	soon, _ := kinds["due_soon"].(m)
	late, _ := kinds["overdue"].(m)
	if got.body["profile"] != "type" || soon["on"] != true || soon["hour"] != float64(7) || late["on"] != true {
		t.Errorf("%s", got.raw)
	}
	if again := h.head(http.MethodGet, "settings/notices", nil); again.raw != got.raw {
		t.Errorf("%s", again.raw)
	}
	for field, body := range map[string]any{
		"overdue.steps": m{"kinds": m{"overdue": m{"steps": []int{14, 1}}}},
		"fee.to":        m{"kinds": m{"fee": m{"to": []string{"teacher"}}}},
		"profile":       m{"profile": "everything"},
		"hour":          m{"kinds": m{"fee": m{"hour": "seven"}}},
	} {
		refused := h.head(http.MethodPut, "settings/notices", body)
		if data, _ := refused.body["data"].(m); refused.status != http.StatusBadRequest || data["field"] != field {
			t.Errorf("%s: %d %s", field, refused.status, refused.raw)
		}
	}
	if again := h.head(http.MethodGet, "settings/notices", nil); again.raw != got.raw {
		t.Errorf("a refused change was kept: %s", again.raw)
	}
}

func TestNoticeWords(t *testing.T) {
	h := withStaff(t)
	patron := h.Patron("P100")
	h.late(patron, "B100")
	type m = map[string]any
	const preview = "notices/templates/preview?kind=overdue&step=1&language=en&patron=P100"
	before := h.head(http.MethodGet, preview, nil)
	if before.status != http.StatusOK || before.body["sample"] != false || !strings.Contains(before.raw, "1 library book") {
		t.Fatalf("%d %s", before.status, before.raw)
	}
	if h.Count("audit", "patron = '"+patron.ID+"'") != 1 {
		t.Error("the view is not in the audit")
	}
	words := m{"kind": "overdue", "step": 1, "language": "en", "subject": "From {{.School}}", "body": "Hi {{.FirstName}}"}
	if got := h.put("notices/templates", words); !strings.Contains(got.raw, `"own":true`) {
		t.Error(got.raw)
	}
	if got := h.head(http.MethodGet, preview, nil); got.body["text"] != "Hi Diego" {
		t.Error(got.raw)
	}
	words["patron"], words["body"] = "P100", "{{.Count}}"
	if got := h.head(http.MethodPost, "notices/templates/preview", words); got.body["text"] != "1" {
		t.Error(got.raw)
	}
	words["body"] = "{{.Parent}}"
	for _, path := range []string{"notices/templates/preview", "notices/templates"} {
		method := http.MethodPost
		if path == "notices/templates" {
			method = http.MethodPut
		}
		if got := h.head(method, path, words); got.status != http.StatusBadRequest || !strings.Contains(got.raw, "{{.Parent}}") {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
		}
	}
	const stored = "notices/templates?kind=overdue&step=1&language=en"
	if got := h.head(http.MethodDelete, stored, nil); got.status != http.StatusOK {
		t.Error(got.raw)
	}
	if got := h.head(http.MethodGet, preview, nil); got.raw != before.raw {
		t.Error(got.raw)
	}
	for path, status := range map[string]int{
		"DELETE " + stored: 404, "DELETE notices/templates?kind=overdue&step=one&language=en": 400,
		"GET notices/templates/preview?kind=overdue&language=en":             200,
		"GET notices/templates/preview?kind=overdue&language=en&patron=P999": 404,
		"GET notices/templates/preview?kind=x&language=en&patron=P100":       400,
	} {
		method, path, _ := strings.Cut(path, " ")
		if got := h.head(method, path, nil); got.status != status {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
		}
	}
	made := h.head(http.MethodGet, "notices/templates/preview?kind=overdue&language=es", nil)
	if made.body["sample"] != true || !strings.Contains(made.raw, "2 libros de la biblioteca") || h.Count("audit", "action = 'view'") > 4 {
		t.Errorf("somebody made up: %s", made.raw)
	}
	if got := h.head(http.MethodGet, "notices/templates", nil); len(got.rows("templates")) != 24 {
		t.Error(got.raw)
	}
}

// Nothing listens there: the answer is what the connection said.
func TestTestMail(t *testing.T) {
	h := withStaff(t)
	if got := h.head(http.MethodPost, "notices/test", map[string]string{"address": "a@x.example"}); got.status != http.StatusConflict {
		t.Errorf("no server: %d %s", got.status, got.raw)
	}
	settings := h.App.Settings()
	settings.SMTP.Enabled, settings.SMTP.Host, settings.SMTP.Port = true, "127.0.0.1", 1
	settings.Meta.SenderAddress = "library@school.example"
	if err := h.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	if got := h.head(http.MethodPost, "notices/test", map[string]string{"address": "a@x.example"}); got.status != http.StatusConflict || !strings.Contains(got.raw, "refused") {
		t.Errorf("nobody listens: %d %s", got.status, got.raw)
	}
	for _, address := range []string{"", "nobody", "a@x.example\r\nBcc: b@x.example"} {
		if got := h.head(http.MethodPost, "notices/test", map[string]string{"address": address}); got.status != http.StatusBadRequest {
			t.Errorf("%q: %d %s", address, got.status, got.raw)
		}
	}
}

func TestUnsubscribed(t *testing.T) {
	h := withStaff(t)
	got := h.head(http.MethodPost, "notices/unsubscribed", map[string]string{"asked": "Ana@x.example"})
	if got.status != http.StatusCreated || got.body["address"] != "ana@x.example" {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodPost, "notices/unsubscribed", map[string]string{"asked": "unsubscribe abc"}); got.status != http.StatusNotFound {
		t.Errorf("%d %s", got.status, got.raw)
	}
	rows := h.head(http.MethodGet, "notices/unsubscribed", nil).rows("unsubscribed")
	if len(rows) != 1 {
		t.Fatalf("%v", rows)
	}
	path := "notices/unsubscribed/" + rows[0]["id"].(string)
	for _, status := range []int{http.StatusOK, http.StatusNotFound} {
		if got := h.head(http.MethodDelete, path, nil); got.status != status {
			t.Errorf("%d %s", got.status, got.raw)
		}
	}
}

// An aide sees the notices, and none about money.
func TestNoMoneyForAides(t *testing.T) {
	h := withStaff(t)
	patron := h.Patron("P100")
	for _, kind := range []string{"fee", "overdue"} {
		_, err := collections.Insert(h.App, collections.Notice{
			Patron: patron.ID, Kind: kind, Step: 1, Channel: "mail", Recipient: "a@x.example", Language: "en", Disclosure: "count", State: "sent",
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for role, want := range map[collections.Role]int{collections.Librarian: 2, collections.Aide: 1} {
		got := h.ask(http.MethodGet, "/api/carrel/notices?state=sent", h.tokens[role], nil)
		counts, _ := got.body["counts"].(map[string]any)
		if len(got.rows("items")) != want || got.body["totalItems"] != float64(want) || counts["sent"] != float64(want) {
			t.Errorf("%s: %s", role, got.raw)
		}
	}
}
