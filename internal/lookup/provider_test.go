package lookup

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"carrel/internal/marc"
	"carrel/internal/site"

	"github.com/google/go-cmp/cmp"
)

const (
	newKid   = "9780062691194"
	honeybee = "9781481469975"
	zen      = "9780385472579"
)

func file(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// reply is what a source answers.
type reply struct {
	status int // 0: 200
	kind   string
	body   string
	header map[string]string
}

// serve answers every question alike, and keeps the last one.
func serve(t testing.TB, r reply) (address string, last func() *http.Request) {
	t.Helper()
	var asked *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		asked = req
		for name, value := range r.header {
			w.Header().Set(name, value)
		}
		w.Header().Set("Content-Type", r.kind)
		w.WriteHeader(max(r.status, 200))
		_, _ = w.Write([]byte(r.body))
	}))
	t.Cleanup(server.Close)
	return server.URL, func() *http.Request { return asked }
}

func find(t testing.TB, kind, address, number string) ([]Found, error) {
	t.Helper()
	source := site.Source{ID: "s", Name: "A source", Kind: kind, URL: address}
	return ProviderOf(source, NewAsker("1.2")).Find(t.Context(), number)
}

const (
	asXML  = "text/xml; charset=utf-8"
	asJSON = "application/json"
	asHTML = "text/html; charset=utf-8"
	portal = "<!DOCTYPE html><html><head><title>Welcome to SchoolNet</title></head><body>Sign in</body></html>"
)

