package imports

import (
	"archive/zip"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/patrons"
	"carrel/internal/portrait" // also registers the formats
	"carrel/internal/say"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	maxPictures = 20_000
	headBytes   = 1 << 20 // within which a picture says how large it is
)

// picturesReport is what a zip of pictures does.
type picturesReport struct {
	Matched   int          `json:"matched"`  // pictures whose patron is known
	Replaced  int          `json:"replaced"` // of those, who had another one before
	Unmatched []string     `json:"unmatched"`
	Bad       []badPicture `json:"bad"`
	MoreNames int          `json:"more_names,omitempty"` // of both lists
}

type badPicture struct {
	Name   string   `json:"name"`
	Reason string   `json:"reason"`
	Text   say.Text `json:"text,omitzero"` // in the store only
}

func (r *picturesReport) in(lang say.Lang) {
	for i := range r.Bad {
		r.Bad[i].Reason, r.Bad[i].Text = r.Bad[i].Text.In(lang), say.Text{}
	}
}

func (r *picturesReport) brief() {
	r.MoreNames += len(r.Unmatched) + len(r.Bad)
	r.Unmatched, r.Bad = []string{}, []badPicture{}
}

func (r *picturesReport) bad(name string, why say.Text) {
	if len(r.Bad) >= maxRemarks {
		r.MoreNames++
		return
	}
	r.Bad = append(r.Bad, badPicture{Name: name, Text: why})
}

func (r *picturesReport) unmatched(name string) {
	if len(r.Unmatched) >= maxRemarks {
		r.MoreNames++
		return
	}
	r.Unmatched = append(r.Unmatched, name)
}

// picture is one of a zip whose patron is known.
type picture struct {
	patron string
	file   *zip.File
}

// lookAtPictures tells what a zip of pictures would do. Of each picture only the head is read.
func (r *Runner) lookAtPictures(j *job, imp collections.Import) (*picturesReport, error) {
	archive, err := zip.OpenReader(filePath(r.app, imp.ID))
	if err != nil {
		return nil, fault.New("imports.pictures", fault.Invalid, "imports.broken_zip", imp.File).At("file").Because(err)
	}
	defer archive.Close() //nolint:errcheck // only read
	report, _, err := r.match(j, imp, &archive.Reader)
	return report, err
}

// match finds the patrons of the pictures.
func (r *Runner) match(j *job, imp collections.Import, archive *zip.Reader) (report *picturesReport, found []picture, err error) {
	if len(archive.File) > maxPictures {
		return nil, nil, fault.New("imports.pictures", fault.Invalid, "imports.many_pictures", imp.File, maxPictures).At("file")
	}
	patronOf, err := patrons.ByPictureName(r.app)
	if err != nil {
		return nil, nil, err
	}
	report = &picturesReport{Unmatched: []string{}, Bad: []badPicture{}}
	seen := map[string]bool{}
	for i, member := range archive.File {
		if err := j.ctx.Err(); err != nil {
			return nil, nil, err
		}
		j.at(i+1, len(archive.File))
		name := path.Base(member.Name)
		if strings.HasSuffix(member.Name, "/") || strings.HasPrefix(member.Name, "__MACOSX/") || strings.HasPrefix(name, ".") || strings.EqualFold(name, "thumbs.db") {
			continue
		}
		patron, known := patronOf(name)
		switch reason := unfit(member); {
		case reason != "":
			report.bad(name, say.T("imports.picture."+reason))
		case !known:
			report.unmatched(name)
		case seen[patron.ID]:
			report.bad(name, say.T("imports.picture.twice"))
		default:
			seen[patron.ID] = true
			report.Matched++
			if patron.Picture != "" {
				report.Replaced++
			}
			found = append(found, picture{patron.ID, member})
		}
	}
	return report, found, nil
}

