package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

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
	wrong   []string // ISBNs whose check digit does not fit
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
func parseAhead(reader *marc.Reader, items string, stop <-chan struct{}) <-chan []parsed {
	out := make(chan []parsed)
	go func() {
		defer close(out)
		for more := true; more; {
			var batch []parsed
			batch, more = nextBatch(reader, items)
			select {
			case out <- batch:
			case <-stop:
				return
			}
		}
	}()
	return out
}

func nextBatch(reader *marc.Reader, items string) (batch []parsed, more bool) {
	for size := 0; len(batch) < batchRecords && size < batchBytes; {
		p, more := next(reader, items)
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

func next(reader *marc.Reader, items string) (p parsed, more bool) {
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
	p.repairs, p.marc, p.facts = repairs, string(marc.Encode(record)), marc.Extract(record)
	p.readItems(record, items)
	p.wrong = wrongISBNs(record)
	if p.keys = marc.MatchKeys(p.facts); len(p.keys) == 0 {
		p.keys = []string{contentKey(record, p.itemTag)}
	}
	return p, true
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