func TestWhatSourcesAnswer(t *testing.T) {
	sru, open := site.SourceSRU, site.SourceOpenLibrary
	for name, test := range map[string]struct {
		kind   string
		number string
		reply  reply
		titles string // of what was found
		fails  Kind
		wait   time.Duration
	}{
		"a record":                    {kind: sru, number: newKid, reply: reply{kind: asXML, body: file(t, "sru_found.xml")}, titles: "New kid"},
		"two, and one of another":     {kind: sru, number: newKid, reply: reply{kind: "application/xml", body: file(t, "sru_two.xml")}, titles: "New kid|Niño nuevo"},
		"none":                        {kind: sru, number: newKid, reply: reply{kind: asXML, body: file(t, "sru_none.xml")}},
		"a diagnostic":                {kind: sru, number: newKid, reply: reply{kind: asXML, body: file(t, "sru_diagnostic.xml")}, fails: Broken},
		"XML that is cut":             {kind: sru, number: newKid, reply: reply{kind: asXML, body: file(t, "sru_found.xml")[:900]}, fails: Broken},
		"XML of something else":       {kind: sru, number: newKid, reply: reply{kind: asXML, body: "<rss><channel/></rss>"}, fails: Broken},
		"records announced, none":     {kind: sru, number: newKid, reply: reply{kind: asXML, body: "<searchRetrieveResponse><numberOfRecords>4</numberOfRecords></searchRetrieveResponse>"}, fails: Broken},
		"nothing at all":              {kind: sru, number: newKid, reply: reply{kind: asXML}, fails: Broken},
		"JSON for XML":                {kind: sru, number: newKid, reply: reply{kind: asJSON, body: "{}"}, fails: Portal},
		"an edition":                  {kind: open, number: honeybee, reply: reply{kind: asJSON, body: file(t, "openlibrary_details.json")}, titles: "The Honeybee : a poem about bees"},
		"values of any shape":         {kind: open, number: zen, reply: reply{kind: asJSON, body: file(t, "openlibrary_odd.json")}, titles: "Zen speaks"},
		"an empty object":             {kind: open, number: zen, reply: reply{kind: asJSON, body: "{}"}},
		"a count and no list":         {kind: open, number: zen, reply: reply{kind: asJSON, body: `{"kind":"books#volumes","totalItems":0}`}},
		"an empty list inside":        {kind: open, number: zen, reply: reply{kind: asJSON, body: `{"items":[]}`}},
		"an entry without details":    {kind: open, number: zen, reply: reply{kind: asJSON, body: `{"ISBN:9780385472579":{"bib_key":"ISBN:9780385472579"}}`}},
		"an entry without a title":    {kind: open, number: zen, reply: reply{kind: asJSON, body: `{"ISBN:9780385472579":{"details":{"authors":[{"name":"X"}]}}}`}},
		"an entry that is a number":   {kind: open, number: zen, reply: reply{kind: asJSON, body: `{"ISBN:9780385472579":7}`}, fails: Broken},
		"an error as JSON":            {kind: open, number: zen, reply: reply{kind: asJSON, body: `{"error":"notfound"}`}, fails: Broken},
		"a list for an object":        {kind: open, number: zen, reply: reply{kind: asJSON, body: `[]`}, fails: Broken},
		"JSON that is cut":            {kind: open, number: honeybee, reply: reply{kind: asJSON, body: file(t, "openlibrary_details.json")[:500]}, fails: Broken},
		"null":                        {kind: open, number: zen, reply: reply{kind: asJSON, body: `null`}},
		"the page of a portal":        {kind: open, number: zen, reply: reply{kind: asHTML, body: portal}, fails: Portal},
		"the page of a portal, XML":   {kind: sru, number: newKid, reply: reply{kind: asHTML, body: portal}, fails: Portal},
		"a portal that says JSON":     {kind: open, number: zen, reply: reply{kind: asJSON, body: "\n " + portal}, fails: Portal},
		"no word of what it is":       {kind: open, number: zen, reply: reply{kind: "text/plain", body: `{"totalItems":0}`}},
		"text":                        {kind: open, number: zen, reply: reply{kind: "text/plain", body: `Please sign in`}, fails: Portal},
		"a redirect elsewhere":        {kind: open, number: zen, reply: reply{status: 302, header: map[string]string{"Location": "http://portal.invalid/login"}}, fails: Portal},
		"network sign-in needed":      {kind: open, number: zen, reply: reply{status: 511, kind: asHTML, body: portal}, fails: Portal},
		"too many, in seconds":        {kind: open, number: zen, reply: reply{status: 429, header: map[string]string{"Retry-After": "90"}}, fails: Limited, wait: 90 * time.Second},
		"too many, and no word":       {kind: sru, number: newKid, reply: reply{status: 429}, fails: Limited},
		"busy for a year":             {kind: open, number: zen, reply: reply{status: 503, header: map[string]string{"Retry-After": "31536000"}}, fails: Limited, wait: 24 * time.Hour},
		"busy for longer than counts": {kind: open, number: zen, reply: reply{status: 503, header: map[string]string{"Retry-After": "99999999999999999999"}}, fails: Limited},
		"busy since before":           {kind: open, number: zen, reply: reply{status: 503, header: map[string]string{"Retry-After": "-5"}}, fails: Limited},
		"not found":                   {kind: sru, number: newKid, reply: reply{status: 404, kind: asHTML, body: "<html>404</html>"}, fails: Broken},
		"a broken server":             {kind: sru, number: newKid, reply: reply{status: 500}, fails: Broken},
		"ten megabytes":               {kind: open, number: zen, reply: reply{kind: asJSON, body: `{"x":"` + strings.Repeat("x", 10<<20) + `"}`}, fails: Broken},
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := serve(t, test.reply)
			found, err := find(t, test.kind, address, test.number)
			if test.fails != "" {
				if err == nil || AsTrouble(err).Kind != test.fails || AsTrouble(err).Wait != test.wait {
					t.Fatalf("%v (%+v)", err, AsTrouble(err))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for _, one := range found {
				titles = append(titles, marc.Extract(one.Record).Title)
			}
			if got := strings.Join(titles, "|"); got != test.titles {
				t.Errorf("found %q", got)
			}
		})
	}
}

