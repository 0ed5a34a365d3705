package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// upload sends a file as the body of a request.
func (s *server) upload(t testing.TB, token, query, path string) map[string]any {
	t.Helper()
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close() //nolint:errcheck // only read
	request, err := http.NewRequest(http.MethodPost, "http://"+s.staff+"/api/carrel/imports"+query, in)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		t.Fatalf("upload: %d", response.StatusCode)
	}
	return s.newest(t, token)
}

// newest is the import that was brought last.
func (s *server) newest(t testing.TB, token string) map[string]any {
	t.Helper()
	status, answer, err := call(http.MethodGet, "http://"+s.staff+"/api/carrel/imports", token, nil)
	list, _ := answer["imports"].([]any)
	if err != nil || status != http.StatusOK || len(list) == 0 {
		t.Fatalf("imports: %d %v %v", status, answer, err)
	}
	imp, _ := list[0].(map[string]any)
	return imp
}

// until asks until the import fits.
func (s *server) until(t testing.TB, token string, fits func(state string, done float64) bool) map[string]any {
	t.Helper()
	for {
		imp := s.newest(t, token)
		state, _ := imp["state"].(string)
		progress, _ := imp["progress"].(map[string]any)
		done, _ := progress["done"].(float64)
		if fits(state, done) {
			return imp
		}
		if state == "stopped" || state == "unreadable" {
			t.Fatalf("%v", imp)
		}
	}
}

func is(want string) func(string, float64) bool {
	return func(state string, _ float64) bool { return state == want }
}

// begun is some way into the work of a state; over already it is a mistake of the test.
func begun(t testing.TB, want string, after float64) func(string, float64) bool {
	return func(state string, done float64) bool {
		if state != want {
			t.Fatalf("%s is over too soon: %s", want, state)
		}
		return done > after
	}
}

// TestImportKilledInTheServer kills the server while it reads a file, applies it and takes it back, and each time it goes on by itself.
func TestImportKilledInTheServer(t *testing.T) {
	const titles = 4000
	dir := filepath.Join(t.TempDir(), "data")
	must(t, dir, "staff", "upsert", librarianMail, "--role", "librarian", "--password", password)
	s := serve(t, dir)
	token := s.signIn(t)
	again := func() {
		s.kill()
		s = serve(t, dir)
	}
	imp := s.upload(t, token, "?kind=titles&file=school.mrc", schoolFile(t, titles))
	again()
	s.until(t, token, is("ready"))
	path := "http://" + s.staff + "/api/carrel/imports/"
	id, _ := imp["id"].(string)
	act := func(what, key string) {
		if status, answer, err := call(http.MethodPost, path+id+"/"+what, token, map[string]string{"key": key}); err != nil || status != http.StatusAccepted {
			t.Fatalf("%s: %d %v %v", what, status, answer, err)
		}
	}
	act("apply", "apply-key-1")
	for _, after := range []float64{300, 1500} {
		s.until(t, token, begun(t, "running", after))
		again()
	}
	imp = s.until(t, token, is("done"))
	result, _ := imp["result"].(map[string]any)
	if counts, _ := result["titles"].(map[string]any); counts["added"] != float64(titles) {
		t.Errorf("added: %v", result)
	}
	s.kill()
	assertWhole(t, dir, titles)
	s = serve(t, dir)
	path = "http://" + s.staff + "/api/carrel/imports/"
	act("undo", "undo-key-1")
	for _, after := range []float64{300, 4000} {
		s.until(t, token, begun(t, "undoing", after))
		again()
	}
	s.until(t, token, is("undone"))
	s.kill()
	out := filepath.Join(t.TempDir(), "out.csv")
	must(t, dir, "export", "titles", out, "--format", "csv")
	text, err := os.ReadFile(out)
	if err != nil || strings.Count(strings.TrimSpace(string(text)), "\n") != 0 {
		t.Errorf("left: %.500s, %v", text, err)
	}
	must(t, dir, "rebuild")
	if left, err := os.ReadDir(filepath.Join(dir, "imports")); err != nil || len(left) != 0 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}
