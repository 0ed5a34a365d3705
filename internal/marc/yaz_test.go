package marc

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// notMARC8 are files of the corpus, said to be MARC-8, on which the reader and yaz-marcdump cannot
// agree, because they are not MARC-8 or not sound.
var notMARC8 = map[string]string{
	"pymarc-bsd2/1251.dat":                                 "Windows-1251",
	"pymarc-bsd2/utf8_without_leader_flag.dat":             "UTF-8",
	"pymarc-bsd2/testunimarc.dat":                          "UTF-8",
	"pymarc-bsd2/bad_subfield_code.dat":                    "UTF-8, wrong directory",
	"pymarc-bsd2/bad_records.mrc":                          "wrong directories, of which yaz reads fewer",
	"pymarc-bsd2/bad_marc8_escape.dat":                     "escapes in place of letters; yaz drops the whole text",
	"pymarc-bsd2/bad_eacc_encoding.dat":                    "broken EACC; yaz drops the rest, the reader puts U+FFFD",
	"ruby-marc-mit/bad_eacc_encoding.marc8.marc":           "broken EACC; yaz drops the rest, the reader puts U+FFFD",
	"ruby-marc-mit/escaped_character_reference.marc8.marc": "yaz leaves numbered references alone",
	"traject-mit/escaped_character_reference.marc8.marc":   "yaz leaves numbered references alone",
	"traject-mit/bad_subfield_code.marc":                   "a diacritic as subfield code",
	"yaz-bsd/marc1.marc":                                   "danMARC in Latin-1",
	"yaz-bsd/marc2.marc":                                   "danMARC in Latin-1",
	"yaz-bsd/marc3.marc":                                   "danMARC, text before the first subfield",
	"yaz-bsd/marc10.marc":                                  "danMARC in Latin-1",
	"yaz-bsd/marc11.marc":                                  "danMARC in Latin-1",
	"yaz-bsd/marc12.marc":                                  "EACC codes that mean nothing; yaz drops them, the reader puts U+FFFD",
	"yaz-bsd/marc0.marc":                                   "no indicators",
	"yaz-bsd/marc4.marc":                                   "no indicators",
}

// loneDiacritics are the fields in which a diacritic stands before a blank or a hyphen, where it
// stood for an apostrophe. Programs differ about them.
var loneDiacritics = map[string]bool{
	"evergreen-gpl2/jazz_1k.mrc 487 505": true,
	"evergreen-gpl2/jazz_1k.mrc 874 505": true,
	"evergreen-gpl2/jazz_1k.mrc 877 505": true,
}

func TestCorpusMARC8EqualsYaz(t *testing.T) {
	root := corpus(t)
	if _, err := exec.LookPath("yaz-marcdump"); err != nil {
		t.Skip("yaz-marcdump is not installed (Debian: yaz): nothing to compare MARC-8 with")
	}
	fields := 0
	for _, line := range manifest(t, root) {
		if notMARC8[line.path] != "" || !saysMARC8(t, filepath.Join(root, line.path)) {
			continue
		}
		fields += compareWithYaz(t, root, line.path)
	}
	if fields < 20_000 {
		t.Errorf("only %d fields were compared", fields)
	}
}

// saysMARC8 tells whether the file is ISO 2709 with a blank in leader position 9. What yaz itself
// made from XML or JSON says so too, and is UTF-8.
func saysMARC8(t *testing.T, path string) bool {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw = bytes.TrimLeft(raw, " \x00")
	ours := strings.HasSuffix(path, ".json.marc") || strings.HasSuffix(path, ".xml.marc")
	return !ours && len(raw) > leaderLength && looksLikeLeader(raw) && raw[9] == ' '
}

func compareWithYaz(t *testing.T, root, name string) (fields int) {
	t.Helper()
	path := filepath.Join(root, name)
	ours, _, _, err := readFile(t, path)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("yaz-marcdump", "-f", "marc-8", "-t", "utf-8", "-o", "marcxml", path).Output()
	if err != nil {
		t.Logf("%s: yaz-marcdump: %v", name, err)
	}
	theirs, _, _, err := readAll(bytes.NewReader(out), name)
	if err != nil || len(ours) != len(theirs) {
		t.Errorf("%s: %d records, yaz has %d (%v)", name, len(ours), len(theirs), err)
		return 0
	}
	for i, record := range ours {
		if len(record.Fields) != len(theirs[i].Fields) {
			t.Errorf("%s %d: %d fields, yaz has %d", name, i+1, len(record.Fields), len(theirs[i].Fields))
			continue
		}
		for j, field := range record.Fields {
			fields++
			place := strings.Join([]string{name, strconv.Itoa(i + 1), field.Tag}, " ")
			if !field.same(theirs[i].Fields[j]) && !loneDiacritics[place] {
				t.Errorf("%s\n ours %+q\n yaz  %+q", place, field, theirs[i].Fields[j])
			}
		}
	}
	return fields
}

func TestCorpusParallelLines(t *testing.T) {
	root := corpus(t)
	marc8 := lines(t, filepath.Join(root, "pymarc-bsd2/test_marc8.txt"))
	utf8 := lines(t, filepath.Join(root, "pymarc-bsd2/test_utf8.txt"))
	if len(marc8) != len(utf8) || len(marc8) < 1500 {
		t.Fatalf("%d lines beside %d", len(marc8), len(utf8))
	}
	for i := range marc8 {
		if bytes.HasPrefix(marc8[i], []byte("a \x1B$1! =")) {
			continue // codes of three bytes that the code tables do not have
		}
		got := norm.NFC.String(string(decodeMARC8(marc8[i]).out))
		if want := norm.NFC.String(string(utf8[i])); got != want {
			t.Errorf("line %d: %+q, want %+q", i+1, got, want)
		}
	}
}

func lines(t *testing.T, path string) [][]byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Split(text, []byte("\n"))
}
