package roster

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	encoding "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// table is one CSV file with a heading.
type table struct {
	file    string
	heading []string       // as in the file
	places  map[string]int // column by plain name
	lines   *lines
	closer  io.Closer
	problem func(Problem)
	strict  bool // control characters in a cell are reported, too
}

// row is one row of a table that holds something.
type row struct {
	line  int
	cells []string
	of    *table
}

// open opens the named file of the set, which must have its heading on the first line that is not blank.
func (r *reader) open(name string) (*table, error) {
	one := r.set.files[name]
	raw, err := one.open()
	if err != nil {
		return nil, asFileError(one.name, err)
	}
	return newTable(one.name, raw, r.problem)
}

// newTable reads the heading; on an error raw is closed.
func newTable(name string, raw io.ReadCloser, problem func(Problem)) (*table, error) {
	text := bufio.NewReaderSize(raw, 64<<10)
	head, err := text.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		_ = raw.Close() // the first error is the one to tell
		return nil, asFileError(name, err)
	}
	t := &table{file: name, closer: raw, problem: problem}
	if err := notText(name, head); err != nil {
		t.close()
		return nil, err
	}
	t.lines = newLines(decoded(text, head))
	if err := t.readHeading(); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *table) close() { _ = t.closer.Close() } // opened for reading only

func asFileError(name string, err error) error {
	var known *FileError
	if errors.As(err, &known) {
		return err
	}
	return unreadable(name, err)
}

// decoded turns UTF-16 into UTF-8 and takes a byte order mark off. Other encodings are told apart cell by cell.
func decoded(text *bufio.Reader, head []byte) io.Reader {
	switch {
	case utf16BOM(head):
		return encoding.UTF16(encoding.LittleEndian, encoding.UseBOM).NewDecoder().Reader(text)
	case strings.HasPrefix(string(head), "\ufeff"):
		_, _ = text.Discard(3) // the three bytes have just been peeked
	}
	return text
}

func (t *table) readHeading() error {
	for {
		first, ok := t.lines.take()
		if !ok {
			return t.ended(Empty)
		}
		if strings.TrimSpace(first) == "" {
			continue
		}
		if mark, ok := strings.CutPrefix(strings.ToLower(first), "sep="); ok && len(mark) == 1 { // a line Excel understands
			continue
		}
		t.lines.comma = separator(first)
		t.lines.queue = append([]string{first}, t.lines.queue...)
		t.lines.number--
		break
	}
	cells, _, _, _ := t.lines.record()
	t.places = make(map[string]int, len(cells))
	for i, cell := range cells {
		cell = clean(cell)
		t.heading = append(t.heading, cell)
		if name := plain(cell); name != "" {
			if _, twice := t.places[name]; !twice {
				t.places[name] = i
			}
		}
	}
	t.lines.width = len(cells)
	return nil
}

// ended is the error of a table that ends here; code is the error if nothing went wrong in reading.
func (t *table) ended(code string) error {
	err := t.lines.scan.Err()
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		return &FileError{File: t.file, Code: LineTooLong, Detail: strconv.Itoa(t.lines.number + 1)}
	case err != nil:
		return asFileError(t.file, err)
	case code != "":
		return &FileError{File: t.file, Code: code}
	}
	return nil
}

// separator is the sign that a heading has most of, outside of quotation marks.
func separator(heading string) rune {
	counts := map[rune]int{}
	quoted := false
	for _, r := range heading {
		if r == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[r]++
		}
	}
	best := ','
	for _, r := range ";\t|" {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// plain is a column's name without case, signs and bracketed remarks: "First Name [Required]" and
// "first_name" are both "firstname".
func plain(name string) string {
	name, _, _ = strings.Cut(name, "[")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// each calls do with every sound row, and reports the others.
func (t *table) each(do func(row)) error {
	for {
		one, ok := t.next()
		if !ok {
			return t.ended("")
		}
		do(one)
	}
}

// next answers the next sound row, and reports those before it.
func (t *table) next() (one row, ok bool) {
	for {
		cells, line, damaged, ok := t.lines.record()
		if !ok {
			return row{}, false
		}
		blank := true
		for i, cell := range cells {
			cells[i] = clean(cell)
			blank = blank && cells[i] == ""
			if t.strict && hasControls(cell) {
				t.problem(Problem{File: t.file, Line: line, Column: t.called(i), Code: ControlCharacters})
			}
		}
		if blank {
			continue
		}
		surplus := len(cells) > len(t.heading) && strings.Join(cells[len(t.heading):], "") != ""
		switch {
		case damaged:
			lost := len(cells) != len(t.heading)
			t.problem(Problem{File: t.file, Line: line, Code: OpenQuote, Skipped: lost})
			if lost {
				continue
			}
		case surplus:
			t.problem(Problem{File: t.file, Line: line, Code: TooManyColumns, Skipped: true})
			continue
		}
		return row{line: line, cells: cells, of: t}, true
	}
}

// called is the name of a column, as in the file.
func (t *table) called(place int) string {
	if place < len(t.heading) {
		return t.heading[place]
	}
	return ""
}

func hasControls(cell string) bool {
	return strings.ContainsFunc(cell, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) })
}

// get returns the row's value in the first of the named columns that holds one; names are plain.
func (r row) get(names ...string) string {
	for _, name := range names {
		if i, ok := r.of.places[name]; ok && i < len(r.cells) && r.cells[i] != "" {
			return r.cells[i]
		}
	}
	return ""
}

// clean makes a cell UTF-8 in NFC on one line without control characters. What is not UTF-8 is Windows-1252:
// each cell decides for itself, since lists pasted together mix the two.
func clean(cell string) string {
	if !utf8.ValidString(cell) {
		// Windows-1252 gives every byte a meaning or U+FFFD: there is no error to handle.
		cell, _ = charmap.Windows1252.NewDecoder().String(cell)
	}
	cell = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == '\ufeff':
			return -1
		}
		return r
	}, cell)
	return norm.NFC.String(strings.TrimSpace(cell))
}
