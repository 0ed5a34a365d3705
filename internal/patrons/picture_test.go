package patrons_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/testkit"
)

// photo is a grey picture as a file.
func photo(t *testing.T, width, height int) *bytes.Reader {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(out.Bytes())
}

// files are those that the library keeps beside its database.
func files(t *testing.T, lib testkit.Library) (names []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(lib.App.DataDir(), "storage"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !strings.HasSuffix(path, ".attrs") {
			names = append(names, filepath.Base(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// A patron has one picture at a time, and its file goes with it.
func TestPicturesReplaceAnother(t *testing.T) {
	lib := testkit.NewLibrary(t)
	patron := lib.Patron("P1")
	stored := func() string {
		record, err := lib.App.FindRecordById(collections.Patrons, patron.ID)
		if err != nil {
			t.Fatal(err)
		}
		return record.GetString("picture")
	}
	first := ""
	for range 2 {
		if err := patrons.SavePicture(lib.App, patron.ID, photo(t, 900, 600)); err != nil {
			t.Fatal(err)
		}
		if got := files(t, lib); stored() == first || len(got) != 1 || got[0] != stored() {
			t.Errorf("%s stored, kept %v", stored(), got)
		}
		first = stored()
	}
	if lib.Count("patron_index", "picture = 1") != 1 {
		t.Error("the index does not know of it")
	}
	if err := patrons.SavePicture(lib.App, patron.ID, strings.NewReader("no picture")); fault.CodeOf(err) != fault.Invalid || stored() != first {
		t.Errorf("a bad file: %v, stored %s", err, stored())
	}
	if err := patrons.DropPicture(lib.App, patron.ID); err != nil || stored() != "" || len(files(t, lib)) != 0 {
		t.Errorf("taken away: %v, kept %v", err, files(t, lib))
	}
	if err := patrons.SavePicture(lib.App, "nosuchpatron001", photo(t, 9, 6)); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("of nobody: %v", err)
	}
}

func TestByPictureName(t *testing.T) {
	lib := testkit.NewLibrary(t)
	for code, person := range map[string]collections.Patron{
		"P-100": {LastName: "Ramírez", FirstName: "Diego", DistrictID: "00420"},
		"P-200": {LastName: "O'Brien", FirstName: "Mary-Jane"},
		"P-300": {LastName: "Lee", FirstName: "Sam"},
		"P-400": {LastName: "Lee", FirstName: "Sam"},
		"P-500": {LastName: "Park", FirstName: "Min", DistrictID: "600"},
		"600":   {LastName: "Park", FirstName: "Jin"},
		"P-700": {LastName: "Diaz", FirstName: "Eva"},
		"P-800": {LastName: "Diaz", FirstName: "Eva", Status: collections.PatronLeft},
		"P-900": {LastName: "Plato"},
	} {
		patron := lib.Patron(code)
		patron.LastName, patron.FirstName, patron.DistrictID = person.LastName, person.FirstName, person.DistrictID
		if person.Status != "" {
			patron.Status = person.Status
		}
		lib.Save(patron)
	}
	find, err := patrons.ByPictureName(lib.App)
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"00420.jpg": "P-100", "420.JPEG": "P-100", "p-100.png": "P-100", "4B/P-100.webp": "P-100", `4B\00420.jpg`: "P-100", "/a/b/../00420.jpg": "P-100",
		"Ramírez, Diego.jpg": "P-100", "RAMIREZ,DIEGO.jpg": "P-100", "Rami\u0301rez, Diego.jpg": "P-100", "O’Brien, Mary Jane.jpg": "P-200",
		"Lee, Sam.jpg": "", "P-300.jpg": "P-300", // two of one name
		"600.jpg": "", "P-500.jpg": "P-500", // the number of one is the barcode of another
		"Diaz, Eva.jpg": "P-700", "P-800.jpg": "P-800", // who has left is found by number
		"Plato,.jpg": "P-900", "Diego Ramírez.jpg": "", "Nobody, Nora.jpg": "", ".jpg": "", "": "", ",.jpg": "", "Thumbs.db": "",
	} {
		if got, ok := find(file); got.Barcode != want || ok != (want != "") || ok && got.ID == "" {
			t.Errorf("%q: %q, want %q", file, got.Barcode, want)
		}
	}
}
