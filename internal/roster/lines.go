package roster

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
	"strings"
)

const (
	// maxLine bounds one line in bytes.
	maxLine = 1 << 20
	// maxJoined is how many lines one row may span by line breaks inside quotation marks. Beyond
	// that the opening mark is taken for a slip, so that it does not swallow the rest of the file.
	maxJoined = 20
)

// lines cuts a text into the rows of a table. A row with a damaged quotation mark never costs its neighbours.
type lines struct {
	scan   *bufio.Scanner
	comma  rune
	width  int      // columns of the heading; 0 before it is known
	queue  []string // lines read ahead
	number int      // of the line taken last
}

func newLines(text io.Reader) *lines {
	scan := bufio.NewScanner(text)
	scan.Buffer(make([]byte, 0, 64<<10), maxLine)
	scan.Split(splitLine)
	return &lines{scan: scan, comma: ','}
}

// splitLine ends a line at LF, CRLF or a lone CR.
func splitLine(data []byte, atEOF bool) (int, []byte, error) {
	end := bytes.IndexAny(data, "\r\n")
	switch {
	case end < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case end < 0, data[end] == '\r' && end+1 == len(data) && !atEOF:
		return 0, nil, nil
	case data[end] == '\r' && end+1 < len(data) && data[end+1] == '\n':
		return end + 2, data[:end], nil
	}
	return end + 1, data[:end], nil
}

func (l *lines) take() (string, bool) {
	if len(l.queue) > 0 {
		line := l.queue[0]
		l.queue = l.queue[1:]
		l.number++
		return line, true
	}
	if !l.scan.Scan() {
		return "", false
	}
	l.number++
	return l.scan.Text(), true
}

// record returns the next row, the number of its first line, and whether a quotation mark in it
// was never closed: its cells are then cut at every separator.
func (l *lines) record() (cells []string, number int, damaged, ok bool) {
	first, ok := l.take()
	if !ok {
		return nil, 0, false, false
	}
	number = l.number
	if !strings.Contains(first, `"`) {
		return strings.Split(first, string(l.comma)), number, false, true
	}
	if even(first) {
		cells, err := l.parse(first, true)
		return cells, number, err != nil, true
	}
	if cells := l.join(first); cells != nil {
		return cells, number, false, true
	}
	return strings.Split(strings.ReplaceAll(first, `"`, ""), string(l.comma)), number, true, true
}

func even(line string) bool { return strings.Count(line, `"`)%2 == 0 }

// join reads on to the line that closes the quotation mark left open in first. If that makes no
// sound row, the lines go back to the queue.
func (l *lines) join(first string) []string {
	ahead := []string{}
	for len(ahead) < maxJoined {
		line, ok := l.take()
		if !ok {
			break
		}
		ahead = append(ahead, line)
		if even(line) {
			continue
		}
		cells, err := l.parse(first+"\n"+strings.Join(ahead, "\n"), false)
		if err != nil || l.width > 0 && len(cells) > l.width {
			break
		}
		return cells
	}
	l.queue = append(ahead, l.queue...)
	l.number -= len(ahead)
	return nil
}

// parse reads one row. Lazily, a quotation mark inside a value stands for itself: Robert "Bob" Smith.
func (l *lines) parse(row string, lazy bool) ([]string, error) {
	r := csv.NewReader(strings.NewReader(row))
	r.Comma = l.comma
	r.FieldsPerRecord = -1
	r.LazyQuotes = lazy
	r.TrimLeadingSpace = l.comma != '\t' // a tab is itself a blank
	return r.Read()
}
