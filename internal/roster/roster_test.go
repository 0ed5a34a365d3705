package roster

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// setOf makes a set of files in memory.
func setOf(files map[string]string) *fileSet {
	set := &fileSet{name: "export.zip", files: map[string]file{}}
	for name, text := range files {
		open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
		if err := set.add(file{name: name, open: open}); err != nil {
			panic(err)
		}
	}
	return set
}

func readCSV(t *testing.T, text string) Roster {
	t.Helper()
	got, err := read(setOf(map[string]string{"people.csv": text}))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// codes lists the problems as "line code", with "!" behind a skipped row.
func codes(r Roster) []string {
	var all []string
	for _, p := range r.Problems {
		text := strconv.Itoa(p.Line) + " " + p.Code
		if p.Skipped {
			text += "!"
		}
		all = append(all, text)
	}
	return all
}

func wantCodes(t *testing.T, r Roster, want ...string) {
	t.Helper()
	if got := codes(r); !slices.Equal(got, want) {
		t.Errorf("problems %q, want %q", got, want)
	}
	for _, p := range r.Problems {
		if p.File == "" || p.Message == "" || strings.Contains(p.Message, "%!") {
			t.Errorf("problem without a place or sentence: %+v", p)
		}
	}
}

// show writes the usual columns of all persons, one a line.
func show(r Roster) string {
	var b strings.Builder
	for _, p := range r.Persons {
		b.WriteString(strings.Join([]string{p.DistrictID, p.LastName, p.FirstName, p.Grade, p.Homeroom}, "|") + "\n")
	}
	return b.String()
}

const ours = "district_id,barcode,last_name,first_name,grade,homeroom,email,type\n"

func TestOwnHeading(t *testing.T) {
	got := readCSV(t, "type,first_name,last_name,district_id,barcode,grade,homeroom,email,guardian_email,language,birth_date,status\n"+
		"student,Ana María,Núñez,1001,P 1001,4,4B,ana@school.org,a@x.org;b@x.org,Spanish,2015-03-09,active\n")
	wantCodes(t, got)
	if got.Source != Carrel || len(got.Persons) != 1 {
		t.Fatalf("%+v", got)
	}
	want := Person{Line: 2, DistrictID: "1001", Barcode: "P 1001", LastName: "Núñez", FirstName: "Ana María", Grade: "4", Homeroom: "4B",
		Email: "ana@school.org", GuardianEmails: []string{"a@x.org", "b@x.org"}, Language: "es", BirthDate: "2015-03-09", Type: "student", Status: Active}
	if got := got.Persons[0]; !same(entry{Person: got}, entry{Person: want}) || got.Line != 2 || !slices.Equal(got.GuardianEmails, want.GuardianEmails) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestShapesOfCSV(t *testing.T) {
	two := "1|Núñez|Ana|4|4B\n2|O'Neil|Bo|K|KA\n"
	tests := []struct {
		name, text, want string
		problems         []string
	}{
		{"plain", ours + "1,,Núñez,Ana,4,4B,,\n2,,O'Neil,Bo,KG,KA,,\n", two, nil},
		{"missing last newline", ours + "1,,Núñez,Ana,4,4B,,\n2,,O'Neil,Bo,KG,KA,,", two, nil},
		{"byte order mark and CRLF", "\ufeff" + strings.ReplaceAll(ours+"1,,Núñez,Ana,4,4B,,\n2,,O'Neil,Bo,0,KA,,\n", "\n", "\r\n"), two, nil},
		{"carriage returns alone", strings.ReplaceAll(ours+"1,,Núñez,Ana,4,4B,,\n2,,O'Neil,Bo,0,KA,,\n", "\n", "\r"), two, nil},
		{"windows-1252", ours + "1,,N\xfa\xf1ez,Ana,4,4B,,\n2,,O'Neil,Bo,K,KA,,\n", two, nil},
		{"two encodings in one file", ours + "1,,N\xfa\xf1ez,Ana,4,4B,,\n3,,Núñez,Eva,4,4B,,\n", "1|Núñez|Ana|4|4B\n3|Núñez|Eva|4|4B\n", nil},
		{"decomposed letters", ours + "1,,Nu\u0301n\u0303ez,Ana,4,4B,,\n", "1|Núñez|Ana|4|4B\n", nil},
		{"semicolons", strings.ReplaceAll(ours+"1,,Núñez,Ana,4,4B,,\n2,,O'Neil,Bo,K,KA,,\n", ",", ";"), two, nil},
		{"tabs", strings.ReplaceAll(ours+"1,,Núñez,Ana,4,4B,,\n2,,O'Neil,Bo,K,KA,,\n", ",", "\t"), two, nil},
		{"Excel's sep line", "sep=;\n" + strings.ReplaceAll(ours+"1,,Núñez,Ana,4,4B,,\n2,,O'Neil,Bo,K,KA,,\n", ",", ";"), two, nil},
		{"blank lines", "\n" + ours + "\n1,,Núñez,Ana,4,4B,,\n,,,,,,,\n2,,O'Neil,Bo,K,KA,,\n\n", two, nil},
		{"blanks around values", ours + " 1 ,, Núñez\u00a0, Ana ,4, 4B ,,\n", "1|Núñez|Ana|4|4B\n", nil},
		{"quoted comma and line break", ours + "1,,\"Núñez\",\"Ana\",4,\"4B,\nRoom 2\",,\n2,,O'Neil,Bo,K,KA,,\n", "1|Núñez|Ana|4|4B, Room 2\n2|O'Neil|Bo|K|KA\n", nil},
		{"doubled quotation marks", ours + "1,,Núñez,\"Ana \"\"Nita\"\"\",4,4B,,\n", "1|Núñez|Ana \"Nita\"|4|4B\n", nil},
		{"quotation marks inside a value", ours + "1,,Núñez,Ana \"Nita\",4,4B,,\n", "1|Núñez|Ana \"Nita\"|4|4B\n", nil},
		{"open quotation mark", ours + "1,,\"Núñez,Ana,4,4B,,\n2,,O'Neil,Bo,K,KA,,\n", two, []string{"2 open_quote"}},
		{"two open quotation marks", ours + "1,,\"Núñez,Ana,4,4B,,\n2,,\"O'Neil,Bo,K,KA,,\n", two, []string{"2 open_quote", "3 open_quote"}},
		{"open quotation mark and comma", ours + "1,,\"Núñez, Jr,Ana,4,4B,,\n2,,O'Neil,Bo,K,KA,,\n", "2|O'Neil|Bo|K|KA\n", []string{"2 open_quote!"}},
		{"comma without quotation marks", ours + "1,,Núñez, Jr,Ana,4,4B,a@x.org,student\n2,,O'Neil,Bo,K,KA,,\n", "2|O'Neil|Bo|K|KA\n", []string{"2 too_many_columns!"}},
		{"surplus commas", ours + "1,,Núñez,Ana,4,4B,,,,,\n2,,O'Neil,Bo,K,KA\n", two, nil},
		{"neither name nor number", ours + "1,,Núñez,Ana,4,4B,,\n,,,,4,4B,,\n2,,O'Neil,Bo,K,KA,,\n", two, []string{"3 no_name_no_id!"}},
		{"number alone", ours + "7,,,,,,,\n", "7||||\n", nil},
		{"repeated row", ours + "1,,Núñez,Ana,4,4B,,\n1,,Núñez,Ana,4,4B,,\n", "1|Núñez|Ana|4|4B\n", []string{"3 duplicate_row!"}},
		{"contradicting rows", ours + "1,,Núñez,Ana,4,4B,,\n1,,Núñez,Ana,5,5A,,\n", "1|Núñez|Ana|5|5A\n", []string{"2 conflicting_row!"}},
		{"two people of one name", ours + ",P1,García,Ana,4,4B,,\n,P2,García,Ana,4,4B,,\n", "|García|Ana|4|4B\n|García|Ana|4|4B\n", nil},
		{"one barcode twice", ours + "1,P1,García,Ana,4,4B,,\n2,P1,García,Eva,4,4B,,\n", "1|García|Ana|4|4B\n2|García|Eva|4|4B\n", []string{"3 duplicate_barcode"}},
		{"wrong values", ours + "1,,García,Ana,purple,4B,not mail,\n", "1|García|Ana||4B\n", []string{"2 unknown_grade", "2 wrong_email"}},
		{"heading only", ours, "", nil},
		{"extra columns", "shoe size," + ours + "31,1,,Núñez,Ana,4,4B,,\n", "1|Núñez|Ana|4|4B\n", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := readCSV(t, test.text)
			if show(got) != test.want {
				t.Errorf("got\n%swant\n%s", show(got), test.want)
			}
			wantCodes(t, got, test.problems...)
		})
	}
}

func TestUTF16(t *testing.T) {
	text := ours + "1,,Núñez,Ana,4,4B,,\n"
	for _, order := range []string{"little", "big"} {
		raw := []byte{0xFF, 0xFE}
		if order == "big" {
			raw = []byte{0xFE, 0xFF}
		}
		for _, r := range text {
			low, high := byte(r), byte(r>>8)
			if order == "big" {
				low, high = high, low
			}
			raw = append(raw, low, high)
		}
		if got := show(readCSV(t, string(raw))); got != "1|Núñez|Ana|4|4B\n" {
			t.Errorf("%s endian: %q", order, got)
		}
	}
}

func TestQuotedLineBreaksKeepLineNumbers(t *testing.T) {
	got := readCSV(t, ours+"1,,Núñez,Ana,4,\"4\nB\",,\n2,,O'Neil,Bo,K,KA,,\n")
	if got.Persons[1].Line != 4 {
		t.Errorf("line %d", got.Persons[1].Line)
	}
}

func TestStatusAndTransfer(t *testing.T) {
	got := readCSV(t, "district_id,last_name,first_name,grade,status\n"+
		"1,Núñez,Ana,4,Withdrawn\n2,O'Neil,Bo,5,active\n2,O'Neil,Bo,4,inactive\n3,Ray,Cy,3,elsewhere\n")
	wantCodes(t, got, "5 unknown_status", "4 conflicting_row!")
	for i, want := range []string{Left, Active, Active} {
		if got.Persons[i].Status != want {
			t.Errorf("%+v is not %s", got.Persons[i], want)
		}
	}
	if got.Persons[1].Grade != "5" {
		t.Errorf("the row of the school that was left was taken: %+v", got.Persons[1])
	}
}

func TestDatesAreReadTogether(t *testing.T) {
	heading := "district_id,last_name,first_name,birth_date\n"
	tests := map[string]struct{ text, want string }{
		"American": {"1,A,A,4/2/2015\n2,B,B,12/19/2014\n", "2015-04-02 2014-12-19"},
		"British":  {"1,A,A,4/2/2015\n2,B,B,19/12/2014\n", "2015-02-04 2014-12-19"},
		"German":   {"1,A,A,4.2.2015\n2,B,B,5.12.2014\n", "2015-02-04 2014-12-05"},
		"ISO":      {"1,A,A,2015-04-02T00:00:00\n2,B,B,20141219\n", "2015-04-02 2014-12-19"},
	}
	for name, test := range tests {
		got := readCSV(t, heading+test.text)
		if days := got.Persons[0].BirthDate + " " + got.Persons[1].BirthDate; days != test.want {
			t.Errorf("%s: %s, want %s", name, days, test.want)
		}
	}
	got := readCSV(t, heading+"1,A,A,31/02/2015\n")
	wantCodes(t, got, "2 wrong_date")
	if got.Persons[0].BirthDate != "" || got.Problems[0].Column != "birth_date" {
		t.Errorf("%+v", got)
	}
}

func TestKnownHeadings(t *testing.T) {
	tests := []struct{ source, text, want string }{
		{Destiny, "SiteShortName,DistrictID,Barcode,LastName,FirstName,MiddleName,PatronType,GradeLevel,Homeroom,EmailPrimary\n" +
			"CH,1001,P 1001,Núñez,Ana,M,Student,04,4B,ana@x.org\n", "1001|Núñez|Ana|4|4B\n"},
		{Google, "First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Org Unit Path [Required],Employee ID,Employee Type\n" +
			"Ana,Núñez,ana@x.org,****,/Students,1001,Student\n", "1001|Núñez|Ana||\n"},
		{Microsoft, "SIS ID,School SIS ID,First Name,Last Name,Username,Student Number,Grade\n13001,10001,Ana,Núñez,ana@x.org,1001,4\n", "1001|Núñez|Ana|4|\n"},
		{Clever, "School_id,Student_id,Student_number,Last_name,First_name,Grade,DOB,Home_language,Student_email,Contact_email\n" +
			"77,abc,1001,Núñez,Ana,Kindergarten,3/9/2015,Spanish,ana@x.org,mum@x.org\n" +
			"77,abc,1001,Núñez,Ana,Kindergarten,3/9/2015,Spanish,ana@x.org,dad@x.org\n", "1001|Núñez|Ana|K|\n"},
	}
	for _, test := range tests {
		t.Run(test.source, func(t *testing.T) {
			got := readCSV(t, test.text)
			wantCodes(t, got)
			if got.Source != test.source || show(got) != test.want || got.Persons[0].Email != "ana@x.org" {
				t.Errorf("%s %+v", got.Source, got.Persons)
			}
			if test.source == Clever && !slices.Equal(got.Persons[0].GuardianEmails, []string{"mum@x.org", "dad@x.org"}) {
				t.Errorf("guardians %q", got.Persons[0].GuardianEmails)
			}
		})
	}
}

func TestMissingColumnIsNamed(t *testing.T) {
	tests := map[string]string{
		"district_id,first_name,grade\n1,Ana,4\n":                     "last_name",
		"district_id,last_name,grade\n1,Núñez,4\n":                    "first_name",
		"last_name,first_name,grade\nNúñez,Ana,4\n":                   "district_id",
		"DistrictID,FirstName,PatronType,GradeLevel\n1,Ana,Pupil,4\n": "LastName",
		"status,givenName,familyName,enabledUser,role\n":              "sourcedId",
		"a\nb\n": "last_name",
	}
	for text, column := range tests {
		_, err := read(setOf(map[string]string{"people.csv": text}))
		var known *FileError
		if !errors.As(err, &known) || known.Code != MissingColumn || known.Detail != column || known.File != "people.csv" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestWrongFiles(t *testing.T) {
	tests := []struct{ name, text, code string }{
		{"empty", "", Empty},
		{"blank", " \r\n\r\n", Empty},
		{"a PDF", "%PDF-1.7\n%\xe2\xe3", Document},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", Picture},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", Workbook},
		{"a sign-in page", "<!DOCTYPE html><html><body>Sign in</body></html>", WebPage},
		{"a program", "\x7fELF\x02\x01\x01\x00\x00", NotARoster},
		{"one endless line", ours + strings.Repeat("x", maxLine+1), LineTooLong},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "people.csv")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			wantFileError(t, path, test.code)
		})
	}
	wantFileError(t, filepath.Join(t.TempDir(), "absent.csv"), Unreadable)
	wantFileError(t, t.TempDir(), MissingFile)
}

