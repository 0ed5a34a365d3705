package imports_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"carrel/collections"
	"carrel/internal/imports"
)

func (s *school) picture(barcode string) string {
	s.T.Helper()
	var name string
	check(s.T, s.App.DB().NewQuery("SELECT picture FROM patrons WHERE barcode = '"+barcode+"'").Row(&name))
	return name
}

// stored are the bytes of a patron's picture.
func (s *school) stored(barcode string) string {
	s.T.Helper()
	record, err := s.App.FindFirstRecordByData(collections.Patrons, "barcode", barcode)
	check(s.T, err)
	files, err := s.App.NewFilesystem()
	check(s.T, err)
	defer files.Close()
	in, err := files.GetReader(record.BaseFilesPath() + "/" + record.GetString("picture"))
	if err != nil {
		return ""
	}
	defer in.Close()
	var out strings.Builder
	_, err = in.WriteTo(&out)
	check(s.T, err)
	return out.String()
}

// TestPicturesOfTheDeleted go at once.
func TestPicturesOfTheDeleted(t *testing.T) {
	s := newSchool(t)
	s.applied(s.brought("roster", "r.csv", people("4B", 1)))
	s.applied(s.brought("pictures", "a.zip", zipped(t, "D001.png", portrait(t, 10))))
	s.applied(s.brought("pictures", "b.zip", zipped(t, "D001.png", portrait(t, 11))))
	var id string
	check(t, s.App.DB().NewQuery("SELECT id FROM patrons").Row(&id))
	check(t, imports.ForgetPictures(s.App, id))
	if kept, err := filepath.Glob(filepath.Join(s.App.DataDir(), "imports", "*.replaced", "*")); err != nil || len(kept) != 0 {
		t.Errorf("kept aside: %v %v", kept, err)
	}
}

// TestPictures are matched by number; what is none, or of nobody, is listed and never written anywhere.
func TestPictures(t *testing.T) {
	s := newSchool(t)
	s.applied(s.brought("roster", "r.csv", people("4B", span(0, 6)...)))
	bomb := strings.Replace(portrait(t, 9), "\x00\x00\x00\x09\x00\x00\x00\x09", "\x00\x00\xff\xff\x00\x00\xff\xff", 1)
	imp := s.brought("pictures", "all.zip", zipped(t,
		"class/D001.png", portrait(t, 600), "d002.PNG", portrait(t, 10), "nobody.png", portrait(t, 10), "D003.png", "not a picture",
		"../../D004.png", portrait(t, 10), "other/D001.png", portrait(t, 12), "D005.png", bomb, "__MACOSX/D001.png", "x", "Thumbs.db", "x"))
	s.is(imp, "ready")
	s.says(imp, "preview.matched", "2")
	s.says(imp, "preview.unmatched", "[nobody.png]")
	bad := fmt.Sprint(at(s.view(imp), "preview.bad"))
	for _, want := range []string{"D001.png reason:another picture", "D003.png reason:it is no picture", "D004.png reason:its name leads outside", "D005.png reason:"} {
		if !strings.Contains(bad, want) {
			t.Errorf("%q is not in %s", want, bad)
		}
	}
	imp = s.applied(imp)
	s.is(imp, "done")
	s.says(imp, "result.matched", "2")
	s.says(imp, "result.replaced", "0")
	if s.picture("D001") == "" || s.picture("D002") == "" || s.Count("patrons", "picture != ''") != 2 {
		t.Error("no pictures")
	}
	first, bytes := s.picture("D001"), s.stored("D001")
	second := s.applied(s.brought("pictures", "new.zip", zipped(t, "D001.png", portrait(t, 20), "D003.png", portrait(t, 20))))
	s.says(second, "result.replaced", "1")
	if s.picture("D001") == first || s.stored("D001") == bytes {
		t.Error("not replaced")
	}
	if kept, err := filepath.Glob(filepath.Join(s.App.DataDir(), "imports", "*.replaced", "*")); err != nil || len(kept) != 1 {
		t.Errorf("kept aside: %v %v", kept, err)
	}
	s.exec("UPDATE patrons SET picture = 'own.jpg' WHERE barcode = 'D003'")
	second = s.undone(second)
	s.is(second, "undone")
	if s.stored("D001") != bytes || s.picture("D003") != "own.jpg" {
		t.Error("not put back, or taken from somebody who has another since")
	}
	if got := s.why(second, "Child3 Family3"); got != "The picture was changed since." {
		t.Errorf("kept because %q", got)
	}
	if left := files(t, s); len(left) != 2 { // the roster and the first zip
		t.Errorf("left %v", left)
	}
}
