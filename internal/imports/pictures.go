package imports

import (
	"archive/zip"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // formats of pictures
	_ "image/png"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"carrel/collections"
	"carrel/internal/fault"
	"carrel/internal/say"
	"carrel/internal/store"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
	_ "golang.org/x/image/webp"
)

const (
	maxPicture  = 10 << 20 // bytes of one picture, unpacked
	maxPixels   = 50e6
	maxPictures = 20_000
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

func (r *picturesReport) bad(name, reason string) {
	if len(r.Bad) >= maxRemarks {
		r.MoreNames++
		return
	}
	r.Bad = append(r.Bad, badPicture{Name: name, Text: say.T("imports.picture." + reason)})
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
	patronOf, err := byPictureName(r.app)
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
			report.bad(name, reason)
		case !known:
			report.unmatched(name)
		case seen[patron.ID]:
			report.bad(name, "twice")
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
	head, _, err := image.DecodeConfig(io.LimitReader(in, 1<<20))
	switch {
	case err != nil:
		return "no_picture"
	case head.Width <= 0 || head.Height <= 0 || float64(head.Width)*float64(head.Height) > maxPixels:
		return "too_many_pixels"
	case member.UncompressedSize64 > maxPicture:
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
	data, err := io.ReadAll(io.LimitReader(in, maxPicture+1))
	if err == nil && len(data) > maxPicture {
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
			done.bad(path.Base(one.file.Name), "no_picture")
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
	if data, err = makePortrait(data); err != nil { // slow, so it is done before the store is held
		return err
	}
	return r.app.RunInTransaction(func(app core.App) error {
		var had bool
		err := app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM import_changes WHERE row = {:patron} AND import = {:id} AND tbl = 'pictures')").
			Bind(dbx.Params{"patron": one.patron, "id": id}).Row(&had)
		if err != nil || had {
			return err
		}
		before, err := setAside(app, id, one.patron)
		if err != nil {
			return err
		}
		if err := savePicture(app, one.patron, "picture.jpg", data); err != nil {
			return err
		}
		after, err := pictureOf(app, one.patron)
		if err != nil {
			return err
		}
		_, err = app.DB().Insert("import_changes", dbx.Params{"import": id, "tbl": "pictures", "row": one.patron, "before": before, "part": after, "whole": ""}).Execute()
		return err
	})
}

func pictureOf(app core.App, patron string) (name string, err error) {
	err = app.DB().Select("picture").From(collections.Patrons).Where(dbx.HashExp{"id": patron}).Row(&name)
	return name, err
}

// replacedFolder is where the pictures lie that an import replaced.
func replacedFolder(app core.App, id string) string { return filePath(app, id) + ".replaced" }

// savePicture gives a patron a picture; without data, none.
func savePicture(app core.App, patron, name string, data []byte) error {
	record, err := app.FindRecordById(collections.Patrons, patron)
	if err != nil {
		return err
	}
	record.Set("picture", "")
	if len(data) > 0 {
		file, err := filesystem.NewFileFromBytes(data, name)
		if err != nil {
			return err
		}
		record.Set("picture", file)
	}
	return app.Save(record)
}

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
func setAside(app core.App, id, patron string) (name string, err error) {
	record, err := app.FindRecordById(collections.Patrons, patron)
	if err != nil {
		return "", err
	}
	name = record.GetString("picture")
	if name == "" {
		return "", nil
	}
	files, err := app.NewFilesystem()
	if err != nil {
		return "", err
	}
	defer files.Close() //nolint:errcheck // nothing is written through it
	in, err := files.GetReader(record.BaseFilesPath() + "/" + name)
	if err != nil {
		return "", nil //nolint:nilerr // its file is lost: there is nothing to keep
	}
	defer in.Close() //nolint:errcheck // only read
	if err := os.MkdirAll(replacedFolder(app, id), 0o700); err != nil {
		return "", err
	}
	out, err := os.OpenFile(filepath.Join(replacedFolder(app, id), patron), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, in)
	return name, errors.Join(err, out.Close())
}
