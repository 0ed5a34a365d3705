package hooks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"carrel/collections"
	"carrel/hooks"
	"carrel/internal/staff"
	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// house is the staff door of a test library, with one account of each role.
type house struct {
	testkit.Library
	door   *hooks.Door
	mux    http.Handler
	tokens map[collections.Role]string
	made   int
	extra  http.Header // sent along with the next request
}

func open(t testing.TB) *house {
	t.Helper()
	lib := testkit.NewLibrary(t)
	door, err := hooks.New(lib.App, fstest.MapFS{"index.html": {Data: []byte("not built")}})
	if err != nil {
		t.Fatal(err)
	}
	door.Bind()
	router, err := apis.NewRouter(lib.App)
	if err != nil {
		t.Fatal(err)
	}
	door.Mount(router)
	mux, err := router.BuildMux()
	if err != nil {
		t.Fatal(err)
	}
	return &house{Library: lib, door: door, mux: mux, tokens: map[collections.Role]string{}}
}

// withStaff makes an account for each role.
func withStaff(t testing.TB) *house {
	t.Helper()
	h := open(t)
	for _, role := range collections.Roles {
		mail := string(role) + "@example.org"
		if err := staff.Upsert(h.App, staff.Account{Email: mail, Password: "long enough", Role: role}); err != nil {
			t.Fatal(err)
		}
		record, err := h.App.FindAuthRecordByEmail(collections.Staff, mail)
		if err != nil {
			t.Fatal(err)
		}
		if h.tokens[role], err = record.NewAuthToken(); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

type answer struct {
	status int
	body   map[string]any
	raw    string
	header http.Header
}

func (h *house) ask(method, path, token string, body any) answer {
	h.T.Helper()
	var sent bytes.Buffer
	switch content := body.(type) {
	case nil:
	case string:
		sent.WriteString(content)
	default:
		if err := json.NewEncoder(&sent).Encode(content); err != nil {
			h.T.Fatal(err)
		}
	}
	request := httptest.NewRequest(method, path, &sent)
	request.RemoteAddr = "192.0.2.7:4711" // not this machine
	if method != http.MethodGet {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	for name, values := range h.extra {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	h.mux.ServeHTTP(recorder, request)
	got := answer{status: recorder.Code, raw: recorder.Body.String(), header: recorder.Header()}
	_ = json.Unmarshal(recorder.Body.Bytes(), &got.body)
	return got
}

// TestRolesAndRoutes tries every command route as every role and signed out.
func TestRolesAndRoutes(t *testing.T) {
	h := withStaff(t)
	for _, route := range h.door.Routes() {
		path := strings.NewReplacer("{barcode}", "P100", "{id}", "nosuchkiosk0001").Replace(route.Path)
		name := route.Method + " " + route.Path
		signedOut := h.ask(route.Method, path, "", "{}").status
		if public := route.Roles == nil; public != (signedOut != http.StatusUnauthorized) {
			t.Errorf("%s signed out: %d", name, signedOut)
		}
		if route.Roles == nil {
			continue
		}
		for _, role := range collections.Roles {
			status := h.ask(route.Method, path, h.tokens[role], "{}").status
			if may := slices.Contains(route.Roles, role); may != (status != http.StatusForbidden) {
				t.Errorf("%s as %s: %d", name, role, status)
			}
			if status == http.StatusUnauthorized || status >= http.StatusInternalServerError {
				t.Errorf("%s as %s: %d", name, role, status)
			}
		}
	}
}

// TestCollectionsAreClosed tries the record API of every collection as every role and signed out: nothing is listed, shown,
// made, changed or deleted there. The only exception is one's own account, which may be seen.
func TestCollectionsAreClosed(t *testing.T) {
	h := withStaff(t)
	h.Patron("P100")
	h.Item("B100")
	names := []string{}
	if err := h.App.DB().NewQuery("SELECT name FROM _collections").Column(&names); err != nil {
		t.Fatal(err)
	}
	if len(names) < 15 {
		t.Fatalf("only %d collections", len(names))
	}
	for _, name := range names {
		ids := []string{}
		if err := h.App.DB().Select("id").From(name).Limit(1).Column(&ids); err != nil {
			t.Fatal(err)
		}
		id := "aaaaaaaaaaaaaaa"
		if len(ids) == 1 {
			id = ids[0]
		}
		base := "/api/collections/" + name + "/records"
		for role, token := range h.everybody() {
			for _, try := range []struct{ method, path string }{
				{http.MethodGet, base}, {http.MethodGet, base + "/" + id}, {http.MethodPost, base},
				{http.MethodPatch, base + "/" + id}, {http.MethodDelete, base + "/" + id},
			} {
				if name == collections.Staff && try.path == base+"/"+id && try.method == http.MethodGet {
					continue
				}
				got := h.ask(try.method, try.path, token, "{}")
				if got.status < 400 && got.body["totalItems"] != float64(0) {
					t.Errorf("%s %s as %s: %d %s", try.method, try.path, role, got.status, got.raw)
				}
			}
		}
	}
}

func (h *house) everybody() map[collections.Role]string {
	all := map[collections.Role]string{"signed out": ""}
	for role, token := range h.tokens {
		all[role] = token
	}
	return all
}

func TestOnesOwnAccountOnly(t *testing.T) {
	h := withStaff(t)
	aide, err := h.App.FindAuthRecordByEmail(collections.Staff, "aide@example.org")
	if err != nil {
		t.Fatal(err)
	}
	path := "/api/collections/staff/records/" + aide.Id
	if got := h.ask(http.MethodGet, path, h.tokens[collections.Aide], nil); got.status != http.StatusOK {
		t.Errorf("one's own: %d", got.status)
	}
	if got := h.ask(http.MethodGet, path, h.tokens[collections.Volunteer], nil); got.status != http.StatusNotFound {
		t.Errorf("somebody else's: %d", got.status)
	}
}

func TestSuperuserFromElsewhere(t *testing.T) {
	h := withStaff(t)
	superusers, err := h.App.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	root := core.NewRecord(superusers)
	root.SetEmail("root@example.org")
	root.SetPassword("a long password")
	if err := h.App.Save(root); err != nil {
		t.Fatal(err)
	}
	token, err := root.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	if got := h.ask(http.MethodGet, "/api/collections/patrons/records", token, nil); got.status != http.StatusForbidden {
		t.Errorf("with a token: %d", got.status)
	}
	for _, name := range []string{"_superusers", superusers.Id, "_SuperUsers"} {
		got := h.ask(http.MethodPost, "/api/collections/"+name+"/auth-with-password", "",
			map[string]string{"identity": "root@example.org", "password": "a long password"})
		if got.status < 400 {
			t.Errorf("sign-in by the name %s: %d", name, got.status)
		}
	}
}

func TestSampleSignInFromElsewhere(t *testing.T) {
	h := open(t)
	if err := staff.Upsert(h.App, staff.Account{Email: "demo@example.org", Password: "long enough", Role: collections.Librarian, Sample: true}); err != nil {
		t.Fatal(err)
	}
	got := h.ask(http.MethodPost, "/api/collections/staff/auth-with-password", "", map[string]string{"identity": "demo@example.org", "password": "long enough"})
	if got.status != http.StatusForbidden {
		t.Errorf("status %d", got.status)
	}
}

func TestGuessingPasswordsIsSlow(t *testing.T) {
	h := withStaff(t)
	limited := false
	for range 4 {
		got := h.ask(http.MethodPost, "/api/collections/staff/auth-with-password", "", map[string]string{"identity": "aide@example.org", "password": "wrong"})
		limited = limited || got.status == http.StatusTooManyRequests
	}
	if !limited {
		t.Error("four tries in a moment were all answered")
	}
}

func TestFirstRun(t *testing.T) {
	h := open(t)
	for _, path := range []string{"/api/carrel/search?q=a", "/api/collections/staff/records", "/api/carrel/me", "/_/"} {
		if got := h.ask(http.MethodGet, path, "", nil); got.status != http.StatusServiceUnavailable {
			t.Errorf("%s before set-up: %d", path, got.status)
		}
	}
	if got := h.ask(http.MethodGet, "/staff/", "", nil); got.status != http.StatusOK {
		t.Errorf("the set-up page: %d", got.status)
	}
	code := h.door.SetupCode()
	body := map[string]string{"code": "WRONGONE", "name": "Dana", "email": "dana@example.org", "password": "long enough", "school": "Cedar Hollow"}
	if got := h.ask(http.MethodPost, "/api/carrel/setup", "", body); got.status != http.StatusForbidden {
		t.Errorf("a wrong code: %d %s", got.status, got.raw)
	}
	body["code"], body["password"] = strings.ToLower(code[:4]+"-"+code[4:]), "short"
	if got := h.ask(http.MethodPost, "/api/carrel/setup", "", body); got.status != http.StatusBadRequest || got.field() != "password" {
		t.Errorf("a short password: %d %s", got.status, got.raw)
	}
	body["password"] = "long enough"
	if got := h.ask(http.MethodPost, "/api/carrel/setup", "", body); got.status != http.StatusCreated {
		t.Fatalf("set-up: %d %s", got.status, got.raw)
	}
	if got := h.ask(http.MethodGet, "/api/carrel/me", "", nil); got.status != http.StatusUnauthorized {
		t.Errorf("after set-up: %d", got.status)
	}
	if got := h.ask(http.MethodPost, "/api/carrel/setup", "", body); got.status != http.StatusConflict {
		t.Errorf("a second time: %d", got.status)
	}
	if h.door.SetupCode() != "" {
		t.Error("a library that is set up still shows a code")
	}
}

// code is the word by which programs know a no.
func (a answer) code() string {
	data, _ := a.body["data"].(map[string]any)
	return fmt.Sprint(data["code"])
}

// field is the input a no is about.
func (a answer) field() string {
	data, _ := a.body["data"].(map[string]any)
	return fmt.Sprint(data["field"])
}
