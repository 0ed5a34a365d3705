package marc

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// corpus is the folder of real MARC files, or the test is skipped.
func corpus(t testing.TB) string {
	t.Helper()
	root := os.Getenv("CARREL_CORPUS")
	if root == "" {
		t.Skip("CARREL_CORPUS is not set: no real MARC files to read")
	}
	return filepath.Join(root, "marc")
}

type manifestLine struct {
	path    string
	records int // -1 when the manifest does not say
}

func manifest(t testing.TB, root string) []manifestLine {
	t.Helper()
	file, err := os.Open(filepath.Join(root, "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var lines []manifestLine
	for scan := bufio.NewScanner(file); scan.Scan(); {
		cells := strings.Split(scan.Text(), "\t")
		if cells[0] == "path" {
			continue
		}
		records, err := strconv.Atoi(cells[2])
		if err != nil {
			records = -1
		}
		lines = append(lines, manifestLine{cells[0], records})
	}
	return lines
}

// readFile reads a file to its end.
func readFile(t testing.TB, path string) (records []Record, fixes []Repair, bad []*RecordError, err error) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return readAll(file, filepath.Base(path))
}

func readAll(in io.Reader, name string) (records []Record, fixes []Repair, bad []*RecordError, err error) {
	reader, err := NewReader(in, name)
	if err != nil {
		return nil, nil, nil, err
	}
	for {
		record, some, err := reader.Next()
		var broken *RecordError
		switch {
		case errors.Is(err, io.EOF):
			return records, fixes, bad, nil
		case errors.As(err, &broken):
			bad = append(bad, broken)
		case err != nil:
			return records, fixes, bad, err
		default:
			records = append(records, record)
			fixes = append(fixes, some...)
		}
	}
}

// notMARC21 are files whose count in the manifest is not the number of records to be read.
var notMARC21 = map[string]struct {
	records int
	why     string
}{
	"marc-charset-perl/empty-record.xml":       {0, "a record without fields is reported, not read"},
	"marc-charset-perl/empty-record-2.xml":     {0, "a record without fields is reported, not read"},
	"marc-charset-perl/farsi.marc":             {0, "lines of MARC-8 text without a record around them"},
	"pymarc-bsd2/bad_records.mrc":              {7, "the seventh has no fields"},
	"traject-mit/namespace-test.xml":           {0, "its record elements are not MARC"},
	"traject-mit/oai-pmh-one-record-2.xml":     {0, "OAI-PMH around Dublin Core"},
	"traject-mit/oai-pmh-one-record-first.xml": {0, "OAI-PMH around Dublin Core"},
	"traject-mit/sample-oai-no-namespace.xml":  {0, "OAI-PMH around Dublin Core"},
	"traject-mit/sample-oai-pmh.xml":           {0, "OAI-PMH around Dublin Core"},
	"yaz-bsd/marc4.json.marc":                  {0, "26 bytes without a field"},
	"yaz-bsd/marc4.xml.marc":                   {0, "26 bytes without a field"},
	"yaz-bsd/marc4.xml":                        {0, "a record without fields"},
	"yaz-bsd/xml2marc4.xml":                    {0, "a record without fields"},
	"yaz-bsd/tmarc4.xml.marc":                  {0, "26 bytes without a field"},
	"yaz-bsd/xml2marc4.xml.marc":               {0, "26 bytes without a field"},
	"yaz-bsd/xml2tmarc4.xml.marc":              {0, "26 bytes without a field"},
}

// inJSON are the counts of the files the manifest does not count.
var inJSON = map[string]int{
	"marc-charset-perl/test.ndj":      9,
	"pymarc-bsd2/batch.json":          2,
	"pymarc-bsd2/one.json":            1,
	"traject-mit/test_data.utf8.json": 30,
}

func TestCorpusEveryRecordIsRead(t *testing.T) {
	root := corpus(t)
	total := 0
	for _, line := range manifest(t, root) {
		want := line.records
		if exception, ok := notMARC21[line.path]; ok {
			want = exception.records
		}
		if count, ok := inJSON[line.path]; ok {
			want = count
		}
		if want < 0 {
			continue
		}
		records, _, bad, err := readFile(t, filepath.Join(root, line.path))
		var format *FormatError
		if err != nil && !errors.As(err, &format) {
			t.Errorf("%s: %v", line.path, err)
		}
		if len(records) != want {
			t.Errorf("%s: %d records, want %d (unreadable: %v, %v)", line.path, len(records), want, bad, err)
		}
		total += len(records)
	}
	if total < 1900 {
		t.Errorf("only %d records in the whole corpus", total)
	}
}
