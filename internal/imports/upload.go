package imports

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"carrel/collections"
	"carrel/internal/catalog"
	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/roster"
	"carrel/internal/say"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	// MaxFile bounds a file that is brought, in bytes.
	MaxFile = 300 << 20
	// spare is the room on the disk that a file must leave, in bytes: reading titles copies the library, and the desk goes on.
	spare   = 100 << 20
	maxName = 255 // characters
	// strayAfter is when a file without an import is no longer one that is just arriving.
	strayAfter = 24 * time.Hour
)

// Upload is a file on its way in.
type Upload struct {
	Kind  string
	Name  string // as the file is called where it comes from
	Size  int64  // as announced, in bytes; below 0 when it is not
	Body  io.Reader
	Staff string // who brings it
	Lang  say.Lang
}

// Take keeps a file and begins to read it. One that does not arrive whole, is too large or is no file of its kind leaves nothing behind. The codes are
// fault.Invalid (kind; file: what it is and what is expected), fault.TooLarge and fault.Conflict (disk_full …).
func (r *Runner) Take(u Upload) (imp collections.Import, err error) {
	const op = "imports.Take"
	switch u.Kind {
	case collections.ImportTitles, collections.ImportRoster, collections.ImportPictures:
	default:
		return imp, fault.New(op, fault.Invalid, "imports.bad_kind").At("kind")
	}
	u.Name = NameOf(u.Name)
	imp = r.newImport(u.Kind, u.Staff, u.Lang)
	imp.File = u.Name
	path := filePath(r.app, imp.ID)
	defer func() {
		if err != nil {
			_ = os.Remove(path) // what was refused is of no use to anybody; the refusal is what to tell
		}
	}()
	if imp.Size, err = u.save(r.app, path); err != nil {
		return imp, store.Explain(op, r.app.DataDir(), err)
	}
	if err := u.check(path); err != nil {
		return imp, err
	}
	return r.add(imp, Options{})
}

// newImport is an import that waits to be read.
func (r *Runner) newImport(kind, staff string, lang say.Lang) collections.Import {
	return collections.Import{
		ID:   security.RandomStringWithAlphabet(core.DefaultIdLength, core.DefaultIdAlphabet),
		Kind: kind, State: collections.ImportReading, Staff: staff, Language: string(lang), Queued: r.instant(),
	}
}

func (r *Runner) instant() types.DateTime {
	at, _ := types.ParseDateTime(r.Now()) //nolint:errcheck // a time is always a time
	return at
}

func (r *Runner) add(imp collections.Import, options Options) (collections.Import, error) {
	text, err := asJSON(options)
	if err != nil {
		return imp, err
	}
	imp.Options = types.JSONRaw(text)
	if _, err := collections.Insert(r.app, imp); err != nil {
		return imp, store.Explain("imports.add", r.app.DataDir(), err)
	}
	r.Kick()
	r.tell(imp.ID)
	return Find(r.app, imp.ID)
}

// NameOf is the last part of a name, as it may be shown.
func NameOf(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c == utf8.RuneError {
			return -1
		}
		return c
	}, name)
	if runes := []rune(name); len(runes) > maxName {
		name = string(runes[:maxName])
	}
	if name = strings.TrimSpace(name); name == "" {
		return "file"
	}
	return name
}

// save writes the body to path. What is not whole is taken away again.
func (u Upload) save(app core.App, path string) (size int64, err error) {
	if u.Size > MaxFile {
		return 0, tooLarge()
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, err
	}
	free, err := store.FreeSpace(app.DataDir())
	if err != nil {
		return 0, err
	}
	if free < uint64(max(u.Size, 0)+spare) { //nolint:gosec // not negative
		return 0, fault.New("imports.save", fault.Conflict, "store.disk_full", app.DataDir()).Named("disk_full")
	}
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	if size, err = u.copy(out); err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		_ = os.Remove(path) // half a file is of no use
	}
	return size, err
}

// copy tells a body that breaks off from a disk that is full.
func (u Upload) copy(out io.Writer) (int64, error) {
	body := &watched{from: io.LimitReader(u.Body, MaxFile+1)}
	size, err := io.Copy(out, body)
	switch {
	case body.err != nil, err == nil && u.Size >= 0 && size < u.Size:
		return size, fault.New("imports.copy", fault.Invalid, "imports.cut_off").Named("cut_off").At("file").Because(body.err)
	case err != nil:
		return size, err
	case size > MaxFile:
		return size, tooLarge()
	case size == 0:
		return size, fault.New("imports.copy", fault.Invalid, "imports.empty", u.Name).At("file")
	}
	return size, nil
}

// watched remembers whether reading failed.
type watched struct {
	from io.Reader
	err  error
}

func (w *watched) Read(p []byte) (n int, err error) {
	n, err = w.from.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // readers answer io.EOF itself
		w.err = err
	}
	return n, err
}

func tooLarge() error {
	return fault.New("imports.Take", fault.TooLarge, "imports.too_large", MaxFile>>20).At("file")
}

// check refuses a file that is not of its kind: it says what it is and what is expected.
func (u Upload) check(path string) error {
	what, isMARC, err := catalog.WhatIs(path)
	if err != nil {
		return err
	}
	switch {
	case u.Kind == collections.ImportTitles && !isMARC:
		_, isTable, err := catalog.LookAtTable(path, u.Name)
		if err == nil && !isTable {
			err = u.refuse("imports.not_titles", what)
		}
		return err
	case u.Kind == collections.ImportPictures && !isZip(path):
		return u.refuse("imports.not_pictures", what)
	case u.Kind == collections.ImportRoster && isMARC:
		return u.refuse("imports.not_roster", what)
	case u.Kind == collections.ImportRoster:
		if _, err := roster.Look(path); err != nil {
			return patrons.Unreadable("imports.check", u.Name, err)
		}
	}
	return nil
}

func (u Upload) refuse(key string, what say.Text) error {
	return fault.New("imports.check", fault.Invalid, key, u.Name, what).Named("wrong_file").At("file")
}

// isZip tells whether a file is a zip that can be opened and is no document of an office program, which is a zip, too.
func isZip(path string) bool {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return false
	}
	defer archive.Close() //nolint:errcheck // only read
	for _, member := range archive.File {
		if member.Name == "[Content_Types].xml" {
			return false
		}
	}
	return true
}

// removeStrays takes away files that belong to no import: the process ended while one arrived.
func removeStrays(app core.App, now time.Time) error {
	entries, err := os.ReadDir(folder(app))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || now.Sub(info.ModTime()) < strayAfter {
			continue
		}
		id, _, _ := strings.Cut(entry.Name(), ".")
		var known int
		err = app.DB().Select("COUNT(*)").From(collections.Imports).Where(dbx.HashExp{"id": id}).Row(&known)
		if err == nil && known == 0 {
			err = os.RemoveAll(filepath.Join(folder(app), entry.Name()))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
