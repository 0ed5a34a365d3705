package hooks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"carrel/collections"
)

func (h *house) signIn(address, password string) answer {
	h.T.Helper()
	return h.ask(http.MethodPost, "/api/collections/staff/auth-with-password", "", map[string]string{"identity": address, "password": password})
}

// unlimited takes the limits off: a test signs in more often than a person.
func (h *house) unlimited() {
	h.T.Helper()
	settings, err := h.App.Settings().Clone()
	if err != nil {
		h.T.Fatal(err)
	}
	settings.RateLimits.Enabled = false
	if err := h.App.Save(settings); err != nil {
		h.T.Fatal(err)
	}
}

// An account is made, signs in with what the server made up, is changed, and goes.
func TestStaffRoutes(t *testing.T) {
	h := withStaff(t)
	h.unlimited()
	room := h.room(0)
	made := h.do("staff", map[string]any{"name": " Sam  Lee ", "email": "sam@example.org", "role": "teacher", "homerooms": []string{room.ID}})
	password, _ := made.body["password"].(string)
	rooms := made.rows("homerooms")
	if made.status != http.StatusCreated || made.body["name"] != "Sam Lee" || made.body["sample"] != false || len(rooms) != 1 || rooms[0]["name"] != room.Name {
		t.Fatalf("%d %s", made.status, made.raw)
	}
	id := fmt.Sprint(made.body["id"])
	signed := h.signIn("sam@example.org", password)
	if signed.status != http.StatusOK {
		t.Fatalf("signing in: %d %s", signed.status, signed.raw)
	}
	token := fmt.Sprint(signed.body["token"])
	me := h.ask(http.MethodGet, "/api/carrel/me", token, nil)
	if me.body["id"] != id || me.body["role"] != "teacher" || len(me.rows("homerooms")) != 1 || me.body["fees"] != false {
		t.Errorf("%s", me.raw)
	}
	list := h.get("staff", collections.Librarian)
	if len(list.rows("staff")) != len(collections.Roles)+1 || strings.Contains(list.raw, password) || strings.Contains(list.raw, "tokenKey") {
		t.Errorf("%s", list.raw)
	}
	if got := h.head(http.MethodPatch, "staff/"+id, map[string]any{"role": "aide", "homerooms": []string{}, "language": "es"}); got.status != http.StatusOK || got.body["role"] != "aide" || len(got.rows("homerooms")) != 0 {
		t.Errorf("changed: %d %s", got.status, got.raw)
	}
	if got := h.ask(http.MethodGet, "/api/carrel/me", token, nil); got.status != http.StatusUnauthorized {
		t.Errorf("with the token of the old role: %d", got.status)
	}
	reset := h.head(http.MethodPost, "staff/"+id+"/password", nil)
	if got := h.signIn("sam@example.org", password); got.status < 400 {
		t.Errorf("with the old password: %d", got.status)
	}
	if got := h.signIn("sam@example.org", fmt.Sprint(reset.body["password"])); got.status != http.StatusOK {
		t.Errorf("with the new password: %d %s", got.status, reset.raw)
	}
	if got := h.head(http.MethodDelete, "staff/"+id, nil); got.status != http.StatusOK {
		t.Errorf("deleted: %d %s", got.status, got.raw)
	}
	if h.Count(collections.Audit, "action IN ('staff_added', 'staff_changed', 'staff_password', 'staff_deleted') AND json_extract(detail, '$.account') = '"+id+"'") != 4 {
		t.Error("not all of it is in the audit")
	}
}

