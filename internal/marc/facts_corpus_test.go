package marc

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Real records named by their defect.
func TestCorpusFacts(t *testing.T) {
	root := corpus(t)
	for _, test := range []struct {
		file, title, author string
		year                int
		language, kind      string
	}{
		{"traject-mit/245_no_ab.marc", "Papers", "Longcope, Warfield T.", 1917, "eng", TypeBook},
		{"traject-mit/date_resort_to_260.marc", "DAWN annual report", "United States. Drug Enforcement Administration", 1980, "eng", TypeSerial},
		{"traject-mit/date_resort_to_264.marc", "Understanding Kashmir and Kashmiris", "Snedden, Christopher", 2015, "eng", TypeBook},
		{"traject-mit/date_type_r_missing_date2.marc", "The judgment of a Catholicke English-man living in banishment for his religion (1608)", "Parsons, Robert", 1957, "eng", TypeBook},
		{"traject-mit/date_with_u.marc", "The educational circular", "Abram G. and David Hutzler Collection of Economic Classics", 1840, "eng", TypeSerial},
		{"traject-mit/emptyish_record.marc", "Collection la philosophie en effet", "", 0, "", TypeSerial},
		{"traject-mit/missing-second-date.marc", "Plan de la ville de Puiçerda : pris en 1678", "Beaulieu, Sébastien de Pontault, sieur de", 1678, "fre", TypeMap},
		{"traject-mit/packed_041a_lang.marc", "", "Gluski, Jerzy", 1971, "eng", TypeBook},
		{"traject-mit/iso639-3_lang.marc", "Alpha Crucis : contemporary African art", "Kvaran, Gunnar B.", 2020, "nor", TypeBook},
		{"traject-mit/musical_cage.marc", "Lou Harrison, Harry Partch, John Cage", "Cage, John", 2000, "eng", TypeMusic},
		{"traject-mit/online_only.marc", "The Best Business Books Ever", "Books, Basic", 2011, "eng", TypeEbook},
		{"pymarc-bsd2/bad_tag.xml", "The Untamed", "Brand, Max", 2004, "", TypeEbook},
		{"marc-charset-perl/baddir.usmarc", "Green Eggs and Ham", "Seuss, Dr.", 1988, "", TypeBook},
	} {
		records, _, _, err := readFile(t, filepath.Join(root, test.file))
		if err != nil || len(records) != 1 {
			t.Errorf("%s: %d records, %v", test.file, len(records), err)
			continue
		}
		f := Extract(records[0])
		if test.title != "" && f.Title != test.title || f.Author != test.author || f.Year != test.year || f.Language != test.language || f.Type != test.kind {
			t.Errorf("%s: got %q, %q, %d, %q, %q", test.file, f.Title, f.Author, f.Year, f.Language, f.Type)
		}
	}
}

func TestCorpusDestinyItems(t *testing.T) {
	root := corpus(t)
	records, _, bad, err := readFile(t, filepath.Join(root, "made/destiny-shaped.mrc"))
	if err != nil || len(bad) > 0 || len(records) != 5 {
		t.Fatalf("%d records, %v, %v", len(records), bad, err)
	}
	var barcodes []string
	for _, r := range records {
		for _, item := range Items(r, AutoItems) {
			barcodes = append(barcodes, item.Barcode)
		}
	}
	if got := strings.Join(barcodes, "|"); got != "T 32889|T 32890|T 100||34000000000017|T 500|T 500" {
		t.Errorf("barcodes %q", got)
	}
	first := Items(records[0], AutoItems)[0]
	if first.PriceCents != 2354 || first.ItemType != "Regular" || first.Acquired != "2023-05-04" || first.CallNumber != "297 EXA" || first.Site != "SMEDS" {
		t.Errorf("got %+v", first)
	}
}

// Every title has a name, and every record of the corpora survives storage, both exchange formats
// and the extraction of facts and items.
func TestCorpusFixedPoint(t *testing.T) {
	root := corpus(t)
	nameless := 0
	eachRecord(t, root, func(name string, r Record) {
		if stored, err := Decode(Encode(r)); err != nil || !stored.Same(r) {
			t.Errorf("%s: storing changes the record (%v)", name, err)
		}
		raw, err := AppendISO2709(nil, r)
		if err == nil {
			again, fixes, _, _ := readAll(bytes.NewReader(raw), name)
			if len(again) != 1 || len(fixes) > 0 || !again[0].Same(r) {
				t.Errorf("%s: ISO 2709 changes the record %v", name, fixes)
			}
		}
		var out bytes.Buffer
		w := NewXMLWriter(&out)
		lost, _ := w.Write(r)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if again, _, _, _ := readAll(&out, name); len(lost) == 0 && (len(again) != 1 || !again[0].Same(r)) {
			t.Errorf("%s: MARCXML changes the record", name)
		}
		if Extract(r).Title == "" {
			nameless++
		}
		for _, item := range Items(r, AutoItems) {
			if !UpdateItem(r.Fields[item.FieldIndex], item).same(r.Fields[item.FieldIndex]) {
				t.Errorf("%s: an unchanged item changes its field", name)
			}
		}
	})
	// UNIMARC records have their title elsewhere, and records of two fields have none.
	if nameless != 16 {
		t.Errorf("%d records without a title, want 16", nameless)
	}
}

// The collection of all records of the corpora is valid by the schema of the Library of Congress.
func TestCorpusXMLIsValid(t *testing.T) {
	root := corpus(t)
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils): MARCXML is not checked against the schema")
	}
	path := filepath.Join(t.TempDir(), "all.xml")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := NewXMLWriter(file)
	count := 0
	eachRecord(t, root, func(name string, r Record) {
		count++
		if _, err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	schema := filepath.Join(root, "loc-pd", "MARC21slim.xsd")
	out, err := exec.Command("xmllint", "--nonet", "--noout", "--schema", schema, path).CombinedOutput()
	if err != nil {
		t.Errorf("%d records: %v\n%.2000s", count, err, out)
	}
}

// eachRecord calls look with every readable record of the corpora.
func eachRecord(t *testing.T, root string, look func(name string, r Record)) {
	t.Helper()
	count := 0
	for _, line := range manifest(t, root) {
		records, _, _, err := readFile(t, filepath.Join(root, line.path))
		if err != nil {
			continue // not MARC; counted in TestCorpusEveryRecordIsRead
		}
		for _, r := range records {
			count++
			look(line.path, r)
		}
	}
	if count < 1900 {
		t.Errorf("only %d records in the whole corpus", count)
	}
}
