package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"carrel/internal/booklist"
	"carrel/internal/isbn"
	"carrel/internal/marc"
)

// parsed is one record of a file, ready to be written, or why it cannot be.
type parsed struct {
	record  int
	offset  int64
	marc    string // the whole record as it is kept
	facts   marc.Facts
	keys    []string // to match by, the surest first
	itemTag string   // the field that carries items, or ""
	items   []marc.ItemFacts
	repairs []marc.Repair
	wrong   []string        // ISBNs whose check digit does not fit
	list    *booklist.Entry // of a record that was made of the rows of a table
	bad     *marc.RecordError
	err     error // the file cannot be read any further
}

// Records are parsed ahead of the writer, so that one core parses while the other writes. A batch ends at either bound: the
// memory for what waits does not grow with the size of the records.
const (
	batchRecords = 64
	batchBytes   = 1 << 20
)

// parseAhead reads records until the file ends or stop is closed.
func parseAhead(next func() (parsed, bool), stop <-chan struct{}) <-chan []parsed {
	out := make(chan []parsed)
	go func() {
		defer close(out)
		for more := true; more; {
			var batch []parsed
			batch, more = nextBatch(next)
			select {
			case out <- batch:
			case <-stop:
				return
			}
		}
	}()
	return out
}

func nextBatch(next func() (parsed, bool)) (batch []parsed, more bool) {
	for size := 0; len(batch) < batchRecords && size < batchBytes; {
		p, more := next()
		if !more {
			return batch, false
		}
		batch = append(batch, p)
		if p.err != nil {
			return batch, false
		}
		size += len(p.marc)
	}
	return batch, true
}

// next parses the next record; seen, when it is not nil, looks over its items.
func next(reader *marc.Reader, items string, seen *Survey) (p parsed, more bool) {
	record, repairs, err := reader.Next()
	if errors.Is(err, io.EOF) {
		return p, false
	}
	p.record, p.offset = reader.Number(), reader.Offset()
	if errors.As(err, &p.bad) {
		return p, true
	}
	if err != nil {
		p.err = err
		return p, true
	}
	p.repairs = repairs
	p.take(record)
	p.readItems(record, items)
	if seen != nil {
		seen.look(record, p.itemTag)
	}
	p.keyed(record)
	return p, true
}

// take makes what is written of a record.
func (p *parsed) take(record marc.Record) {
	p.marc, p.facts, p.wrong = string(marc.Encode(record)), marc.Extract(record), wrongISBNs(record)
}

// name is the title for messages, which outlive the record.
func (p *parsed) name() string { return strings.Clone(clip(p.facts.Title, 200)) }

// keyed finds the keys to match by.
func (p *parsed) keyed(record marc.Record) {
	if p.keys = marc.MatchKeys(p.facts); len(p.keys) == 0 {
		p.keys = []string{contentKey(record, p.itemTag)}
	}
}

func (p *parsed) readItems(record marc.Record, items string) {
	switch items {
	case "none":
		return
	case marc.AutoItems:
		p.itemTag = marc.ItemTag(record)
	default:
		p.itemTag = items
	}
	p.items = marc.Items(record, p.itemTag)
}

// contentKey matches a record that names no number with itself: imported again it changes nothing. Its items are no part of
// it, they come and go.
func contentKey(record marc.Record, itemTag string) string {
	sum := sha256.Sum256(marc.Encode(withoutItems(record, itemTag)))
	return "content:" + hex.EncodeToString(sum[:16])
}

func wrongISBNs(record marc.Record) (wrong []string) {
	for _, field := range record.Fields {
		if field.Tag != "020" {
			continue
		}
		if number, ok := isbn.Parse(field.First('a')); ok && !number.Valid {
			wrong = append(wrong, number.Text)
		}
	}
	return wrong
}
