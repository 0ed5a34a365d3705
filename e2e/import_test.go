package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ask runs a command on the folder and answers everything it said. Whatever happens, nobody is shown the insides.
func ask(t testing.TB, dir string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	command := exec.Command(binary, append(args, "--dir", dir)...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !asExit(err, &exit) {
		t.Fatal(err)
	}
	for _, inside := range []string{"goroutine", "panic", "SQL", "sqlite", "constraint", "UNIQUE", "fault.", "catalog.", "store."} {
		if strings.Contains(errs.String(), inside) {
			t.Errorf("carrel %s says %q: %s", strings.Join(args, " "), inside, errs.String())
		}
	}
	return out.String(), errs.String(), command.ProcessState.ExitCode()
}

type counts struct{ Added, Updated, Skipped int }

type reject struct {
	Record, Offset int
	Reason         string
}

// same tells whether another is in the same place, for a reason that has ours in it.
func (r reject) same(other reject) bool {
	return r.Record == other.Record && r.Offset == other.Offset && strings.Contains(other.Reason, r.Reason)
}

type summary struct {
	Read          int
	Titles, Items counts
	Rejected      []reject
	Warnings      []struct {
		Record        int
		Code, Message string
	}
}

// bring imports files and answers the summary.
func bring(t testing.TB, dir string, args ...string) (s summary, stderr string, status int) {
	t.Helper()
	out, stderr, status := ask(t, dir, append([]string{"import", "titles", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatalf("%v in %q (%s)", err, out, stderr)
	}
	return s, stderr, status
}

// iso is a record in ISO 2709: fields are a tag and what follows the separators, such as "10\x1faTitle".
func iso(encoding byte, fields ...[2]string) string {
	var directory, data strings.Builder
	for _, field := range fields {
		fmt.Fprintf(&directory, "%s%04d%05d", field[0], min(len(field[1])+1, 9999), min(data.Len(), 99999))
		data.WriteString(field[1] + "\x1e")
	}
	base := 24 + directory.Len() + 1
	return fmt.Sprintf("%05dnam %c22%05d a 4500", min(base+data.Len()+1, 99999), encoding, base) + directory.String() + "\x1e" + data.String() + "\x1d"
}

func book(encoding byte, number, title string) string {
	return iso(encoding, [2]string{"001", number}, [2]string{"245", "10\x1fa" + title}, [2]string{"852", "  \x1fp3" + number + "\x1fhFIC"})
}

// neighbours are good records around what a test is about.
func neighbours(middle ...string) string {
	return book('a', "111", "First") + strings.Join(middle, "") + book('a', "999", "Last")
}

func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	write(t, path, content)
	return path
}

// A spreadsheet saved as CSV is brought in as records are.
func TestImportTable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	list := file(t, "list.csv", "Title;Author;ISBN;Barcode;Price\nHatchet;Paulsen, Gary;9781416936473;1;9,99\nHatchet;Paulsen, Gary;9781416936473;2;9,99\n;;;3;\n")
	if said := must(t, dir, "import", "titles", list); !strings.Contains(said, "Titles: 1 added") || !strings.Contains(said, "Items: 2 added") || !strings.Contains(said, "1 rejected") {
		t.Errorf("said %q", said)
	}
}

func TestImportWrongFiles(t *testing.T) {
	good := file(t, "good.mrc", book('a', "111", "First"))
	for _, test := range []struct{ name, content, says string }{
		{"report.pdf", "%PDF-1.7\n1 0 obj", "a PDF document"},
		{"books.zip", "PK\x03\x04\x14\x00\x00\x00", "a zip archive"},
		{"cover.png", "\x89PNG\r\n\x1a\n\x00\x00", "a picture"},
		{"page.html", "<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"},
		{"letter.txt", "Dear Sir\nplease find enclosed\n", "plain text"},
		{"list.csv", "shelf,colour\nA,red\n", "No record in"},
		{"empty.mrc", "", "empty"},
		{"other.xml", "<?xml version=\"1.0\"?><books><book/></books>", "XML of another kind"},
		{"cut.mrc", book('a', "222", "Cut")[:60], "No record in"},
		{"missing.mrc", "-", "cannot be opened: no such file"},
		{"folder.mrc", "/", "cannot be opened: it is a folder"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			path := filepath.Join(t.TempDir(), test.name)
			switch test.content {
			case "-":
			case "/":
				if err := os.Mkdir(path, 0o700); err != nil {
					t.Fatal(err)
				}
			default:
				write(t, path, test.content)
			}
			s, stderr, status := bring(t, dir, path, good)
			if status != 1 || !strings.Contains(stderr, path) || !strings.Contains(stderr, test.says) {
				t.Errorf("exit status %d: %s", status, stderr)
			}
			if s.Titles.Added != 1 || s.Items.Added != 1 {
				t.Errorf("the good file beside it: %+v", s)
			}
		})
	}
}

