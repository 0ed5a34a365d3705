package discovery

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"carrel/collections"
	"carrel/internal/demo"
	"carrel/internal/policy"
	"carrel/internal/testkit"

	"github.com/pocketbase/pocketbase/core"
)

// school is the sample school and its catalogue.
type school struct {
	app core.App
	http.Handler
}

func openSchool(t *testing.T) school {
	t.Helper()
	app := testkit.App(t)
	today := policy.DayOf(time.Date(2026, 4, 15, 10, 0, 0, 0, time.UTC), time.UTC)
	if _, err := demo.Load(app, demo.Options{Seed: 1, Scale: 1, Today: today}); err != nil {
		t.Fatal(err)
	}
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the page") })
	return school{app, New(app, page)}
}

func (s school) ask(t *testing.T, path string) (int, string) {
	t.Helper()
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer.Code, answer.Body.String()
}

func read[T any](t *testing.T, s school, path string) (found T) {
	t.Helper()
	status, body := s.ask(t, path)
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, status, body)
	}
	if err := json.Unmarshal([]byte(body), &found); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return found
}

func TestCatalogue(t *testing.T) {
	s := openSchool(t)
	t.Run("a child finds a book and where it stands", func(t *testing.T) {
		page := read[found](t, s, "/catalog/search?q=dinosors")
		if page.TotalItems == 0 || page.DidYouMean != "dinosaurs" {
			t.Fatalf("%d titles, did you mean %q", page.TotalItems, page.DidYouMean)
		}
		title := read[titleAnswer](t, s, "/catalog/titles/"+page.Items[0].ID)
		if len(title.Places) == 0 || title.Places[0].CallNumber == "" || len(title.Cite.MLA) == 0 || title.Items == 0 {
			t.Errorf("%+v", title)
		}
		if len(title.Alike) == 0 {
			t.Error("nothing is alike")
		}
	})
	t.Run("other words find the same", func(t *testing.T) {
		for typed, meant := range map[string]string{
			"bugs": "insects", "books about sharks": "shark", "dinosaurios": "dinosaurs", "puppy": "dogs", "fantasmas": "ghosts", "libros de perros": "dogs",
		} {
			if n := read[found](t, s, "/catalog/search?q="+strings.ReplaceAll(typed, " ", "+")).TotalItems; n == 0 || n < read[found](t, s, "/catalog/search?q="+meant).TotalItems {
				t.Errorf("%q finds %d", typed, n)
			}
		}
	})
	t.Run("nothing found is no dead end", func(t *testing.T) {
		if page := read[found](t, s, "/catalog/search?q=volcano+zzyzx"); page.TotalItems != 0 || len(page.Ideas) != 1 || page.Ideas[0].Text != "volcano" {
			t.Errorf("%d, ideas %v", page.TotalItems, page.Ideas)
		}
	})
	t.Run("no such title", func(t *testing.T) {
		if status, body := s.ask(t, "/catalog/titles/nothing"); status != http.StatusNotFound || !strings.Contains(body, "not here") {
			t.Errorf("%d %s", status, body)
		}
	})
	t.Run("home", func(t *testing.T) {
		if home := read[homeAnswer](t, s, "/catalog/home"); home.School != "Cedar Hollow Library" || len(home.Fresh) != onRow {
			t.Errorf("%+v", home)
		}
	})
	t.Run("the page", func(t *testing.T) {
		if _, body := s.ask(t, "/catalog/"); body != "the page" {
			t.Error(body)
		}
	})
	t.Run("nothing about people", func(t *testing.T) { tellsNobody(t, s) })
	t.Run("who asks too fast waits", func(t *testing.T) {
		for range burst + perSecond {
			if status, _ := s.ask(t, "/catalog/titles/x"); status == http.StatusTooManyRequests {
				return
			}
		}
		t.Error("never too fast")
	})
}

// tellsNobody asks every route and looks for the names and cards of all people of the school.
func tellsNobody(t *testing.T, s school) {
	t.Helper()
	patrons, err := collections.All[collections.Patron](s.app, "", "", nil)
	if err != nil || len(patrons) == 0 {
		t.Fatal(err)
	}
	titles, err := collections.All[collections.Title](s.app, "id IN (SELECT i.title FROM items i JOIN loans l ON l.item = i.id WHERE l.state = 'open') ORDER BY id LIMIT 40", "", nil)
	if err != nil || len(titles) == 0 {
		t.Fatal(err)
	}
	paths := []string{"/catalog/home", "/catalog/search", "/catalog/search?q=a&perPage=100", "/catalog/search?available=true"}
	for _, title := range titles {
		paths = append(paths, "/catalog/titles/"+title.ID)
	}
	for _, patron := range patrons[:20] {
		paths = append(paths, "/catalog/search?q="+patron.Barcode)
	}
	for _, path := range paths {
		_, body := s.ask(t, path)
		for _, patron := range patrons {
			for _, secret := range []string{patron.FirstName + " " + patron.LastName, patron.LastName + ", " + patron.FirstName, `"` + patron.Barcode + `"`, patron.ID} {
				if strings.Contains(body, secret) {
					t.Fatalf("%s tells of %s", path, secret)
				}
			}
		}
	}
}
