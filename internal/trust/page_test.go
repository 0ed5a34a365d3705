package trust

import (
	"bytes"
	"encoding/pem"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func ask(t *testing.T, page *Page, method, target string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	page.ServeHTTP(answer, request)
	return answer
}

func TestThePortHasNothingElse(t *testing.T) {
	page := NewPage(made(t, autumn), atSchool, "8444")
	for target, want := range map[string]int{
		"/trust": 200, "/trust/carrel.crt": 200, "/trust/qr.png": 200, "/trust/page.css": 200,
		"/": 404, "/staff/": 404, "/_/": 404, "/api/health": 404, "/kiosk/state": 404, "/trust/": 404, "/trust/authority.pem": 404, "/trust/page.html": 404,
	} {
		answer := ask(t, page, http.MethodGet, "http://carrel.local:8080"+target)
		if answer.Code != want || answer.Header().Get("Location") != "" {
			t.Errorf("%s: %d, to %q", target, answer.Code, answer.Header().Get("Location"))
		}
		if answer.Header().Get("Content-Security-Policy") != pagePolicy {
			t.Errorf("%s has no policy", target)
		}
		if strings.Contains(answer.Body.String(), "PRIVATE") {
			t.Errorf("%s holds a key", target)
		}
	}
	if answer := ask(t, page, http.MethodPost, "http://carrel.local:8080/trust"); answer.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", answer.Code)
	}
}

func TestThePageSpeaksBothLanguages(t *testing.T) {
	authority := made(t, autumn)
	page := NewPage(authority, atSchool, "8444")
	for _, test := range []struct{ target, accept, lang, word string }{
		{"/trust", "", "en", "Download the certificate"},
		{"/trust", "es-MX,es;q=0.9", "es", "Descargar el certificado"},
		{"/trust?lang=en", "es", "en", "Download the certificate"},
		{"/trust?lang=es", "en", "es", "Descargar el certificado"},
	} {
		body := ask(t, page, http.MethodGet, "http://carrel.local:8080"+test.target, "Accept-Language", test.accept).Body.String()
		for _, want := range []string{`<html lang="` + test.lang, test.word, authority.Fingerprint(), authority.Name(), "https://carrel.local:8444/"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s %s: no %q", test.target, test.accept, want)
			}
		}
		if strings.Contains(body, "trust.") || strings.Contains(body, "%!") || strings.Contains(body, "<script") {
			t.Errorf("%s: a sentence is missing, or there is a script:\n%s", test.target, body)
		}
		if strings.Contains(body, ":8443") {
			t.Errorf("%s leads to the staff door", test.target)
		}
	}
}

func TestTheCertificateIsTheAuthoritys(t *testing.T) {
	authority := made(t, autumn)
	answer := ask(t, NewPage(authority, atSchool, "8444"), http.MethodGet, "http://carrel.local:8080/trust/carrel.crt")
	block, rest := pem.Decode(answer.Body.Bytes())
	if block == nil || len(rest) != 0 || !bytes.Equal(block.Bytes, authority.pair.Leaf.Raw) {
		t.Error(answer.Body.String())
	}
	if kind := answer.Header().Get("Content-Type"); kind != "application/x-x509-ca-cert" {
		t.Error(kind)
	}
}

func TestTheCodeLeadsToTheNetwork(t *testing.T) {
	nowhere := func() ([]netip.Addr, error) { return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil }
	for _, test := range []struct {
		host      string
		addresses func() ([]netip.Addr, error)
		want      string
	}{
		{"carrel.local:8080", atSchool, "http://carrel.local:8080/trust"},
		{"127.0.0.1:8080", atSchool, "http://192.168.1.20:8080/trust"},
		{"localhost:8080", atSchool, "http://192.168.1.20:8080/trust"},
		{"[::1]:8080", nowhere, "http://carrel.local:8080/trust"},
	} {
		page := NewPage(made(t, autumn), test.addresses, "8444")
		if body := ask(t, page, http.MethodGet, "http://"+test.host+"/trust").Body.String(); !strings.Contains(body, test.want+"<") {
			t.Errorf("%s does not lead to %s", test.host, test.want)
		}
		code := ask(t, page, http.MethodGet, "http://"+test.host+"/trust/qr.png")
		if _, err := png.Decode(code.Body); err != nil {
			t.Errorf("%s: %v", test.host, err)
		}
	}
}

func TestWithTheSchoolsOwnCertificateNothingIsInstalled(t *testing.T) {
	page := NewPage(nil, atSchool, "8444")
	body := ask(t, page, http.MethodGet, "http://carrel.local:8080/trust").Body.String()
	if !strings.Contains(body, "nothing to install") || strings.Contains(body, "carrel.crt") {
		t.Error(body)
	}
	if answer := ask(t, page, http.MethodGet, "http://carrel.local:8080/trust/carrel.crt"); answer.Code != http.StatusNotFound {
		t.Errorf("%d", answer.Code)
	}
}