func TestImportBadRecords(t *testing.T) {
	outside := []byte(book('a', "555", "Outside"))
	copy(outside[24+12+3:], "9999"+"88888") // the entry of 245
	length := len(book('a', "111", "First"))
	for _, test := range []struct {
		name     string
		content  string
		titles   int
		rejected reject // the only one; its reason is a part of what is said
		warnings []string
		find     string // in the export
	}{
		{"MixedEncodings", neighbours(book(' ', "222", "Marc8 caf\xe2e"), book(' ', "333", "Utf8 café"), book('a', "444", "Latin1 caf\xe9s, \xe9t\xe9 d'un")), 5, reject{},
			[]string{"charset_latin1", "charset_utf8"}, "Marc8 café|Utf8 café|Latin1 cafés, été"},
		{"RecordOfOneMegabyte", neighbours(iso('a', append([][2]string{{"001", "222"}, {"245", "10\x1faLarge"}}, slices.Repeat([][2]string{{"500", "  \x1fa" + strings.Repeat("large ", 1500)}}, 110)...)...)), 3, reject{},
			[]string{"directory", "length"}, "Large"},
		{"DirectoryPointingOutside", neighbours(string(outside)), 3, reject{}, []string{"directory"}, "Outside"},
		{"Truncated", neighbours()[:len(neighbours())-20], 1, reject{Record: 2, Offset: length, Reason: "ends in the middle"}, nil, "First"},
		{"NoRecordAtAll", neighbours("this is no record at all, it only sits there\x1d"), 2, reject{Record: 2, Offset: length, Reason: "not a MARC record"}, nil, "Last"},
		{"WrongISBN", neighbours(iso('a', [2]string{"001", "222"}, [2]string{"020", "  \x1fa9781416936470"}, [2]string{"245", "10\x1faWrong number"})), 3, reject{}, []string{"wrong_isbn"}, "Wrong number"},
		{"DuplicateBarcode", neighbours(book('a', "222", "Second"), strings.Replace(book('a', "333", "Third"), "3333", "3222", 1)), 4, reject{Record: 3, Offset: 2*length + 1, Reason: "another item has this barcode"}, nil, "Third"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			s, stderr, status := bring(t, dir, file(t, "records.mrc", test.content))
			if status != 0 || stderr != "" || s.Titles.Added != test.titles {
				t.Errorf("exit status %d, %+v: %s", status, s, stderr)
			}
			if want := test.rejected; want.Record == 0 && len(s.Rejected) > 0 || want.Record > 0 && (len(s.Rejected) != 1 || !want.same(s.Rejected[0])) {
				t.Errorf("rejected %+v, want %+v", s.Rejected, want)
			}
			var codes []string
			for _, warning := range s.Warnings {
				codes = append(codes, warning.Code)
			}
			slices.Sort(codes)
			if codes = slices.Compact(codes); !slices.Equal(codes, test.warnings) {
				t.Errorf("warnings %v, want %v", codes, test.warnings)
			}
			out := filepath.Join(t.TempDir(), "out.json")
			must(t, dir, "export", "titles", out, "--format", "mij")
			text, err := os.ReadFile(out)
			for _, words := range strings.Split(test.find, "|") {
				if err != nil || !strings.Contains(string(text), words) {
					t.Errorf("%q is not in the export (%v): %.2000s", words, err, text)
				}
			}
		})
	}
}

func TestWrongUsage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for _, args := range []string{
		"import", "import titles", "import nonsense", "nonsense", "import titles x --nonsense", "import titles x --items 850", "import titles x --match replace",
		"export titles", "export titles a b", "export titles a --format pdf", "serve extra", "rebuild extra",
	} {
		if _, stderr, status := ask(t, dir, strings.Fields(args)...); status != 2 || stderr == "" && args != "import" {
			t.Errorf("carrel %s: exit status %d, %q", args, status, stderr)
		}
	}
	for _, args := range []string{"--help", "import --help", "import titles --help"} {
		if out, _, status := ask(t, dir, strings.Fields(args)...); status != 0 || !strings.Contains(out, "Usage:") {
			t.Errorf("carrel %s: exit status %d, %q", args, status, out)
		}
	}
}

func TestPortInUse(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	taken := listener.Addr().String()
	for _, test := range []struct {
		name string
		args []string
	}{
		{"Staff", []string{"--http", taken, "--kiosk", freeAddr(t)}},
		{"Students", []string{"--http", freeAddr(t), "--kiosk", taken}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, stderr, status := ask(t, filepath.Join(t.TempDir(), "data"), append([]string{"serve"}, test.args...)...)
			if status != 1 || !strings.Contains(stderr, "another program already uses "+taken) {
				t.Errorf("exit status %d: %s", status, stderr)
			}
		})
	}
}

func TestFolderBelowAFile(t *testing.T) {
	path := filepath.Join(file(t, "no-folder", "x"), "data")
	if _, stderr, status := ask(t, path, "import", "titles", "x"); status != 1 || !strings.Contains(stderr, path) {
		t.Errorf("exit status %d: %s", status, stderr)
	}
}
