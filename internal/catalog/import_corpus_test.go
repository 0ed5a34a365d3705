package catalog

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"carrel/internal/fault"
	"carrel/internal/marc"
)

// corpusFiles are the real MARC files, or the test is skipped.
func corpusFiles(t testing.TB) (root string, files []string) {
	t.Helper()
	root = os.Getenv("CARREL_CORPUS")
	if root == "" {
		t.Skip("CARREL_CORPUS is not set: no real MARC files to import")
	}
	root = filepath.Join(root, "marc")
	manifest, err := os.Open(filepath.Join(root, "MANIFEST.tsv"))
	check(t, err)
	defer manifest.Close()
	for scan := bufio.NewScanner(manifest); scan.Scan(); {
		if path, _, _ := strings.Cut(scan.Text(), "\t"); path != "path" {
			files = append(files, filepath.Join(root, path))
		}
	}
	return root, files
}

// Every readable record of the corpora becomes a title, with each of its items whose barcode is free.
func TestCorpusEveryRecordIsImported(t *testing.T) {
	_, files := corpusFiles(t)
	d := newImportDesk(t)
	total := 0
	for _, name := range files {
		file, err := os.Open(name)
		check(t, err)
		var want []marc.Record
		if reader, err := marc.NewReader(file, name); err == nil {
			want = drain(t, reader)
		}
		check(t, file.Close())
		summary, err := Import(d.App, []string{name}, ImportOptions{Match: MatchAdd})
		if (err != nil) != (len(want) == 0) || err != nil && fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if summary.Titles.Added != len(want) {
			t.Errorf("%s: %d records to be read, %d imported", name, len(want), summary.Titles.Added)
		}
		items := 0
		for _, r := range want {
			items += len(marc.Items(r, marc.AutoItems))
		}
		if got := summary.Items.Added + len(summary.Rejected) - (summary.Read - len(want)); got != items {
			t.Errorf("%s: %d items, %d of them added or rejected", name, items, got)
		}
		total += len(want)
	}
	if total < 1900 || d.Count("titles", "1") != total || d.Count("search_doc", "1") != total {
		t.Errorf("%d records read, %d titles, %d in the index", total, d.Count("titles", "1"), d.Count("search_doc", "1"))
	}
}

func drain(t testing.TB, reader *marc.Reader) (records []marc.Record) {
	t.Helper()
	for {
		record, _, err := reader.Next()
		var bad *marc.RecordError
		switch {
		case errors.As(err, &bad):
		case err != nil: // the end, or nothing MARC in it
			return records
		default:
			records = append(records, record)
		}
	}
}

// Import → export → import into a fresh library → export gives the same records, with and without items, in every format.
func TestCorpusFixedPoint(t *testing.T) {
	root, files := corpusFiles(t)
	d := newImportDesk(t)
	_, _ = Import(d.App, files, ImportOptions{Match: MatchAdd}) // not all of them are MARC files
	for _, options := range []ExportOptions{{Format: "marc"}, {Format: "marcxml"}, {Format: "mij"}, {Format: "marc", NoItems: true}, {Format: "mij", NoItems: true}} {
		t.Run(fmt.Sprintf("%s no items %v", options.Format, options.NoItems), func(t *testing.T) {
			first, saidFirst := exported(t, d.App, options)
			other := newImportDesk(t)
			summary := other.bringFile(ImportOptions{Match: MatchAdd}, exportedFiles(first, saidFirst)...)
			if summary.Titles.Added != saidFirst.Titles {
				t.Fatalf("%d titles exported, %d imported; rejected %v", saidFirst.Titles, summary.Titles.Added, summary.Rejected)
			}
			second, saidSecond := exported(t, other.App, options)
			sameRecords(t, exportedFiles(first, saidFirst), exportedFiles(second, saidSecond))
			if !options.NoItems {
				sameItems(t, d, other)
			} else if n := other.Count("items", "1"); n > 0 {
				t.Errorf("%d items in an export without items", n)
			}
			if options.Format == "marcxml" {
				validate(t, root, first)
			} else if saidFirst.OverflowFile != "" {
				validate(t, root, saidFirst.OverflowFile)
			}
		})
	}
}