// unfit tells why a file of a zip cannot be a picture; "" when it can.
func unfit(member *zip.File) (reason string) {
	if !fs.ValidPath(member.Name) || strings.Contains(member.Name, `\`) {
		return "path"
	}
	if member.Flags&1 != 0 {
		return "locked"
	}
	in, err := member.Open()
	if err != nil {
		return "damaged"
	}
	defer in.Close() //nolint:errcheck // only read
	head, _, err := image.DecodeConfig(io.LimitReader(in, headBytes))
	switch {
	case err != nil:
		return "no_picture"
	case head.Width <= 0 || head.Height <= 0 || head.Width > portrait.MaxDots/head.Height:
		return "too_many_pixels"
	case member.UncompressedSize64 > portrait.MaxBytes:
		return "too_large"
	}
	return ""
}

// unpack reads a picture, and stops where it grows beyond what its head says.
func unpack(member *zip.File) ([]byte, error) {
	in, err := member.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(in, portrait.MaxBytes+1))
	if err == nil && len(data) > portrait.MaxBytes {
		err = fmt.Errorf("%s unpacks to more than it says", member.Name)
	}
	return data, err
}

// bringPictures gives the patrons their pictures, one in a transaction, with a pause for the desk as long as each took.
func (r *Runner) bringPictures(j *job, imp collections.Import) (report, error) {
	archive, err := zip.OpenReader(filePath(r.app, imp.ID))
	if err != nil {
		return nil, fault.New("imports.pictures", fault.Invalid, "imports.broken_zip", imp.File).At("file").Because(err)
	}
	defer archive.Close() //nolint:errcheck // only read
	done, found, err := r.match(j, imp, &archive.Reader)
	if err != nil {
		return nil, err
	}
	for i, one := range found {
		if err := j.ctx.Err(); err != nil {
			return nil, err
		}
		j.at(i, len(found))
		began := time.Now()
		if err := r.bring(imp.ID, one); err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				return done, store.Explain("imports.pictures", r.app.DataDir(), err)
			}
			done.Matched--
			done.bad(path.Base(one.file.Name), textOf(err))
		}
		pause(j, time.Since(began))
	}
	j.at(len(found), len(found))
	done.Replaced, err = r.countReplaced(imp.ID)
	return done, err
}

// pause lets the desk in, unless the work is to end.
func pause(j *job, long time.Duration) {
	select {
	case <-time.After(long):
	case <-j.ctx.Done():
	}
}

func (r *Runner) countReplaced(id string) (n int, err error) {
	err = r.app.DB().NewQuery("SELECT COUNT(*) FROM import_changes WHERE import = {:id} AND tbl = 'pictures' AND before != ''").Bind(dbx.Params{"id": id}).Row(&n)
	return n, err
}

// bring gives one patron a picture; the one before is kept aside. Who has had it from this import already is left alone.
func (r *Runner) bring(id string, one picture) error {
	data, err := unpack(one.file)
	if err != nil {
		return fault.New("imports.bring", fault.Invalid, "imports.picture.damaged").Because(err)
	}
	if data, err = portrait.Make(data); err != nil { // slow, so it is done before the store is held
		return err
	}
	return r.app.RunInTransaction(func(app core.App) error {
		var had bool
		err := app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM import_changes WHERE row = {:patron} AND import = {:id} AND tbl = 'pictures')").
			Bind(dbx.Params{"patron": one.patron, "id": id}).Row(&had)
		if err != nil || had {
			return err
		}
		patron, found, err := patronOf(app, one.patron)
		if err != nil || !found { // gone since
			return err
		}
		before, err := setAside(app, id, patron)
		if err != nil {
			return err
		}
		if err := patrons.PutPicture(app, one.patron, data); err != nil {
			return err
		}
		if patron, _, err = patronOf(app, one.patron); err != nil {
			return err
		}
		_, err = app.DB().Insert("import_changes", dbx.Params{
			"import": id, "tbl": "pictures", "row": one.patron, "before": before, "part": patron.Picture, "whole": "",
		}).Execute()
		return err
	})
}

func patronOf(app core.App, id string) (collections.Patron, bool, error) {
	return collections.Find[collections.Patron](app, "id = {:id}", dbx.Params{"id": id})
}

// replacedFolder is where the pictures lie that an import replaced.
func replacedFolder(app core.App, id string) string { return filePath(app, id) + ".replaced" }

// ForgetPictures takes away the pictures of a patron that imports replaced.
func ForgetPictures(app core.App, patron string) error {
	found, err := filepath.Glob(filepath.Join(replacedFolder(app, "*"), patron))
	if err != nil {
		return err
	}
	for _, file := range found {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return nil
}

// setAside keeps the picture that a patron has, and answers its name; "" when there is none.
func setAside(app core.App, id string, patron collections.Patron) (name string, err error) {
	if patron.Picture == "" {
		return "", nil
	}
	files, key, err := patrons.OpenPicture(app, patron)
	if err != nil {
		return "", err
	}
	defer files.Close() //nolint:errcheck // nothing is written through it
	in, err := files.GetReader(key)
	if err != nil {
		return "", nil //nolint:nilerr // its file is lost: there is nothing to keep
	}
	defer in.Close() //nolint:errcheck // only read
	if err := os.MkdirAll(replacedFolder(app, id), 0o700); err != nil {
		return "", err
	}
	out, err := os.OpenFile(filepath.Join(replacedFolder(app, id), patron.ID), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, in)
	return patron.Picture, errors.Join(err, out.Close())
}
