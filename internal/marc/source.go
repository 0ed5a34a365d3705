package marc

import (
	"errors"
	"io"
)

// maxRecord bounds the memory one record may take, in bytes: far beyond the 99,999 that
// ISO 2709 can state, as files with longer records exist.
const maxRecord = 16 << 20

// source is a window on a file that moves forward: window() begins at byte offset, grow adds to
// its end, drop takes from its start.
type source struct {
	in     io.Reader
	buffer []byte
	from   int
	offset int64
	err    error // io.EOF once the file is read to its end
}

func newSource(in io.Reader) *source {
	return &source{in: in, buffer: make([]byte, 0, 64<<10)}
}

func (s *source) window() []byte { return s.buffer[s.from:] }

func (s *source) drop(n int) {
	s.from += n
	s.offset += int64(n)
}

// grow reads more into the window and is false when there is no more, or the window would hold
// more than any record may take.
func (s *source) grow() bool {
	if s.err != nil || len(s.window()) > maxRecord {
		return false
	}
	if s.from > 0 {
		n := copy(s.buffer, s.window())
		s.buffer, s.from = s.buffer[:n], 0
	}
	if len(s.buffer) == cap(s.buffer) {
		s.buffer = append(make([]byte, 0, 2*cap(s.buffer)), s.buffer...)
	}
	for range 100 {
		n, err := s.in.Read(s.buffer[len(s.buffer):cap(s.buffer)])
		s.buffer = s.buffer[:len(s.buffer)+n]
		s.err = err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// want grows the window to n bytes, as far as there are so many.
func (s *source) want(n int) []byte {
	for len(s.window()) < n && s.grow() {
	}
	return s.window()
}

// failed is the error of the file itself, not its end.
func (s *source) failed() error {
	if s.err == nil || errors.Is(s.err, io.EOF) {
		return nil
	}
	return s.err
}