func wantFileError(t *testing.T, path, code string) {
	t.Helper()
	got, err := Open(path)
	var known *FileError
	if !errors.As(err, &known) || known.Code != code {
		t.Fatalf("got %v, %+v, want %s", err, got, code)
	}
	if known.File == "" || strings.Contains(err.Error(), "%!") {
		t.Errorf("error without a place: %v", err)
	}
}

// zipOf writes a zip; change, if not nil, may spoil each header.
func zipOf(t *testing.T, files map[string]string, change func(*zip.FileHeader)) string {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for name, text := range files {
		header := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if change != nil {
			change(header)
		}
		f, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "export.zip")
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestZips(t *testing.T) {
	row := ours + "1,,Núñez,Ana,4,4B,,\n"
	t.Run("one file in a folder", func(t *testing.T) {
		got, err := Open(zipOf(t, map[string]string{"export/people.CSV": row, "__MACOSX/._people.csv": "x", "readme.txt": "x"}, nil))
		if err != nil || show(got) != "1|Núñez|Ana|4|4B\n" {
			t.Fatal(got, err)
		}
	})
	t.Run("path traversal", func(t *testing.T) {
		wantFileError(t, zipOf(t, map[string]string{"../people.csv": row}, nil), UnsafeZip)
	})
	t.Run("absolute path", func(t *testing.T) {
		wantFileError(t, zipOf(t, map[string]string{"/etc/people.csv": row}, nil), UnsafeZip)
	})
	t.Run("locked", func(t *testing.T) {
		wantFileError(t, zipOf(t, map[string]string{"people.csv": row}, func(h *zip.FileHeader) { h.Flags |= 1 }), LockedZip)
	})
	t.Run("bomb", func(t *testing.T) {
		wantFileError(t, zipOf(t, map[string]string{"people.csv": ours + strings.Repeat(",\n", 4<<20)}, nil), HugeZip)
	})
	t.Run("workbook", func(t *testing.T) {
		wantFileError(t, zipOf(t, map[string]string{"[Content_Types].xml": "", "xl/workbook.xml": ""}, nil), Workbook)
	})
	t.Run("two exports", func(t *testing.T) {
		wantFileError(t, zipOf(t, map[string]string{"a/people.csv": row, "b/people.csv": row}, nil), DoubleFile)
	})
	t.Run("empty", func(t *testing.T) { wantFileError(t, zipOf(t, nil, nil), MissingFile) })
	t.Run("truncated", func(t *testing.T) {
		path := zipOf(t, map[string]string{"people.csv": row}, nil)
		if err := os.Truncate(path, 60); err != nil {
			t.Fatal(err)
		}
		wantFileError(t, path, BrokenZip)
	})
}