func TestBadStaff(t *testing.T) {
	h := withStaff(t)
	head, err := h.App.FindAuthRecordByEmail(collections.Staff, "librarian@example.org")
	if err != nil {
		t.Fatal(err)
	}
	aide, err := h.App.FindAuthRecordByEmail(collections.Staff, "aide@example.org")
	if err != nil {
		t.Fatal(err)
	}
	type m = map[string]any
	good := func(change m) m {
		body := m{"name": "Sam", "email": "sam@example.org", "role": "aide"}
		for field, value := range change {
			body[field] = value
		}
		return body
	}
	for name, test := range map[string]struct {
		method, path string
		body         m
		status       int
		code, field  string
	}{
		"nobody":              {"POST", "staff", m{}, 400, "invalid", "name"},
		"without a name":      {"POST", "staff", good(m{"name": " "}), 400, "invalid", "name"},
		"a long name":         {"POST", "staff", good(m{"name": strings.Repeat("x", 201)}), 400, "invalid", "name"},
		"without an address":  {"POST", "staff", good(m{"email": ""}), 400, "invalid", "email"},
		"no address":          {"POST", "staff", good(m{"email": "Sam <sam@example.org>"}), 400, "invalid", "email"},
		"an address twice":    {"POST", "staff", good(m{"email": "AIDE@example.org"}), 400, "taken", "email"},
		"a made-up role":      {"POST", "staff", good(m{"role": "king"}), 400, "invalid", "role"},
		"a made-up language":  {"POST", "staff", good(m{"language": "fr"}), 400, "invalid", "language"},
		"a made-up homeroom":  {"POST", "staff", good(m{"homerooms": []string{"nosuchroom00001"}}), 400, "invalid", "homerooms"},
		"homerooms as a word": {"POST", "staff", good(m{"homerooms": "4B"}), 400, "invalid", "homerooms"},
		"another's address":   {"PATCH", "staff/" + aide.Id, m{"email": "teacher@example.org"}, 400, "taken", "email"},
		"nobody's account":    {"PATCH", "staff/nosuchstaff0001", m{"name": "x"}, 404, "unknown_staff", "id"},
		"nobody's password":   {"POST", "staff/nosuchstaff0001/password", nil, 404, "unknown_staff", "id"},
		"the last librarian":  {"PATCH", "staff/" + head.Id, m{"role": "aide"}, 409, "last_librarian", "<nil>"},
		"oneself":             {"DELETE", "staff/" + head.Id, nil, 409, "yourself", "<nil>"},
		"a wrong password":    {"PATCH", "me", m{"password": "a new password", "old_password": "guess"}, 400, "wrong_password", "old_password"},
		"a short password":    {"PATCH", "me", m{"password": "short", "old_password": "long enough"}, 400, "invalid", "password"},
		"a long password":     {"PATCH", "me", m{"password": strings.Repeat("é", 40), "old_password": "long enough"}, 400, "invalid", "password"},
		"no name of one's":    {"PATCH", "me", m{"name": ""}, 400, "invalid", "name"},
		"a language unknown":  {"PATCH", "me", m{"language": "xx"}, 400, "invalid", "language"},
	} {
		rows := h.Count(collections.Staff, "1")
		got := h.head(test.method, test.path, test.body)
		if got.status != test.status || got.code() != test.code || got.field() != test.field {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
		if message, _ := got.body["message"].(string); !strings.HasSuffix(message, ".") || h.Count(collections.Staff, "1") != rows {
			t.Errorf("%s: %s", name, got.raw)
		}
	}
}

// Everybody changes their own name, language and password, and nothing else of their account.
func TestChangeMe(t *testing.T) {
	h := withStaff(t)
	h.unlimited()
	for _, role := range collections.Roles {
		ask := func(body map[string]any) answer {
			return h.ask(http.MethodPatch, "/api/carrel/me", h.tokens[role], body)
		}
		got := ask(map[string]any{"name": "Ana", "language": "es", "role": "librarian", "homerooms": []string{"x"}, "email": "x@example.org"})
		if got.status != http.StatusOK || got.body["name"] != "Ana" || got.body["language"] != "es" || got.body["role"] != string(role) || got.body["token"] != nil {
			t.Errorf("%s: %d %s", role, got.status, got.raw)
		}
		got = ask(map[string]any{"password": "a new password", "old_password": "long enough"})
		if old := ask(map[string]any{}); old.status != http.StatusUnauthorized {
			t.Errorf("%s with the old token: %d", role, old.status)
		}
		if again := h.ask(http.MethodGet, "/api/carrel/me", fmt.Sprint(got.body["token"]), nil); again.status != http.StatusOK || again.body["token"] != nil {
			t.Errorf("%s with the new token: %d %s", role, again.status, again.raw)
		}
		if signed := h.signIn(string(role)+"@example.org", "a new password"); signed.status != http.StatusOK {
			t.Errorf("%s signs in: %d", role, signed.status)
		}
	}
}

// A code on paper opens a librarian's account once. What does not fit is answered alike, whatever it was.
func TestRecoverRoute(t *testing.T) {
	h := withStaff(t)
	h.unlimited()
	if got := h.get("recovery", collections.Librarian); got.body["made"] != nil || got.body["left"] != 0.0 {
		t.Errorf("before: %s", got.raw)
	}
	codes, _ := h.do("recovery", nil).body["codes"].([]any)
	if len(codes) != 8 {
		t.Fatalf("%v", codes)
	}
	body := func(email string, code any) map[string]any {
		return map[string]any{"email": email, "code": code, "password": "a new password"}
	}
	wrong := h.ask(http.MethodPost, "/api/carrel/recover", "", body("librarian@example.org", "AAAA-BBBB-CCCC"))
	if wrong.status != http.StatusForbidden || wrong.code() != "wrong_code" || wrong.field() != "code" {
		t.Errorf("%d %s", wrong.status, wrong.raw)
	}
	for _, address := range []string{"nobody@example.org", "aide@example.org", "no address"} {
		if got := h.ask(http.MethodPost, "/api/carrel/recover", "", body(address, codes[0])); got.status != wrong.status || got.raw != wrong.raw {
			t.Errorf("%s is answered otherwise: %s", address, got.raw)
		}
	}
	for _, field := range []string{"email", "code", "password"} {
		half := body("librarian@example.org", codes[0])
		delete(half, field)
		if got := h.ask(http.MethodPost, "/api/carrel/recover", "", half); got.status != http.StatusBadRequest || got.field() != field {
			t.Errorf("without %s: %d %s", field, got.status, got.raw)
		}
	}
	if got := h.ask(http.MethodPost, "/api/carrel/recover", "", body("librarian@example.org", codes[0])); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if got := h.head(http.MethodGet, "recovery", nil); got.status != http.StatusUnauthorized {
		t.Errorf("the old session: %d", got.status)
	}
	signed := h.signIn("librarian@example.org", "a new password")
	left := h.ask(http.MethodGet, "/api/carrel/recovery", fmt.Sprint(signed.body["token"]), nil)
	if left.body["left"] != 7.0 || left.body["made"] == nil || strings.Contains(left.raw, "hash") {
		t.Errorf("%s", left.raw)
	}
}

func TestGuessingCodesIsSlow(t *testing.T) {
	h := withStaff(t)
	limited := false
	for range 4 {
		got := h.ask(http.MethodPost, "/api/carrel/recover", "", map[string]any{"email": "x@example.org", "code": "x", "password": "long enough"})
		limited = limited || got.status == http.StatusTooManyRequests
	}
	if !limited {
		t.Error("four tries in a moment were all answered")
	}
}