func TestRetryAfterAsADate(t *testing.T) {
	now := time.Date(2026, 11, 13, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"Fri, 13 Nov 2026 09:02:00 GMT":    2 * time.Minute,
		"Friday, 13-Nov-26 09:02:00 GMT":   2 * time.Minute,
		"Fri, 13 Nov 2026 08:59:00 GMT":    0,
		"Fri, 13 Nov 2099 08:59:00 GMT":    24 * time.Hour,
		"":                                 0,
		"soon":                             0,
		" 7 ":                              7 * time.Second,
		"Fri, 13 Nov 2026 09:02:00 +02:00": 0,
	} {
		if got := retryAfter(text, now); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestNoLine(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	hung := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer hung.Close()
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", asJSON)
		w.Header().Set("Content-Length", "5000")
		_, _ = w.Write([]byte(`{"a":`))
	}))
	defer cut.Close()
	for name, address := range map[string]string{"nobody there": closed.URL, "no such name": "http://books.invalid", "no answer": hung.URL, "cut off": cut.URL} {
		t.Run(name, func(t *testing.T) {
			asker := NewAsker("1.2")
			asker.client.Timeout = 300 * time.Millisecond
			_, err := ProviderOf(site.Source{Kind: site.SourceOpenLibrary, URL: address}, asker).Find(t.Context(), zen)
			if err == nil || AsTrouble(err).Kind != Offline {
				t.Error(err)
			}
		})
	}
}

// TestACertificateOfSomebodyElse is a portal that catches https, too.
func TestACertificateOfSomebodyElse(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	for name, address := range map[string]string{"unknown authority": server.URL, "no TLS at all": "https" + strings.TrimPrefix(plainServer(t), "http")} {
		_, err := find(t, site.SourceOpenLibrary, address, zen)
		if err == nil || AsTrouble(err).Kind != Portal {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func plainServer(t testing.TB) string {
	address, _ := serve(t, reply{kind: asHTML, body: portal})
	return address
}

// TestOnlyTheNumberLeaves looks at everything that is sent.
func TestOnlyTheNumberLeaves(t *testing.T) {
	for kind, want := range map[string]string{
		site.SourceSRU:         "/LCDB?maximumRecords=5&operation=searchRetrieve&query=bath.isbn%3D9780062691194+or+bath.isbn%3D0062691198&recordPacking=xml&recordSchema=marcxml&startRecord=1&version=1.1",
		site.SourceOpenLibrary: "/api/books?bibkeys=ISBN%3A9780062691194%2CISBN%3A0062691198&format=json&jscmd=details",
	} {
		var all []*http.Request
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			all = append(all, r)
			http.SetCookie(w, &http.Cookie{Name: "who", Value: "you"})
			if len(all) == 1 {
				http.Redirect(w, r, r.URL.String()+"&again=1", http.StatusFound)
				return
			}
			w.Header().Set("Content-Type", asJSON)
			_, _ = fmt.Fprint(w, "{}")
		}))
		source := site.Source{Kind: kind, URL: server.URL}
		if kind == site.SourceSRU {
			source.Database = "LCDB"
		}
		_, _ = ProviderOf(source, NewAsker("1.2")).Find(context.Background(), newKid) //nolint:errcheck // what is sent counts
		server.Close()
		if len(all) != 2 || all[0].RequestURI != want {
			t.Fatalf("%d requests, the first for %q", len(all), all[0].RequestURI)
		}
		for _, r := range all {
			got := map[string]string{}
			for name := range r.Header {
				got[name] = r.Header.Get(name)
			}
			accept := map[string]string{site.SourceSRU: "application/xml, text/xml;q=0.9", site.SourceOpenLibrary: "application/json, text/json;q=0.9"}[kind]
			if diff := cmp.Diff(map[string]string{"User-Agent": "Carrel/1.2 (school library; looks up one ISBN)", "Accept": accept, "Accept-Encoding": "gzip"}, got); diff != "" {
				t.Error(diff)
			}
		}
	}
}
