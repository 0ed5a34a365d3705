package pages

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, h http.Handler, target string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, request)
	return answer
}

func app(t *testing.T) *Handler {
	t.Helper()
	h, err := New(fstest.MapFS{
		"index.html":           {Data: []byte("<!doctype html>page")},
		"assets/app-1a2b3c.js": {Data: []byte(strings.Repeat("let carrel = 1;\n", 200))},
	}, "/staff/", []byte("not built"))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestServe(t *testing.T) {
	h := app(t)
	for _, test := range []struct {
		target string
		status int
		cache  string
	}{
		{"/staff/", 200, "no-cache"},
		{"/staff/catalog", 200, "no-cache"}, // a place within the app
		{"/staff/assets/app-1a2b3c.js", 200, "immutable"},
		{"/staff/assets/gone.js", 404, ""},
		{"/staff/assets/gone", 404, ""},
		{"/staff/../../etc/passwd.txt", 404, ""},
	} {
		answer := get(t, h, test.target)
		if answer.Code != test.status {
			t.Errorf("%s: status %d, want %d", test.target, answer.Code, test.status)
		}
		if !strings.Contains(answer.Header().Get("Cache-Control"), test.cache) {
			t.Errorf("%s: Cache-Control %q", test.target, answer.Header().Get("Cache-Control"))
		}
		if answer.Header().Get("Content-Security-Policy") != Policy {
			t.Errorf("%s has no policy", test.target)
		}
	}
}

func TestUnchangedIsNotSentAgain(t *testing.T) {
	h := app(t)
	etag := get(t, h, "/staff/").Header().Get("ETag")
	if answer := get(t, h, "/staff/", "If-None-Match", etag); answer.Code != http.StatusNotModified {
		t.Errorf("status %d", answer.Code)
	}
}

func TestScriptsAreCompressed(t *testing.T) {
	answer := get(t, app(t), "/staff/assets/app-1a2b3c.js", "Accept-Encoding", "gzip")
	if answer.Header().Get("Content-Encoding") != "gzip" || answer.Body.Len() > 500 {
		t.Errorf("%q, %d bytes", answer.Header().Get("Content-Encoding"), answer.Body.Len())
	}
}

func TestUnbuiltAppServesTheNotice(t *testing.T) {
	h, err := New(fstest.MapFS{}, "/staff/", []byte("run make build"))
	if err != nil {
		t.Fatal(err)
	}
	if answer := get(t, h, "/staff/"); !strings.Contains(answer.Body.String(), "make build") {
		t.Error(answer.Body.String())
	}
}

func TestServiceWorkerIsAskedForAnewAndAnswersForTheWholeApp(t *testing.T) {
	h, err := New(fstest.MapFS{"assets/sw.js": {Data: []byte("self")}}, "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	head := get(t, h, "/assets/sw.js").Header()
	if head.Get("Cache-Control") != "no-cache" || head.Get("Service-Worker-Allowed") != "/" {
		t.Error(head)
	}
}

func TestOnlyAnAppWithWebAssemblyMayRunIt(t *testing.T) {
	for name, want := range map[string]bool{"assets/reader-1a2b.wasm": true, "assets/app-1a2b.js": false} {
		h, err := New(fstest.MapFS{name: {Data: []byte("\x00asm")}}, "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer := get(t, h, "/"+name)
		if got := strings.Contains(answer.Header().Get("Content-Security-Policy"), "wasm-unsafe-eval"); got != want {
			t.Errorf("%s: %v", name, got)
		}
		if want && answer.Header().Get("Content-Type") != "application/wasm" {
			t.Error(answer.Header().Get("Content-Type"))
		}
	}
}
