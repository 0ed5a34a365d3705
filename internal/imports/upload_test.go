package imports_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/imports"
	"carrel/internal/say"
)

// zipped is a zip of the named contents, in order.
func zipped(t testing.TB, pairs ...string) string {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for i := 0; i < len(pairs); i += 2 {
		member, err := archive.Create(pairs[i])
		check(t, err)
		_, err = io.WriteString(member, pairs[i+1])
		check(t, err)
	}
	check(t, archive.Close())
	return out.String()
}

func portrait(t testing.TB, size int) string {
	t.Helper()
	var out bytes.Buffer
	check(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, size, size))))
	return out.String()
}

// TestWrongFiles are refused with what they are, and leave nothing.
func TestWrongFiles(t *testing.T) {
	s := newSchool(t)
	marc := books("", 1)
	for name, test := range map[string]struct{ kind, content, field, says string }{
		"nothing":                   {"titles", "", "file", "is empty"},
		"no people":                 {"roster", "", "file", "is empty"},
		"no pictures":               {"pictures", "", "file", "is empty"},
		"a PDF of titles":           {"titles", "%PDF-1.7 …", "file", "a PDF document. Expected are MARC"},
		"a PDF of people":           {"roster", "%PDF-1.7 …", "file", "a PDF document"},
		"a PDF of pictures":         {"pictures", "%PDF-1.7 …", "file", "a PDF document. Expected is a zip"},
		"a letter":                  {"titles", "Dear Sir\nplease find enclosed\n", "file", "plain text, or something like it. Expected are MARC"},
		"a workbook of titles":      {"titles", zipped(t, "[Content_Types].xml", "x", "xl/workbook.xml", "x"), "file", "save it as CSV"},
		"a zip of titles":           {"titles", zipped(t, "a.mrc", marc), "file", "a zip archive"},
		"titles as people":          {"roster", marc, "file", "a file of MARC records. Expected is a list of people"},
		"a zip of nonsense, people": {"roster", zipped(t, "readme.txt", "hello"), "file", "users.csv"},
		"a workbook":                {"roster", zipped(t, "[Content_Types].xml", "x", "xl/workbook.xml", "x"), "file", "Excel"},
		"a workbook of pictures":    {"pictures", zipped(t, "[Content_Types].xml", "x"), "file", "a zip archive, or a Word"},
		"half a zip":                {"pictures", zipped(t, "a.png", portrait(t, 9))[:40], "file", "Expected is a zip"},
		"a kind there is not":       {"loans", "x", "kind", "kind"},
	} {
		_, err := s.take(test.kind, "file.bin", test.content)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || f.Field != test.field || !strings.Contains(f.Text.In(say.English), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.Count("imports", "1") != 0 || len(files(t, s)) != 0 {
		t.Error("something is left")
	}
}

// TestUnreadable files are of the right kind, but there is nothing to bring in.
func TestUnreadable(t *testing.T) {
	s := newSchool(t)
	for name, test := range map[string]struct{ kind, content, says string }{
		"a cut record":        {"titles", iso2709(t)[:60], "No record in books.mrc"},
		"nobody":              {"roster", heading, "There is nobody in books.mrc"},
		"no last name":        {"roster", "student id,given,house\n1,Ana,Red\n", "No column goes to: last name"},
		"no title":            {"titles", strings.Repeat("a,", 29) + "b\n1,2\n", "No column goes to: title"},
		"only rows without":   {"titles", "title,isbn\n,9781416936473\n", "No record in books.mrc"},
		"wrong kind of zip":   {"roster", zipped(t, "users.csv", "a,b\n1,2\n"), "No column goes to: last name"},
		"everything is wrong": {"titles", `[{"leader":"x"`, "No record in books.mrc"},
	} {
		imp := s.brought(test.kind, "books.mrc", test.content)
		if said := fmt.Sprint(s.view(imp)["error"]); imp.State != "unreadable" || !strings.Contains(said, test.says) {
			t.Errorf("%s: %s, %s", name, imp.State, said)
		}
		if _, err := s.run.Apply(imp.ID, s.key()); word(err) != "wrong_state" {
			t.Errorf("%s: applied all the same: %v", name, err)
		}
		check(t, s.run.Discard(imp.ID))
	}
	if len(files(t, s)) != 0 {
		t.Error("files are left")
	}
}

// iso2709 is two records in the exchange format.
func iso2709(t testing.TB) string {
	t.Helper()
	record := func(number string) string {
		data := number + "\x1e" + "00\x1faTitle " + number + "\x1e" + "  \x1fpT" + number + "\x1e"
		directory := "001000400000" + fmt.Sprintf("245%04d00004", len("00\x1faTitle ")+len(number)+1) + fmt.Sprintf("852%04d%05d", len("  \x1fpT")+len(number)+1, 4+len("00\x1faTitle ")+len(number)+1)
		base := 24 + len(directory) + 1
		return fmt.Sprintf("%05dnam a22%05d a 4500", base+len(data)+1, base) + directory + "\x1e" + data + "\x1d"
	}
	return record("111") + record("222")
}

// TestTruncated brings in what is whole and lists what is not.
func TestTruncated(t *testing.T) {
	s := newSchool(t)
	imp := s.brought("titles", "cut.mrc", strings.TrimSuffix(iso2709(t), iso2709(t)[len(iso2709(t))-20:]))
	s.is(imp, "ready")
	s.says(imp, "preview.titles.added", "1")
	s.says(imp, "preview.rejected.0.record", "2")
	s.says(imp, "preview.rejected.0.message", "the file ends in the middle of this record")
	view, err := s.run.View(imp, say.Spanish, false)
	check(t, err)
	if text := fmt.Sprintf("%+v", view.Preview); !strings.Contains(text, "termina en medio") {
		t.Errorf("in Spanish: %s", text)
	}
	s.is(s.applied(imp), "done")
}

// TestWrongEncoding brings in what can be read, and says what was taken for what.
func TestWrongEncoding(t *testing.T) {
	s := newSchool(t)
	imp := s.brought("titles", "latin.mrc", strings.ReplaceAll(iso2709(t), "Title", "Titl\xe9"))
	s.is(imp, "ready")
	s.says(imp, "preview.sample.title", "Titlé 111")
	s.says(imp, "preview.kinds.0.code", "charset_latin1")
	s.says(imp, "preview.kinds.0.n", "2")
	s.says(imp, "preview.kinds.0.first.1.record", "2")
	roster := s.brought("roster", "latin.csv", heading+"D1,Pe\xf1a,Jos\xe9,4,4B,,student\n")
	s.is(roster, "ready")
	s.says(roster, "columns.1.sample.0", "Peña")
}

type broken struct{ left string }

func (b *broken) Read(p []byte) (int, error) {
	if b.left == "" {
		return 0, errors.New("the line broke")
	}
	n := copy(p, b.left)
	b.left = b.left[n:]
	return n, nil
}

// TestCutOffUpload leaves nothing, whether the line broke or the end came too soon.
func TestCutOffUpload(t *testing.T) {
	s := newSchool(t)
	for name, upload := range map[string]imports.Upload{
		"broken":   {Size: -1, Body: &broken{books("", 1)}},
		"too soon": {Size: 1000, Body: strings.NewReader("{")},
	} {
		upload.Kind = "titles"
		if _, err := s.run.Take(upload); word(err) != "cut_off" || fault.Status(err) != 400 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.Count("imports", "1") != 0 || len(files(t, s)) != 0 {
		t.Error("something is left")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestTooLarge is refused as soon as it is known, announced or not.
func TestTooLarge(t *testing.T) {
	s := newSchool(t)
	for _, size := range []int64{imports.MaxFile + 1, -1} {
		if testing.Short() && size < 0 {
			continue
		}
		_, err := s.run.Take(imports.Upload{Kind: "titles", Size: size, Body: zeros{}})
		if fault.Status(err) != 413 || !strings.Contains(err.Error(), "300 MB") {
			t.Errorf("%d: %v", size, err)
		}
	}
	if len(files(t, s)) != 0 {
		t.Error("something is left")
	}
}

// TestNames of files are shown, never used.
func TestNames(t *testing.T) {
	s := newSchool(t)
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\Users\me\books.json`: "books.json", "": "file", "a\x00b\n.json": "ab.json", strings.Repeat("é", 400): strings.Repeat("é", 255),
	} {
		if imp := s.brought("titles", name, books("", 1)); imp.File != want {
			t.Errorf("%q is shown as %q", name, imp.File)
		}
	}
}
