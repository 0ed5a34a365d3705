package roster

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
)

const (
	// maxUnpacked bounds all the files of a zip together, in bytes. The roster of a large district,
	// with every enrolment, is under 200 MB.
	maxUnpacked = 512 << 20
	// maxRatio bounds how far one file of a zip may unpack. Lists of people shrink by 5 to 50 times.
	maxRatio = 300
	// ratioFrom is the unpacked size in bytes from which the ratio counts: a short file of one
	// repeated line may shrink further.
	ratioFrom = 4 << 20
)

// fileSet is the CSV files of one export by lower-case name without ".csv".
type fileSet struct {
	name   string // of the zip, folder or file, for messages
	files  map[string]file
	closer io.Closer
}

type file struct {
	name string // as in the export
	open func() (io.ReadCloser, error)
}

func (s *fileSet) has(name string) bool {
	_, ok := s.files[name]
	return ok
}

// only returns the name of the one file of the set.
func (s *fileSet) only() (string, bool) {
	for name := range s.files {
		return name, len(s.files) == 1
	}
	return "", false
}

func (s *fileSet) close() {
	if s.closer != nil {
		_ = s.closer.Close() // opened for reading only: there is nothing to lose
	}
}

func (s *fileSet) add(one file) error {
	base := strings.ToLower(path.Base(one.name))
	key, isCSV := strings.CutSuffix(base, ".csv")
	if !isCSV || strings.HasPrefix(base, ".") {
		return nil
	}
	if s.has(key) {
		return &FileError{File: s.name, Code: DoubleFile, Detail: path.Base(one.name)}
	}
	s.files[key] = one
	return nil
}

func openSet(name string) (*fileSet, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	set := &fileSet{name: filepath.Base(name), files: map[string]file{}}
	if info.IsDir() {
		return set, set.addFolder(name)
	}
	head, err := readHead(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return set, set.addZip(name)
	}
	open := func() (io.ReadCloser, error) { return os.Open(name) }
	set.files[strings.ToLower(set.name)] = file{name: set.name, open: open}
	return set, nil
}

func unreadable(name string, err error) error {
	var inner *fs.PathError
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return &FileError{File: filepath.Base(name), Code: Unreadable, Detail: err.Error()}
}

func readHead(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, sniffed)
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}

func (s *fileSet) addFolder(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return unreadable(folder, err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		full := filepath.Join(folder, entry.Name())
		open := func() (io.ReadCloser, error) { return os.Open(full) }
		if err := s.add(file{name: entry.Name(), open: open}); err != nil {
			return err
		}
	}
	return nil
}

func (s *fileSet) addZip(name string) error {
	archive, err := zip.OpenReader(name)
	if err != nil {
		return &FileError{File: s.name, Code: BrokenZip}
	}
	s.closer = archive
	if err := s.addArchive(&archive.Reader); err != nil {
		s.close()
		return err
	}
	return nil
}

func (s *fileSet) addArchive(archive *zip.Reader) error {
	left := int64(maxUnpacked)
	for _, member := range archive.File {
		switch {
		case strings.HasPrefix(member.Name, "xl/") || member.Name == "[Content_Types].xml":
			return &FileError{File: s.name, Code: Workbook}
		case !fs.ValidPath(strings.TrimSuffix(member.Name, "/")) || strings.Contains(member.Name, `\`):
			return &FileError{File: s.name, Code: UnsafeZip, Detail: member.Name}
		case member.Flags&1 != 0:
			return &FileError{File: s.name, Code: LockedZip}
		case strings.HasSuffix(member.Name, "/") || strings.HasPrefix(member.Name, "__MACOSX/"):
			continue
		}
		open := func() (io.ReadCloser, error) {
			inside, err := member.Open()
			if err != nil {
				return nil, &FileError{File: s.name, Code: BrokenZip}
			}
			return &unpacked{ReadCloser: inside, set: s.name, packed: int64(member.CompressedSize64), left: &left}, nil
		}
		if err := s.add(file{name: member.Name, open: open}); err != nil {
			return err
		}
	}
	return nil
}

// unpacked is a file of a zip that stops when it grows beyond reason. It counts what comes out,
// since the sizes written in a zip may lie.
type unpacked struct {
	io.ReadCloser
	set    string
	packed int64
	read   int64
	left   *int64 // of the whole zip
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	u.read += int64(n)
	*u.left -= int64(n)
	if *u.left < 0 || u.read > ratioFrom && u.read > u.packed*maxRatio {
		return 0, &FileError{File: u.set, Code: HugeZip}
	}
	if err != nil && err != io.EOF {
		return n, &FileError{File: u.set, Code: BrokenZip}
	}
	return n, err
}

// sniffed is how many bytes of a file decide what it is.
const sniffed = 512

// notText tells by its first bytes that a file cannot be a table of text.
func notText(name string, head []byte) error {
	if len(bytes.TrimSpace(head)) == 0 {
		return &FileError{File: name, Code: Empty}
	}
	if utf16BOM(head) {
		return nil
	}
	kind, _, _ := strings.Cut(http.DetectContentType(head), ";")
	switch {
	case kind == "text/html":
		return &FileError{File: name, Code: WebPage}
	case bytes.HasPrefix(head, []byte{0xD0, 0xCF, 0x11, 0xE0}): // the container of .xls
		return &FileError{File: name, Code: Workbook}
	case kind == "application/pdf":
		return &FileError{File: name, Code: Document}
	case strings.HasPrefix(kind, "image/"):
		return &FileError{File: name, Code: Picture}
	case kind == "text/xml", bytes.IndexByte(head, 0) >= 0:
		return &FileError{File: name, Code: NotARoster}
	}
	return nil
}

func utf16BOM(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0xFF, 0xFE}) || bytes.HasPrefix(head, []byte{0xFE, 0xFF})
}
