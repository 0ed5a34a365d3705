package marc

import (
	"bytes"
	"io"
)

// The separators of ISO 2709 (MARC 21 "Record Structure").
const (
	recordEnd     = 0x1D
	fieldEnd      = 0x1E
	subfieldStart = 0x1F
)

// isoSplitter cuts a file at the record ends. The length a record states is believed only when
// it leads to a record end, and only matters for records that hold that byte in their text too.
type isoSplitter struct {
	source *source
	junk   bool // a few stray bytes were dropped before the record
}

func (s *isoSplitter) next() ([]byte, int64, error) {
	s.junk = false
	s.skipFiller()
	offset := s.source.offset
	end, found := s.findEnd()
	raw := s.source.window()
	switch {
	case found:
		raw = raw[:end]
		switch inner := innerRecord(raw); {
		case inner >= leaderLength:
			raw = raw[:inner]
		case inner > 0:
			s.junk = true
			s.source.drop(inner)
			raw, offset = raw[inner:], offset+int64(inner)
		}
		s.source.drop(len(raw))
		if len(raw) == 1 {
			return s.next() // a doubled record end
		}
		if !looksLikeLeader(raw) && bytes.Count(raw, []byte{fieldEnd}) < 2 {
			return nil, offset, badRecord(BadLeader, "")
		}
		return raw, offset, nil
	case s.source.failed() != nil:
		return nil, offset, s.source.failed()
	case len(raw) > maxRecord:
		s.skipRecord()
		return nil, offset, badRecord(BadTooLarge, "")
	}
	s.source.drop(len(raw))
	if len(raw) < leaderLength && (len(raw) == 0 || !isDigit(raw[0]) || len(raw) < 5) {
		return nil, offset, io.EOF // nothing, or a stray character behind the last record
	}
	return raw, offset, nil
}

// skipFiller drops what programs leave between records: line ends, blanks, NUL and the end mark
// of old systems.
func (s *isoSplitter) skipFiller() {
	if s.source.offset == 0 && bytes.HasPrefix(s.source.want(3), []byte(byteOrderMark)) {
		s.source.drop(3)
	}
	for {
		window := s.source.want(1)
		rest := bytes.TrimLeft(window, " \t\r\n\x00\x1A")
		s.source.drop(len(window) - len(rest))
		if len(rest) > 0 || len(window) == 0 {
			return
		}
	}
}

// findEnd is the length of the record the window begins with, its end mark included.
func (s *isoSplitter) findEnd() (int, bool) {
	from := 0
	for {
		window := s.source.window()
		if i := bytes.IndexByte(window[from:], recordEnd); i >= 0 {
			return s.statedEnd(from + i + 1), true
		}
		from = len(window)
		if !s.source.grow() {
			return 0, false
		}
	}
}

// statedEnd is the end the record states, when that is a record end behind the first one and
// nothing between the two looks like a record of its own; else the first one.
func (s *isoSplitter) statedEnd(first int) int {
	window := s.source.window()
	stated, ok := decimal(window[:min(5, first)])
	if !ok || stated <= first {
		return first
	}
	window = s.source.want(stated)
	if len(window) < stated || window[stated-1] != recordEnd {
		return first
	}
	for i := first; i < stated; i++ {
		if window[i-1] == recordEnd && looksLikeLeader(bytes.TrimLeft(window[i:], " \t\r\n\x00\x1A")) {
			return first
		}
	}
	return stated
}

// innerRecord is where a second record begins inside raw, when the first lost its end mark, or 0.
// A leader and directory inside a text would be strange enough; behind a good leader the stated
// length must lead to the very end of raw as well, and that of the first must not.
func innerRecord(raw []byte) int {
	good := looksLikeLeader(raw)
	if stated, ok := decimal(raw[:min(5, len(raw))]); ok && stated == len(raw) {
		return 0
	}
	for i := 1; i+leaderLength < len(raw); i++ {
		// The type of record is a letter: without asking for it a directory would look like a leader.
		if isDigit(raw[i+6]) || !isAlnum(raw[i+6]) || !looksLikeLeader(raw[i:]) || directoryLength(raw[i+leaderLength:]) == 0 {
			continue
		}
		if stated, _ := decimal(raw[i : i+5]); !good || stated == len(raw)-i {
			return i
		}
	}
	return 0
}

// skipRecord drops everything up to the next record end.
func (s *isoSplitter) skipRecord() {
	for {
		window := s.source.window()
		if i := bytes.IndexByte(window, recordEnd); i >= 0 {
			s.source.drop(i + 1)
			return
		}
		s.source.drop(len(window))
		if !s.source.grow() {
			return
		}
	}
}

// looksLikeLeader recognises a leader by three of four things that hardly any file gets wrong all
// at once: a length of five digits, "22" (indicators and codes), the start of the data in five
// digits, and the entry map "45".
func looksLikeLeader(text []byte) bool {
	if len(text) < leaderLength {
		return false
	}
	right := 0
	for _, ok := range [...]bool{
		isNumber(text[:5]), string(text[10:12]) == "22", isNumber(text[12:17]), string(text[20:22]) == "45",
	} {
		if ok {
			right++
		}
	}
	return right >= 3
}

func isNumber(text []byte) bool {
	_, ok := decimal(text)
	return ok
}

// decimal reads digits; anything else is no number.
func decimal(text []byte) (int, bool) {
	n := 0
	for _, c := range text {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(text) > 0
}

// directoryLength is the length of the directory text begins with, up to its end mark, or 0 when
// it does not begin with one.
func directoryLength(text []byte) int {
	n := bytes.IndexByte(text, fieldEnd)
	if n < directoryEntry || !isAlnum(text[0]) {
		return 0
	}
	if _, ok := decimal(text[3:directoryEntry]); !ok {
		return 0
	}
	return n
}
