package marc

import (
	"errors"
	"io"
)

// Format is a way of writing MARC records in a file.
type Format string

const (
	ISO2709  Format = "iso2709"
	MARCXML  Format = "marcxml"
	MARCJSON Format = "marcjson"
)

// Reader reads the records of one file, holding no more than one of them in memory.
type Reader struct {
	file    string
	format  Format
	source  *source
	records splitter
	number  int
	offset  int64
}

// splitter cuts a file into records. next answers the bytes of the next record and where they
// begin; a *RecordError for bytes that make no record; io.EOF behind the last; any other error
// when the file itself cannot be read. The bytes are good until the next call.
type splitter interface {
	next() (raw []byte, offset int64, err error)
	parse(raw []byte, fixes *repairs) (Record, error)
}

// NewReader recognises the format of a file by its content; name is what errors call it. A file
// that holds nothing MARC is a *FormatError.
func NewReader(in io.Reader, name string) (*Reader, error) {
	source := newSource(in)
	format, found := sniff(source)
	if err := source.failed(); err != nil {
		return nil, err
	}
	r := &Reader{file: name, format: format, source: source}
	switch format {
	case ISO2709:
		r.records = &isoSplitter{source: source}
	case MARCXML:
		records, err := newXMLSplitter(source)
		if err != nil {
			return nil, &FormatError{File: name, Code: "encoding", Found: err.Error()}
		}
		r.records = records
	case MARCJSON:
		r.records = &jsonSplitter{source: source}
	default:
		return nil, &FormatError{File: name, Code: found.code, Found: found.words}
	}
	return r, nil
}

// Format is the format the file was recognised as.
func (r *Reader) Format() Format { return r.format }

// Number is how many records were met, the unreadable ones included.
func (r *Reader) Number() int { return r.number }

// Offset is the byte of the file at which the record met last begins.
func (r *Reader) Offset() int64 { return r.offset }

// Next reads the next record and says what had to be repaired. It returns io.EOF behind the last
// record, a *RecordError for one that cannot be read (Next then goes on with its neighbour), a
// *FormatError at the end of a file in which no record was found, and any other error when the
// file itself cannot be read.
func (r *Reader) Next() (Record, []Repair, error) {
	var fixes repairs
	raw, offset, err := r.records.next()
	if errors.Is(err, io.EOF) && r.number == 0 {
		return Record{}, nil, r.nothing()
	}
	var bad *RecordError
	if err != nil && !errors.As(err, &bad) {
		return Record{}, nil, err
	}
	r.number++
	r.offset = offset
	record := Record{}
	if err == nil {
		record, err = r.records.parse(raw, &fixes)
	}
	if err != nil {
		if errors.As(err, &bad) {
			bad.File, bad.Record, bad.Offset = r.file, r.number, offset
		}
		return Record{}, nil, err
	}
	for i := range fixes {
		fixes[i].Record, fixes[i].Offset = r.number, offset
	}
	return record, fixes, nil
}

// nothing is the error of a file that looked like MARC and held none.
func (r *Reader) nothing() error {
	switch r.format {
	case MARCXML:
		return &FormatError{File: r.file, Code: "xml", Found: "XML without MARC records"}
	case MARCJSON:
		return &FormatError{File: r.file, Code: "json", Found: "JSON without MARC records"}
	}
	return &FormatError{File: r.file, Code: "text", Found: "data without MARC records"}
}
