package patrons

import (
	"database/sql"
	"errors"
	"io"
	"path"
	"strings"

	"carrel/collections"
	"carrel/internal/barcode"
	"carrel/internal/fault"
	"carrel/internal/portrait"
	"carrel/internal/words"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// SavePicture makes a portrait of a file (JPEG, PNG or WebP) and puts it in the place of the picture that a patron has. The codes are
// fault.Invalid at "picture", named too_big, bad_picture or too_many_dots, and fault.NotFound (unknown_patron). What is slow is done before
// anything is written.
func SavePicture(app core.App, patronID string, from io.Reader) error {
	const op = "patrons.SavePicture"
	file, err := io.ReadAll(io.LimitReader(from, portrait.MaxBytes+1))
	if err != nil {
		return fault.New(op, fault.Invalid, "patrons.picture.kind").Named("bad_picture").At("picture").Because(err)
	}
	made, err := portrait.Make(file)
	if err != nil {
		return err
	}
	return PutPicture(app, patronID, made)
}

// PutPicture is SavePicture for a portrait that is made already, so that a caller's own transaction need not wait for it. The code is
// fault.NotFound (unknown_patron).
func PutPicture(app core.App, patronID string, portrait []byte) error {
	picture, err := filesystem.NewFileFromBytes(portrait, "picture.jpg")
	if err != nil {
		return err
	}
	return setPicture(app, "patrons.PutPicture", patronID, picture)
}

// DropPicture takes a patron's picture away. The code is fault.NotFound (unknown_patron); no picture is taken away as well as one.
func DropPicture(app core.App, patronID string) error {
	return setPicture(app, "patrons.DropPicture", patronID, nil)
}

func setPicture(app core.App, op, patronID string, picture *filesystem.File) error {
	return app.RunInTransaction(func(app core.App) error {
		record, err := app.FindRecordById(collections.Patrons, patronID)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(op, fault.NotFound, "privacy.unknown_patron").Named("unknown_patron").At("patron")
		}
		if err != nil {
			return err
		}
		if picture == nil {
			record.Set("picture", "")
		} else {
			record.Set("picture", picture)
		}
		return app.Save(record)
	})
}

// OpenPicture finds where the file of a patron's picture is, in the app's files, which the caller closes. The code is fault.NotFound, named
// no_picture.
func OpenPicture(app core.App, patron collections.Patron) (files *filesystem.System, key string, err error) {
	if patron.Picture == "" {
		return nil, "", NoPicture()
	}
	record, err := app.FindRecordById(collections.Patrons, patron.ID)
	if err != nil {
		return nil, "", err
	}
	files, err = app.NewFilesystem()
	return files, record.BaseFilesPath() + "/" + patron.Picture, err
}

// NoPicture is the fault of a patron without a picture: fault.NotFound, named no_picture.
func NoPicture() error {
	return fault.New("patrons.picture", fault.NotFound, "patrons.picture.none").Named("no_picture")
}

// picture reads the file of a patron's picture.
func picture(app core.App, patron collections.Patron) ([]byte, error) {
	files, key, err := OpenPicture(app, patron)
	if err != nil {
		return nil, err
	}
	defer files.Close()
	file, err := files.GetReader(key)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// ByPictureName reads the patrons once and returns a function that finds whose picture a file is by its name, whatever folder it is in: the
// student number, the barcode, the number in another system, or "Last, First" when only one active patron has that name. What names two people names nobody. Of the patron found
// ID, Barcode, LastName, FirstName, Status and Picture are filled.
func ByPictureName(app core.App) (func(file string) (collections.Patron, bool), error) {
	var patrons []collections.Patron
	err := app.DB().Select("id", "barcode", "district_id", "source_id", "last_name", "first_name", "status", "picture").From(collections.Patrons).All(&patrons)
	if err != nil {
		return nil, err
	}
	numbers, names := whose{}, whose{}
	for i := range patrons {
		p := &patrons[i]
		numbers.enter(barcode.Key(p.Barcode), p)
		numbers.enter(barcode.Key(p.DistrictID), p)
		numbers.enter(barcode.Key(p.SourceID), p)
		if p.Status == collections.PatronActive {
			names.enter(words.Fold(p.LastName)+", "+words.Fold(p.FirstName), p)
		}
		p.DistrictID, p.SourceID = "", ""
	}
	return func(file string) (found collections.Patron, ok bool) {
		file = path.Base(strings.ReplaceAll(file, `\`, "/"))
		name := strings.TrimSuffix(file, path.Ext(file))
		p := numbers[barcode.Key(name)]
		if last, first, comma := strings.Cut(name, ","); p == nil && comma {
			p = names[words.Fold(last)+", "+words.Fold(first)]
		}
		if p == nil {
			return found, false
		}
		return *p, true
	}, nil
}

// whose is the patron of each number or name; nil for one that two patrons have.
type whose map[string]*collections.Patron

func (w whose) enter(key string, patron *collections.Patron) {
	if strings.Trim(key, ", ") == "" {
		return
	}
	if known, there := w[key]; there && known != patron {
		patron = nil
	}
	w[key] = patron
}
