package bench

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"carrel/internal/marc"
)

// readSamples has the sample school made and exported, and reads its records: what is imported later is made from them.
func (b *bench) readSamples() error {
	file, dir := b.path("samples.mrc"), b.path("samples")
	if _, err := b.carrel(dir, "demo"); err != nil {
		return err
	}
	if _, err := b.carrel(dir, "export", "titles", file); err != nil {
		return err
	}
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	reader, err := marc.NewReader(in, file)
	if err != nil {
		return err
	}
	for {
		record, _, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		b.samples = append(b.samples, record)
	}
}

// writeRecords writes n titles with their items as ISO 2709: the sample's records again and again, each time another volume. Series keeps
// the numbers of two files apart. It answers the barcodes of the items.
func (b *bench) writeRecords(file, series string, n int) (barcodes []string, err error) {
	out, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	defer out.Close() //nolint:errcheck // closed below when all went well
	buffered := bufio.NewWriter(out)
	var raw []byte
	for i := range n {
		record := volume(b.samples[i%len(b.samples)], series, i, i/len(b.samples)+1, &barcodes)
		if raw, err = marc.AppendISO2709(raw[:0], record); err != nil {
			return nil, err
		}
		if _, err := buffered.Write(raw); err != nil {
			return nil, err
		}
	}
	if err := buffered.Flush(); err != nil {
		return nil, err
	}
	return barcodes, out.Close()
}

// volume makes another title of a record: its number, the part of its title and the barcodes of its items are new.
func volume(record marc.Record, series string, number, part int, barcodes *[]string) marc.Record {
	fields := make([]marc.Field, len(record.Fields))
	for i, field := range record.Fields {
		switch field.Tag {
		case "001":
			field.Value = fmt.Sprintf("%s%07d", series, number)
		case "245":
			field.Subfields = inserted(field.Subfields, marc.Subfield{Code: 'n', Value: fmt.Sprintf("Volume %d", part)})
		case "852":
			code := fmt.Sprintf("%s%07d", series, len(*barcodes))
			*barcodes = append(*barcodes, code)
			field.Subfields = replaced(field.Subfields, 'p', code)
		}
		fields[i] = field
	}
	return marc.Record{Leader: record.Leader, Fields: fields}
}

// inserted puts a subfield behind the first one.
func inserted(subfields []marc.Subfield, added marc.Subfield) []marc.Subfield {
	return append([]marc.Subfield{subfields[0], added}, subfields[1:]...)
}

func replaced(subfields []marc.Subfield, code byte, value string) []marc.Subfield {
	changed := append([]marc.Subfield(nil), subfields...)
	for i := range changed {
		if changed[i].Code == code {
			changed[i].Value = value
		}
	}
	return changed
}

// school makes the library that is measured at the desk, once.
func (b *bench) school() (dir string, err error) {
	if b.items != nil {
		return b.path("school"), nil
	}
	dir, err = b.library("school")
	b.items = b.barcodes
	return dir, err
}

// library answers a folder of this name with a library that nobody has borrowed from: a librarian, patrons, and titles with items. It has no loan limit.
func (b *bench) library(name string) (dir string, err error) {
	pristine := b.path("pristine")
	if b.barcodes == nil {
		if err := b.furnish(pristine); err != nil {
			return "", err
		}
	}
	dir = b.path(name)
	return dir, os.CopyFS(dir, os.DirFS(pristine))
}

// classSize is how many children a homeroom has.
const classSize = 30

func (b *bench) furnish(dir string) error {
	if _, err := b.carrel(dir, "staff", "upsert", librarian, "--role", "librarian", "--password", password); err != nil {
		return err
	}
	var roster strings.Builder
	roster.WriteString("district_id,barcode,last_name,first_name,grade,homeroom,type\n")
	for i := range b.sizes.patrons {
		fmt.Fprintf(&roster, "D%d,%s,Family%d,Child%d,%d,Room %d,student\n", i, patronCode(i), i, i, i%6, i/classSize)
	}
	people, books := b.path("roster.csv"), b.path("school.mrc")
	if err := os.WriteFile(people, []byte(roster.String()), 0o600); err != nil {
		return err
	}
	if _, err := b.carrel(dir, "import", "patrons", people); err != nil {
		return err
	}
	barcodes, err := b.writeRecords(books, "S", b.sizes.records)
	if err != nil {
		return err
	}
	if _, err := b.carrel(dir, "import", "titles", books); err != nil {
		return err
	}
	b.barcodes = barcodes
	return nil
}

// largeFile writes the records that make the catalogue large.
func (b *bench) largeFile() (string, error) {
	file := b.path("large.mrc")
	_, err := b.writeRecords(file, "L", b.sizes.titles)
	return file, err
}

// largeSchool is the school with the large catalogue.
func (b *bench) largeSchool() (dir string, err error) {
	dir, err = b.school()
	if err != nil || b.large {
		return dir, err
	}
	file, err := b.largeFile()
	if err != nil {
		return dir, err
	}
	_, err = b.carrel(dir, "import", "titles", file)
	b.large = err == nil
	return dir, err
}

// take answers the next n items that nobody has borrowed yet, or what is left of them.
func (b *bench) take(n int) []string {
	n = min(n, len(b.items))
	taken := b.items[:n]
	b.items = b.items[n:]
	return taken
}
