// Package catalog keeps titles and items: records in and out without loss, and the search index.
package catalog

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/store"

	"github.com/pocketbase/pocketbase/core"
)

// What an import does with a record whose title is already here.
const (
	MatchOverlay = "overlay" // the file's record takes its place, items are kept and added
	MatchSkip    = "skip"    // the title stays as it is, with its items
	MatchAdd     = "add"     // never matched: a second title is made
)

// itemTags are where an import looks for items.
var itemTags = []string{marc.AutoItems, "852", "949", "952", "none"}

// ImportOptions steer an import. Items is "auto", "852", "949", "952" or "none".
type ImportOptions struct {
	Items    string
	Match    string
	DryRun   bool
	Serving  bool              // the calling process is the server itself
	Progress func(records int) // called now and then, may be nil
}

// Counts are what became of titles or items.
type Counts struct {
	Added   int `json:"added"`
	Updated int `json:"updated"`
	Skipped int `json:"skipped"`
}

// Reject is a record or an item that was not imported, with its place.
type Reject struct {
	File   string `json:"file"`
	Record int    `json:"record"` // counted from 1
	Offset int64  `json:"offset"` // of the record, in bytes
	Reason string `json:"reason"`
}

// Warning is something to know about a record that was imported all the same.
type Warning struct {
	File    string `json:"file"`
	Record  int    `json:"record"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Summary is what an import did, or would do. Beyond maxListed rejects or warnings only their number grows.
type Summary struct {
	Read         int       `json:"read"`
	Titles       Counts    `json:"titles"`
	Items        Counts    `json:"items"`
	Rejected     []Reject  `json:"rejected"`
	Warnings     []Warning `json:"warnings"`
	MoreRejected int       `json:"more_rejected,omitempty"`
	MoreWarnings int       `json:"more_warnings,omitempty"`
	Seconds      float64   `json:"seconds"`
}

// maxListed bounds the lists of a summary: a file with a fault in each record must not fill the memory.
const maxListed = 10_000

func (s *Summary) reject(file string, record int, offset int64, reason string) {
	if len(s.Rejected) >= maxListed {
		s.MoreRejected++
		return
	}
	s.Rejected = append(s.Rejected, Reject{file, record, offset, reason})
}

func (s *Summary) warn(file string, record int, code, message string) {
	if len(s.Warnings) >= maxListed {
		s.MoreWarnings++
		return
	}
	s.Warnings = append(s.Warnings, Warning{file, record, code, message})
}

// Import brings in the records of the files. Each record is imported whole, with its items, or not at all. The code is
// fault.Invalid (bad options, a file none of whose records could be read); other files are imported all the same.
func Import(app core.App, files []string, options ImportOptions) (summary Summary, err error) {
	began := time.Now()
	summary = Summary{Rejected: []Reject{}, Warnings: []Warning{}}
	defer func() { summary.Seconds = time.Since(began).Seconds() }()
	if err := options.check(); err != nil {
		return summary, err
	}
	work, err := newImporter(app, options, &summary)
	if err != nil {
		return summary, err
	}
	defer work.bulk.Abort()
	var unreadable error
	for _, file := range files {
		if err := work.file(file); err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				return summary, fmt.Errorf("after %d records: %w", summary.Read, err)
			}
			unreadable = err
		}
	}
	if err := work.bulk.Flush(); err != nil {
		return summary, err
	}
	return summary, unreadable
}

func (o *ImportOptions) check() error {
	const op = "catalog.Import"
	if o.Items == "" {
		o.Items = marc.AutoItems
	}
	if o.Match == "" {
		o.Match = MatchOverlay
	}
	if !slices.Contains(itemTags, o.Items) {
		return fault.New(op, fault.Invalid, "catalog.bad_items", o.Items).At("items")
	}
	if o.Match != MatchOverlay && o.Match != MatchSkip && o.Match != MatchAdd {
		return fault.New(op, fault.Invalid, "catalog.bad_match", o.Match).At("match")
	}
	return nil
}

// ahead is how many parsed records may wait for the writer: one core parses while the other writes.
const ahead = 64

// parsed is one record of a file, ready to be written, or why it cannot be.
type parsed struct {
	record  int
	offset  int64
	marc    []byte // the whole record as it is kept
	facts   marc.Facts
	keys    []string
	itemTag string
	items   []marc.ItemFacts
	repairs []marc.Repair
	bad     *marc.RecordError
	err     error
}

// file imports one file.
func (w *importer) file(name string) error {
	const op = "catalog.Import"
	in, err := os.Open(name)
	if err != nil {
		return fault.New(op, fault.Invalid, "catalog.cannot_open", name, reason(err))
	}
	defer in.Close() //nolint:errcheck // only read
	reader, err := marc.NewReader(in, name)
	if err != nil {
		return fault.New(op, fault.Invalid, "catalog.unreadable", err.Error())
	}
	stop := make(chan struct{})
	defer close(stop)
	good := 0
	for p := range parse(reader, w.options.Items, stop) {
		if p.err != nil {
			return fault.New(op, fault.Invalid, "catalog.unreadable", p.err.Error())
		}
		w.summary.Read++
		if p.bad != nil {
			w.summary.reject(name, p.record, p.offset, p.bad.Reason)
			continue
		}
		good++
		if err := w.title(name, p); err != nil {
			return err
		}
		if w.options.Progress != nil && w.summary.Read%100 == 0 {
			w.options.Progress(w.summary.Read)
		}
	}
	if good == 0 {
		return fault.New(op, fault.Invalid, "catalog.nothing_read", name)
	}
	return nil
}

// reason is the part of an opening error worth showing.
func reason(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// parse reads records ahead of the writer.
func parse(reader *marc.Reader, items string, stop <-chan struct{}) <-chan parsed {
	out := make(chan parsed, ahead)
	go func() {
		defer close(out)
		for {
			p, more := next(reader, items)
			if !more {
				return
			}
			select {
			case out <- p:
			case <-stop:
				return
			}
			if p.err != nil {
				return
			}
		}
	}()
	return out
}

func next(reader *marc.Reader, items string) (p parsed, more bool) {
	record, repairs, err := reader.Next()
	if errors.Is(err, io.EOF) {
		return p, false
	}
	p.record, p.offset = reader.Number(), reader.Offset()
	if errors.As(err, &p.bad) {
		p.record, p.offset = p.bad.Record, p.bad.Offset
		return p, true
	}
	if err != nil {
		p.err = err
		return p, true
	}
	p.repairs, p.marc, p.facts = repairs, marc.Encode(record), marc.Extract(record)
	p.keys = marc.MatchKeys(p.facts)
	p.itemTag = items
	if items == marc.AutoItems {
		p.itemTag = marc.ItemTag(record)
	}
	p.items = marc.Items(record, p.itemTag)
	return p, true
}

// newImporter prepares the work on the store.
func newImporter(app core.App, options ImportOptions, summary *Summary) (*importer, error) {
	bulk, err := store.NewBulk(app, options.Serving)
	if err != nil {
		return nil, err
	}
	w := &importer{
		app: app, bulk: bulk, options: options, summary: summary,
		types: vocabulary{table: "item_types", name: "item type"}, locations: vocabulary{table: "locations", name: "location"},
		seenKeys: map[string]bool{}, seenBarcodes: map[string]bool{},
	}
	if err := w.types.load(app); err != nil {
		return nil, err
	}
	return w, w.locations.load(app)
}