func exportedFiles(name string, done Exported) []string {
	if done.OverflowFile == "" {
		return []string{name}
	}
	return []string{name, done.OverflowFile}
}

func sameRecords(t *testing.T, first, second []string) {
	t.Helper()
	if len(first) != len(second) {
		t.Fatalf("%v, then %v", first, second)
	}
	for i := range first {
		a, b := readRecords(t, first[i]), readRecords(t, second[i])
		if len(a) != len(b) {
			t.Fatalf("%d records, then %d", len(a), len(b))
		}
		for j := range a {
			if !a[j].Same(b[j]) {
				t.Errorf("record %d was\n%+v\nand is\n%+v", j+1, a[j], b[j])
			}
		}
	}
}

// sameItems compares the items of two libraries by what people see of them.
func sameItems(t *testing.T, a, b importDesk) {
	t.Helper()
	const query = `SELECT titles.title || '|' || barcode || '|' || COALESCE(item_types.code, '') || '|' || COALESCE(locations.code, '') || '|' || items.call_number || '|' ||
		copy || '|' || status || '|' || not_for_loan || '|' || price_cents || '|' || currency || '|' || acquired || '|' || vendor || '|' || fund || '|' || public_note || '|' || staff_note
		FROM items JOIN titles ON titles.id = items.title LEFT JOIN item_types ON item_types.id = items.type LEFT JOIN locations ON locations.id = items.location ORDER BY 1`
	var rows [2][]string
	for i, d := range []importDesk{a, b} {
		check(t, d.App.DB().NewQuery(query).Column(&rows[i]))
	}
	if len(rows[0]) != len(rows[1]) || len(rows[0]) < 100 {
		t.Fatalf("%d items, then %d", len(rows[0]), len(rows[1]))
	}
	for i := range rows[0] {
		if rows[0][i] != rows[1][i] {
			t.Errorf("an item was\n%s\nand is\n%s", rows[0][i], rows[1][i])
		}
	}
}

// validate holds a file against the schema of the Library of Congress.
func validate(t *testing.T, root, name string) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Log("xmllint is not installed (Debian: libxml2-utils): MARCXML is not checked against the schema")
		return
	}
	out, err := exec.Command("xmllint", "--nonet", "--noout", "--schema", filepath.Join(root, "loc-pd", "MARC21slim.xsd"), name).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%.2000s", err, out)
	}
}

// An import of a whole library again changes nothing: neither of what it exported nor, file by file, of what it came from.
func TestCorpusImportedAgain(t *testing.T) {
	_, files := corpusFiles(t)
	d := newImportDesk(t)
	_, _ = Import(d.App, files, ImportOptions{}) // not all of them are MARC files
	name, done := exported(t, d.App, ExportOptions{Format: "mij"})
	before := rows(t, d.App)
	counted(t, "its own export", d.bringFile(ImportOptions{}, name), Counts{Skipped: done.Titles}, Counts{Skipped: d.Count("items", "marc_index > 0")})
	if after := rows(t, d.App); after != before {
		t.Error("rows changed")
	}
	for _, file := range files {
		own := newImportDesk(t)
		first, err := Import(own.App, []string{file}, ImportOptions{})
		if err != nil {
			continue
		}
		again := own.bringFile(ImportOptions{}, file)
		if again.Titles.Added+again.Items.Added > 0 || first.Titles.Updated == 0 && again.Titles.Updated+again.Items.Updated > 0 {
			t.Errorf("%s: first %+v %+v, again %+v %+v", file, first.Titles, first.Items, again.Titles, again.Items)
		}
	}
}
