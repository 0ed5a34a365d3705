// Package catalog keeps titles and items: records in and out without loss, and the search index.
package catalog

import (
	"cmp"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/booklist"
	"carrel/internal/fault"
	"carrel/internal/marc"
	"carrel/internal/say"
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
var itemTags = []string{marc.AutoItems, "852", "949", "952", booklist.EachRow, booklist.NoItems}

// ImportOptions steer an import. Items is "auto", "852", "949", "952" or "none"; of a table in which each row is an item, "each".
type ImportOptions struct {
	Items    string
	Match    string
	Columns  []string // of a table of titles: what each column is (booklist.Fields), nil as the heading tells
	Map      Words    // ids of the locations and item types that stand for words of the file
	DryRun   bool
	Serving  bool              // the calling process is the server itself
	Progress func(records int) // called now and then, may be nil

	// What follows is for imports that are kept as such; the zero values are a plain one.
	Name  string                                           // what a file is called when that is not its path
	Seed  string                                           // with one, the same import again makes no title twice, even where nothing is matched
	Frame store.Frame                                      // around every transaction
	First func(collections.Title, []collections.Item) bool // is given titles as they will be, from the first on, until it answers false; may be nil
	Met   func(b *store.Bulk, table, id string) error      // is told of titles and items that are here as the file has them, may be nil
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
	Record int    `json:"record"` // counted from 1; of a table the row, the heading being 1
	Column string `json:"column,omitempty"`
	Offset int64  `json:"offset"`          // of the record, in bytes
	Title  string `json:"title,omitempty"` // where it could be read
	Reason string `json:"reason"`

	Code string   `json:"-"`
	Text say.Text `json:"-"` // the reason in any language
}

// Warning is something to know about a record that was imported all the same.
type Warning struct {
	File    string `json:"file"`
	Record  int    `json:"record"`
	Column  string `json:"column,omitempty"`
	Title   string `json:"title,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`

	Text say.Text `json:"-"` // the message in any language
}

// Summary is what an import did, or would do; after a failure, what of it is durable. Beyond maxListed rejects or warnings only their number grows.
type Summary struct {
	Read         int       `json:"read"`
	Titles       Counts    `json:"titles"`
	Items        Counts    `json:"items"`
	Rejected     []Reject  `json:"rejected"`
	Warnings     []Warning `json:"warnings"`
	MoreRejected int       `json:"more_rejected,omitempty"`
	MoreWarnings int       `json:"more_warnings,omitempty"`
	New          NewWords  `json:"new"`
	Survey       *Survey   `json:"survey,omitempty"` // of a dry run of MARC records
	Source       string    `json:"source,omitempty"` // the format, or whose list it is
	Table        bool      `json:"table,omitempty"`  // it is a list
	Seconds      float64   `json:"seconds"`
}

// maxListed bounds the lists of a summary: a file with a fault in each record must not fill the memory.
const maxListed = 10_000

func (s *Summary) reject(r Reject) {
	if len(s.Rejected) >= maxListed {
		s.MoreRejected++
		return
	}
	r.Reason = r.Text.In(say.English)
	s.Rejected = append(s.Rejected, r)
}

func (s *Summary) warn(w Warning) {
	if len(s.Warnings) >= maxListed {
		s.MoreWarnings++
		return
	}
	w.Message = w.Text.In(say.English)
	s.Warnings = append(s.Warnings, w)
}

// Import brings in the records of the files. Each record is imported whole, with its items, or not at all. The code is
// fault.Invalid (bad options, a file none of whose records could be read: other files are imported all the same) or
// fault.Conflict (the disk is full, cannot be written or fails: what the summary counts is safe, and the same import finishes later).
func Import(app core.App, files []string, options ImportOptions) (summary Summary, err error) {
	const op = "catalog.Import"
	began := time.Now()
	summary = Summary{Rejected: []Reject{}, Warnings: []Warning{}}
	defer func() { summary.Seconds = time.Since(began).Seconds() }()
	if err := options.check(); err != nil {
		return summary, err
	}
	work, err := newImporter(app, options, &summary)
	if err != nil {
		return summary, store.Explain(op, app.DataDir(), err)
	}
	defer work.close()
	unreadable, err := work.files(files)
	summary.New = NewWords{work.locations.newWords(), work.types.newWords()}
	if err != nil {
		summary.Titles, summary.Items = work.durable.titles, work.durable.items
		return summary, stopped(op, app, err, summary.Titles)
	}
	return summary, unreadable.fault(op)
}

// stopped is the sentence for an import that could not go on.
func stopped(op string, app core.App, err error, titles Counts) error {
	var why *fault.Error
	if errors.As(store.Explain(op, app.DataDir(), err), &why) {
		return fault.New(op, why.Code, "catalog.stopped", why.Text, titles.Added+titles.Updated).Named(why.Word).Because(err)
	}
	return fault.Wrap(op, err)
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

// sentences are the files that could not be read, one a line.
type sentences []say.Text

func (s sentences) In(lang say.Lang) string {
	lines := make([]string, len(s))
	for i, text := range s {
		lines[i] = text.In(lang)
	}
	return strings.Join(lines, "\n")
}

func (s sentences) fault(op string) error {
	switch len(s) {
	case 0:
		return nil
	case 1:
		return fault.New(op, fault.Invalid, s[0].Key, s[0].Args...).At("file")
	}
	return fault.New(op, fault.Invalid, "catalog.files", s).At("file")
}

// files imports one file after the other; unreadable are those that hold no record to be read.
func (w *importer) files(names []string) (unreadable sentences, err error) {
	for _, name := range names {
		why, err := w.file(name)
		if err != nil {
			return nil, err
		}
		if why.Key != "" {
			unreadable = append(unreadable, why)
		}
	}
	return unreadable, w.flush()
}

// file imports one file; unreadable says why nothing of it, or not all of it, could be read.
func (w *importer) file(path string) (unreadable say.Text, err error) {
	name := cmp.Or(w.options.Name, path)
	from, unreadable := w.open(path, name)
	if from == nil {
		return unreadable, nil
	}
	defer from.close()
	stop := make(chan struct{})
	defer close(stop)
	good := 0
	for batch := range parseAhead(from.next, stop) {
		for i := range batch {
			p := &batch[i]
			if p.err != nil {
				return notMARC(name, p.err), nil
			}
			if !w.sound(name, p) {
				continue
			}
			good++
			if err := w.title(name, p); err != nil {
				return unreadable, err
			}
		}
	}
	if good == 0 {
		return say.T("catalog.nothing_read", name), nil
	}
	return unreadable, nil
}

// origin is a file whose records are read one by one.
type origin struct {
	next  func() (parsed, bool)
	close func()
}

// open recognises a file by its content; without an origin, unreadable says what it is.
func (w *importer) open(path, name string) (from *origin, unreadable say.Text) {
	if !onlyOnce(path) {
		_, isTable, err := LookAtTable(path, name)
		var why *fault.Error
		if errors.As(err, &why) {
			return nil, why.Text
		}
		if isTable {
			return w.openTable(path, name)
		}
	}
	in, err := open(path)
	if err != nil {
		return nil, say.T("catalog.cannot_open", name, reason(err))
	}
	reader, err := marc.NewReader(in, name)
	if err != nil {
		_ = in.Close() // only read
		return nil, notMARC(name, err)
	}
	w.summary.Source = string(reader.Format())
	var seen *Survey
	if w.options.DryRun {
		seen = newSurvey()
		w.summary.Survey = seen
	}
	return &origin{
		next:  func() (parsed, bool) { return next(reader, w.options.Items, seen) },
		close: func() { _ = in.Close() }, // only read
	}, unreadable
}

// onlyOnce tells what comes through a pipe: to look at its beginning is to lose it, so it is taken for MARC.
func onlyOnce(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&os.ModeNamedPipe != 0
}

// sound counts a record, passes on what is odd about it, and is false for one that cannot be brought in.
func (w *importer) sound(name string, p *parsed) bool {
	if p.list != nil {
		return w.row(name, p)
	}
	w.count(1)
	if p.bad != nil {
		w.summary.reject(Reject{File: name, Record: p.record, Offset: p.offset, Code: p.bad.Code, Text: badText(p.bad)})
		return false
	}
	return true
}

// count counts records that were met, or rows.
func (w *importer) count(n int) {
	before := w.summary.Read
	w.summary.Read += n
	if w.options.Progress != nil && w.summary.Read/100 > before/100 {
		w.options.Progress(w.summary.Read)
	}
}

var errFolder = errors.New("it is a folder")

// open opens a file and no folder.
func open(name string) (*os.File, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := in.Stat()
	if err == nil && info.IsDir() {
		err = errFolder
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// reason is the part of a file's error worth showing.
func reason(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// badText is why a record could not be read.
func badText(bad *marc.RecordError) say.Text {
	text := say.T("catalog.bad." + bad.Code)
	if bad.Detail != "" {
		text = say.T("catalog.bad_because", text, bad.Detail)
	}
	return text
}

// WhatIs tells by its first bytes whether a file holds MARC records, and what it is, as part of a sentence.
func WhatIs(path string) (what say.Text, isMARC bool, err error) {
	kind, err := kindOf(path)
	if err != nil || kind == "" {
		return say.T("catalog.file.marc"), err == nil, err
	}
	return say.T("catalog.file." + kind), false, nil
}

// kindOf is what a file is instead of MARC records, in the codes of package marc; "" when it is MARC.
func kindOf(path string) (kind string, err error) {
	in, err := open(path)
	if err != nil {
		return "", err
	}
	defer in.Close() //nolint:errcheck // only read
	var format *marc.FormatError
	_, err = marc.NewReader(in, path)
	if errors.As(err, &format) {
		return format.Code, nil
	}
	return "", err
}

// notMARC says what a file is instead, or why reading it ended.
func notMARC(name string, err error) say.Text {
	var format *marc.FormatError
	if errors.As(err, &format) {
		return say.T("catalog.not_marc", name, say.T("catalog.file."+format.Code))
	}
	return say.T("catalog.reading_ended", name, reason(err))
}
